"""Read what timelines show of some children: their lives, and their due dates, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from children.models import CareEpisode, Child, LegalBasis, Placement
from children.presenter import PresentedChild
from milestones.clocks.days import OPEN, day_if_any
from milestones.clocks.limits import from_day
from milestones.clocks.states import State
from milestones.journeys import Journeys, load_journeys
from milestones.models import Milestone
from milestones.steps import BY_CODE, PRACTICE_REVIEWS, STEP_KINDS, run_steps
from pace_site.accounts.models import User
from pace_site.front.timelines.life import Episode, Event, Ground, Life, Stay
from pace_site.front.timelines.wording import DueMark

# A review in a chain is simply one of the reviews; the drawing has no room for more than its short name.
SHORT_STEPS = {"REVIEW": "Review", "CSO": "Review of CSO", "2Y": "Two-year review"}
# These are due on the same days as the first reviews of the statutory chain, which is drawn.
NOT_DRAWN = frozenset(PRACTICE_REVIEWS)
DRAWN_STATES = (State.MET, State.MISSED, State.OVERDUE, State.WAITING)


@dataclass(frozen=True)
class Known:
    """What a person may know of one child's time."""

    who: PresentedChild
    life: Life
    dues: tuple[DueMark, ...]


def read_lives(children: Sequence[PresentedChild], user: User) -> dict[int, Life]:
    """The life of each child, by its key, without voided rows; reasons only of children seen with identity."""
    keys = [who.child.pk for who in children]
    identified = {who.child.pk for who in children if who.identified}
    episodes, stays, grounds, events = (defaultdict(list) for _kind in range(4))

    def rows(model):
        return model.objects.visible_to(user).standing().filter(child__in=keys).order_by("pk")

    for row in rows(CareEpisode).select_related("destination"):
        label = row.destination.label if row.destination else ""
        episodes[row.child_id].append(Episode(row.start, row.end, row.destination_id or "", label))
    for row in rows(Placement).select_related("placement_type"):
        kind = row.placement_type
        stays[row.child_id].append(Stay(row.start, row.end, kind.code, kind.label, kind.group, row.short_break))
    for row in rows(LegalBasis).select_related("measure"):
        grounds[row.child_id].append(Ground(row.start, row.end, row.measure_id, row.measure.label))
    for row in rows(Milestone):
        events[row.child_id].append(
            Event(
                kind=row.kind,
                happened_on=row.happened_on,
                planned_on=row.planned_on,
                precision=row.precision,
                route=row.route,
                outcome=row.outcome,
                review_kind=row.review_kind,
                order_type=row.order_type,
                pre_birth=row.pre_birth,
                reason=row.change_reason if row.child_id in identified else "",
            )
        )
    return {key: Life(tuple(episodes[key]), tuple(stays[key]), tuple(grounds[key]), tuple(events[key])) for key in keys}


def read_known(children: Sequence[PresentedChild], user: User, *, as_at: date) -> list[Known]:
    """Lives and due dates of children whom `user` may open, in the same order."""
    lives = read_lives(children, user)
    mine = Child.objects.visible_to(user).filter(pk__in=[who.child.pk for who in children])
    dues = dues_of(load_journeys(mine, as_at, kinds=STEP_KINDS))
    return [Known(who, lives[who.child.pk], tuple(dues[who.child.pk])) for who in children]


def dues_of(journeys: Journeys) -> dict[int, list[DueMark]]:
    """Every step's due date against what happened, by the child's key; what the child left is not drawn."""
    clocks = run_steps(journeys)
    ids = journeys.children["id"].to_numpy()
    dues: dict[int, list[DueMark]] = defaultdict(list)
    for clock in clocks.itertuples():
        is_over = clock.stop >= OPEN and clock.exit < OPEN
        if clock.step in NOT_DRAWN or is_over or clock.due >= OPEN or clock.state not in DRAWN_STATES:
            continue
        step = BY_CODE[clock.step]
        happened = day_if_any(clock.stop)
        label = SHORT_STEPS.get(clock.step, step.label)
        dues[int(ids[clock.child])].append(DueMark(label, from_day(int(clock.due)), happened, step.kind))
    return dues
