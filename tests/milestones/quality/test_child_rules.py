"""Who the child is: each rule with a child that breaks it and one that nearly does."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from children.models import Child, Family, LegalMeasure, PlacementType
from milestones.quality.date_rules import EMPTY_CELL
from tests.builders import authority, child, milestone
from tests.milestones.quality.stories import AS_AT, SINCE, basis, cared_for, episode, found_in, rules_broken, stay

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("born", [None, date(2024, 1, 9)])
def test_1_no_date_of_birth_or_one_after_care_began(born):
    assert rules_broken(cared_for(born=born)) == [1]


def test_1_looked_after_from_the_day_of_birth():
    assert rules_broken(cared_for(born=SINCE)) == []


def test_1_an_unborn_child_has_no_date_of_birth_until_it_is_due():
    row = child(born=None)
    Child.objects.filter(pk=row.pk).update(expected_on=AS_AT)
    assert rules_broken(row, AS_AT) == [1]
    assert rules_broken(row, date(2024, 5, 31)) == []


@pytest.mark.parametrize(
    "make", [lambda key: episode(child(), SINCE), lambda key: stay(child(), SINCE), lambda key: basis(child(), SINCE)]
)
def test_13_the_database_holds_no_row_without_its_child(make):
    row = make(None)
    with pytest.raises(IntegrityError):
        type(row).objects.filter(pk=row.pk).update(child=None)


def test_14_the_database_holds_no_council_reference_twice():
    row = child()
    with pytest.raises(IntegrityError):
        Child.objects.create(authority=row.authority, code="P-OTHER", local_ref=row.local_ref)


def test_14_a_reference_that_differs_only_in_capitals_and_spaces():
    first, second = cared_for(), cared_for()
    Child.objects.filter(pk=second.pk).update(local_ref=f" {first.local_ref.lower()}")
    assert (rules_broken(first), rules_broken(second)) == ([14], [14])


def test_14_another_council_may_use_the_same_reference():
    first, second = cared_for(), cared_for(organisation=authority("S12000033"))
    Child.objects.filter(pk=second.pk).update(local_ref=first.local_ref)
    assert (rules_broken(first), rules_broken(second)) == ([], [])


def test_15_a_placement_type_that_is_no_longer_in_use():
    row = cared_for()
    PlacementType.objects.filter(code="FOST_LA").update(active_to=date(2024, 1, 7))
    assert rules_broken(row) == [15]
    PlacementType.objects.filter(code="FOST_LA").update(active_to=SINCE)
    assert rules_broken(row) == []


def test_15_a_legal_basis_that_is_not_yet_in_use():
    row = cared_for()
    LegalMeasure.objects.filter(code="CSO").update(active_from=date(2024, 1, 9))
    assert rules_broken(row) == [15]
    LegalMeasure.objects.filter(code="CSO").update(active_from=SINCE)
    assert rules_broken(row) == []


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("CHRISTENING", {}),
        ("MEDICAL", {"route": "MARS"}),
        ("REHAB_DECISION", {"outcome": "perhaps"}),
        ("ORDER_REFUSED", {"order_type": "XX"}),
    ],
)
def test_15_a_milestone_with_a_code_that_nobody_knows(kind, more):
    row = cared_for()
    milestone(row, kind, date(2024, 3, 1), **more)
    assert rules_broken(row) == [15]


def test_15_an_outcome_in_free_words_where_the_catalogue_has_none():
    row = cared_for()
    milestone(row, "MEDICAL", date(2024, 3, 1), outcome="perhaps")
    assert rules_broken(row) == []


def test_15_the_database_holds_placements_to_the_code_table():
    row = stay(cared_for(), SINCE, SINCE)

    @transaction.atomic
    def live_in_a_tent():
        type(row).objects.filter(pk=row.pk).update(placement_type="TENT")
        connection.check_constraints()

    with pytest.raises(IntegrityError):
        live_in_a_tent()


def test_16_eighteen_on_the_day_on_which_care_began():
    assert rules_broken(cared_for(born=date(2006, 1, 8))) == [16]


def test_16_one_day_short_of_eighteen():
    assert rules_broken(cared_for(born=date(2006, 1, 9)), date(2024, 1, 8)) == []


def with_carer(row: Child, family: str | None, carer: str = "CARER-7") -> Child:
    row.placements.update(carer=carer)
    of = Family.objects.get_or_create(authority=row.authority, ref=family)[0] if family else None
    Child.objects.filter(pk=row.pk).update(family=of)
    return row


def test_40_children_who_came_to_one_carer_together_and_have_different_families():
    first = with_carer(cared_for(), "F-1")
    second = with_carer(cared_for(), None)
    assert (rules_broken(first), rules_broken(second)) == ([40], [40])


def test_40_children_of_one_family_or_who_came_on_different_days():
    first = with_carer(cared_for(), "F-1")
    with_carer(cared_for(), "F-1")
    with_carer(cared_for(since=date(2024, 1, 9)), "F-2")
    assert rules_broken(first) == []


def test_40_a_child_who_moves_to_a_carer_when_another_comes_into_care():
    first = with_carer(cared_for(), "F-1")
    second = with_carer(cared_for(since=date(2024, 1, 1)), "F-2", carer="CARER-8")
    second.placements.update(end=SINCE)
    stay(second, SINCE, carer="CARER-7")
    assert (rules_broken(first), rules_broken(second)) == ([], [])


def test_39_a_birth_on_the_first_day_of_1900():
    (found,) = [each for each in found_in(cared_for(born=EMPTY_CELL)) if each.rule == 39]
    assert found.message == "The date of birth is 1 January 1900, which is most often an empty cell."
