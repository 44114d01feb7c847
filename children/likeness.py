"""Which records may be of one child, and which of brothers and sisters: proposals, which a person decides.

Nothing here asks the database. Names are compared without accents, capitals and marks; how alike they are is said by
rapidfuzz (100 for the same, 0 for nothing in common).
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from rapidfuzz import fuzz

ALIKE = 75  # of each name, where the date of birth is the same
NEARLY_THE_SAME = 88  # of each name, where the date of birth only resembles, or is not known
MOST_OF_ONE_NAME = 400  # a name so common says nothing


@dataclass(frozen=True)
class Known:
    """What is known of one child; `since` is the day on which it was first looked after."""

    pk: int
    given_name: str
    family_name: str
    born: date | None
    sex: str = ""
    family: int | None = None
    since: date | None = None


@dataclass(frozen=True)
class Pair:
    """Two children, the one with the lower key first, and why they are proposed; the higher `score` the surer."""

    first: int
    second: int
    score: int
    reasons: tuple[str, ...]


def plain(name: str) -> str:
    """A name without accents, capitals, spaces and marks."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalpha())


def may_be_the_same(known: Sequence[Known]) -> list[Pair]:
    """Pairs that may be one child, the surest first."""
    pairs = (_compare(first, second) for first, second in _worth_comparing(known))
    return sorted((pair for pair in pairs if pair), key=lambda pair: (-pair.score, pair.first, pair.second))


def may_be_siblings(known: Sequence[Known], *, same: Iterable[Pair] = ()) -> list[Pair]:
    """Pairs of one family name who came to be looked after on one day and are not of one family on record.

    Those of `same` are left out: of one child there are no brothers and sisters.
    """
    left_out = {(pair.first, pair.second) for pair in same}
    pairs = []
    for first, second in _within(known, by=lambda one: (plain(one.family_name), one.since)):
        if first.since is None or not plain(first.family_name) or (first.pk, second.pk) in left_out:
            continue
        if first.family is not None and first.family == second.family:
            continue
        pairs.append(Pair(first.pk, second.pk, 100, ("same family name", "looked after since the same day")))
    return pairs


def _worth_comparing(known: Sequence[Known]) -> Iterator[tuple[Known, Known]]:
    """Pairs with the same date of birth, or with one name the same, each once."""
    seen = set()
    for by in (lambda one: one.born, lambda one: plain(one.family_name), lambda one: plain(one.given_name)):
        for first, second in _within(known, by=by):
            if (first.pk, second.pk) not in seen:
                seen.add((first.pk, second.pk))
                yield first, second


def _within(known: Sequence[Known], *, by) -> Iterator[tuple[Known, Known]]:
    groups = defaultdict(list)
    for one in known:
        if by(one):
            groups[by(one)].append(one)
    for group in groups.values():
        if len(group) <= MOST_OF_ONE_NAME:
            yield from combinations(sorted(group, key=lambda one: one.pk), 2)


def _compare(first: Known, second: Known) -> Pair | None:
    alike, how = _names(first, second)
    dates, needed = _dates(first.born, second.born)
    if alike < needed or (first.sex and second.sex and first.sex != second.sex and alike < 100):
        return None
    reasons = [dates, how]
    if first.family is not None and first.family == second.family:
        reasons.append("same family on record")
    return Pair(first.pk, second.pk, alike - (0 if needed == ALIKE else 10), tuple(reasons))


def _names(first: Known, second: Known) -> tuple[int, str]:
    """How alike the less alike of the two names is, as they stand or exchanged, and that in words."""
    given, family = plain(first.given_name), plain(first.family_name)
    their_given, their_family = plain(second.given_name), plain(second.family_name)
    if not (given and family and their_given and their_family):
        return 0, ""
    as_they_stand = min(fuzz.ratio(given, their_given), fuzz.ratio(family, their_family))
    exchanged = min(fuzz.ratio(given, their_family), fuzz.ratio(family, their_given))
    if exchanged > as_they_stand:
        return int(exchanged), "given and family name exchanged"
    return int(as_they_stand), "same name" if as_they_stand == 100 else "names alike"


def _dates(born: date | None, theirs: date | None) -> tuple[str, int]:
    """How the dates of birth compare, in words, and how alike the names must then be."""
    if born is None or theirs is None:
        return "date of birth not recorded of one", NEARLY_THE_SAME
    if born == theirs:
        return "same date of birth", ALIKE
    if born.year == theirs.year and (born.day, born.month) == (theirs.month, theirs.day):
        return "day and month of birth exchanged", NEARLY_THE_SAME
    digits = sum(ours != other for ours, other in zip(born.isoformat(), theirs.isoformat(), strict=True))
    if digits == 1:
        return "date of birth differs in one figure", NEARLY_THE_SAME
    return "", 101
