"""The four national aims in all authorities, by one definition.

Authorities with children here are measured in one reading of the journeys; others from their file of the national
dataset, as far as it tells.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, QuerySet

from aims.aim_templates import aim_templates
from aims.count_columns import PARTS, clocks_by_column, columns_of, count_columns
from aims.definition import AimDefinition
from aims.disclosure import CountTable
from aims.figures import journeys_for
from aims.models import NationalClock, NationalFile
from aims.national_dataset.recommendations import CODE, READ, recommendation_states
from aims.outcomes import Outcomes, outcomes
from children.models import Child
from pace_site.accounts.models import User
from pace_site.replica.reading import reads_apart

# Children whose journeys are in memory together: a nation at once takes half a gigabyte, so many a fifth of one.
MOST_AT_ONCE = 10_000


@dataclass(frozen=True)
class Authority:
    """An authority whose clocks are counted, and the day of its last extract.

    `file` is set where they come from its file and not from children here.
    """

    key: int
    code: str
    name: str
    fictional: bool
    last_extract_on: date | None
    smallest_shown: int
    file: NationalFile | None = None


@dataclass(frozen=True)
class AimCounts:
    """The counts of one aim by day and authority (its code), before any of them is withheld: never for a page.

    An authority whose file does not tell the aim, or of which there is no file of the day's month, has none.
    """

    definition: AimDefinition
    at: Mapping[date, Mapping[str, Mapping[str, int]]]

    def table(self, authorities: tuple[Authority, ...], day: date) -> CountTable:
        return CountTable(PARTS, {each.code: self.at[day][each.code] for each in self.told_by(authorities, day)})

    def tables(
        self, authorities_at: Mapping[date, tuple[Authority, ...]], *, fictional: bool
    ) -> dict[date, CountTable]:
        """The table of each day that any of the real or of the fictional authorities has figures of."""
        tables = {
            day: self.table(tuple(each for each in authorities if each.fictional is fictional), day)
            for day, authorities in authorities_at.items()
        }
        return {day: table for day, table in tables.items() if table.leaves}

    def told_by(self, authorities: tuple[Authority, ...], day: date) -> tuple[Authority, ...]:
        """Those of the authorities that have figures of this aim."""
        return tuple(each for each in authorities if each.code in self.at[day])


@dataclass(frozen=True)
class NationalFigures:
    """The figures to publish as at a day, with those of all other days that are offered beside it.

    `without_file`: the latest file of each authority that sent one before, and none of this month.
    """

    as_at: date
    authorities_at: Mapping[date, tuple[Authority, ...]]
    aims: tuple[AimCounts, ...]
    without_file: tuple[NationalFile, ...] = ()

    @property
    def authorities(self) -> tuple[Authority, ...]:
        return self.authorities_at[self.as_at]


def national_definitions() -> list[AimDefinition]:
    """The four national aims as the register has them, not as an authority may have changed its own."""
    national = [template.definition for template in aim_templates().values() if template.is_national]
    return sorted(national, key=lambda definition: definition.national_aim)


@reads_apart
def national_figures(user: User, *, as_at: date, offered: tuple[date, ...]) -> NationalFigures:
    """Count the clocks of all authorities for whoever may see aggregates of them; for anybody else there are none.

    They are counted at each day `offered`, because what is hidden at one of them is hidden at all. Raises `ValueError`
    when `as_at` is not one of these.
    """
    if as_at not in offered:
        raise ValueError(f"{as_at.isoformat()} is not a day that the national view offers.")
    children = Child.objects.aggregated_for(user)
    definitions = national_definitions()
    here = authorities_here(user)
    files, without_file = _files(user, as_at=as_at, offered=offered, here=here)
    clocks = _clocks_of(files, user=user)
    counts = {
        definition.code: {
            day: _by_file(definition, files, clocks, day) if definition.code == CODE else {} for day in offered
        }
        for definition in definitions
    }
    for part in _parts(here, children):
        journeys = journeys_for(definitions, children.filter(authority__in=[each.key for each in part]), as_at)
        for day in offered:
            then = journeys.on(day)
            for definition in definitions:
                counts[definition.code][day] |= _by_authority(outcomes(definition, then), part)
    aims = tuple(AimCounts(definition, counts[definition.code]) for definition in definitions)
    return NationalFigures(as_at, {day: _authorities(here, files, day) for day in offered}, aims, without_file)


def _parts(here: Collection[Authority], children: QuerySet[Child]) -> Iterator[tuple[Authority, ...]]:
    """The authorities, so many at a time that their journeys fit into memory; one at least."""
    sizes = dict(children.order_by().values_list("authority").annotate(Count("pk")))
    part: list[Authority] = []
    size = 0
    for each in here:
        if part and size + sizes.get(each.key, 0) > MOST_AT_ONCE:
            yield tuple(part)
            part, size = [], 0
        part.append(each)
        size += sizes.get(each.key, 0)
    if part:
        yield tuple(part)


def _authorities(here: Collection[Authority], files: Collection[NationalFile], day: date) -> tuple[Authority, ...]:
    sent = (
        Authority(
            f.authority_id,
            f.authority.code,
            f.authority.name,
            f.authority.fictional,
            None,
            f.authority.smallest_count_shown,
            f,
        )
        for f in files
        if f.month_end == day
    )
    return tuple(sorted((*here, *sent), key=lambda each: (each.name, each.code)))


def authorities_here(user: User) -> tuple[Authority, ...]:
    """The authorities with children here, for whoever may see aggregates of them."""
    rows = (
        Child.objects.aggregated_for(user)
        .order_by("authority__name", "authority__code")
        .values("authority")
        .annotate(last=Max("last_extract_on"))
    )
    return tuple(
        Authority(*row)
        for row in rows.values_list(
            "authority",
            "authority__code",
            "authority__name",
            "authority__fictional",
            "last",
            "authority__smallest_count_shown",
        )
    )


def _files(
    user: User, *, as_at: date, offered: Collection[date], here: Collection[Authority]
) -> tuple[tuple[NationalFile, ...], tuple[NationalFile, ...]]:
    """The files of the months offered of authorities without children here, and the latest of those without `as_at`'s.

    The latest is that of the last month before `as_at`.
    """
    keys = {each.key for each in here}
    rows = NationalFile.objects.visible_to(user).select_related("authority").filter(month_end__lte=max(offered))
    of_others = [file for file in rows.order_by("month_end") if file.authority_id not in keys]
    latest = {file.authority_id: file for file in of_others if file.month_end <= as_at}
    by_name = sorted(latest.values(), key=lambda file: (file.authority.name, file.authority.code))
    return (
        tuple(file for file in of_others if file.month_end in offered),
        tuple(file for file in by_name if file.month_end != as_at),
    )


def _clocks_of(files: Collection[NationalFile], *, user: User) -> Mapping[int, list[list]]:
    """The clocks of some files by file (its key)."""
    clocks = defaultdict(list)
    rows = NationalClock.objects.visible_to(user).filter(file__in=[file.pk for file in files]).order_by()
    for file, *clock in rows.values_list("file", *READ):
        clocks[file].append(clock)
    return clocks


def _by_file(
    definition: AimDefinition, files: Collection[NationalFile], clocks: Mapping[int, list[list]], day: date
) -> dict[str, dict[str, int]]:
    """The counts of national aim 2 at the day from the files of its month."""
    counts = {}
    for file in files:
        if file.month_end == day:
            state, left = recommendation_states(clocks.get(file.pk, []), limit=definition.limit, as_at=day)
            counts[file.authority.code] = count_columns(clocks_by_column(state, left))
    return counts


def _by_authority(outcomes: Outcomes, authorities: tuple[Authority, ...]) -> dict[str, dict[str, int]]:
    of_authority = outcomes.children["authority"].to_numpy()[outcomes.frame["child"].to_numpy()]
    clocks = columns_of(outcomes)
    return {each.code: count_columns(clocks, among=of_authority == each.key) for each in authorities}
