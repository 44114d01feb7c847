"""Which records are proposed as one child's, or as siblings': one pair for each rule, and one beside it."""

from dataclasses import replace
from datetime import date

import pytest

from children.likeness import Known, may_be_siblings, may_be_the_same, plain

BORN = date(2016, 3, 4)
EILIDH = Known(1, "Eilidh", "MacDonald", BORN)


def proposed(other: Known) -> tuple[str, ...] | None:
    """The reasons for which Eilidh and `other` may be one child; None where nothing is proposed."""
    pairs = may_be_the_same([EILIDH, replace(other, pk=2)])
    return pairs[0].reasons if pairs else None


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        (Known(2, "Eilidh", "MacDonald", BORN), ("same date of birth", "same name")),
        (Known(2, "Eilídh", "Mac Donald", BORN), ("same date of birth", "same name")),
        (Known(2, "Eilidh", "McDonald", BORN), ("same date of birth", "names alike")),
        (Known(2, "MacDonald", "Eilidh", BORN), ("same date of birth", "given and family name exchanged")),
        (Known(2, "Eilidh", "MacDonald", date(2016, 4, 3)), ("day and month of birth exchanged", "same name")),
        (Known(2, "Eilidh", "MacDonald", date(2015, 3, 4)), ("date of birth differs in one figure", "same name")),
        (Known(2, "Eilidh", "MacDonald", None), ("date of birth not recorded of one", "same name")),
    ],
)
def test_what_looks_like_one_child_is_proposed_with_its_reasons(other, reasons):
    assert proposed(other) == reasons


@pytest.mark.parametrize(
    "other",
    [
        Known(2, "Morag", "MacDonald", BORN),  # a twin
        Known(2, "Eilidh", "Campbell", BORN),
        Known(2, "Eilidh", "MacDonald", date(2014, 9, 21)),
        Known(2, "Ailidh", "McDonald", date(2015, 3, 4)),
        Known(2, "Ailidh", "McDonald", None),
        Known(2, "", "", BORN),
    ],
)
def test_what_only_resembles_it_is_not(other):
    assert proposed(other) is None


def test_a_different_sex_is_overlooked_only_where_the_name_is_the_same():
    girl = replace(EILIDH, sex="F")
    assert may_be_the_same([girl, Known(2, "Eilidh", "MacDonald", BORN, sex="M")])
    assert not may_be_the_same([girl, Known(2, "Eilidh", "McDonald", BORN, sex="M")])


def test_the_surest_pair_comes_first_and_each_pair_once():
    spelled, without_day = Known(2, "Eilidh", "McDonald", BORN), Known(3, "Eilidh", "MacDonald", None)
    same = Known(4, "Eilidh", "MacDonald", BORN, family=7)
    pairs = may_be_the_same([same, replace(EILIDH, family=7), spelled, without_day])
    assert [(pair.first, pair.second) for pair in pairs][0] == (1, 4)
    assert pairs[0].reasons[-1] == "same family on record"
    assert len({(pair.first, pair.second) for pair in pairs}) == len(pairs)


def test_one_family_name_and_one_first_day_of_care_propose_siblings():
    day = date(2025, 5, 6)
    first, second = replace(EILIDH, since=day), Known(2, "Rory", "Macdonald", date(2018, 1, 1), since=day)
    assert [(pair.first, pair.second) for pair in may_be_siblings([first, second])] == [(1, 2)]
    for other in (replace(second, since=date(2025, 5, 7)), replace(second, family_name="Campbell")):
        assert not may_be_siblings([first, other])
    assert not may_be_siblings([replace(first, family=7), replace(second, family=7)])
    assert not may_be_siblings([replace(EILIDH), replace(second, since=None)])
    twice = [first, replace(first, pk=2)]
    assert not may_be_siblings(twice, same=may_be_the_same(twice))


def test_names_are_compared_by_their_letters():
    assert plain("O’Néill-Smith ") == "oneillsmith"
