"""Children are allocated to people from a day to a day, and a leaver's cases handed over."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from children.allocation_actions import FARTHEST, allocate, end_allocation, hand_over
from children.allocations import people_to_allocate, people_with_cases
from children.models import Allocation, Child
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import allocate as allocated
from tests.builders import authority, child, person, team

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]
BEGUN = date(2025, 3, 3)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def north():
    return team("Team North")


@pytest.fixture
def manager(north):
    return person(Role.TEAM_MANAGER, of_team=north)


@pytest.fixture
def leaver(north):
    return person(Role.PRACTITIONER, of_team=north)


@pytest.fixture
def comer(north):
    return person(Role.PRACTITIONER, of_team=north)


@pytest.fixture
def cases(north, leaver):
    """Two children of the leaver."""
    rows = [child(of_team=north) for _each in range(2)]
    for row in rows:
        allocated(leaver, row, start=BEGUN)
    return rows


def days_of(user, row) -> list[tuple]:
    return list(Allocation.objects.filter(user=user, child=row).order_by("start", "pk").values_list("start", "end"))


# Handing over


def test_a_hand_over_ends_the_day_before_and_begins_on_the_day(cases, leaver, comer, manager, today):
    done = hand_over(cases, leaver=leaver, to=comer, start=today, by=manager)
    assert set(done.given) == {row.code for row in cases}
    for row in cases:
        assert days_of(leaver, row) == [(BEGUN, today - timedelta(days=1))]
        assert days_of(comer, row) == [(today, None)]


def test_scope_follows_a_hand_over(cases, manager, today):
    iro, next_iro = person(Role.IRO), person(Role.IRO)
    allocated(iro, cases[0], start=BEGUN)
    hand_over(cases[:1], leaver=iro, to=next_iro, start=today, by=manager)
    assert not Child.objects.visible_to(iro).exists()
    assert list(Child.objects.visible_to(next_iro)) == cases[:1]


def test_each_end_and_each_beginning_is_in_the_trail_of_its_child(cases, leaver, comer, manager, today):
    hand_over(cases, leaver=leaver, to=comer, start=today, by=manager)
    for row in cases:
        entries = AuditEntry.objects.filter(record_type="allocation", child_code=row.code, actor_id=manager.pk)
        assert sorted(entries.values_list("action", flat=True)) == ["change", "create"]
        ended = entries.get(action="change")
        assert ended.before == {"start": BEGUN.isoformat(), "end": None}
        assert ended.after["end"] == (today - timedelta(days=1)).isoformat()
        assert entries.get(action="create").after["user"] == comer.email


def test_a_child_whom_the_new_person_has_is_not_begun_again(cases, leaver, comer, manager, today):
    allocated(comer, cases[0], start=BEGUN)
    done = hand_over(cases, leaver=leaver, to=comer, start=today, by=manager)
    assert (done.given, done.held_already) == ((cases[1].code,), (cases[0].code,))
    assert days_of(comer, cases[0]) == [(BEGUN, None)]
    assert days_of(leaver, cases[0]) == [(BEGUN, today - timedelta(days=1))]


def test_a_stand_in_who_takes_over_stays(cases, leaver, comer, manager, today):
    allocated(comer, cases[0], start=BEGUN, end=today + timedelta(days=5))
    hand_over(cases, leaver=leaver, to=comer, start=today, by=manager)
    assert days_of(comer, cases[0]) == [(BEGUN, None)]


def test_a_last_day_that_is_known_already_is_not_put_off(cases, leaver, comer, manager, today):
    last = today + timedelta(days=3)
    Allocation.objects.filter(user=leaver).update(end=last)
    hand_over(cases, leaver=leaver, to=comer, start=last + timedelta(days=1), by=manager)
    assert [days_of(leaver, row) for row in cases] == [[(BEGUN, last)]] * 2
    assert [days_of(comer, row) for row in cases] == [[(last + timedelta(days=1), None)]] * 2


def test_the_farthest_day_is_ninety_days_ahead(cases, leaver, comer, manager, today):
    with pytest.raises(ValidationError, match="too far ahead"):
        hand_over(cases, leaver=leaver, to=comer, start=today + FARTHEST + timedelta(days=1), by=manager)
    hand_over(cases, leaver=leaver, to=comer, start=today + FARTHEST, by=manager)
    assert days_of(comer, cases[0]) == [(today + FARTHEST, None)]


@pytest.mark.parametrize("begun", [0, 1])
def test_nobody_hands_over_before_a_day_of_their_own(cases, leaver, comer, manager, today, begun):
    Allocation.objects.filter(user=leaver, child=cases[1]).update(start=today + timedelta(days=begun))
    with pytest.raises(ValidationError, match=f"{cases[1].code} is allocated to {leaver} only from"):
        hand_over(cases, leaver=leaver, to=comer, start=today, by=manager)
    assert days_of(leaver, cases[0]) == [(BEGUN, None)]
    assert not Allocation.objects.filter(user=comer).exists()


def test_who_does_not_have_a_child_cannot_hand_it_over(cases, leaver, comer, manager, today, north):
    stranger = child(of_team=north)
    with pytest.raises(ValidationError, match=f"{stranger.code} is not allocated to {leaver}"):
        hand_over([*cases, stranger], leaver=leaver, to=comer, start=today, by=manager)
    assert not Allocation.objects.filter(user=comer).exists()


def test_one_child_out_of_scope_refuses_them_all(cases, leaver, comer, manager, today):
    elsewhere = child(of_team=team("Team South"))
    allocated(leaver, elsewhere, start=BEGUN)
    with pytest.raises(PermissionDenied):
        hand_over([*cases, elsewhere], leaver=leaver, to=comer, start=today, by=manager)
    assert not Allocation.objects.filter(user=comer).exists()


def test_a_second_sending_changes_nothing(cases, leaver, comer, manager, today):
    hand_over(cases, leaver=leaver, to=comer, start=today, by=manager)
    written = AuditEntry.objects.count()
    done = hand_over(cases, leaver=leaver, to=comer, start=today, by=manager)
    assert done.given == ()
    assert AuditEntry.objects.count() == written


def test_a_hand_over_of_many_asks_no_more_of_the_database(
    north, leaver, comer, manager, today, django_assert_max_num_queries
):
    rows = [child(of_team=north) for _each in range(30)]
    for row in rows:
        allocated(leaver, row, start=BEGUN)
    with django_assert_max_num_queries(20):
        hand_over(rows, leaver=leaver, to=comer, start=today, by=manager)


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.IRO, Role.CHAMPION])
def test_who_may_not_allocate_hands_nothing_over(cases, leaver, comer, today, role):
    with pytest.raises(PermissionDenied):
        hand_over(cases, leaver=leaver, to=comer, start=today, by=person(role))


# To whom


def test_a_team_manager_gives_to_their_team_and_to_roles_without_a_team(manager, comer, north):
    iro, legal = person(Role.IRO), person(Role.LEGAL)
    others = [
        person(Role.PRACTITIONER, of_team=team("Team South")),
        person(Role.CHAMPION),
        person(Role.PACE_LEAD),
        person(Role.IRO, organisation=authority("S12000033")),
    ]
    offered = set(people_to_allocate(manager))
    assert {comer, iro, legal} <= offered
    assert not offered & set(others)


def test_a_data_lead_gives_to_any_team_of_the_authority():
    south = person(Role.PRACTITIONER, of_team=team("Team South"))
    elsewhere = person(Role.PRACTITIONER, of_team=team("Team West", organisation=authority("S12000033")))
    offered = set(people_to_allocate(person(Role.DATA_LEAD)))
    assert south in offered
    assert elsewhere not in offered


def test_whose_account_is_closed_is_given_nothing(cases, leaver, comer, manager, today):
    comer.is_active = False
    comer.save()
    with pytest.raises(ValidationError, match="not a person to whom"):
        hand_over(cases, leaver=leaver, to=comer, start=today, by=manager)


def test_a_leaver_whose_account_is_closed_is_still_found_with_their_cases(cases, leaver, manager, today):
    leaver.is_active = False
    leaver.save()
    assert list(people_with_cases(manager, day=today)) == [leaver]


def test_somebody_with_cases_in_another_team_alone_is_not_found(manager, today):
    allocated(person(Role.PRACTITIONER, of_team=team("Team South")), child(of_team=team("Team South")))
    assert not people_with_cases(manager, day=today).exists()


# One child


def test_a_person_is_added_beside_who_works_with_the_child(cases, leaver, manager, today):
    iro = person(Role.IRO)
    allocate(cases[0], to=iro, start=today, by=manager)
    assert days_of(iro, cases[0]) == [(today, None)]
    assert days_of(leaver, cases[0]) == [(BEGUN, None)]
    assert AuditEntry.objects.get(record_type="allocation").child_code == cases[0].code


def test_nobody_is_allocated_twice_at_a_time(cases, leaver, manager, today):
    with pytest.raises(ValidationError, match="allocated to this child already, from 3 March 2025"):
        allocate(cases[0], to=leaver, start=today, by=manager)


def test_a_child_out_of_scope_is_allocated_to_nobody(comer, manager, today):
    with pytest.raises(PermissionDenied):
        allocate(child(of_team=team("Team South")), to=comer, start=today, by=manager)


def test_an_allocation_ends_on_its_last_day(cases, leaver, manager, today):
    end_allocation(Allocation.objects.get(child=cases[0]), on=today, by=manager)
    assert days_of(leaver, cases[0]) == [(BEGUN, today)]
    assert AuditEntry.objects.get(record_type="allocation").after["end"] == today.isoformat()


def test_an_allocation_does_not_end_before_it_began(cases, manager):
    with pytest.raises(ValidationError, match="began later, on 3 March 2025"):
        end_allocation(Allocation.objects.get(child=cases[0]), on=BEGUN - timedelta(days=1), by=manager)


def test_an_allocation_that_has_ended_does_not_end_again(cases, manager, today):
    row = Allocation.objects.get(child=cases[0])
    Allocation.objects.update(end=today - timedelta(days=2))
    with pytest.raises(ValidationError, match="ended already"):
        end_allocation(row, on=today, by=manager)


def test_an_allocation_of_a_child_out_of_scope_is_not_ended(manager, today):
    row = allocated(person(Role.IRO), child(of_team=team("Team South")))
    with pytest.raises(PermissionDenied):
        end_allocation(row, on=today, by=manager)


# The page of hand-overs


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


def hand_over_address(leaver) -> str:
    return f"{reverse('allocate')}?leaver={leaver.pk}"


def test_a_leaver_s_cases_are_shown_all_ticked(page, cases, leaver):
    shown = page.get(hand_over_address(leaver)).content.decode()
    assert f"{leaver} works with 2 children whom you may hand over" in shown
    assert shown.count("checked") == 2


def test_a_leaver_s_cases_in_other_teams_are_not_shown(page, cases, leaver):
    elsewhere = child(of_team=team("Team South"))
    allocated(leaver, elsewhere, start=BEGUN)
    assert elsewhere.code not in page.get(hand_over_address(leaver)).content.decode()


def test_what_is_ticked_is_handed_over(page, cases, leaver, comer, today):
    data = {"children": [cases[0].code], "to": comer.pk, "start": today.isoformat()}
    response = page.post(hand_over_address(leaver), data, follow=True)
    assert f"1 child handed over from {leaver} to {comer}" in response.content.decode()
    assert days_of(comer, cases[0]) == [(today, None)]
    assert days_of(comer, cases[1]) == []


def test_a_child_out_of_scope_among_the_ticked_refuses_them_all(page, cases, leaver, comer, today):
    elsewhere = child(of_team=team("Team South"))
    allocated(leaver, elsewhere, start=BEGUN)
    data = {"children": [cases[0].code, elsewhere.code], "to": comer.pk, "start": today.isoformat()}
    response = page.post(hand_over_address(leaver), data)
    assert response.status_code == 200
    assert "Nothing was changed" in response.content.decode()
    assert not Allocation.objects.filter(user=comer).exists()


def test_a_refusal_keeps_what_was_ticked_and_typed(page, cases, leaver, comer, today):
    late = (today + FARTHEST + timedelta(days=1)).isoformat()
    data = {"children": [cases[0].code], "to": comer.pk, "start": late}
    response = page.post(hand_over_address(leaver), data)
    shown = response.content.decode()
    assert response.status_code == 200
    assert "too far ahead" in shown
    assert shown.count("checked") == 1
    assert f'value="{late}"' in shown
    assert f'<option value="{comer.pk}" selected>' in shown


@pytest.mark.parametrize("leaver_key", ["", "x", "999999"])
def test_a_leaver_who_is_none_is_refused_in_words(page, cases, leaver_key):
    for response in (page.get(f"{reverse('allocate')}?leaver={leaver_key}"), page.post(reverse("allocate"))):
        assert response.status_code == 200
        assert cases[0].code not in response.content.decode()


def test_nobody_of_another_team_or_authority_is_offered(page, cases, leaver):
    others = [
        person(Role.PRACTITIONER, of_team=team("Team South")),
        person(Role.IRO, organisation=authority("S12000033")),
    ]
    shown = page.get(hand_over_address(leaver)).content.decode()
    assert not [other for other in others if str(other) in shown]


def test_the_page_asks_no_more_of_the_database_for_more_cases(page, north, leaver):
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert page.get(hand_over_address(leaver)).status_code == 200
        return len(made)

    def add(count):
        for _each in range(count):
            allocated(leaver, child(of_team=north), start=BEGUN)

    add(3)
    few = queries()
    add(27)
    assert queries() == few


# The page of one child


def test_a_child_is_allocated_from_its_page(page, cases, today):
    iro = person(Role.IRO)
    address = reverse("child_allocate", kwargs={"code": cases[0].code})
    response = page.post(address, {"to": iro.pk, "start": today.isoformat()}, follow=True)
    assert f"{cases[0].code} is allocated to {iro}" in response.content.decode()
    assert days_of(iro, cases[0]) == [(today, None)]


def test_an_allocation_is_ended_from_its_page(page, cases, leaver, today):
    row = Allocation.objects.get(child=cases[0])
    address = reverse("child_allocate", kwargs={"code": cases[0].code})
    response = page.post(address, {"end": row.pk, f"{row.pk}-on": today.isoformat()}, follow=True)
    assert f"{leaver} works with {cases[0].code} until" in response.content.decode()
    assert days_of(leaver, cases[0]) == [(BEGUN, today)]


def test_an_allocation_of_another_child_is_not_ended_here(page, cases, today):
    row = Allocation.objects.get(child=cases[1])
    address = reverse("child_allocate", kwargs={"code": cases[0].code})
    assert page.post(address, {"end": row.pk, f"{row.pk}-on": today.isoformat()}).status_code == 404
    assert Allocation.objects.get(pk=row.pk).end is None


@pytest.mark.parametrize("last", ["", "tomorrow", "2025-03-02", "2199-01-01"])
def test_a_last_day_that_cannot_be_is_refused_in_words(page, cases, last):
    row = Allocation.objects.get(child=cases[0])
    address = reverse("child_allocate", kwargs={"code": cases[0].code})
    response = page.post(address, {"end": row.pk, f"{row.pk}-on": last})
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert Allocation.objects.get(pk=row.pk).end is None


def test_who_gives_away_their_own_last_child_of_another_team_lands_on_the_list(page, manager, today):
    row = child(of_team=team("Team South"))
    mine = allocated(manager, row, start=BEGUN)
    yesterday = today - timedelta(days=1)
    address = reverse("child_allocate", kwargs={"code": row.code})
    response = page.post(address, {"end": mine.pk, f"{mine.pk}-on": yesterday.isoformat()})
    assert response.url == reverse("caseload")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_child_out_of_scope_has_no_page_of_allocation(page, method):
    row = child(of_team=team("Team South"))
    assert getattr(page, method)(reverse("child_allocate", kwargs={"code": row.code})).status_code == 404
