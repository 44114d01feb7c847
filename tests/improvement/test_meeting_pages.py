"""The pages of meetings: planning, agenda, minutes, actions and barriers."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from improvement.models import Action, Attendance, Barrier, Meeting
from pace_site.accounts.roles import Role
from tests.builders import authority, child, person, team
from tests.improvement.builders import an_aim
from tests.improvement.meeting_builders import AUGUST, JULY, a_barrier, a_meeting, a_member, an_action
from tests.page_reading import text_of, typed

pytestmark = pytest.mark.django_db
MEETINGS = "/improvement/meetings/"
NEW = f"{MEETINGS}new/"
BARRIERS = "/improvement/barriers/"


@pytest.fixture
def lead(client):
    user = person(Role.PACE_LEAD)
    client.force_login(user)
    return user


def page_of(meeting, name: str) -> str:
    return reverse(name, kwargs={"pk": meeting.pk})


def test_a_meeting_is_planned_with_the_lead_in_the_chair(client, lead):
    chair = a_member(leads=True)
    form = client.get(NEW).context["form"]
    assert form["chair"].value() == chair.pk
    answer = client.post(NEW, typed(form, on="2026-12-01", place="Town House", chair=chair.pk))
    meeting = Meeting.objects.get()
    assert answer.url == meeting.get_absolute_url()
    said = text_of(client.get(answer.url))
    assert "Group, 1 December 2026" in said
    assert f"Town House. {chair.called} chairs." in said
    assert "Children waiting longest" in said


@pytest.mark.parametrize(
    ("on", "words"), [("", "Say on which day"), ("soon", "not a date"), ("0202-12-01", "out of range")]
)
def test_a_day_that_cannot_be_gives_everything_back(client, lead, on, words):
    page = client.post(NEW, {"on": on, "place": "Town House"})
    assert words in text_of(page)
    assert page.context["form"]["place"].value() == "Town House"
    assert not Meeting.objects.exists()


def test_choices_of_a_meeting_are_inside_the_authority(client, lead):
    west = authority("S12000033")
    for field, row in (("aim", an_aim(organisation=west)), ("chair", a_member(organisation=west))):
        page = client.post(NEW, {"on": "2026-12-01", field: row.pk})
        assert list(page.context["form"].errors) == [field]


def test_the_list_says_what_comes_next_and_what_is_overdue(client, lead):
    today = timezone.localdate()
    an_action(a_meeting(JULY), text="Late", due_on=today - timedelta(days=1))
    an_action(a_meeting(JULY), text="In time", due_on=today)
    a_meeting(today + timedelta(days=9))
    a_meeting(today + timedelta(days=30), aim=an_aim())
    a_meeting(JULY, organisation=authority("S12000033"), place="Elsewhere")
    said = text_of(client.get(MEETINGS))
    assert "and 1 other later" in said
    assert "2 actions still to be done, 1 overdue" in said
    assert "no minutes yet" in said
    assert "Elsewhere" not in said


def test_where_no_meeting_is_planned_the_list_says_so(client, lead):
    said = text_of(client.get(MEETINGS))
    assert "No meeting is planned" in said
    assert "No action is open" in said


def test_an_agenda_is_changed_on_its_page(client, lead):
    meeting = a_meeting(agenda=("Welcome", "Data", "Next steps"))
    welcome, data, steps = (item.pk for item in meeting.items.all())
    address = page_of(meeting, "meeting_agenda")
    form = client.get(address).context["form"]
    sent = typed(form, **{f"place_{steps}": 1, f"place_{welcome}": 3, f"remove_{data}": "on", "title_new_0": "Cake"})
    sent["place_new_0"] = 2
    assert client.post(address, sent).status_code == 302
    assert [item.title for item in meeting.items.all()] == ["Next steps", "Cake", "Welcome"]


def test_who_was_overtaken_in_the_agenda_sees_both(client, lead):
    meeting = a_meeting(agenda=("Welcome",))
    address = page_of(meeting, "meeting_agenda")
    sent = typed(client.get(address).context["form"], title_new_0="Mine")
    client.post(address, sent | {"title_new_0": "Theirs"})
    page = client.post(address, sent)
    said = text_of(page)
    assert "1. Welcome 2. Theirs 1. Welcome 2. Mine" in said
    assert page.context["form"]["edition"].value() == 2


def test_minutes_are_written_and_read(client, lead):
    meeting, member = a_meeting(), a_member(name="Mo Grant", agency="SCRA")
    item = meeting.items.get()
    address = page_of(meeting, "meeting_write")
    form = client.get(address).context["form"]
    sent = {
        f"answer_{member.pk}": "came",
        "guests": "Al, NHS",
        f"notes_{item.pk}": "Opened",
        f"decisions_{item.pk}": "Meet",
    }
    assert client.post(address, typed(form, **sent)).status_code == 302
    said = text_of(client.get(meeting.get_absolute_url()))
    for words in ("Held", "Mo Grant, SCRA came", "Guests: Al, NHS", "Opened", "Decided: Meet"):
        assert words in said


def test_who_was_overtaken_in_the_minutes_sees_both_versions_and_loses_nothing(client, lead):
    meeting, member = a_meeting(), a_member(name="Mo Grant")
    item = meeting.items.get()
    address = page_of(meeting, "meeting_write")
    sent = typed(client.get(address).context["form"], **{f"notes_{item.pk}": "Mine"})
    client.post(address, sent | {f"notes_{item.pk}": "Theirs", f"answer_{member.pk}": "came"})
    page = client.post(address, sent)
    said = text_of(page)
    assert "Notes: Welcome Theirs Mine" in said
    assert "Mo Grant Came Not said" in said
    assert client.post(address, typed(page.context["form"])).status_code == 302
    assert meeting.items.get().notes == "Mine"


def test_a_name_in_the_minutes_is_refused_at_its_field_with_all_that_was_typed(client, lead):
    child(of_team=team(), name=("Morag", "Baird"))
    meeting = a_meeting()
    key = meeting.items.get().pk
    address = page_of(meeting, "meeting_write")
    sent = typed(
        client.get(address).context["form"], **{f"decisions_{key}": "Visit Morag Baird", f"notes_{key}": "All"}
    )
    page = client.post(address, sent)
    assert list(page.context["form"].errors) == [f"decisions_{key}"]
    assert page.context["form"][f"notes_{key}"].value() == "All"
    assert meeting.items.get().notes == ""


@pytest.mark.parametrize(("ago", "words"), [(0, "Planned"), (1, "No minutes yet.")])
def test_a_meeting_whose_day_is_past_waits_for_its_minutes(client, lead, ago, words):
    meeting = a_meeting(timezone.localdate() - timedelta(days=ago))
    said = text_of(client.get(meeting.get_absolute_url()))
    assert [each for each in ("Planned", "No minutes yet.") if each in said] == [words]


def test_minutes_are_closed_and_opened_again(client, lead):
    meeting = a_meeting()
    meeting.items.update(notes="Said")
    address = meeting.get_absolute_url()
    assert "Close the minutes" in text_of(client.get(address))
    client.post(address, {"what": "close", "edition": "9"})
    assert Meeting.objects.get().closed_on is None
    client.post(address, {"what": "close", "edition": "1"})
    said = text_of(client.get(address))
    assert "Minutes closed by" in said
    assert "Write the minutes" not in said
    for name in ("meeting_write", "meeting_edit", "meeting_agenda", "meeting_action_new"):
        assert client.get(page_of(meeting, name)).url == address
    client.post(address, {"what": "reopen", "edition": "2"})
    assert "Write the minutes" in text_of(client.get(address))


def test_a_meeting_is_moved_and_called_off(client, lead):
    meeting = a_meeting(timezone.localdate() + timedelta(days=5))
    address = page_of(meeting, "meeting_edit")
    form = client.get(address).context["form"]
    assert client.post(address, typed(form, on="2026-12-08")).status_code == 302
    page = client.post(address, {"what": "call_off", "edition": "2"})
    assert page.context["reason_form"].errors
    page = client.post(address, {"what": "call_off", "edition": "1", "reason": "Snow"})
    assert "Somebody else has changed this meeting meanwhile" in text_of(page)
    assert client.post(address, {"what": "call_off", "edition": "2", "reason": "Snow"}).status_code == 302
    assert "Called off Snow" in text_of(client.get(meeting.get_absolute_url()))
    assert "Group, 8 December 2026 Called off" in text_of(client.get(MEETINGS))


def test_a_member_answers_the_invitation(client):
    champion = person(Role.CHAMPION)
    meeting, other = (a_meeting(timezone.localdate() + timedelta(days=days)) for days in (3, 9))
    a_member(champion)
    client.force_login(champion)
    address = meeting.get_absolute_url()
    assert "Will you come?" in text_of(client.get(address))
    client.post(address, {"what": "apologies"})
    assert "You said: apologies" in text_of(client.get(address))
    assert Attendance.objects.get().meeting == meeting
    client.force_login(person(Role.CHAMPION))
    assert "Will you come?" not in text_of(client.get(other.get_absolute_url()))
    assert client.post(address, {"what": "will_come"}).status_code == 403


def test_an_action_is_agreed_put_right_and_done(client, lead):
    champion, meeting = person(Role.CHAMPION), a_meeting()
    a_member(name="Mo Grant", agency="SCRA")
    address = page_of(meeting, "meeting_action_new")
    page = client.post(address, {"text": "Ask", "due_on": "2026-07-06", "owner": "partner-Mo Grant, SCRA"})
    assert "before the meeting that agreed it" in text_of(page)
    client.post(address, typed(page.context["form"], due_on="2026-08-04"))
    action = Action.objects.get()
    assert action.partner == "Mo Grant, SCRA"
    form = client.get(action.get_absolute_url()).context["form"]
    client.post(action.get_absolute_url(), typed(form, owner=f"person-{champion.pk}"))
    action.refresh_from_db()
    assert (action.owner, action.partner, action.edition) == (champion, "", 2)
    page = client.post(action.get_absolute_url(), typed(form, text="Mine"))
    assert "What will be done Ask Mine" in text_of(page)
    page = client.post(action.get_absolute_url(), {"what": "done", "edition": "1", "outcome": "Agreed"})
    assert "Somebody else has changed this action meanwhile" in text_of(page)
    client.post(action.get_absolute_url(), {"what": "done", "edition": "2", "outcome": "Agreed"})
    said = text_of(client.get(action.get_absolute_url()))
    assert f"{lead} said so on" in said
    assert "Put it right" not in said
    client.post(action.get_absolute_url(), {"what": "reopen", "edition": "3"})
    assert Action.objects.get().done_on is None


def test_an_owner_is_one_of_those_offered(client, lead):
    meeting = a_meeting()
    for owner in (
        f"person-{person(Role.CHAMPION, organisation=authority('S12000033')).pk}",
        f"person-{person(Role.SENIOR_LEADER).pk}",
        "partner-Nobody",
    ):
        page = client.post(
            page_of(meeting, "meeting_action_new"), {"text": "Ask", "due_on": "2026-08-04", "owner": owner}
        )
        assert list(page.context["form"].errors) == ["owner"]


def test_an_action_is_done_by_its_owner_and_read_by_the_others(client):
    champion = person(Role.CHAMPION)
    action = an_action(a_meeting(), owner=champion)
    client.force_login(person(Role.CHAMPION))
    assert "It is done" not in text_of(client.get(action.get_absolute_url()))
    for what in ("done", "reopen", ""):
        assert client.post(action.get_absolute_url(), {"what": what, "edition": "1"}).status_code == 403
    client.force_login(champion)
    assert "Put it right" not in text_of(client.get(action.get_absolute_url()))
    assert client.post(action.get_absolute_url(), {"text": "Other", "edition": "1"}).status_code == 403
    client.post(action.get_absolute_url(), {"what": "done", "edition": "1"})
    assert Action.objects.get().done_by == champion


def test_the_next_meeting_shows_what_was_carried_over_until_it_is_done(client, lead):
    an_action(a_meeting(JULY), text="Ask the health board")
    august = a_meeting(AUGUST)
    said = text_of(client.get(august.get_absolute_url()))
    assert "1 from earlier meetings" in said
    assert "Ask the health board" in said
    Action.objects.update(done_on=JULY, done_by=lead)
    assert "Nothing carried over" in text_of(client.get(august.get_absolute_url()))


@pytest.mark.parametrize(
    ("role", "shown"), [(Role.CHAMPION, True), (Role.PRACTITIONER, False), (Role.SENIOR_LEADER, False)]
)
def test_a_pseudonym_is_shown_to_who_may_open_the_child_alone(client, role, shown):
    row = child(of_team=team("Team South"))
    meeting = a_meeting(guests=f"Asked about {row.code}")
    meeting.items.update(notes=f"{row.code} waits", decisions=f"Ask for {row.code}")
    action = an_action(meeting, text=f"Ask about {row.code}")
    barrier = a_barrier(f"No panel for {row.code}", asked=f"A panel for {row.code}")
    client.force_login(person(role))
    for address in (
        meeting.get_absolute_url(),
        page_of(meeting, "meeting_minutes"),
        page_of(a_meeting(AUGUST), "meeting_pack"),
        MEETINGS,
        action.get_absolute_url(),
        BARRIERS,
        barrier.get_absolute_url(),
    ):
        page = client.get(address).content.decode()
        assert (row.code in page) is shown, address
        assert ("a child" in page.casefold()) is not shown, address


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.CHAMPION, Role.SENIOR_LEADER])
def test_who_does_not_lead_reads_and_is_offered_nothing_to_write(client, role):
    meeting, barrier = a_meeting(), a_barrier()
    meeting.items.update(notes="Said")
    client.force_login(person(role))
    for address in (
        MEETINGS,
        meeting.get_absolute_url(),
        page_of(meeting, "meeting_pack"),
        page_of(meeting, "meeting_minutes"),
        BARRIERS,
        barrier.get_absolute_url(),
    ):
        page = client.get(address)
        assert page.status_code == 200
        assert 'method="post"' not in page.content.decode().split("<main")[1]
    for name in ("meeting_edit", "meeting_agenda", "meeting_write", "meeting_action_new"):
        assert client.get(page_of(meeting, name)).status_code == 403
        assert client.post(page_of(meeting, name), {"edition": "1"}).status_code == 403
    for address, sent in (
        (NEW, {"on": "2026-12-01"}),
        (meeting.get_absolute_url(), {"what": "close", "edition": "1"}),
        (page_of(meeting, "meeting_pack"), {"edition": "1"}),
        (f"{BARRIERS}new/", {}),
        (barrier.get_absolute_url(), {"what": "resolve", "resolution": "x", "edition": "1"}),
    ):
        assert client.post(address, sent).status_code == 403


def test_a_barrier_is_added_put_right_and_resolved(client, lead):
    leader, aim = person(Role.SENIOR_LEADER), an_aim()
    form = client.get(f"{BARRIERS}new/").context["form"]
    sent = {"text": "No panel", "aim": aim.pk, "owner": f"person-{leader.pk}", "raised_on": "2026-07-07"}
    assert client.post(f"{BARRIERS}new/", typed(form, **sent)).status_code == 302
    row = Barrier.objects.get()
    assert (row.aim, row.owner) == (aim, leader)
    assert "1 barrier stands in the way" in text_of(client.get(BARRIERS))
    form = client.get(row.get_absolute_url()).context["form"]
    client.post(row.get_absolute_url(), typed(form, asked="Another panel"))
    page = client.post(row.get_absolute_url(), typed(form, asked="Mine"))
    assert "What leaders are asked Another panel Mine" in text_of(page)
    page = client.post(row.get_absolute_url(), {"what": "resolve", "edition": "1", "resolution": "Done"})
    assert "Somebody else has changed this barrier meanwhile" in text_of(page)
    client.post(row.get_absolute_url(), {"what": "resolve", "edition": "2", "resolution": "A second panel"})
    said = text_of(client.get(BARRIERS))
    assert "No barrier stands in the way" in said
    assert "A second panel" in said


@pytest.mark.parametrize("name", ["meeting", "meeting_pack", "meeting_minutes", "meeting_write", "meeting_agenda"])
def test_a_page_asks_as_much_for_many_as_for_few(client, lead, name):
    def asked(count):
        before = a_meeting(date(2026, 6, 9))
        meeting = a_meeting(JULY, agenda=[f"Item {number}" for number in range(count)])
        row = child(of_team=team())
        for _each in range(count):
            an_action(before, text=f"Ask about {row.code}")
            an_action(meeting)
            a_barrier()
            Attendance.objects.create(meeting=meeting, member=a_member(), answer="came")
        client.get(page_of(meeting, name))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(meeting, name)).status_code == 200
        return len(queries)

    assert asked(3) == asked(12)


@pytest.mark.parametrize("address", [MEETINGS, BARRIERS])
def test_a_list_asks_as_much_for_many_as_for_few(client, lead, address):
    def asked(count):
        for _each in range(count):
            an_action(a_meeting(aim=an_aim(f"A-{Meeting.objects.count()}")))
            a_barrier()
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    assert asked(3) == asked(12)
