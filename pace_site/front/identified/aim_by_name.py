"""The children behind the figures of one aim, by name."""

from collections.abc import Collection
from datetime import date
from functools import cached_property

from django.db.models import QuerySet

from aims.definition import AimDefinition
from aims.figure_words import exit_in_words
from aims.figures import journeys_for
from aims.models import AimVersion
from aims.outcomes import Outcome, outcomes
from aims.reports.columns import Value
from aims.selections import SELECTIONS
from children.closed_records import Withheld, withheld
from children.models import Child
from milestones.catalogue import Route
from pace_site.accounts.models import User
from pace_site.front.identified.named_list import (
    WHO,
    Column,
    NamedList,
    Offered,
    known_by_name,
    not_in,
    who_cells,
    without_empty,
)
from pace_site.look.words import british_date, weeks_number

FIGURES = ("overdue", "waiting", "missed", "met")
WITHOUT_LIMIT = {"waiting": "Waiting", "decided": "Decided"}
COLUMNS = (
    *WHO,
    Column("State", 16),
    Column("Route", 26),
    Column("Start", 18),
    Column("Due", 18),
    Column("Decided", 18),
    Column("Left", 18),
    Column("Why left", 24),
    Column("Weeks waited", 12),
)


class AimByName:
    """One aim over the children whom `to` may see by name, as at a day."""

    def __init__(self, version: AimVersion, *, as_at: date, to: User):
        self.version, self.as_at, self.to = version, as_at, to
        self.definition = version.definition
        self.keys = figures_of(version.definition)

    @property
    def title(self) -> str:
        return f"Aim {self.definition.code}: {self.definition.title}"

    @property
    def offered(self) -> list[Offered]:
        return [
            Offered(key, self._label(key), len({clock.child_id for clock in clocks}))
            for key, clocks in self._clocks.items()
        ]

    def child_count(self, shown: Collection[str]) -> int:
        return len({clock.child_id for key in shown for clock in self._clocks[key]})

    def listed(self, shown: Collection[str]) -> NamedList:
        """The clocks of these figures, in the order of the figures, the longest first."""
        figures = [key for key in self.keys if key in shown]
        chosen = [(key, clock) for key in figures for clock in sorted(self._clocks[key], key=_longest_first)]
        keys = {clock.child_id for _key, clock in chosen}
        children = list(Child.objects.identifiable_to(self.to).select_related("team").in_bulk(keys).values())
        known = known_by_name(children, to=self.to, as_at=self.as_at)
        rows = [
            (*who_cells(known[clock.child_id]), self._label(key), *_cells(clock))
            for key, clock in chosen
            if clock.child_id in known
        ]
        columns, rows = without_empty(COLUMNS, rows)
        labels = ", ".join(self._label(key).lower() for key in figures)
        return NamedList(
            title=self.title,
            facts=(
                ("Authority", str(self.to.organisation)),
                ("As at", british_date(self.as_at)),
                ("Children", f"{len(known):,}, those {labels}; a child with two clocks stands here twice"),
                *not_in(self.withheld(figures)),
            ),
            audited={
                "aim": self.definition.code,
                "version": self.version.number,
                "as_at": self.as_at.isoformat(),
                "shown": figures,
            },
            columns=columns,
            rows=rows,
            children=tuple(who.child for who in known.values()),
        )

    def withheld(self, shown: Collection[str]) -> Withheld:
        """The closed records among those that these figures count."""
        closed = Child.objects.closed_to(self.to, with_identity=True)
        if not closed.exists():
            return Withheld()
        clocks = self._clocks_of(closed)
        keys = {clock.child_id for key in shown for clock in clocks[key]}
        return withheld(Child.objects.filter(pk__in=keys), of=self.to.organisation, to=self.to)

    @cached_property
    def _clocks(self) -> dict[str, tuple[Outcome, ...]]:
        return self._clocks_of(Child.objects.identifiable_to(self.to))

    def _clocks_of(self, children: QuerySet[Child]) -> dict[str, tuple[Outcome, ...]]:
        journeys = journeys_for([self.definition], children, self.as_at)
        found = outcomes(self.definition, journeys)
        return {key: SELECTIONS[key].clocks(found) for key in self.keys}

    def _label(self, key: str) -> str:
        return SELECTIONS[key].label if self.definition.has_claim else WITHOUT_LIMIT[key]


def figures_of(definition: AimDefinition) -> tuple[str, ...]:
    """The figures whose children may be asked for: where no limit is set, nobody is late."""
    return FIGURES if definition.has_claim else tuple(WITHOUT_LIMIT)


def _cells(clock: Outcome) -> tuple[Value, ...]:
    return (
        str(Route(clock.route).label) if clock.route else "",
        clock.start,
        clock.due,
        clock.stop,
        clock.exit,
        exit_in_words(clock.exit_reason),
        float(weeks_number(clock.waited)),
    )


def _longest_first(clock: Outcome) -> tuple:
    return (-clock.waited, clock.child_code)
