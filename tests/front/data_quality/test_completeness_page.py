"""What is expected and not recorded: the definition, the counts and the children behind them; and the policy."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.urls import reverse

from children.models import Child
from milestones.completeness import BY_EXPECTED, EXPECTED, KINDS, unrecorded
from milestones.journeys import load_journeys
from milestones.recording_policy import adherence, recording_policy
from pace_site.accounts.roles import Role
from tests.builders import allocate, from_an_extract, milestone, person, team
from tests.milestones.quality.stories import SINCE, cared_for

pytestmark = pytest.mark.django_db


def missing(as_at: date) -> list[tuple[str, date]]:
    return [
        (each.expected.code, each.due) for each in unrecorded(load_journeys(Child.objects.all(), as_at, kinds=KINDS))
    ]


def panel_in(child, on: date):
    milestone(child, "PERM_REC", on - timedelta(days=30), route="PO")
    milestone(child, "PANEL_PRESENTED", on)


def test_a_decision_is_expected_after_its_time_and_the_days_that_recording_may_take():
    row = cared_for(reviewed=False, ground=None)
    for months in (1, 3, 9, 15):
        milestone(row, "REVIEW", SINCE + timedelta(days=30 * months))
    for kind in ("MTG_72H", "MTG_2WK"):
        milestone(row, kind, SINCE + timedelta(days=2))
    panel = date(2024, 5, 1)
    panel_in(row, panel)
    due, grace = panel + timedelta(days=14), BY_EXPECTED["ADM"].grace
    assert ("ADM", due) not in missing(due + timedelta(days=grace))
    assert ("ADM", due) in missing(due + timedelta(days=grace + 1))
    milestone(row, "ADM_DECISION", panel + timedelta(days=20), outcome="approved")
    assert "ADM" not in {code for code, _due in missing(due + timedelta(days=grace + 1))}


def test_an_order_is_expected_a_year_after_it_was_lodged_unless_the_case_ended():
    row = cared_for()
    lodged = date(2024, 6, 3)
    milestone(row, "COURT_LODGED", lodged, route="PO")
    day = date(2025, 6, 11)
    assert ("ORDER", date(2025, 6, 3)) in missing(day)
    assert "ORDER" not in {code for code, _due in missing(date(2025, 6, 10))}
    milestone(row, "APPLICATION_WITHDRAWN", date(2025, 1, 1))
    assert "ORDER" not in {code for code, _due in missing(day)}


def test_a_review_that_law_and_practice_ask_for_is_expected_once():
    cared_for(reviewed=False)
    codes = [code for code, _due in missing(SINCE + timedelta(days=200))]
    assert codes.count("REVIEW") == 1
    assert not {"6WK", "3M", "6M"} & set(codes)


def test_each_expectation_says_its_limit_and_its_grace():
    assert BY_EXPECTED["ADM"].definition == "14 days from panel, and 7 days to record it"
    assert len({each.code for each in EXPECTED}) == len(EXPECTED)


def test_each_number_leads_to_exactly_those_children(client):
    north, south = cared_for(of_team=team("Team North"), reviewed=False), cared_for(of_team=team("Team South"))
    worker = person(Role.PRACTITIONER, of_team=team("Team North"))
    allocate(worker, north)
    client.force_login(person(Role.DATA_LEAD))
    page = client.get(reverse("completeness"))
    for _heading, _first, table in page.context["tables"]:
        assert table
        for line in table:
            listed = client.get(f"{reverse('unrecorded')}?{line.query}")
            assert (listed.context["count"], listed.context["children"]) == (line.lines, line.children)
    of_worker = client.get(f"{reverse('unrecorded')}?worker={worker.pk}").content.decode()
    assert north.code in of_worker
    assert south.code not in of_worker
    assert reverse("record", kwargs={"code": north.code, "slug": "review"}) in of_worker
    client.force_login(person(Role.CHAMPION))
    champion = client.get(reverse("unrecorded")).content.decode()
    assert north.code in champion
    assert str(worker) not in champion


def test_the_policy_says_who_records_what_by_when_and_how_far_it_is_kept_to(client):
    row = cared_for(reviewed=False)
    today = date(2024, 6, 1)
    for number, lag in enumerate((0, 14, 15)):
        day = today - timedelta(days=40 + number)
        milestone(row, "REVIEW", day, recorded_on=day + timedelta(days=lag))
    from_an_extract(milestone(row, "REVIEW", today - timedelta(days=50)), on=today)
    milestone(row, "REVIEW", today.replace(day=1), precision="month")
    lines = {line.kind.code: line for part in recording_policy(Child.objects.all(), as_at=today) for line in part.lines}
    review = lines["REVIEW"]
    assert (review.adherence.recorded, review.adherence.within, review.adherence.median_days) == (3, 2, 14)
    assert "Independent reviewing officer" in review.roles
    assert review.read_from == ("Review minute",)
    assert "REVIEW" in {each.code for each in review.expected}
    assert adherence(Counter(), within=1).percentage is None
    client.force_login(person(Role.DATA_LEAD))
    page = client.get(reverse("recording_policy") + "?as_at=2024-06-01")
    assert "2 of 3 milestones" in page.content.decode()
