"""The pages of measures: the plan, one measure and its values, and the register."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from improvement.actions.measures import (
    add_from_register,
)
from improvement.measure_register import registered_measures
from improvement.models import Measure
from pace_site.accounts.roles import Role
from tests.builders import child, person, team
from tests.improvement.builders import an_aim
from tests.improvement.measure_builders import MARCH, SHARE, typed
from tests.page_reading import text_of

pytestmark = pytest.mark.django_db


def test_the_plan_shows_each_measure_under_its_aim(client, lead, champion, measure):
    typed(measure, MARCH, 3, 4, by=champion)
    an_aim("AIM-2")
    client.force_login(lead)
    said = text_of(client.get(reverse("measures")))
    assert "1 measure of 1 aim" in said
    assert "75 % in March 2026 (3 of 4)" in said
    assert f"typed by {champion}" in said
    assert "1 aim without a measure AIM-2" in said


def test_the_plan_asks_the_same_queries_however_many_measures_and_children_there_are(client, lead):
    aim = an_aim()
    for code in ("two-week-meeting", "reviews-put-off", "waiting-for-panel", "parents-understood"):
        add_from_register(aim, code, by=lead)
    north = team()
    child(of_team=north, code="P-FIRST", accommodated=date(2026, 3, 2))
    client.force_login(lead)

    def queries():
        client.get(reverse("measures"))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("measures"))
        return len(asked)

    few = queries()
    for code in registered_measures():
        if not Measure.objects.filter(register_code=code).exists():
            add_from_register(aim, code, by=lead)
    for place in range(12):
        child(of_team=north, code=f"P-{place}", accommodated=date(2026, 3, 2))
    assert queries() == few


def test_a_value_is_typed_on_the_page_and_what_cannot_be_gives_back_what_was_typed(client, champion, measure):
    client.force_login(champion)
    sent = {"month": "2026-03", "numerator": "5", "denominator": "4", "note": "Of both offices", "edition": "0"}
    page = client.post(measure.get_absolute_url(), sent)
    assert "There cannot be more of them than there are in all." in text_of(page)
    assert 'value="Of both offices"' in page.content.decode()
    page = client.post(measure.get_absolute_url(), sent | {"numerator": "three"})
    assert "This is not a number." in text_of(page)
    page = client.post(measure.get_absolute_url(), sent | {"numerator": "3"}, follow=True)
    assert "March 2026 is kept." in text_of(page)
    page = client.post(measure.get_absolute_url(), sent | {"numerator": "4"})
    assert "Somebody else changed this while you were typing" in text_of(page)
    assert 'name="edition" value="1"' in page.content.decode()


def test_who_may_not_type_sees_no_form(client, measure):
    client.force_login(person(Role.PRACTITIONER))
    assert "Type a value" not in text_of(client.get(measure.get_absolute_url()))
    assert client.post(measure.get_absolute_url(), {"month": "2026-03"}).status_code == 403


def test_a_correction_starts_from_what_is_there(client, champion, measure):
    typed(measure, MARCH, Decimal("3.50"), 4, by=champion)
    client.force_login(champion)
    page = client.get(measure.get_absolute_url(), {"month": "2026-03"}).content.decode()
    assert 'name="numerator" value="3.5"' in page
    assert '<option value="2026-03" selected>' in page


def test_a_measure_is_planned_and_changed_on_its_pages(client, lead):
    aim = an_aim()
    client.force_login(lead)
    sent = SHARE | {"aim": aim.pk, "kind": "balancing", "unit": "percent", "chart": "p", "better": "higher"}
    sent |= {"frequency": "month", "counts_from": "2026-03", "target": "80"}
    client.post(reverse("measure_new"), sent)
    row = Measure.objects.get()
    assert (row.aim, row.counts_from, row.target, row.per) == (aim, MARCH, 80, 100)
    edit = reverse("measure_edit", kwargs={"pk": row.pk})
    page = client.post(edit, sent | {"counts_from": "March", "edition": "1"})
    assert "This is not a month." in text_of(page)
    client.post(edit, sent | {"name": "Parents asked", "edition": "1"})
    page = client.post(edit, sent | {"name": "Mothers asked", "edition": "1"})
    assert "What is measured, in a few words Parents asked Mothers asked" in text_of(page)
    client.post(edit, {"what": "retire", "reason": "Nobody asks", "edition": "2"})
    row.refresh_from_db()
    assert row.retired_on == timezone.localdate()


def test_the_register_offers_first_what_fits_the_aim(client, lead):
    aim = an_aim(national_aim=3)
    client.force_login(lead)
    said = text_of(client.get(reverse("measure_register"), {"aim": aim.code}))
    fitting, others = said.split("Made for other aims")
    assert "Panel within 12 weeks" in fitting
    assert "Planning meeting within two weeks" in others
    page = client.post(reverse("measure_register"), {"aim": aim.code, "code": "panel-12-weeks"}, follow=True)
    assert "Panel within 12 weeks of the recommendation is among the measures of AIM-1." in text_of(page)
    assert client.post(reverse("measure_register"), {"aim": aim.code, "code": "none"}).status_code == 404
