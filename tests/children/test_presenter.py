"""Who sees a name: one presenter decides, child by child."""

from datetime import date

import pytest

from children.models import Child
from children.presenter import age_by_year, age_in_words, present
from pace_site.accounts.models import RoleMembership
from pace_site.accounts.roles import Role
from tests.builders import allocate, authority, child, person, team

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def test_a_practitioner_sees_name_reference_and_birth_of_a_child_of_their_team():
    north = team("Team North")
    morven = child(of_team=north, name=("Morven", "Fictitious"), born=date(2015, 5, 5))
    (seen,) = present([morven], to=person(Role.PRACTITIONER, of_team=north), as_at=TODAY)
    assert (seen.name, seen.local_ref, seen.born) == ("Morven Fictitious", morven.local_ref, date(2015, 5, 5))


def test_a_champion_sees_a_pseudonym_and_a_rough_age_only():
    morven = child(name=("Morven", "Fictitious"), born=date(2015, 5, 5))
    (seen,) = present([morven], to=person(Role.CHAMPION), as_at=TODAY)
    assert (seen.code, seen.identified, seen.name, seen.local_ref, seen.born, seen.age) == (
        morven.code,
        False,
        "",
        "",
        None,
        "10 or 11",
    )


def test_somebody_with_two_roles_sees_names_of_their_own_team_and_pseudonyms_of_the_rest():
    north, south = team("Team North"), team("Team South")
    ours, theirs = child(of_team=north, name=("Ours", "A")), child(of_team=south, name=("Theirs", "B"))
    user = person(Role.PRACTITIONER, Role.CHAMPION, of_team=north)
    assert [seen.name for seen in present([ours, theirs], to=user, as_at=TODAY)] == ["Ours A", ""]


def test_a_reviewing_officer_sees_the_name_of_a_child_allocated_to_them_until_the_allocation_ends():
    iro = person(Role.IRO, Role.CHAMPION)
    now, before = child(name=("Now", "A")), child(name=("Before", "B"))
    allocate(iro, now)
    allocate(iro, before, end=date(2021, 1, 1))
    assert [seen.name for seen in present([now, before], to=iro, as_at=TODAY)] == ["Now A", ""]


def test_a_role_lost_takes_the_names_with_it():
    morven = child(name=("Morven", "Fictitious"))
    user = person(Role.PACE_LEAD, Role.CHAMPION)
    RoleMembership.objects.filter(user=user, role=Role.PACE_LEAD).delete()
    (seen,) = present([morven], to=user, as_at=TODAY)
    assert not seen.name


def test_the_presented_keep_their_order():
    rows = [child(code=code) for code in ("P-3", "P-1", "P-2")]
    assert [seen.code for seen in present(rows, to=person(Role.DATA_LEAD), as_at=TODAY)] == ["P-3", "P-1", "P-2"]


def test_presenting_sixty_children_takes_as_many_queries_as_presenting_five(django_assert_num_queries):
    rows = [child() for _ in range(60)]
    user = person(Role.DATA_LEAD)
    with django_assert_num_queries(4):
        present(rows[:5], to=user, as_at=TODAY)
    with django_assert_num_queries(4):
        present(rows, to=user, as_at=TODAY)


@pytest.mark.parametrize(
    ("born", "expected_on", "words"),
    [
        (date(2015, 11, 20), None, "11"),
        (date(2015, 11, 21), None, "10"),
        (date(2026, 1, 1), None, "under 1"),
        (date(2026, 12, 1), None, "not yet born"),
        (None, date(2026, 12, 24), "not yet born"),
        (None, date(2026, 11, 1), "age not recorded"),
        (None, None, "age not recorded"),
    ],
)
def test_age_is_told_in_whole_years(born, expected_on, words):
    assert age_in_words(Child(authority=authority(), date_of_birth=born, expected_on=expected_on), TODAY) == words


@pytest.mark.parametrize(("as_at", "words"), [(date(2023, 2, 28), "2"), (date(2023, 3, 1), "3")])
def test_a_leap_day_child_is_a_year_older_on_the_first_of_march(as_at, words):
    assert age_in_words(Child(authority=authority(), date_of_birth=date(2020, 2, 29)), as_at) == words


@pytest.mark.parametrize(
    ("year", "words"),
    [(2014, "not yet born"), (2015, "born in 2015"), (2016, "under 2"), (2017, "1 or 2"), (2026, "10 or 11")],
)
def test_whoever_sees_a_pseudonym_finds_no_day_of_birth_by_asking_as_at_each_day_of_a_year(year, words):
    born = Child(authority=authority(), date_of_birth=date(2015, 5, 5))
    days = (date(year, 1, 1), date(year, 5, 4), date(year, 5, 5), date(year, 12, 31))
    assert {age_by_year(born, day) for day in days} == {words}


def test_the_day_on_which_a_child_is_expected_is_not_found_either():
    unborn = Child(authority=authority(), expected_on=date(2026, 12, 1))
    assert {age_by_year(unborn, date(2026, 11, 30)), age_by_year(unborn, date(2026, 12, 2))} == {"expected in 2026"}
    assert age_by_year(unborn, date(2027, 1, 1)) == "age not recorded"
