"""The children in care whom a person may open: where each lives, its route, who works with it, and what is due next."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import overload

import numpy as np
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from children.allocations import in_force_on
from children.filters import with_care_on
from children.models import Allocation, Child, PlacementType
from milestones.catalogue import Route
from milestones.clocks.days import OPEN, day_if_any
from milestones.clocks.limits import to_day
from milestones.journeys import load_journeys
from milestones.next_steps import next_steps
from milestones.steps import BY_CODE, STEP_KINDS, Step
from pace_site.accounts.models import User
from pace_site.accounts.scope import scope_of
from pace_site.look.words import days_left, weeks

# A reminder is sent as long before a clock is due (`domain.md` 4.10).
SOON = timedelta(weeks=2)
# More children than this are asked for as all of the person's: a statement takes only so many keys.
MOST_BY_KEY = 500


class Urgency(StrEnum):
    """How a child's most urgent step stands."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    WAITING = "waiting"
    NOTHING = "nothing"


URGENCY_LABELS = {
    Urgency.OVERDUE: "Overdue",
    Urgency.DUE_SOON: "Due soon",
    Urgency.WAITING: "Waiting",
    Urgency.NOTHING: "Nothing running",
}


@dataclass(frozen=True)
class Case:
    """One child in care on a day. `workers` is None where the person sees the child by pseudonym only."""

    child: Child
    as_at: date
    living: str
    living_label: str
    route: str
    workers: tuple[User, ...] | None
    step: Step | None
    due: date | None
    urgency: Urgency
    overdue: int
    away_since: date | None

    @property
    def route_label(self) -> str:
        return Route(self.route).label if self.route else "none yet"

    @property
    def urgency_label(self) -> str:
        return URGENCY_LABELS[self.urgency]

    @property
    def left(self) -> str:
        """How long is left until the next step, in words."""
        return days_left(self.due, self.as_at) if self.due else ""

    @property
    def also_overdue(self) -> int:
        """How many steps beside the one shown are overdue."""
        return max(self.overdue - 1, 0)

    @property
    def away(self) -> str:
        """How long the child has been away from home this time, in words."""
        return weeks((self.as_at - self.away_since).days) if self.away_since else ""


class Cases(Sequence[Case]):
    """Cases of one person's caseload on a day, in an order.

    They stand as columns, by which they are chosen and put in order; words are made for those alone that somebody
    asks for, such as those of one page.
    """

    def __init__(self, caseload: "Caseload", rows: np.ndarray):
        self.caseload, self.rows = caseload, rows

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> Case: ...

    @overload
    def __getitem__(self, place: slice) -> list[Case]: ...

    def __getitem__(self, place):
        if isinstance(place, slice):
            return self.caseload.worded(self.rows[place])
        return self.caseload.worded(self.rows[[place]])[0]

    def __iter__(self) -> Iterator[Case]:
        return iter(self._worded)

    @cached_property
    def _worded(self) -> list[Case]:
        return self.caseload.worded(self.rows)

    @property
    def overdue(self) -> int:
        """How many of them have a step that is overdue."""
        return int((self.caseload.urgency[self.rows] == Urgency.OVERDUE).sum())

    @cached_property
    def teams(self) -> list[tuple[int, str]]:
        """The teams of these children, key and name, by name."""
        named = {key: self.caseload.teams[key] for key in np.unique(self.caseload.team[self.rows]).tolist() if key}
        return sorted(named.items(), key=lambda team: team[1])

    @cached_property
    def workers(self) -> list[User]:
        """Everybody who works with one of these children, by name; of those alone whom the person knows by name."""
        caseload = self.caseload
        ours = np.isin(caseload.worked_row, self.rows) & caseload.identified[caseload.worked_row]
        people = [caseload.people[key] for key in np.unique(caseload.worker[ours]).tolist()]
        return sorted(people, key=lambda person: (str(person), person.pk))

    @property
    def shows_workers(self) -> bool:
        """Whether the person may know of any of these children who works with it."""
        return bool(self.caseload.identified[self.rows].any())


class Caseload:
    """The children in care on `day` whom `user` may open, in columns with a row for each child.

    The number of queries does not depend on that of the children.
    """

    def __init__(self, user: User, *, day: date):
        self.day = day
        self._visible = Child.objects.visible_to(user)
        looked_after = in_care(self._visible, day=day)
        by_name = Q(pk__in=Child.objects.identifiable_to(user).order_by().values("pk"))
        told = looked_after.order_by().annotate(by_name=ExpressionWrapper(by_name, output_field=BooleanField()))
        found = list(told.values_list("pk", "team_id", "team__name", "by_name"))
        team_of = {key: team or 0 for key, team, _name, _by_name in found}
        self.teams = {team: name for _key, team, name, _by_name in found}
        scope = scope_of(user)
        journeys = load_journeys(
            looked_after, day, kinds=STEP_KINDS, within=scope.whole, part_of=scope.organisation_id, keys=team_of
        )
        self.journeys, self.steps = journeys, next_steps(journeys)
        self.key = journeys.children["id"].to_numpy(dtype=np.int64)
        # 0 for no team.
        self.team = np.array([team_of.get(key, 0) for key in self.key.tolist()], dtype=np.int64)
        self.code = journeys.children["code"].to_numpy(dtype=object)
        known = [key for key, _team, _name, is_by_name in found if is_by_name]
        self.identified = np.isin(self.key, np.array(known, dtype=np.int64))
        self.worked_row, self.worker = self._allocations(user)
        self.people = User.objects.in_bulk(np.unique(self.worker).tolist())

    @cached_property
    def urgency(self) -> np.ndarray:
        due = self.steps.due
        return np.select(
            [due == OPEN, self.steps.overdue > 0, due <= to_day(self.day + SOON)],
            [Urgency.NOTHING, Urgency.OVERDUE, Urgency.DUE_SOON],
            default=Urgency.WAITING,
        )

    @cached_property
    def living_labels(self) -> dict[str, str]:
        return dict(PlacementType.objects.values_list("code", "label"))

    @property
    def everybody(self) -> Cases:
        """All of them, by pseudonym."""
        return Cases(self, self.in_order())

    def in_order(self, *by: np.ndarray) -> np.ndarray:
        """The rows in the order of these columns, the first counting most, and of pseudonyms where these are equal."""
        return np.lexsort((self._place_by_code, *reversed(by)))

    def worded(self, rows: np.ndarray) -> list[Case]:
        """These rows in words."""
        keys = self.key[rows].tolist()
        children = self._visible.select_related("team")
        if len(keys) <= MOST_BY_KEY:
            children = children.filter(pk__in=keys)
        found = {child.pk: child for child in children.order_by()}
        workers = self._workers_of(rows)
        # Who was closed to the person between two of our questions is not shown.
        pairs = [(row, found[key]) for row, key in zip(rows.tolist(), keys, strict=True) if key in found]
        return [self._case(row, child, workers) for row, child in pairs]

    def _case(self, row: int, child: Child, workers: dict[int, list[User]]) -> Case:
        living, steps, away = self.journeys.living[row], self.steps, self.journeys.away_since[row]
        return Case(
            child=child,
            as_at=self.day,
            living=living,
            living_label=self.living_labels.get(living, "not recorded"),
            route=self.journeys.latest_route[row],
            workers=tuple(workers.get(row, ())) if self.identified[row] else None,
            step=BY_CODE.get(steps.step[row]),
            due=day_if_any(int(steps.due[row])),
            urgency=Urgency(self.urgency[row]),
            overdue=int(steps.overdue[row]),
            away_since=day_if_any(int(away)),
        )

    @cached_property
    def _place_by_code(self) -> np.ndarray:
        return np.unique(self.code, return_inverse=True)[1]

    def _allocations(self, user: User) -> tuple[np.ndarray, np.ndarray]:
        """Who works with whom on the day, the longest first: rows of children, and the keys of people.

        Of children whom the person sees by pseudonym only, nobody is named.
        """
        allocated = Allocation.objects.identifiable_to(user).filter(in_force_on(self.day)).order_by("start", "pk")
        pairs = np.array(list(allocated.values_list("child_id", "user_id")), dtype=np.int64).reshape(-1, 2)
        ours = np.isin(pairs[:, 0], self.key)
        return np.searchsorted(self.key, pairs[ours, 0]), pairs[ours, 1]

    def _workers_of(self, rows: np.ndarray) -> dict[int, list[User]]:
        ours = np.isin(self.worked_row, rows)
        found = defaultdict(list)
        for row, worker in zip(self.worked_row[ours].tolist(), self.worker[ours].tolist(), strict=True):
            if self.people[worker] not in found[row]:
                found[row].append(self.people[worker])
        return found


def cases_in_scope(user: User, *, day: date) -> Cases:
    """Every child in care on `day` whom `user` may open, by pseudonym; the number of queries does not depend on it."""
    return Caseload(user, day=day).everybody


def closed_in_care(user: User, *, day: date) -> int:
    """How many children in care on `day` the roles of `user` reach whose records are closed to them."""
    return in_care(Child.objects.closed_to(user), day=day).count()


def in_care(children: QuerySet[Child], *, day: date) -> QuerySet[Child]:
    """Those of `children` who are looked after on a day."""
    return with_care_on(day, children).filter(is_looked_after=True)
