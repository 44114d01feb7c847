"""A made-up population: families, their children, and when each comes into care."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from pace_site.front.fiction.care import away_care, home_care, leave_at_18, transfer
from pace_site.front.fiction.history import Care, Happening, Life
from pace_site.front.fiction.people import (
    DISABILITIES,
    ETHNICITIES,
    LOCALITIES,
    TEAM_NAMES,
    family_name,
    given_name,
)
from pace_site.front.fiction.recipe import Recipe, day_between, days, draw, one_of
from pace_site.front.fiction.records import keep_records

FAMILY_SIZES = ((1, 0.72), (2, 0.19), (3, 0.07), (4, 0.02))
# Years of age on coming into care, and how many come at that age.
AGES = (((0.0, 1.0), 0.20), ((1.0, 5.0), 0.27), ((5.0, 12.0), 0.33), ((12.0, 16.0), 0.18), ((16.0, 17.4), 0.02))
OLDEST = timedelta(days=round(17.4 * 365.25))
SHORTEST_EPISODE = timedelta(days=60)
BETWEEN_EPISODES = timedelta(days=45)


def made_up_children(rng: Random, recipe: Recipe, *, count: int) -> Iterator[Life]:
    """Yield `count` children, brothers and sisters one after the other."""
    made = family = 0
    while made < count:
        family += 1
        size = min(draw(rng, *FAMILY_SIZES), count - made)
        yield from _family(rng, recipe, family=family, size=size)
        made += size


def _family(rng: Random, recipe: Recipe, *, family: int, size: int) -> Iterator[Life]:
    surname = family_name(rng)
    locality = int(rng.random() * len(LOCALITIES))
    together_on, at_home = _coming_into_care(rng, recipe)
    for number in range(size):
        start = together_on
        if number and rng.random() > 0.7:
            start, at_home = _coming_into_care(rng, recipe)
        sex = draw(rng, ("F", 0.485), ("M", 0.505), ("X", 0.005), ("", 0.005))
        disability = one_of(rng, DISABILITIES)
        life = Life(
            family=family,
            given_name=given_name(rng, sex),
            family_name=surname,
            birth=None,
            expected_on=None,
            sex=sex,
            ethnicity=one_of(rng, ETHNICITIES),
            disability=disability,
            locality=LOCALITIES[locality],
            team=len(TEAM_NAMES) - 1 if "disability" in disability else locality % (len(TEAM_NAMES) - 1),
        )
        if rng.random() < recipe.unborn:
            _not_yet_born(rng, recipe, life)
        else:
            _grow_up(rng, recipe, life, start=start, at_home=at_home)
        keep_records(rng, recipe, life)
        yield life


def _coming_into_care(rng: Random, recipe: Recipe) -> tuple[date, bool]:
    return day_between(rng, recipe.first_day, recipe.last_start), rng.random() < recipe.starts_at_home


def _not_yet_born(rng: Random, recipe: Recipe, life: Life) -> None:
    """A plan made before birth for a child who is not in care yet."""
    life.expected_on = recipe.as_at + days(rng, 20, 110)
    life.happenings.append(
        Happening(
            "PERM_REC", recipe.as_at - days(rng, 3, 40), route="POA", pre_birth=True, source="pre-birth meeting minute"
        )
    )


def _grow_up(rng: Random, recipe: Recipe, life: Life, *, start: date, at_home: bool) -> None:
    if rng.random() < recipe.pre_birth:
        life.birth = start - days(rng, 0, 4)
        life.expected_on = life.birth + days(rng, -14, 14)
        planned_on = life.birth - days(rng, 10, 70)
        care = away_care(rng, recipe, start=start, birth=life.birth, ends_on=None, pre_birth_on=planned_on)
        leave_at_18(rng, care, birth=life.birth)
        life.care.append(care)
        return
    starts = _starts(rng, recipe, start)
    youngest, oldest = draw(rng, *AGES)
    age = timedelta(days=1 + round(365.25 * rng.uniform(youngest, oldest)))
    life.birth = starts[0] - min(age, OLDEST - (starts[-1] - starts[0]))
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        ends_on = None
        if following:
            ends_on = day_between(rng, start + SHORTEST_EPISODE, following - BETWEEN_EPISODES)
        come_in = home_care if at_home else away_care
        care: Care = come_in(rng, recipe, start=start, birth=life.birth, ends_on=ends_on)
        if not at_home and len(starts) == 1:
            transfer(rng, recipe, care, birth=life.birth)
        leave_at_18(rng, care, birth=life.birth)
        life.care.append(care)
        at_home = rng.random() < recipe.starts_at_home


def _starts(rng: Random, recipe: Recipe, start: date) -> list[date]:
    """The first day of each episode: for some there is a second, before or after."""
    if rng.random() >= recipe.several_episodes:
        return [start]
    other = day_between(rng, recipe.first_day, recipe.last_start)
    least = SHORTEST_EPISODE + BETWEEN_EPISODES
    if abs(other - start) < least:
        other = start - least - days(rng, 0, 200) if start - recipe.first_day > 2 * least else start + least
    return sorted([start, min(other, recipe.last_start)])
