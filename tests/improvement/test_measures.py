"""Measures: planning, typing and judging them, and their pages."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from aims.counted import counted_children
from improvement.actions.measures import (
    add_from_register,
    change_measure,
    months_before,
    plan_measure,
    retire_measure,
    type_value,
)
from improvement.editions import Collision
from improvement.measure_register import registered_measures
from improvement.measured.drawing import measure_figure
from improvement.measured.plan import judge_measures
from improvement.models import Measure, MeasureValue, PdsaCycle
from improvement.remarks import remarks_of
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.aims.test_aim_pages import text_of
from tests.builders import authority, child, milestone, person, team
from tests.improvement.builders import DO, PLAN, a_test, an_aim

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 21)
SHARE = {
    "name": "Parents who were asked",
    "definition": "Of the parents of children reviewed in the month, those who were asked",
    "numerator": "Parents asked",
    "denominator": "Parents of children reviewed",
}
MARCH = date(2026, 3, 1)


@pytest.fixture
def champion():
    return person(Role.CHAMPION)


@pytest.fixture
def measure(lead, champion):
    return plan_measure(an_aim(), SHARE | {"collector": champion, "chart": "p"}, by=lead)


def typed(measure, month, numerator, denominator, *, by, **more):
    numbers = {"numerator": Decimal(numerator), "denominator": Decimal(denominator)}
    return type_value(measure, month, **numbers, by=by, today=TODAY, **more)


def judged(measure, *, by, as_at=TODAY, remarks=None):
    return judge_measures([measure], counted=counted_children(by), as_at=as_at, remarks=remarks)[0]


def type_months(measure, shares, *, by, first=date(2024, 1, 1)):
    """Months in a row, each of ten; None leaves one out."""
    for place, share in enumerate(shares):
        if share is not None:
            typed(measure, months_before(first, -place), share, 10, by=by)


# The plan


def test_whoever_leads_improvement_and_the_data_lead_plan_measures_and_nobody_else():
    aim = an_aim()
    for role in (Role.PACE_LEAD, Role.DATA_LEAD, Role.AIM_GROUP_LEAD, Role.ADMINISTRATIVE_LEAD):
        plan_measure(aim, SHARE, by=person(role))
    for role in (Role.CHAMPION, Role.PRACTITIONER, Role.SENIOR_LEADER):
        with pytest.raises(PermissionDenied):
            plan_measure(aim, SHARE, by=person(role))
    assert Measure.objects.count() == 4


def test_a_measure_of_another_authoritys_aim_is_refused(lead):
    with pytest.raises(PermissionDenied):
        plan_measure(an_aim(organisation=authority("S12000033")), SHARE, by=lead)


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"name": " "}, "name", "Give the measure a name"),
        ({"definition": ""}, "definition", "two people would count the same"),
        ({"denominator": ""}, "denominator", "one number out of another"),
        ({"chart": "c"}, "chart", "For percentage choose"),
        ({"target": Decimal(101)}, "target", "0 to 100"),
        ({"target": Decimal(-1)}, "target", "not below zero"),
        ({"baseline_points": 12, "baseline_until": MARCH}, "baseline_until", "Choose one"),
        ({"unit": "rate", "chart": "u", "per": 0}, "per", "one or more"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_its_field(lead, said, field, words):
    with pytest.raises(ValidationError) as refused:
        plan_measure(an_aim(), SHARE | said, by=lead)
    assert words in refused.value.message_dict[field][0]
    assert not Measure.objects.exists()


def test_a_collector_is_one_of_those_who_take_part_in_tests(lead):
    with pytest.raises(ValidationError):
        plan_measure(an_aim(), SHARE | {"collector": person(Role.SENIOR_LEADER)}, by=lead)


def test_a_plan_that_names_a_child_is_refused(lead):
    child(of_team=team(), code="P-4417")
    with pytest.raises(ValidationError, match="names a child"):
        plan_measure(an_aim(), SHARE | {"exclusions": "all but P-4417"}, by=lead)


def test_a_change_of_plan_is_in_the_trail_and_an_old_edition_collides(lead, measure):
    assert change_measure(measure, {"target": Decimal("80.5")}, edition=1, by=lead)
    entry = AuditEntry.objects.filter(record_type="measure").latest("pk")
    assert (entry.before["target"], entry.after["target"]) == (None, "80.5")
    with pytest.raises(Collision):
        change_measure(measure, {"target": Decimal(90)}, edition=1, by=lead)
    assert not change_measure(measure, {"target": Decimal("80.5")}, edition=2, by=lead)


def test_the_unit_stays_once_values_were_typed(lead, champion, measure):
    typed(measure, MARCH, 1, 2, by=champion)
    with pytest.raises(ValidationError, match="typed in this unit"):
        change_measure(measure, {"unit": "number", "chart": "run"}, edition=1, by=lead)


def test_a_retired_measure_takes_no_more_values(lead, champion, measure):
    with pytest.raises(ValidationError):
        retire_measure(measure, reason=" ", edition=1, by=lead)
    retire_measure(measure, reason="Nobody asks any more", edition=1, by=lead)
    with pytest.raises(ValidationError, match="retired"):
        typed(measure, MARCH, 1, 2, by=champion)


# The register


def test_every_measure_of_the_register_can_be_added_and_once_to_an_aim(lead):
    aim = an_aim()
    for code, shipped in registered_measures().items():
        row = add_from_register(aim, code, by=lead, on=TODAY)
        assert row.is_computed == (shipped.rule is not None)
        assert row.counts_from == (date(2024, 11, 1) if row.is_computed else None)
    with pytest.raises(ValidationError, match="among the measures of AIM-1 already"):
        add_from_register(aim, "two-week-meeting", by=lead)
    with pytest.raises(KeyError):
        add_from_register(aim, "no-such-measure", by=lead)


def test_a_retired_measure_can_be_added_anew(lead):
    aim = an_aim()
    retire_measure(add_from_register(aim, "first-review", by=lead), reason="Not needed", edition=1, by=lead)
    assert not add_from_register(aim, "first-review", by=lead).is_retired


def test_a_computed_measure_counts_the_children_whom_the_person_counts(lead):
    north = team()
    for place, held in enumerate((10, 14, 15, None)):
        row = child(of_team=north, code=f"P-{place}", accommodated=date(2026, 3, 2))
        if held is not None:
            milestone(row, "MTG_2WK", date(2026, 3, 2 + held))
    row = add_from_register(an_aim(), "two-week-meeting", by=lead, on=TODAY)
    assert judged(row, by=lead).latest == "50 % in March 2026 (2 of 4)"
    elsewhere = person(Role.PACE_LEAD, organisation=authority("S12000033"))
    assert judged(row, by=elsewhere).is_empty


# Typing


def test_the_collector_types_values_and_other_members_do_not(champion, measure):
    assert typed(measure, MARCH, 3, 4, by=champion).by == champion
    for role in (Role.PRACTITIONER, Role.CHAMPION, Role.SENIOR_LEADER):
        with pytest.raises(PermissionDenied):
            typed(measure, MARCH, 3, 4, by=person(role), edition=1)
    typed(measure, MARCH, 2, 4, by=person(Role.DATA_LEAD), edition=1)


def test_nobody_types_what_is_computed(lead):
    row = add_from_register(an_aim(), "two-week-meeting", by=lead)
    with pytest.raises(PermissionDenied):
        typed(row, MARCH, 1, 2, by=lead)


@pytest.mark.parametrize(
    ("month", "words"),
    [
        (date(2026, 12, 1), "still to come"),
        (date(2026, 11, 1), "not over yet"),
        (date(1989, 12, 1), "out of range"),
    ],
)
def test_months_that_are_not_over_are_refused(champion, measure, month, words):
    with pytest.raises(ValidationError, match=words):
        typed(measure, month, 1, 2, by=champion)


@pytest.mark.parametrize(
    ("numerator", "denominator", "field", "words"),
    [
        (5, 4, "numerator", "more of them than"),
        (-1, 4, "numerator", "below zero"),
        (1, -4, "denominator", "below zero"),
        (1, 10_000_000, "denominator", "more than 1,000,000"),
    ],
)
def test_values_that_cannot_be_are_refused_in_words(champion, measure, numerator, denominator, field, words):
    with pytest.raises(ValidationError) as refused:
        typed(measure, MARCH, numerator, denominator, by=champion)
    assert words in refused.value.message_dict[field][0]
    assert not MeasureValue.objects.exists()


def test_of_two_numbers_both_are_typed(champion, measure):
    with pytest.raises(ValidationError, match="both numbers"):
        type_value(measure, MARCH, numerator=Decimal(1), by=champion, today=TODAY)
    with pytest.raises(ValidationError, match="Type a number"):
        type_value(measure, MARCH, by=champion, today=TODAY)


def test_a_rate_is_of_something(lead):
    rate = plan_measure(an_aim(), SHARE | {"unit": "rate", "chart": "u", "per": 1000}, by=lead)
    with pytest.raises(ValidationError, match="how many there were in all"):
        typed(rate, MARCH, 1, 0, by=lead)
    typed(rate, MARCH, 3, 2, by=lead)
    assert judged(rate, by=lead).latest == "1,500 for each 1,000 in March 2026 (3 of 2)"


def test_a_correction_keeps_what_was_typed_before_and_an_old_one_collides(client, champion, measure):
    typed(measure, MARCH, 3, 4, by=champion)
    with pytest.raises(Collision):
        typed(measure, MARCH, 2, 4, by=champion)
    typed(measure, MARCH, 2, 4, by=champion, edition=1, note="One form came late")
    client.force_login(champion)
    said = text_of(client.get(measure.get_absolute_url()))
    assert "Who typed what (2)" in said
    assert "March 2026 3 of 4 2 of 4 (One form came late)" in said


def test_a_value_can_be_taken_out_and_typed_again(champion, measure):
    typed(measure, MARCH, 3, 4, by=champion)
    type_value(measure, MARCH, edition=1, by=champion, today=TODAY)
    assert judged(measure, by=champion).is_empty
    typed(measure, MARCH, 1, 4, by=champion, edition=2)
    assert judged(measure, by=champion).latest == "25 % in March 2026 (1 of 4)"


# Judging


def test_a_month_without_a_value_is_a_gap(champion, measure):
    type_months(measure, [5, None, 6], by=champion)
    found = judged(measure, by=champion)
    assert [value and int(value) for value in found.values] == [50, None, 60]
    assert "1 month without a value is skipped" in found.basis


def test_months_after_the_day_are_not_there_yet(champion, measure):
    type_months(measure, [5, 6, 7], by=champion)
    assert judged(measure, by=champion, as_at=date(2024, 2, 28)).latest == "50 % in January 2024 (5 of 10)"
    assert judged(measure, by=champion, as_at=date(2024, 2, 29)).latest == "60 % in February 2024 (6 of 10)"
    assert judged(measure, by=champion, as_at=date(2023, 12, 31)).heading == "No value yet."


def test_too_few_months_claim_nothing(champion, measure):
    type_months(measure, [5, 6, 7], by=champion)
    assert judged(measure, by=champion).findings[0] == (
        "Only 2 points can be used, and at least 10 are needed: no rule is applied."
    )


def test_a_shift_against_the_baseline_is_said_in_words_of_the_measure(lead, champion, measure):
    change_measure(measure, {"baseline_points": 10, "target": Decimal(80)}, edition=1, by=lead)
    type_months(measure, [5, 4, 6, 5, 4, 6, 5, 4, 6, 5, 9, 9, 8, 9, 9, 9], by=champion)
    measure.refresh_from_db()
    found = judged(measure, by=champion)
    assert found.findings[0].startswith("The last 7 months were all higher than the baseline median of 50 %: a shift;")
    assert found.heading == ("90 % in April 2025 (9 of 10); the median is 50 % and the target 80 %: reached.")


def test_a_baseline_until_a_day_takes_the_months_that_were_over_by_it(lead, champion, measure):
    change_measure(measure, {"baseline_until": date(2024, 3, 30)}, edition=1, by=lead)
    type_months(measure, [2, 4, 9, 9], by=champion)
    measure.refresh_from_db()
    found = judged(measure, by=champion)
    assert (found.baseline, found.chart.median) == (2, 30)


def test_a_month_outside_the_limits_of_a_p_chart_is_named(champion, measure):
    type_months(measure, [5, 6, 5, 4, 5, 6, 5, 4, 5, 6, 5, 4, 5, 6, 5, 0], by=champion)
    found = judged(measure, by=champion)
    assert "0 % in April 2025 (0 of 10) lies outside the limits: lower than chance explains." in found.findings
    assert any(finding.startswith("Where nothing changes, ") for finding in found.findings)


def test_without_limits_the_chart_is_a_run_chart_alone(lead, champion, measure):
    change_measure(measure, {"chart": "run"}, edition=1, by=lead)
    type_months(measure, [5, 6, 5, 4, 5, 6, 5, 4, 5, 6, 5, 4, 5, 6, 5, 0], by=champion)
    measure.refresh_from_db()
    found = judged(measure, by=champion)
    assert found.limits is None
    names = {trace.get("name") for trace in measure_figure(found).figure["data"]}
    assert "Limits of chance" not in names


def test_the_chart_shows_median_limits_target_and_cycles(lead, champion, measure):
    change_measure(measure, {"target": Decimal(80)}, edition=1, by=lead)
    type_months(measure, [5, 6, 5, 4, 5, 6, 5, 4, 5, 6, 5, 4], by=champion)
    test = a_test(aim=measure.aim)
    PdsaCycle.objects.filter(test=test).update(**PLAN, **DO | {"started_on": date(2024, 6, 3), "ended_on": None})
    measure.refresh_from_db()
    found = judged(measure, by=champion, remarks={measure.aim_id: remarks_of(measure.aim)})
    figure = measure_figure(found).figure
    names = [trace.get("name") for trace in figure["data"]]
    assert {"Limits of chance", "Median 50 %", "Target 80 %", "Month"} <= set(names)
    assert figure["layout"]["shapes"][0]["x0"] == "2024-06-03"
    early = judged(measure, by=champion, as_at=date(2024, 5, 31), remarks={measure.aim_id: remarks_of(measure.aim)})
    assert early.remarks == []


# The pages


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
    north = team()
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
