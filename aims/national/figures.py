"""The four national aims in all authorities, by one definition.

Authorities with children here are measured in one reading of the journeys; others from their file of the national
dataset, as far as it tells.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Max

from aims.aim_templates import aim_templates
from aims.compliance import measure
from aims.definition import AimDefinition
from aims.disclosure import CountTable
from aims.figures import journeys_for
from aims.models import NationalClock, NationalFile
from aims.national_dataset.recommendations import CODE, READ, recommendation_states
from aims.outcomes import Outcomes
from children.models import Child
from milestones.clocks.states import State
from pace_site.accounts.models import User

TOGETHER, DUE, MET, MISSED, LATE, LEFT, OVERDUE, WAITING = (
    "together",
    "due",
    "met",
    "missed",
    "late",
    "left_undecided",
    "overdue",
    "waiting",
)
# What adds up to what, in the words of `domain.md` 4.3 and 4.4. LATE is decided after the due date.
PARTS = {TOGETHER: (DUE, WAITING), DUE: (MET, MISSED, OVERDUE), MISSED: (LATE, LEFT)}


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
    file: NationalFile | None = None


@dataclass(frozen=True)
class AimCounts:
    """The counts of one aim by authority (its code), before any of them is withheld: never for a page.

    An authority whose file does not tell the aim has none.
    """

    definition: AimDefinition
    by_authority: Mapping[str, Mapping[str, int]]

    def table(self, authorities: tuple[Authority, ...]) -> CountTable:
        return CountTable(PARTS, {each.code: self.by_authority[each.code] for each in self.told_by(authorities)})

    def told_by(self, authorities: tuple[Authority, ...]) -> tuple[Authority, ...]:
        """Those of the authorities that have figures of this aim."""
        return tuple(each for each in authorities if each.code in self.by_authority)


@dataclass(frozen=True)
class NationalFigures:
    """`without_file`: the latest file of each authority that sent one before, and none of this month."""

    as_at: date
    authorities: tuple[Authority, ...]
    aims: tuple[AimCounts, ...]
    without_file: tuple[NationalFile, ...] = ()


def national_definitions() -> list[AimDefinition]:
    """The four national aims as the register has them, not as an authority may have changed its own."""
    national = [template.definition for template in aim_templates().values() if template.is_national]
    return sorted(national, key=lambda definition: definition.national_aim)


def national_figures(user: User, *, as_at: date) -> NationalFigures:
    """Count the clocks of all authorities for whoever may see aggregates of them; for anybody else there are none."""
    children = Child.objects.aggregated_for(user)
    definitions = national_definitions()
    here = authorities_here(user)
    files, without_file = _files(user, as_at=as_at, here=here)
    journeys = journeys_for(definitions, children, as_at)
    aims = tuple(
        AimCounts(
            definition,
            _by_authority(measure(definition, journeys).now.outcomes, here)
            | (_by_file(definition, files, user=user, as_at=as_at) if definition.code == CODE else {}),
        )
        for definition in definitions
    )
    sent = (
        Authority(f.authority_id, f.authority.code, f.authority.name, f.authority.fictional, None, f) for f in files
    )
    authorities = tuple(sorted((*here, *sent), key=lambda each: (each.name, each.code)))
    return NationalFigures(as_at, authorities, aims, without_file)


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
        for row in rows.values_list("authority", "authority__code", "authority__name", "authority__fictional", "last")
    )


def _files(
    user: User, *, as_at: date, here: Collection[Authority]
) -> tuple[tuple[NationalFile, ...], tuple[NationalFile, ...]]:
    """The files of this very month of authorities without children here, and the latest of those that have none."""
    keys = {each.key for each in here}
    rows = NationalFile.objects.visible_to(user).select_related("authority").filter(month_end__lte=as_at)
    latest = {}
    for file in rows.order_by("month_end"):
        if file.authority_id not in keys:
            latest[file.authority_id] = file
    files = sorted(latest.values(), key=lambda file: (file.authority.name, file.authority.code))
    this_month = tuple(file for file in files if file.month_end == as_at)
    return this_month, tuple(file for file in files if file.month_end != as_at)


def _by_file(
    definition: AimDefinition, files: Collection[NationalFile], *, user: User, as_at: date
) -> dict[str, dict[str, int]]:
    """The counts of national aim 2 from the clocks of some files."""
    clocks = defaultdict(list)
    rows = NationalClock.objects.visible_to(user).filter(file__in=[file.pk for file in files]).order_by()
    for file, *clock in rows.values_list("file", *READ):
        clocks[file].append(clock)
    counts = {}
    for file in files:
        state, left = recommendation_states(clocks[file.pk], limit=definition.limit, as_at=as_at)
        counts[file.authority.code] = _count(_split(state, left), np.ones(len(state), dtype=bool))
    return counts


def _by_authority(outcomes: Outcomes, authorities: tuple[Authority, ...]) -> dict[str, dict[str, int]]:
    frame = outcomes.frame
    of_authority = outcomes.children["authority"].to_numpy()[frame["child"].to_numpy()]
    state = frame["state"].to_numpy()
    clocks = _split(state, frame["left_undecided"].to_numpy(dtype=bool))
    return {each.code: _count(clocks, of_authority == each.key) for each in authorities}


def _split(state: np.ndarray, left: np.ndarray) -> dict[str, np.ndarray]:
    """Which clocks are in each column that has no parts."""
    return {
        MET: state == State.MET,
        LATE: (state == State.MISSED) & ~left,
        LEFT: (state == State.MISSED) & left,
        OVERDUE: state == State.OVERDUE,
        WAITING: state == State.WAITING,
    }


def _count(clocks: Mapping[str, np.ndarray], of_authority: np.ndarray) -> dict[str, int]:
    return {column: int(np.count_nonzero(those & of_authority)) for column, those in clocks.items()}
