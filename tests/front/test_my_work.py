"""My work: what each role finds on its own page, soonest due first."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from aims.models import Aim, AimVersion
from children.models import CareEpisode
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.front.my_work import work_of
from tests.builders import allocate, authority, child, milestone, person, team
from tests.front.two_authorities import AIM

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def placed(today):
    """Three weeks in care, of Team North."""
    return child(of_team=team(), accommodated=today - timedelta(days=21))


def due(user, today) -> list[tuple[str, str]]:
    """Which steps of which children, in the order of the page."""
    return [(each.who.code, each.step.code) for each in work_of(user, today=today).due]


def test_a_social_worker_sees_the_steps_of_the_children_allocated_to_them(placed, today):
    worker = person(Role.PRACTITIONER, of_team=team())
    child(of_team=team(), accommodated=today - timedelta(days=30))
    allocate(worker, placed)
    assert due(worker, today) == [(placed.code, "72H"), (placed.code, "2WK"), (placed.code, "6WK")]


def test_who_has_nobody_allocated_sees_the_team(placed, today):
    work = work_of(person(Role.PRACTITIONER, of_team=team()), today=today)
    assert (work.children, work.whose) == (1, "of your team, as none is allocated to you")


def test_a_team_manager_sees_the_team_and_no_other(placed, today):
    child(of_team=team("Team South"), accommodated=today - timedelta(days=90))
    manager = person(Role.TEAM_MANAGER, of_team=team())
    assert {code for code, _step in due(manager, today)} == {placed.code}


def test_what_is_overdue_stands_on_top_and_then_the_soonest(placed, today):
    later = child(of_team=team(), accommodated=today - timedelta(days=2))
    manager = person(Role.TEAM_MANAGER, of_team=team())
    work = work_of(manager, today=today)
    assert [each.due for each in work.due] == sorted(each.due for each in work.due)
    assert {each.who.code for each in work.overdue} == {placed.code}
    assert later.code in {each.who.code for each in work.upcoming}


def test_what_is_due_in_more_than_eight_weeks_can_wait(placed, today):
    manager = person(Role.TEAM_MANAGER, of_team=team())
    assert "REC" not in {step for _code, step in due(manager, today)}
    assert "REC" in {step for _code, step in due(manager, today + timedelta(weeks=14))}


@pytest.fixture
def on_the_way(placed, today):
    """Recommended, heard by panel and approved, with the application still to come."""
    milestone(placed, "PERM_REC", today - timedelta(days=15), route="PO")
    milestone(placed, "PANEL_PRESENTED", today - timedelta(days=10))
    milestone(placed, "ADM_DECISION", today - timedelta(days=5), route="PO", outcome="approved")
    return placed


@pytest.mark.parametrize(
    ("role", "steps"),
    [(Role.LEGAL, ["COURT"]), (Role.PANEL_ADMINISTRATOR, ["NOTIFY"]), (Role.ADM, []), (Role.IRO, ["6WK"])],
)
def test_each_role_sees_its_own_steps(on_the_way, today, role, steps):
    user = person(role)
    allocate(user, on_the_way)
    assert [step for _code, step in due(user, today)] == steps


def test_legal_sees_the_approval_that_awaits_an_application_at_once(on_the_way, today):
    legal = person(Role.LEGAL)
    allocate(legal, on_the_way)
    assert due(legal, today) == [(on_the_way.code, "COURT")]


def test_a_panel_administrator_sees_who_awaits_panel_and_then_the_decision(placed, today):
    clerk = person(Role.PANEL_ADMINISTRATOR)
    allocate(clerk, placed)
    milestone(placed, "PERM_REC", today - timedelta(days=15), route="PO")
    assert [step for _code, step in due(clerk, today)] == ["PANEL"]
    milestone(placed, "PANEL_PRESENTED", today - timedelta(days=1))
    assert [step for _code, step in due(clerk, today)] == ["ADM"]


def test_a_reviewing_officer_sees_the_reviews_to_hold_and_those_without_an_outcome(placed, today):
    officer = person(Role.IRO)
    allocate(officer, placed)
    held = placed.milestones.create(kind="REVIEW", planned_on=today - timedelta(days=1))
    to_hold = placed.milestones.create(kind="REVIEW", planned_on=today + timedelta(days=3))
    placed.milestones.create(kind="REVIEW", planned_on=today - timedelta(days=2), outcome="cancelled")
    placed.milestones.create(kind="MEDICAL", planned_on=today - timedelta(days=2))
    work = work_of(officer, today=today)
    assert [each.milestone for each in work.unrecorded] == [held]
    assert [each.milestone for each in work.planned] == [to_hold]


def test_what_was_planned_is_recorded_there_and_not_anew(client, placed, today):
    planned = placed.milestones.create(kind="REVIEW", planned_on=today - timedelta(days=1))
    client.force_login(person(Role.TEAM_MANAGER, of_team=team()))
    page = client.get(reverse("home")).content.decode()
    correct = reverse("correct", kwargs={"code": placed.code, "what": "milestone", "pk": planned.pk})
    assert page.count(f'href="{correct}?from=work"') == 2
    form = client.get(reverse("record", kwargs={"code": placed.code, "slug": "review"})).content.decode()
    assert f'One was planned: <a href="{correct}">' in form


def test_whoever_was_shown_by_name_stands_in_the_trail(client, placed):
    manager = person(Role.TEAM_MANAGER, of_team=team())
    client.force_login(manager)
    client.get(reverse("home"))
    entry = AuditEntry.objects.get(action="view", record_type="my work", actor=manager.email)
    assert entry.after == {"children": [placed.code]}


def test_a_child_with_something_missing_is_listed_with_what_it_is(today):
    nowhere = child(of_team=team())
    CareEpisode.objects.create(child=nowhere, start=today - timedelta(days=3))
    work = work_of(person(Role.TEAM_MANAGER, of_team=team()), today=today)
    assert {each.who.code for each in work.missing} == {nowhere.code}


@pytest.mark.parametrize("role", [Role.LEGAL, Role.IRO, Role.PANEL_ADMINISTRATOR])
def test_whoever_keeps_a_part_of_the_record_is_not_asked_for_the_rest(today, role):
    nowhere = child(of_team=team())
    CareEpisode.objects.create(child=nowhere, start=today - timedelta(days=3))
    user = person(role)
    allocate(user, nowhere)
    assert work_of(user, today=today).missing == []


def test_reminders_of_the_aims_are_shown_with_their_due_date(today):
    halfway = child(of_team=team(), accommodated=today - timedelta(weeks=13))
    aim = Aim.objects.create(authority=authority(), code="NAT-2")
    AimVersion.objects.create(aim=aim, number=1, data={"code": "NAT-2", **AIM})
    (reminded,) = work_of(person(Role.TEAM_MANAGER, of_team=team()), today=today).reminders
    assert (reminded.who.code, reminded.reminder.kind, reminded.words) == (halfway.code, "halfway", "91 days left")


def test_the_page_says_first_what_is_late(client, placed):
    client.force_login(person(Role.TEAM_MANAGER, of_team=team()))
    page = client.get(reverse("home")).content.decode()
    assert "2 steps are overdue, 1 to come" in page
    assert f'href="{reverse("record", kwargs={"code": placed.code, "slug": "mtg-72h"})}"' in page


def test_somebody_without_work_of_their_own_starts_with_the_aims(client):
    client.force_login(person(Role.CHAMPION))
    assert client.get(reverse("home"))["Location"] == reverse("aims")


def test_the_number_of_queries_does_not_grow_with_the_children(client, today):
    client.force_login(person(Role.TEAM_MANAGER, of_team=team()))

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(reverse("home")).status_code == 200
        return len(seen)

    for _ in range(3):
        placed = child(of_team=team(), accommodated=today - timedelta(days=21))
        placed.milestones.create(kind="REVIEW", planned_on=today - timedelta(days=1))
    queries()
    few = queries()
    for _ in range(12):
        placed = child(of_team=team(), accommodated=today - timedelta(days=21))
        placed.milestones.create(kind="REVIEW", planned_on=today - timedelta(days=1))
    assert queries() == few
