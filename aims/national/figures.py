"""The four national aims, measured in all authorities by one definition and in one reading of the journeys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Max

from aims.aim_templates import aim_templates
from aims.compliance import measure
from aims.definition import AimDefinition
from aims.disclosure import CountTable
from aims.figures import journeys_for
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
    """An authority with children here, and the day of its last extract."""

    key: int
    code: str
    name: str
    fictional: bool
    last_extract_on: date | None


@dataclass(frozen=True)
class AimCounts:
    """The counts of one aim by authority (its code), before any of them is withheld: never for a page."""

    definition: AimDefinition
    by_authority: Mapping[str, Mapping[str, int]]

    def table(self, authorities: tuple[Authority, ...]) -> CountTable:
        return CountTable(PARTS, {each.code: self.by_authority[each.code] for each in authorities})


@dataclass(frozen=True)
class NationalFigures:
    as_at: date
    authorities: tuple[Authority, ...]
    aims: tuple[AimCounts, ...]


def national_definitions() -> list[AimDefinition]:
    """The four national aims as the register has them, not as an authority may have changed its own."""
    national = [template.definition for template in aim_templates().values() if template.is_national]
    return sorted(national, key=lambda definition: definition.national_aim)


def national_figures(user: User, *, as_at: date) -> NationalFigures:
    """Count the clocks of all authorities for whoever may see aggregates of them; for anybody else there are none."""
    children = Child.objects.aggregated_for(user)
    definitions = national_definitions()
    authorities = tuple(
        Authority(*row)
        for row in children.order_by("authority__name", "authority__code")
        .values("authority")
        .annotate(last=Max("last_extract_on"))
        .values_list("authority", "authority__code", "authority__name", "authority__fictional", "last")
    )
    journeys = journeys_for(definitions, children, as_at)
    aims = tuple(
        AimCounts(definition, _by_authority(measure(definition, journeys).now.outcomes, authorities))
        for definition in definitions
    )
    return NationalFigures(as_at, authorities, aims)


def _by_authority(outcomes: Outcomes, authorities: tuple[Authority, ...]) -> dict[str, dict[str, int]]:
    frame = outcomes.frame
    of_authority = outcomes.children["authority"].to_numpy()[frame["child"].to_numpy()]
    state = frame["state"].to_numpy()
    left = frame["left_undecided"].to_numpy(dtype=bool)
    clocks = {
        MET: state == State.MET,
        LATE: (state == State.MISSED) & ~left,
        LEFT: (state == State.MISSED) & left,
        OVERDUE: state == State.OVERDUE,
        WAITING: state == State.WAITING,
    }
    return {
        each.code: {
            column: int(np.count_nonzero(those & (of_authority == each.key))) for column, those in clocks.items()
        }
        for each in authorities
    }
