"""The four national aims in all authorities, by one definition.

Authorities with children here are counted from their journeys (`kept_counts.py`); others from their file of the
national dataset, as far as it tells.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet

from aims.aim_templates import aim_templates
from aims.count_columns import PARTS, clocks_by_column, count_columns
from aims.definition import AimDefinition
from aims.disclosure import CountTable
from aims.models import NationalClock, NationalFile
from aims.national.kept_counts import Counted, counts_of, keep
from aims.national_dataset.recommendations import CODE, READ, recommendation_states
from children.models import Child
from pace_site.accounts.models import User
from pace_site.replica.reading import read_apart, reads_apart


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


def national_figures(user: User, *, as_at: date, offered: tuple[date, ...]) -> NationalFigures:
    """Count the clocks of all authorities for whoever may see aggregates of them; for anybody else there are none.

    They are counted at each day `offered`, because what is hidden at one of them is hidden at all. What was counted
    anew is kept for whoever asks next. Raises `ValueError` when `as_at` is not one of these.
    """
    if as_at not in offered:
        raise ValueError(f"{as_at.isoformat()} is not a day that the national view offers.")
    figures, counted = _read(user, as_at=as_at, offered=offered)
    keep(counted)
    return figures


def count_ahead(offered: tuple[date, ...]) -> Counted:
    """Count, for whoever opens the national view next, the authorities that were written to since they were counted."""
    children = Child.objects.all()
    keys = [each.key for each in _authorities_of(children)]
    counted = read_apart(lambda: counts_of(keys, children, national_definitions(), offered))
    keep(counted)
    return counted


@reads_apart
def _read(user: User, *, as_at: date, offered: tuple[date, ...]) -> tuple[NationalFigures, Counted]:
    children = Child.objects.aggregated_for(user)
    definitions = national_definitions()
    here = authorities_here(user)
    files, without_file = _files(user, as_at=as_at, offered=offered, here=here)
    clocks = _clocks_of(files, user=user)
    counted = counts_of([each.key for each in here], children, definitions, offered)
    counts = {
        definition.code: {
            day: (_by_file(definition, files, clocks, day) if definition.code == CODE else {})
            | {each.code: counted.of[each.key][definition.code][day.isoformat()] for each in here}
            for day in offered
        }
        for definition in definitions
    }
    aims = tuple(AimCounts(definition, counts[definition.code]) for definition in definitions)
    return NationalFigures(as_at, {day: _authorities(here, files, day) for day in offered}, aims, without_file), counted


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
    return _authorities_of(Child.objects.aggregated_for(user))


def _authorities_of(children: QuerySet[Child]) -> tuple[Authority, ...]:
    rows = (
        children.order_by("authority__name", "authority__code")
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
