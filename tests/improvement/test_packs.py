"""The pack of a meeting: live figures as at its day, and as they were once they are kept."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from children.models import Child, Identity
from improvement.models import Meeting, PdsaCycle
from milestones.models import Milestone
from pace_site.accounts.roles import Role
from tests.aims.exports import stored_aim
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated
from tests.aims.storytelling import aim as definition
from tests.builders import authority, person
from tests.improvement.builders import ACT, DO, PLAN, STUDY, a_test, an_aim
from tests.improvement.meeting_builders import PACK_DAY, PACK_SINCE, a_barrier, a_meeting, an_action, keep
from tests.page_reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pack(client, lead):
    def read(of, who=None):
        client.force_login(who or lead)
        return client.get(reverse("meeting_pack", kwargs={"pk": of.pk}))

    return read


def test_a_pack_shows_each_aim_as_at_the_meeting(meeting, pack):
    said = text_of(pack(meeting))
    assert "Figures as at 1 June 2020" in said
    assert "2 children have waited longer than 26 weeks" in said
    assert "100 % 2 of 2 decided were in time" in said
    assert "50 % 2 of 4, when those overdue or gone undecided count too" in said
    assert "Since 4 May 2020 1 decided, 1 of them in time 1 became overdue and still waits" in said
    assert "Only 2 points can be used" in said
    assert "Children between milestones" in said


def test_waits_are_by_pseudonym_for_who_may_list_them_and_weeks_alone_for_others(meeting, pack):
    row = Child.objects.get(local_ref="A")
    Identity.objects.create(child=row, given_name="Morag", family_name="Madeup")
    for role in (Role.PACE_LEAD, Role.CHAMPION):
        page = pack(meeting, person(role)).content.decode()
        assert f"{row.code}</strong> 65.0 weeks, overdue" in page
        assert "Morag" not in page
        assert "/children/P-" not in page
    page = pack(meeting, person(Role.SENIOR_LEADER)).content.decode()
    assert "65.0 weeks, overdue" in page
    assert row.code not in page


def test_a_pack_of_an_aim_group_holds_its_aim_alone(aim, pack):
    other = stored_aim(definition(code="OTHER"), authority=authority()).aim
    a_test(aim=other, title="Of another aim", begun_on=PACK_SINCE)
    a_barrier("Of another aim", aim=other, raised_on=PACK_SINCE)
    a_barrier("Of all aims", raised_on=PACK_SINCE)
    page = pack(a_meeting(PACK_DAY, aim=aim))
    assert [each["code"] for each in page.context["pack"]["aims"]] == ["TEST"]
    assert "Of another aim" not in text_of(page)
    assert "Of all aims" in text_of(page)


def test_a_meeting_to_come_is_prepared_with_the_figures_of_today(aim, pack):
    soon = a_meeting(timezone.localdate() + timedelta(days=5))
    page = pack(soon)
    assert page.context["pack"]["as_at"] == timezone.localdate().isoformat()
    assert "these are the figures of today" in text_of(page)
    assert "Keep this pack" not in text_of(page)


def test_an_authority_without_aims_has_a_pack_all_the_same(pack):
    assert "No aim is worked on yet" in text_of(pack(a_meeting(PACK_DAY)))


def on(day: str) -> date:
    return date.fromisoformat(day)


def tried(aim, **filled):
    test = a_test(aim=aim, begun_on=on("2020-04-01"))
    PdsaCycle.objects.filter(test=test).update(**filled)
    return test


FILLED = PLAN | DO | STUDY | ACT


@pytest.mark.parametrize(
    ("days", "stage", "is_new"),
    [
        ({}, "Plan: planned", False),
        ({"started_on": "2020-05-05"}, "Do: under way since 5 May 2020", True),
        ({"started_on": "2020-05-04"}, "Do: under way since 4 May 2020", False),
        ({"started_on": "2020-06-02"}, "Plan: planned", False),
        ({"started_on": "2020-04-05", "ended_on": "2020-05-20"}, "Study: to be studied", True),
        ({"started_on": "2020-04-05", "ended_on": "2020-06-02"}, "Do: under way since 5 April 2020", False),
        (
            {"started_on": "2020-04-05", "ended_on": "2020-05-20", "decided_on": "2020-05-21"},
            "Act: adapt it and test again",
            True,
        ),
        (
            {"started_on": "2020-04-05", "ended_on": "2020-05-20", "decided_on": "2020-06-02"},
            "Study: to be studied",
            True,
        ),
    ],
)
def test_a_test_stands_where_its_dates_say_it_stood(meeting, aim, pack, days, stage, is_new):
    days = {name: on(day) for name, day in days.items()}
    filled = FILLED if "decided_on" in days else PLAN | ({"what_happened": "It was used"} if "ended_on" in days else {})
    tried(aim, **filled | days)
    (shown,) = pack(meeting).context["pack"]["tests"]
    assert (shown["stage"], shown["is_new"]) == (stage, is_new)


def test_what_was_learned_is_that_of_cycles_that_ended_since_the_last_meeting(meeting, aim, pack):
    lately = {"started_on": on("2020-04-05"), "ended_on": on("2020-05-20"), "decided_on": on("2020-05-21")}
    tried(aim, **FILLED | lately | {"learned": "Shorter is better"})
    before = {"started_on": on("2020-04-05"), "ended_on": on("2020-04-20"), "decided_on": on("2020-04-21")}
    tried(aim, **FILLED | before | {"learned": "Known already"})
    said = text_of(pack(meeting))
    assert "Shorter is better" in said
    assert "Known already" not in said


@pytest.mark.parametrize(("decided", "shown"), [("2020-05-04", 0), ("2020-05-05", 1)])
def test_a_test_that_ended_is_shown_at_the_meeting_after_it_and_then_no_more(meeting, aim, pack, decided, shown):
    days = {"started_on": on("2020-04-05"), "ended_on": on("2020-04-20"), "decided_on": on(decided)}
    tried(aim, **FILLED | days | {"decision": "adopt"})
    assert len(pack(meeting).context["pack"]["tests"]) == shown


def test_a_test_begun_after_the_meeting_is_not_in_its_pack(meeting, aim, pack):
    a_test(aim=aim, begun_on=on("2020-06-02"))
    assert pack(meeting).context["pack"]["tests"] == []


@pytest.mark.parametrize(
    ("dates", "shown"),
    [
        ({"raised_on": "2020-06-01"}, True),
        ({"raised_on": "2020-06-02"}, False),
        ({"raised_on": "2020-03-01", "resolved_on": "2020-05-04"}, False),
        ({"raised_on": "2020-03-01", "resolved_on": "2020-05-05"}, True),
    ],
)
def test_barriers_are_those_that_stood_or_were_resolved_since(meeting, pack, dates, shown):
    more = {"resolution": "Gone"} if "resolved_on" in dates else {}
    a_barrier("No panel", **{name: on(day) for name, day in dates.items()}, **more)
    assert ("No panel" in text_of(pack(meeting))) is shown


def test_actions_from_the_last_meeting_stand_as_they_were_on_the_day(pack, lead, aim):
    last = a_meeting(PACK_SINCE)
    an_action(last, text="Done in time", due_on=PACK_DAY, done_on=on("2020-05-20"), done_by=lead, outcome="Agreed")
    an_action(last, text="Done later", due_on=on("2020-05-20"), done_on=on("2020-06-20"), done_by=lead, outcome="Late")
    shown = {each["text"]: each for each in pack(a_meeting(PACK_DAY)).context["pack"]["actions"]}
    assert (shown["Done in time"]["done"], shown["Done in time"]["outcome"]) == ("20 May 2020", "Agreed")
    assert (shown["Done later"]["done"], shown["Done later"]["overdue"]) == ("", True)
    assert shown["Done later"]["outcome"] == ""


def test_a_kept_pack_stays_as_it_was_whatever_is_corrected_later(client, meeting, pack, lead):
    live = pack(meeting).context["pack"]
    assert keep(client, meeting, lead).status_code == 302
    Milestone.objects.filter(child__local_ref="C").update(happened_on=on("2020-05-25"))
    Milestone.objects.filter(child__local_ref="D").delete()
    a_barrier("Raised in hindsight", raised_on=PACK_SINCE)
    page = pack(meeting)
    assert page.context["pack"] == live
    assert "later corrections do not change it" in text_of(page)
    assert "Keep this pack" not in text_of(page)
    before = a_meeting(on("2020-05-31"))
    assert pack(before).context["pack"]["aims"] != live["aims"]


def test_a_kept_pack_shows_its_pseudonyms_to_who_reaches_the_whole_authority_alone(client, meeting, pack, lead):
    keep(client, meeting, lead)
    code = Child.objects.get(local_ref="A").code
    assert code in pack(meeting, person(Role.CHAMPION)).content.decode()
    for role in (Role.PRACTITIONER, Role.IRO, Role.SENIOR_LEADER):
        page = pack(meeting, person(role)).content.decode()
        assert code not in page
        assert "65.0 weeks, overdue" in page


def test_who_keeps_a_pack_that_was_changed_meanwhile_is_told(client, meeting, lead):
    Meeting.objects.filter(pk=meeting.pk).update(edition=2)
    client.force_login(lead)
    keep(client, meeting, lead)
    assert Meeting.objects.get(pk=meeting.pk).pack is None


def test_a_pack_asks_as_much_for_many_children_aims_and_tests_as_for_few(meeting, aim, pack, lead):
    def asked(count):
        store([accommodated("2020-01-06", ref=f"{count}-{number}") for number in range(count)], authority=authority())
        for number in range(count):
            new = an_aim(f"N{count}-{number}")
            a_test(aim=new, cycles=2, begun_on=PACK_SINCE)
        pack(meeting)
        with CaptureQueriesContext(connection) as queries:
            pack(meeting)
        return len(queries)

    assert asked(2) == asked(9)
