"""Made-up authorities of given sizes, up to a nation: each with its children, its people and its aims."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db import transaction

from aims.actions import save_definition
from aims.aim_file import read_aim_file
from aims.definition import AimDefinition
from pace_site.front.fiction.authority import open_fictional, write_authority
from pace_site.front.fiction.demo import AIMS_FILE
from pace_site.front.fiction.recipe import Recipe
from pace_site.front.fiction.staff import PASSWORD, hire_staff

SMALL, LARGE = 300, 20_000
# The longitudinal data of 2008 to 2024 (`domain.md` 7): 85,000 episodes, 180,000 placements, 250,000 legal bases at
# the least; and a million milestones, for which nearly every review must have been held.
NATION = 73_500
YEARS_OF_NATION = 16
# Invented councils, with shares as a nation's people are spread: a sixth of them in two cities, few on the islands.
COUNCILS = (
    ("Ashgrove", 620),
    ("Birchmuir", 512),
    ("Cedarshire", 371),
    ("North Damson", 340),
    ("South Damson", 327),
    ("Elderdale", 264),
    ("Fernhighland", 236),
    ("Gorseport City", 224),
    ("Hazelfirth", 184),
    ("West Ivy", 181),
    ("Junipermouth", 158),
    ("Kelp and Kinnoch", 151),
    ("Larchdee City", 148),
    ("Marigold and Moss", 146),
    ("North Nettle", 133),
    ("East Nettle", 120),
    ("Oakmearns", 117),
    ("Pippinshire", 114),
    ("East Quince", 112),
    ("South Nettle", 111),
    ("East Rowan", 109),
    ("Sorrelside", 97),
    ("East Thistle", 97),
    ("Thrift", 94),
    ("Vetchling", 93),
    ("West Rowan", 88),
    ("Willow and Wrack", 88),
    ("Yarrowclyde", 78),
    ("Little Yarrow", 52),
    ("Isles of Bracken", 26),
    ("Isles of Clover", 23),
    ("Isles of Dulse", 22),
)


@dataclass(frozen=True)
class Made:
    """An authority to be made up."""

    code: str
    name: str
    children: int
    seed: int


def authorities_of(children: int, *, number: int, code: str, seed: int) -> list[Made]:
    """`number` authorities of `children` each, with codes counted on from `code`, and each its own seed."""
    return [
        Made(each, f"Made-up authority {each} (fictional)", children, seed + nth)
        for nth, each in enumerate(codes_from(code, number))
    ]


def councils_of_nation(*, code: str, seed: int) -> list[Made]:
    """The 32 invented councils, the largest first, with codes counted on from `code`."""
    whole = sum(share for _name, share in COUNCILS)
    return [
        Made(each, f"{name} (fictional)", round(NATION * share / whole), seed + nth)
        for nth, (each, (name, share)) in enumerate(zip(codes_from(code, len(COUNCILS)), COUNCILS, strict=True))
    ]


def codes_from(code: str, number: int) -> Iterator[str]:
    """`number` codes, `code` the first; `ValueError` when they cannot be counted on from it."""
    yield code
    digits = len(code) - len(code.rstrip("0123456789"))
    first = int(code[-digits:]) if digits else 0
    if number > 1 and first + number > 10**digits:
        raise ValueError(f"{number} codes cannot be counted on from {code!r}.")
    for nth in range(1, number):
        yield f"{code[:-digits]}{first + nth:0{digits}d}"


def nation_recipe(recipe: Recipe) -> Recipe:
    """The recipe over the years of the longitudinal data, in which no review was left out."""
    return replace(recipe, years=YEARS_OF_NATION, later_reviews=1, reviews_at_home=1)


@transaction.atomic
def make_up(
    made: Made, *, recipe: Recipe, password: str = PASSWORD, aims: Iterable[AimDefinition] | None = None
) -> Counter:
    """Make an authority with its children, people and aims; return how many rows of each model it wrote.

    The aims are those of everybody unless given. Raises `NotFictional` when there is an authority of that code.
    """
    organisation = open_fictional(code=made.code, name=made.name)
    written = write_authority(organisation, children=made.children, seed=made.seed, recipe=recipe)
    written += hire_staff(organisation, children=made.children, seed=made.seed, password=password)
    for definition in aims_of_everybody() if aims is None else aims:
        save_definition(definition, authority=organisation, by=None)
        written["Aim"] += 1
    return written


def aims_of_everybody() -> Iterator[AimDefinition]:
    """The aims of Braeburn, with codes that fit any authority."""
    for definition in read_aim_file(AIMS_FILE):
        yield replace(definition, code=definition.code.replace("BRA-", "LOC-"))
