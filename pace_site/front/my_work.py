"""My work: what needs this person, soonest due first; each role sees the steps that it takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from aims.due_reminders import reminders_for
from aims.reminders import Reminder
from children.caseload import allocated_to
from children.closed_records import Withheld, withheld
from children.models import Child
from children.presenter import PresentedChild, present
from milestones.catalogue import NOT_HELD
from milestones.clocks.limits import from_day
from milestones.clocks.states import State
from milestones.desks import PERMISSIONS
from milestones.extract.missing import asked_of
from milestones.journeys import Journeys, load_journeys
from milestones.models import Milestone, MissingAnswer
from milestones.quality.known import known_findings
from milestones.quality.records import load_own_records
from milestones.quality.rules import MISSING, Finding, missing_from
from milestones.quality.waits import WAITING_KINDS
from milestones.steps import BY_CODE, STEP_KINDS, Step, run_steps, to_do
from pace_site.accounts.models import User
from pace_site.accounts.permissions import can, roles_of
from pace_site.accounts.roles import Role
from pace_site.accounts.scope import scope_of
from pace_site.front.data_quality.looking import AT_ONCE
from pace_site.look.words import days_left

# How far ahead a clock is shown; those of panel and court are always, as few people carry many of them.
AHEAD = timedelta(weeks=8)
ALWAYS = frozenset({"PANEL", "ADM", "NOTIFY", "COURT"})
PLANS_AHEAD = timedelta(weeks=2)
# The roles whose day has work in it, and the steps that each of them takes; the others take all.
REVIEWS = frozenset({"REVIEW", "6WK", "3M", "6M", "2Y"})
STEPS_OF = {
    Role.IRO: REVIEWS,
    Role.PANEL_ADMINISTRATOR: frozenset({"PANEL", "ADM", "NOTIFY"}),
    Role.ADM: frozenset({"ADM"}),
    Role.LEGAL: frozenset({"COURT", "CSO"}),
    Role.PRACTITIONER: frozenset(BY_CODE),
    Role.TEAM_MANAGER: frozenset(BY_CODE),
    Role.DATA_LEAD: frozenset(BY_CODE),
}
# What the aims remind of is for whoever holds the plan, and what is missing for whoever keeps the whole record.
REMINDED = frozenset({Role.PRACTITIONER, Role.TEAM_MANAGER, Role.IRO, Role.DATA_LEAD})
KEEPS_RECORDS = frozenset({Role.PRACTITIONER, Role.TEAM_MANAGER, Role.DATA_LEAD})
# These work with the children who are allocated to them, and with nobody else's unless nobody is.
BY_ALLOCATION = frozenset({Role.PRACTITIONER})
ALLOCATED = "allocated to you"


@dataclass(frozen=True)
class Due:
    """A step of a child that waits to be taken."""

    who: PresentedChild
    step: Step
    state: State
    due: date
    words: str
    planned: Milestone | None = None

    @property
    def is_overdue(self) -> bool:
        return self.state == State.OVERDUE


@dataclass(frozen=True)
class Planned:
    """A milestone with a planned day and no word yet of whether it happened."""

    who: PresentedChild
    milestone: Milestone
    words: str


@dataclass(frozen=True)
class Reminded:
    who: PresentedChild
    reminder: Reminder
    words: str


@dataclass(frozen=True)
class Odd:
    who: PresentedChild
    finding: Finding


@dataclass(frozen=True)
class Asked:
    """A child of whom the data lead asks whether they left care, as the latest extract lacks them."""

    who: PresentedChild
    answer: MissingAnswer


# Given the name of a list and its rows, those that a page shows: of the others no child is read or named.
PartOfList = Callable[[str, Sequence], Sequence]


@dataclass(frozen=True)
class Counts:
    """How long each list of a day is, whatever part of it is shown."""

    overdue: int
    upcoming: int
    unrecorded: int
    planned: int
    reminders: int
    missing: int


@dataclass(frozen=True)
class MyWork:
    """The lists of one person's day; each child in them is presented to that person."""

    whose: str
    children: int
    counts: Counts
    due: list[Due]
    unrecorded: list[Planned]
    planned: list[Planned]
    reminders: list[Reminded]
    missing: list[Odd]
    asked: list[Asked]
    withheld: Withheld

    @property
    def overdue(self) -> list[Due]:
        return [due for due in self.due if due.is_overdue]

    @property
    def shown(self) -> list[str]:
        """The pseudonyms of everybody on the page."""
        lists = (self.due, self.unrecorded, self.planned, self.reminders, self.missing, self.asked)
        return sorted({each.who.code for rows in lists for each in rows})

    @property
    def upcoming(self) -> list[Due]:
        return [due for due in self.due if not due.is_overdue]


def has_work(user: User) -> bool:
    """Whether the person's roles have a day of their own here."""
    return any(role in STEPS_OF for role in roles_of(user))


def children_of(user: User) -> tuple[QuerySet[Child], str]:
    """The children whose work is this person's, and who they are in words."""
    mine = Child.objects.identifiable_to(user)
    if set(roles_of(user)) & set(STEPS_OF) <= BY_ALLOCATION:
        allocated = mine.filter(pk__in=allocated_to(user.pk))
        if allocated.exists() or _closed_among(user).filter(pk__in=allocated_to(user.pk)).exists():
            return allocated, ALLOCATED
        return mine, "of your team, as none is allocated to you"
    return mine, ""


def _closed_among(user: User) -> QuerySet[Child]:
    return Child.objects.closed_to(user, with_identity=True)


def _withheld_from(user: User, whose: str, *, today: date) -> Withheld:
    """Of the children whose work is this person's, those in care whose records are closed to the person."""
    closed = _closed_among(user)
    if whose == ALLOCATED:
        closed = closed.filter(pk__in=allocated_to(user.pk))
    return withheld(_in_care(closed, today), of=user.organisation, to=user)


def work_of(user: User, *, today: date, window: PartOfList = lambda _name, rows: rows) -> MyWork:
    """Gather what needs `user` today; the number of queries does not depend on the number of children."""
    children, whose = children_of(user)
    roles = set(roles_of(user))
    steps = frozenset().union(*(STEPS_OF[role] for role in roles & set(STEPS_OF)))
    scope = scope_of(user, with_identity=True)
    within, part_of = (None, None) if whose == ALLOCATED else (scope.whole, scope.organisation_id)
    journeys = load_journeys(children, today, kinds=STEP_KINDS | WAITING_KINDS, within=within, part_of=part_of)
    ids = journeys.children["id"].tolist()
    waiting = to_do(run_steps(journeys))
    waiting = waiting[waiting["step"].isin(steps).to_numpy(dtype=bool)]
    last = today + AHEAD
    near = [row for row in waiting.to_dict("records") if row["step"] in ALWAYS or from_day(row["due"]) <= last]
    planned = list(_planned(children, user, today))
    mine = set(ids)
    reminded = [each for each in reminders_for(user, as_at=today) if each.child_id in mine] if roles & REMINDED else []
    keeps = bool(roles & KEEPS_RECORDS)
    missing = _missing(user, _in_care(children, today), journeys) if keeps else []
    asked = list(asked_of(user))
    lists = {
        "due": near,
        "unrecorded": [row for row in planned if row.planned_on < today],
        "planned": [row for row in planned if row.planned_on >= today],
        "reminders": reminded,
        "missing": missing,
    }
    overdue = sum(row["state"] == State.OVERDUE for row in near)
    lengths = {name: len(rows) for name, rows in lists.items() if name != "due"}
    shown = {name: list(window(name, rows)) for name, rows in lists.items()}
    named = {ids[row["child"]] for row in shown["due"]} | {each.child_id for each in asked}
    named |= {each.child_id for name, rows in shown.items() if name != "due" for each in rows}
    rows = list(Child.objects.identifiable_to(user).filter(pk__in=named))
    whom = {who.child.pk: who for who in present(rows, to=user, as_at=today)}
    meant: dict[tuple[int, str], Milestone] = {}
    for row in planned:
        meant.setdefault((row.child_id, row.kind), row)
    plans = {
        name: [Planned(whom[row.child_id], row, days_left(row.planned_on, today)) for row in shown[name]]
        for name in ("unrecorded", "planned")
    }
    return MyWork(
        whose=whose,
        children=len(ids),
        counts=Counts(overdue=overdue, upcoming=len(near) - overdue, **lengths),
        due=[_due(row, whom[ids[row["child"]]], today, meant) for row in shown["due"]],
        unrecorded=plans["unrecorded"],
        planned=plans["planned"],
        reminders=[Reminded(whom[each.child_id], each, days_left(each.due, today)) for each in shown["reminders"]],
        missing=[Odd(whom[each.child_id], each) for each in shown["missing"]],
        asked=[Asked(whom[each.child_id], each) for each in asked],
        withheld=_withheld_from(user, whose, today=today),
    )


def next_unrecorded(user: User, *, today: date) -> Milestone | None:
    """The first planned milestone whose day is past and of which nobody has said what came of it."""
    children, _whose = children_of(user)
    return _planned(children, user, today).filter(planned_on__lt=today).first()


def _planned(children: QuerySet[Child], user: User, today: date) -> QuerySet[Milestone]:
    """What is planned up to two weeks ahead and not yet said to have happened, of the kinds this person records."""
    kinds = [kind for kind, permission in PERMISSIONS.items() if can(user, permission)]
    return (
        Milestone.objects.identifiable_to(user)
        .standing()
        .filter(child__in=children.order_by().values("pk"), kind__in=kinds, happened_on=None)
        .filter(planned_on__lte=today + PLANS_AHEAD)
        .exclude(outcome__in=NOT_HELD)
        .select_related("child")
        .order_by("planned_on", "child__code", "pk")
    )


def _in_care(children: QuerySet[Child], today: date) -> QuerySet[Child]:
    """Children in care now, and those not yet in care: of the others nothing is missed any more."""
    open_now = Q(episodes__voided_on=None) & (Q(episodes__end=None) | Q(episodes__end__gt=today))
    return Child.objects.filter(pk__in=children.filter(open_now | Q(episodes=None)).order_by().values("pk"))


def _missing(user: User, in_care: QuerySet[Child], journeys: Journeys) -> list[Finding]:
    """What somebody still has to record of these children, who are among those of `journeys`.

    Of more than the rules can be asked for while a page waits it is what the last look through all records found, as on
    the page of data quality.
    """
    if in_care.count() <= AT_ONCE:
        return missing_from(load_own_records(in_care, journeys=journeys), as_at=journeys.as_at)
    return [each for each in known_findings(user.organisation, in_care).findings if each.rule in MISSING]


def _due(row: dict, who: PresentedChild, today: date, planned: dict[tuple[int, str], Milestone]) -> Due:
    """A step that waits, with the milestone that was planned to take it, if one is: by child and kind, the first."""
    due, step = from_day(row["due"]), BY_CODE[row["step"]]
    meant = planned.get((who.child.pk, step.kind))
    return Due(who, step, State(row["state"]), due, days_left(due, today), meant)
