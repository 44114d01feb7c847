"""The children in care whom a person may open: where each lives, its route, who works with it, and what is due next."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from children.allocations import in_force_on
from children.filters import with_care_on
from children.models import Allocation, Child, PlacementType
from milestones.catalogue import Route
from milestones.clocks.days import OPEN
from milestones.clocks.limits import from_day
from milestones.clocks.states import State
from milestones.journeys import Journeys, load_journeys
from milestones.steps import BY_CODE, STEP_KINDS, Step, run_steps, to_do
from pace_site.accounts.models import User
from pace_site.accounts.scope import scope_of
from pace_site.look.words import days_left, weeks

# A reminder is sent as long before a clock is due (`domain.md` 4.10).
SOON = timedelta(weeks=2)


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


def cases_in_scope(user: User, *, day: date) -> list[Case]:
    """Every child in care on `day` whom `user` may open, by pseudonym; the number of queries does not depend on it."""
    visible = Child.objects.visible_to(user)
    looked_after = in_care(visible, day=day)
    children = list(looked_after.select_related("team").order_by("code"))
    journeys = load_journeys(looked_after, day, kinds=STEP_KINDS, within=scope_of(user).whole)
    row_of = {key: row for row, key in enumerate(journeys.children["id"].tolist())}
    named = Child.objects.identifiable_to(user).filter(pk__in=looked_after.order_by().values("pk"))
    identified = set(named.values_list("pk", flat=True))
    workers = _workers(user, day)
    labels = dict(PlacementType.objects.values_list("code", "label"))
    steps, away = _steps_to_do(journeys), _away_since(journeys)
    cases = []
    for child in children:
        row = row_of[child.pk]
        waiting = steps.get(row, [])
        step, due = waiting[0][:2] if waiting else (None, None)
        overdue = sum(state == State.OVERDUE for _step, _due, state in waiting)
        cases.append(
            Case(
                child=child,
                as_at=day,
                living=child.living or "",
                living_label=labels.get(child.living, "not recorded"),
                route=journeys.latest_route[row],
                workers=tuple(workers[child.pk]) if child.pk in identified else None,
                step=step,
                due=due,
                urgency=_urgency(due, overdue, day),
                overdue=overdue,
                away_since=away.get(row),
            )
        )
    return cases


def closed_in_care(user: User, *, day: date) -> int:
    """How many children in care on `day` the roles of `user` reach whose records are closed to them."""
    return in_care(Child.objects.closed_to(user), day=day).count()


def in_care(children: QuerySet[Child], *, day: date) -> QuerySet[Child]:
    """Those of `children` who are looked after on a day."""
    return with_care_on(day, children).filter(is_looked_after=True)


def workers_among(cases: Iterable[Case]) -> list[User]:
    """Everybody who works with one of these children, by name."""
    people = {worker.pk: worker for case in cases for worker in case.workers or ()}
    return sorted(people.values(), key=lambda person: (str(person), person.pk))


def _workers(user: User, day: date) -> dict[int, list[User]]:
    """Who works with each child on the day; of children whom the person sees by pseudonym only, nobody is named."""
    found = defaultdict(list)
    rows = Allocation.objects.identifiable_to(user).filter(in_force_on(day)).select_related("user")
    for row in rows.order_by("start", "pk"):
        if row.user not in found[row.child_id]:
            found[row.child_id].append(row.user)
    return found


def _steps_to_do(journeys: Journeys) -> dict[int, list[tuple[Step, date, State]]]:
    """By row of the journeys' children: what still waits, soonest due first."""
    found = defaultdict(list)
    for clock in to_do(run_steps(journeys)).to_dict("records"):
        found[clock["child"]].append((BY_CODE[clock["step"]], from_day(clock["due"]), clock["state"]))
    return found


def _away_since(journeys: Journeys) -> dict[int, date]:
    """By row of the journeys' children: since when those away from home now have been away."""
    spells = journeys.away_spells
    still = spells[spells["exit"].to_numpy() == OPEN]
    return {row: from_day(start) for row, start in zip(still["child"].tolist(), still["start"].tolist(), strict=True)}


def _urgency(due: date | None, overdue: int, day: date) -> Urgency:
    if due is None:
        return Urgency.NOTHING
    if overdue:
        return Urgency.OVERDUE
    return Urgency.DUE_SOON if due <= day + SOON else Urgency.WAITING
