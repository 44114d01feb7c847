"""How a child lives now, in words: where, on what ground, with which plan, and who works with them."""

from dataclasses import dataclass
from datetime import date

from children.models import Child
from milestones.models import Milestone
from milestones.plans import Plans
from pace_site.look.words import british_date, weeks


@dataclass(frozen=True)
class CareNow:
    """The facts at the head of a child's page; empty where nothing is recorded."""

    is_looked_after: bool
    looked_after: str
    living: str
    short_break: str
    legal: list[str]
    plan: str
    plan_since: str
    earlier_plans: list[str]
    workers: list[str]


def care_on(child: Child, day: date) -> CareNow:
    """Return how `child` lives on `day`; its episodes, placements, bases and allocations are read (five queries)."""

    def in_force(rows):
        return [row for row in rows if row.start <= day and (row.end is None or row.end > day)]

    episodes = sorted(child.episodes.standing(), key=lambda row: row.start)
    placements = in_force(child.placements.standing().select_related("placement_type").order_by("start", "pk"))
    lasting = [row for row in placements if not row.short_break]
    breaks = [row for row in placements if row.short_break]
    bases = in_force(child.legal_bases.standing().select_related("measure").order_by("start", "pk"))
    open_now = in_force(episodes)
    plans = Plans([child])
    plan = plans.on(child, day)
    return CareNow(
        is_looked_after=bool(open_now),
        looked_after=f"since {british_date(open_now[-1].start)}" if open_now else _not_looked_after(episodes, day),
        living=_since(lasting[-1].placement_type, lasting[-1].start, day) if lasting and open_now else "",
        short_break=_since(breaks[-1].placement_type, breaks[-1].start, day) if breaks else "",
        legal=[f"{row.measure}, since {british_date(row.start)}" for row in bases],
        plan=_plan_in_words(plan) if plan else "",
        plan_since=british_date(plan.happened_on) if plan else "",
        earlier_plans=[
            f"{row.get_route_display()} ({british_date(row.happened_on)})"
            for row in plans.of(child)
            if plan is not None and row.happened_on <= plan.happened_on and row.route != plan.route
        ],
        workers=[str(row.user) for row in _allocated(child, day)],
    )


def _allocated(child: Child, day: date):
    rows = child.allocations.filter(start__lte=day).select_related("user").order_by("start", "pk")
    return [row for row in rows if row.end is None or row.end >= day]


def _not_looked_after(episodes, day: date) -> str:
    ended = [row for row in episodes if row.end and row.end <= day]
    return f"no, until {british_date(ended[-1].end)}" if ended else "no"


def _since(what, start: date, day: date) -> str:
    return f"{what}, since {british_date(start)} ({weeks((day - start).days)})"


def _plan_in_words(plan: Milestone) -> str:
    also = f", with {plan.get_concurrent_route_display()} planned at the same time" if plan.concurrent_route else ""
    return f"{plan.get_route_display()}{also}"
