"""Clocks that rest on doubtful data: what touches a clock, and the naive twin on random histories."""

from datetime import date
from random import Random

import pytest
from django.db import transaction
from django.urls import reverse

from aims.actions import save_definition
from aims.definition import AimDefinition
from aims.doubt import Doubts, doubtful_clocks, doubts, fields_read
from aims.outcomes import outcomes
from aims.reports.assembling import highlight_of
from children.models import Child
from milestones.clocks.limits import from_day
from milestones.journeys import load_journeys
from milestones.quality.actions import accept_finding
from milestones.quality.look_through import look_through
from milestones.quality.records import load_records
from milestones.quality.rules import findings
from pace_site.accounts.roles import Role
from tests.aims.stored_histories import store
from tests.builders import authority, milestone, person, team
from tests.milestones.quality.stories import AS_AT, cared_for, found_in, stay
from tests.naive.doubt import is_doubtful
from tests.naive.inventions import invent_case

pytestmark = pytest.mark.django_db
AIM = AimDefinition.from_mapping(
    {"code": "X-1", "title": "x", "start_event": "ACCOM_START", "stop_event": ["PERM_REC"], "limit": "26 weeks"}
)
MARCH, APRIL = date(2024, 3, 1), date(2024, 4, 1)


def doubted(definition=AIM, as_at=AS_AT) -> dict[str, list[int]]:
    """The rules that touch each doubtful clock, by pseudonym."""
    found = outcomes(definition, load_journeys(Child.objects.all(), as_at))
    known = doubts(findings(load_records(Child.objects.all()), as_at=as_at))
    return {each.child_code: [one.rule for one in each.findings] for each in doubtful_clocks(found, known)}


def test_an_overlap_of_placements_and_an_inexact_stop_touch_the_clock_and_a_missing_basis_does_not():
    overlap, inexact, basis = cared_for(), cared_for(), cared_for(ground=None)
    stay(overlap, MARCH)
    milestone(inexact, "PERM_REC", APRIL, route="PO", precision="month")
    assert doubted() == {overlap.code: [6], inexact.code: [38]}
    assert basis.code not in doubted()


def test_a_milestone_that_the_aim_does_not_read_and_one_of_another_time_touch_nothing():
    medical, after = cared_for(), cared_for()
    milestone(medical, "MEDICAL", APRIL, precision="month")
    milestone(after, "PERM_REC", MARCH, route="PO")
    stay(after, APRIL, APRIL, short_break=True)
    assert doubted() == {}


def test_the_birth_matters_where_the_aim_asks_for_an_age():
    row = cared_for(born=date(2024, 1, 9))
    by_age = AimDefinition.from_mapping(AIM.to_mapping() | {"age_max_exclusive": 12})
    assert "child.date_of_birth" in fields_read(by_age) - fields_read(AIM)
    # The days of the episode are in doubt too, whatever the aim asks.
    assert doubted() == {row.code: [1]}
    row.date_of_birth = None
    row.save()
    assert doubted() == {}


@pytest.mark.sweep
def test_the_doubts_are_those_of_the_naive_twin_on_random_histories():
    seen = [0, 0]
    for seed in range(100):
        rng = Random(seed)
        aim, histories, as_at = invent_case(rng)
        asked = rng.sample(range(1, 45), 12)  # with all rules hardly a clock of such histories is beyond doubt
        with transaction.atomic():
            store(histories, authority=authority())
            journeys = load_journeys(Child.objects.all(), as_at)
            found = outcomes(aim, journeys)
            known = [each for each in findings(load_records(Child.objects.all()), as_at=as_at) if each.rule in asked]
            transaction.set_rollback(True)
        mine = {(each.child_id, each.row.start, each.row.route) for each in doubtful_clocks(found, doubts(known))}
        begun = [from_day(day) for day in found.frame["spell_start"].tolist()]
        theirs = {
            (row.child_id, row.start, row.route)
            for row, spell_start in zip(found.rows, begun, strict=True)
            if is_doubtful(row, spell_start, aim, known, as_at)
        }
        assert mine == theirs, f"seed {seed}"
        seen[0] += len(theirs)
        seen[1] += found.clock_count - len(theirs)
    assert min(seen) > 40, seen


def test_the_aims_page_and_the_report_say_how_many_and_the_list_says_which(client):
    lead = person(Role.DATA_LEAD)
    save_definition(AIM, authority=authority(), by=None)
    doubtful, accepted, clean = (cared_for(of_team=team()) for _ in range(3))
    for row in (doubtful, accepted):
        stay(row, MARCH, APRIL)
    client.force_login(lead)
    page = reverse("aim", kwargs={"code": "X-1"}) + f"?as_at={AS_AT}"
    assert "Nobody has had the records looked through yet" in client.get(page).content.decode()
    version = authority().aims.get().versions.get()
    assert not any("doubts" in each for each in highlight_of([version], as_at=AS_AT, by=lead).aims[0].quality)
    (found,) = found_in(accepted)
    accept_finding(accepted, found, reason="Two homes, as agreed", by=lead)
    look_through(authority(), as_at=AS_AT)
    words = "1 of 3 clocks rests on data that a check doubts, 1 of them on an error"
    assert words in client.get(page).content.decode()
    assert any(words in each for each in highlight_of([version], as_at=AS_AT, by=lead).aims[0].quality)
    listed = client.get(reverse("aim_doubtful", kwargs={"code": "X-1"}) + f"?as_at={AS_AT}").content.decode()
    assert doubtful.code in listed
    assert "Correct the day of the move" in listed
    assert accepted.code not in listed
    assert clean.code not in listed
    assert Doubts(authority(), Child.objects.none()).of(outcomes(AIM, load_journeys(Child.objects.all(), AS_AT))) == []
