"""The caseload list: who is on it, what is due next, how it is narrowed and ordered, and the file of it."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from children.models import CareEpisode, Placement
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.front.caseload.cases import Urgency, cases_in_scope
from pace_site.front.caseload.choosing_forms import ChoosingForm
from tests.builders import allocate, authority, child, milestone, person, team

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]
DAY = date(2026, 6, 1)
FIRST_OF_MONTH = {"as_at": DAY.isoformat()}


def weeks_ago(weeks: int) -> date:
    return DAY - timedelta(weeks=weeks)


@pytest.fixture
def lead():
    return person(Role.PACE_LEAD)


@pytest.fixture
def open_list(client):
    def get(user, **query):
        client.force_login(user)
        return client.get(reverse("caseload"), FIRST_OF_MONTH | query)

    return get


@pytest.fixture
def download(client):
    def get(user, **query):
        client.force_login(user)
        return client.get(reverse("caseload_export"), FIRST_OF_MONTH | query)

    return get


def codes_of(response) -> list[str]:
    return [who.code for who, _case in response.context["cases"]]


def rows_of(response) -> list[dict]:
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"))))


def reviewed(row, *weeks_before):
    """Reviews, and the meetings that would otherwise be waited for, so many weeks before the day."""
    for weeks in weeks_before:
        milestone(row, "REVIEW", weeks_ago(weeks))
    return row


def only(user):
    (case,) = cases_in_scope(user, day=DAY)
    return case


# Who is on it


def test_children_in_care_on_the_day_are_listed_and_no_others(open_list, lead):
    there = child(accommodated=weeks_ago(10))
    ended = child(accommodated=weeks_ago(10))
    ended.episodes.update(end=DAY)
    voided = child(accommodated=weeks_ago(10))
    voided.episodes.update(voided_on=DAY, void_reason="Wrong child")
    child(accommodated=DAY + timedelta(days=1))
    child()
    assert codes_of(open_list(lead)) == [there.code]


def test_a_team_manager_finds_their_team_and_nobody_else_s(open_list):
    north = team("Team North")
    mine = child(of_team=north, accommodated=weeks_ago(10))
    child(of_team=team("Team South"), accommodated=weeks_ago(10))
    child(organisation=authority("S12000033"), accommodated=weeks_ago(10))
    response = open_list(person(Role.TEAM_MANAGER, of_team=north))
    assert codes_of(response) == [mine.code]
    assert "Team South" not in response.content.decode()


def test_a_list_of_names_is_in_the_trail(open_list, lead):
    row = child(accommodated=weeks_ago(10))
    open_list(lead, sort="child")
    entry = AuditEntry.objects.get(action=AuditEntry.Action.VIEW)
    assert (entry.record_type, entry.after) == ("caseload", {"chosen": "sort=child", "children": [row.code]})


def test_a_champion_reads_pseudonyms_and_is_not_told_who_works_with_whom(open_list):
    row = child(name=("Morven", "Fictitious"), accommodated=weeks_ago(10))
    allocate(person(Role.IRO), row)
    response = open_list(person(Role.CHAMPION))
    page = response.content.decode()
    assert codes_of(response) == [row.code]
    assert not any(word in page for word in ("Morven", row.local_ref, "2015", "Works with"))
    assert not AuditEntry.objects.filter(action=AuditEntry.Action.VIEW).exists()


@pytest.mark.parametrize("worker", ["none", "1"])
def test_a_champion_cannot_ask_for_a_worker_s_children(open_list, worker):
    child(accommodated=weeks_ago(10))
    assert codes_of(open_list(person(Role.CHAMPION), worker=worker)) == []


# What it says of each


def test_a_row_says_where_the_child_lives_its_route_and_since_when_it_is_away(lead):
    row = child(accommodated=weeks_ago(10))
    milestone(row, "PERM_REC", weeks_ago(1), route="PO")
    case = only(lead)
    assert (case.living_label, case.route_label) == ("Foster carers provided by the authority", "Permanence order")
    assert case.away == "10.0 weeks"


def test_a_child_at_home_is_not_away(lead):
    row = child()
    CareEpisode.objects.create(child=row, start=weeks_ago(10))
    Placement.objects.create(child=row, start=weeks_ago(10), placement_type_id="HOME_PARENT")
    assert only(lead).away == ""


def test_the_next_step_is_the_one_due_soonest(lead):
    reviewed(child(accommodated=weeks_ago(10)), 6)
    case = only(lead)
    assert (case.step.label, case.due, case.left) == ("3-month review", date(2026, 6, 23), "22 days left")
    assert case.urgency is Urgency.WAITING


def test_a_step_that_is_over_is_overdue_and_others_over_are_counted(lead):
    child(accommodated=weeks_ago(30))
    case = only(lead)
    assert case.urgency is Urgency.OVERDUE
    assert case.left.endswith("over")
    assert case.also_overdue == case.overdue - 1 > 0


def a_child_with_a_step_due_on(day: date):
    """A child whose first review was held, so that the next step is the one three months after accommodation."""
    row = child(accommodated=day.replace(month=day.month - 3))
    milestone(row, "REVIEW", row.episodes.get().start + timedelta(weeks=2))
    return row


@pytest.mark.parametrize(
    ("due", "urgency"), [(date(2026, 6, 15), Urgency.DUE_SOON), (date(2026, 6, 16), Urgency.WAITING)]
)
def test_a_step_is_due_soon_from_two_weeks_before(lead, due, urgency):
    a_child_with_a_step_due_on(due)
    case = only(lead)
    assert (case.due, case.urgency) == (due, urgency)


def test_a_step_due_on_the_day_is_not_overdue(open_list, lead):
    a_child_with_a_step_due_on(DAY)
    assert (only(lead).urgency, only(lead).left) == (Urgency.DUE_SOON, "due today")
    assert codes_of(open_list(lead, due="overdue")) == []


def test_nothing_runs_for_a_child_at_home_without_an_order(lead):
    row = child()
    CareEpisode.objects.create(child=row, start=weeks_ago(10))
    Placement.objects.create(child=row, start=weeks_ago(10), placement_type_id="HOME_PARENT")
    case = only(lead)
    assert (case.step, case.due, case.urgency) == (None, None, Urgency.NOTHING)


def test_workers_are_those_of_the_day_each_once(lead):
    row = child(accommodated=weeks_ago(10))
    iro, gone, coming = (person(Role.IRO) for _each in range(3))
    allocate(iro, row, start=weeks_ago(5))
    allocate(iro, row, start=weeks_ago(4), end=DAY)
    allocate(gone, row, end=DAY - timedelta(days=1))
    allocate(coming, row, start=DAY + timedelta(days=1))
    assert only(lead).workers == (iro,)


# Narrowing


@pytest.fixture
def three():
    """Overdue in Team North; waiting, with a route and a worker, in Team South; nothing running, at home."""
    over = child(of_team=team("Team North"), accommodated=weeks_ago(30))
    waits = reviewed(child(of_team=team("Team South"), accommodated=weeks_ago(10)), 6)
    milestone(waits, "PERM_REC", weeks_ago(1), route="KINSHIP")
    home = child()
    CareEpisode.objects.create(child=home, start=weeks_ago(50))
    Placement.objects.create(child=home, start=weeks_ago(50), placement_type_id="HOME_PARENT")
    return over, waits, home


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"route": "KINSHIP"}, "waits"),
        ({"route": "none"}, "over home"),
        ({"living": "HOME_PARENT"}, "home"),
        ({"living": "FOST_LA"}, "over waits"),
        ({"state": "overdue"}, "over"),
        ({"state": "waiting"}, "waits"),
        ({"state": "nothing"}, "home"),
        ({"due": "overdue"}, "over"),
        ({"due": "2w"}, "over"),
        ({"due": "4w"}, "over waits"),
        ({"due": "3m"}, "over waits"),
        ({"team": "none"}, "home"),
        ({"worker": "none"}, "over waits home"),
        ({"route": "none", "due": "overdue"}, "over"),
    ],
)
def test_the_list_is_narrowed(open_list, lead, three, query, expected):
    by_name = dict(zip(("over", "waits", "home"), three, strict=True))
    assert codes_of(open_list(lead, **query)) == [by_name[name].code for name in expected.split()]


def test_the_list_is_narrowed_to_a_team_and_to_a_worker(open_list, lead, three):
    over, waits, _home = three
    worker = person(Role.IRO)
    allocate(worker, over)
    assert codes_of(open_list(lead, team=waits.team.pk)) == [waits.code]
    assert codes_of(open_list(lead, worker=worker.pk)) == [over.code]
    assert over.code not in codes_of(open_list(lead, worker="none"))


@pytest.mark.parametrize(("window", "last"), [("2w", date(2026, 6, 15)), ("4w", date(2026, 6, 29))])
def test_a_window_takes_in_its_last_day(open_list, lead, window, last):
    inside = a_child_with_a_step_due_on(last)
    a_child_with_a_step_due_on(last + timedelta(days=1))
    assert codes_of(open_list(lead, due=window)) == [inside.code]


@pytest.mark.parametrize("name", ["team", "worker", "route", "living", "state", "due", "sort"])
def test_a_wrong_choice_says_so_and_shows_nobody(open_list, lead, three, name):
    response = open_list(lead, **{name: "999999"})
    assert codes_of(response) == []
    assert name in response.context["choosing"].errors
    assert "so nobody is shown" in response.content.decode()


def test_a_team_out_of_scope_is_no_choice(open_list):
    north, south = team("Team North"), team("Team South")
    for each in (north, south):
        child(of_team=each, accommodated=weeks_ago(10))
    response = open_list(person(Role.TEAM_MANAGER, of_team=north), team=south.pk)
    assert codes_of(response) == []
    assert "team" in response.context["choosing"].errors


# Order


@pytest.mark.parametrize(("sort", "expected"), [("", "BCA"), ("child", "ABC"), ("away", "BCA")])
def test_the_list_is_ordered_by_what_is_due_by_child_or_by_time_away(open_list, lead, three, sort, expected):
    for letter, row in zip("BCA", three, strict=True):
        row.code = letter
        row.save()
    assert codes_of(open_list(lead, sort=sort)) == list(expected)


def test_the_longest_away_comes_first_whatever_is_due(open_list, lead):
    short = child(accommodated=weeks_ago(30))
    long = reviewed(child(accommodated=weeks_ago(40)), 38, 30, 18, 2)
    milestone(long, "PERM_REC", weeks_ago(20), route="HOME")
    assert codes_of(open_list(lead)) == [short.code, long.code]
    assert codes_of(open_list(lead, sort="away")) == [long.code, short.code]


def test_overdue_comes_first_and_longest_overdue_before_the_rest(lead):
    late, later = child(accommodated=weeks_ago(20)), child(accommodated=weeks_ago(30))
    waits = reviewed(child(accommodated=weeks_ago(10)), 6)
    chosen = ChoosingForm({}, cases=cases_in_scope(lead, day=DAY)).chosen()
    assert [case.child for case in chosen] == [later, late, waits]


def test_the_list_is_paged(open_list, lead):
    for _each in range(51):
        child(accommodated=weeks_ago(10))
    assert len(codes_of(open_list(lead))) == 50
    assert len(codes_of(open_list(lead, page="2"))) == 1


def test_another_day_tells_what_was_known_then(open_list, lead):
    row = reviewed(child(accommodated=weeks_ago(30)), 24, 12)
    milestone(row, "PERM_REC", weeks_ago(1), route="PO")
    earlier = open_list(lead, as_at=weeks_ago(2).isoformat())
    ((_who, case),) = earlier.context["cases"]
    assert case.route == ""


def test_the_number_of_queries_does_not_depend_on_the_number_of_children(client, lead):
    client.force_login(lead)

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert client.get(reverse("caseload")).status_code == 200
        return len(made)

    def add(count):
        for _each in range(count):
            row = child(of_team=team("Team North"), accommodated=weeks_ago(10))
            allocate(person(Role.IRO), row)

    add(20)
    few = queries()
    add(40)
    assert queries() == few


# The file


def test_the_file_has_the_rows_of_the_list_in_its_order_and_of_every_page(open_list, download, lead):
    for number in range(55):
        child(accommodated=weeks_ago(2 + number))
    pages = [codes_of(open_list(lead, sort="away", page=page)) for page in (1, 2)]
    assert [row["pseudonym"] for row in rows_of(download(lead, sort="away"))] == pages[0] + pages[1]


def test_the_file_is_narrowed_as_the_list_is(open_list, download, lead, three):
    for query in ({"state": "overdue"}, {"route": "KINSHIP"}, {"due": "3m", "sort": "child"}):
        assert [row["pseudonym"] for row in rows_of(download(lead, **query))] == codes_of(open_list(lead, **query))


def test_the_file_tells_no_name_reference_or_birth(download, lead):
    row = child(name=("Morven", "Fictitious"), accommodated=weeks_ago(10), of_team=team("Team North"))
    worker = person(Role.IRO)
    allocate(worker, row)
    text = download(lead).content.decode("utf-8-sig")
    assert row.code in text
    secrets = ("Morven", "Fictitious", row.local_ref, row.date_of_birth.isoformat(), str(worker), worker.email)
    assert not [word for word in secrets if word in text]


def test_the_file_writes_days_as_iso_dates(download, lead):
    reviewed(child(accommodated=weeks_ago(10)), 6)
    (row,) = rows_of(download(lead))
    assert (row["due"], row["days_left"], row["away_from_home_since"]) == ("2026-06-23", "22 days left", "2026-03-23")


@pytest.mark.parametrize("start", "=+-@")
def test_no_cell_of_the_file_is_a_formula(download, lead, start):
    child(of_team=team(f"{start}SUM(A1)"), accommodated=weeks_ago(10))
    (row,) = rows_of(download(lead))
    assert row["team"] == f"'{start}SUM(A1)"


def test_each_file_is_in_the_trail(download, lead, three):
    download(lead, state="overdue")
    entry = AuditEntry.objects.get(action=AuditEntry.Action.EXPORT)
    children = entry.after.pop("children")
    assert entry.after == {"as_at": DAY.isoformat(), "chosen": "state=overdue", "rows": 1}
    assert len(children) == 1
    assert children[0] in {child.code for child in three}


@pytest.mark.parametrize("query", [{"state": "no-such"}, {"as_at": "yesterday"}])
def test_a_wrong_choice_exports_nothing(download, lead, three, query):
    response = download(lead, **query)
    assert response.status_code == 400
    assert three[0].code not in response.content.decode()
    assert not AuditEntry.objects.filter(action=AuditEntry.Action.EXPORT).exists()


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.CHAMPION, Role.LEGAL])
def test_who_may_not_export_lists_gets_no_file(download, role):
    assert download(person(role)).status_code == 403
