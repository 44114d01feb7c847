"""Every form opens, says what it would do, and records."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from milestones.clocks.limits import Limit
from pace_site.front.recording.entries import ENTRIES
from pace_site.look.words import british_date
from tests.builders import child, milestone, team

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def address(row, slug):
    return reverse("record", kwargs={"code": row.code, "slug": slug})


@pytest.mark.parametrize("slug", ENTRIES)
def test_each_form_opens_with_its_heading(client, placed, slug):
    response = client.get(address(placed, slug))
    assert response.status_code == 200
    assert response.context["form"].heading == ENTRIES[slug].label


MILESTONES = {slug: entry for slug, entry in ENTRIES.items() if entry.kind}


@pytest.mark.parametrize("slug", MILESTONES)
def test_each_kind_of_milestone_can_be_recorded(client, worker, placed, slug):
    today = timezone.localdate()
    form = client.get(address(placed, slug)).context["form"]
    sent = {"happened_on": (today - timedelta(days=3)).isoformat(), "precision": "day", "source": "case file"}
    for name in ("route", "outcome", "order_type", "review_kind"):
        if name in form.fields:
            codes = [code for code, _label in form.fields[name].choices if code]
            sent[name] = codes[0]
    assert client.post(address(placed, slug), sent, headers=HTMX).status_code == 200
    assert placed.milestones.count() == 0
    response = client.post(address(placed, slug), sent)
    if response.status_code == 200:
        assert response.context["warnings"], response.context["form"].errors
        sent["accepted"] = response.context["form"].data["accepted"]
        response = client.post(address(placed, slug), sent)
    assert response.status_code == 302
    row = placed.milestones.get(kind=MILESTONES[slug].kind)
    assert (row.happened_on, row.recorded_by) == (today - timedelta(days=3), worker)


def test_a_form_says_before_saving_which_clocks_it_stops_and_starts(client, placed):
    day = timezone.localdate() - timedelta(days=1)
    fragment = client.post(address(placed, "review"), {"happened_on": day.isoformat()}, headers=HTMX)
    words = fragment.content.decode()
    assert "Stops the clock for the next review (required by law): after 19.9 weeks, 97 days late." in words
    due = Limit.parse("3 months").after(day)
    assert f"Starts the clock for the next review (required by law): due {british_date(due)}." in words
    assert not placed.milestones.exists()


@pytest.mark.parametrize("slug", ["review", "panel-presented"])
def test_a_form_takes_as_many_queries_for_four_siblings_as_for_one(client, placed, slug):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address(placed, slug)).status_code == 200
        return len(seen)

    child(of_team=team(), family="F1")
    queries()
    few = queries()
    for _ in range(3):
        milestone(child(of_team=team(), family="F1"), "PERM_REC", timezone.localdate(), route="PO")
    assert queries() == few


def test_what_was_recorded_and_what_it_did_is_said_on_the_next_page(client, placed):
    day = timezone.localdate() - timedelta(days=1)
    response = client.post(address(placed, "review"), {"happened_on": day.isoformat()}, follow=True)
    page = response.content.decode()
    assert "Recorded: Looked-after child review.<ul><li>" in page
    assert "<li>Stops the clock for the 6-week review (good practice)" in page
