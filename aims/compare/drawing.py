"""The geometry of the comparison's small pictures, ready for a template to write as SVG. Pure.

Every bar of the table has one scale of percentages, and every small chart one scale of weeks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from aims.compare.comparison import Comparison, GroupFigures
from aims.findings import decided_in_order, still_waiting
from aims.outcomes import Outcome
from milestones.clocks.states import State

BAR_LEFT, BAR_LENGTH = 6, 200
CHART_TOP, CHART_BOTTOM = 10, 142
DOTS_LEFT, DOTS_RIGHT = 40, 256
TICKS_LEFT, LONG_TICK, SHORT_TICK = 276, 40, 24
MOST_DOTS = 60
WIDEST_STEP = 16
STEP_WEEKS = (1, 2, 4, 13, 26, 52, 104, 260, 520)
MOST_STEPS = 5


@dataclass(frozen=True)
class IntervalBar:
    """One interval on the scale from 0 to 100 %: places along it, None for what is not drawn."""

    point: float
    low: float
    length: float
    chance: float | None
    chance_length: float
    whole: float
    target: float | None


@dataclass(frozen=True)
class Dot:
    """One decision: its place, and whether it came late."""

    x: float
    y: float
    late: bool


@dataclass(frozen=True)
class WaitingTick:
    """One child still waiting: how high, and whether overdue."""

    y: float
    overdue: bool

    @property
    def end(self) -> int:
        return TICKS_LEFT + (LONG_TICK if self.overdue else SHORT_TICK)


@dataclass(frozen=True)
class Scale:
    """Weeks as heights, the same in every small chart."""

    top_weeks: int
    step: int

    def y(self, days: float) -> float:
        return round(CHART_BOTTOM - (CHART_BOTTOM - CHART_TOP) * days / (7 * self.top_weeks), 1)

    @property
    def marks(self) -> list[tuple[int, float]]:
        """The weeks written at the left, and where."""
        return [(week, self.y(7 * week)) for week in range(0, self.top_weeks + 1, self.step)]


@dataclass(frozen=True)
class SmallChart:
    """The decisions of one group in order, its median, the limit, and those still waiting at the right."""

    dots: tuple[Dot, ...]
    ticks: tuple[WaitingTick, ...]
    median: float | None
    limit: float | None
    left_out: int


def interval_bar(each: GroupFigures, found: Comparison) -> IntervalBar | None:
    """The bar of one group; None where nothing is due."""
    if each.interval is None or not found.has_claim:
        return None
    target = found.outcomes.definition.target_pct
    limits = each.limits
    low, high = _along(each.interval.low), _along(each.interval.high)
    chance, until = (
        (_along(limits.fewest / each.due), _along(limits.most / each.due)) if limits is not None else (None, 0.0)
    )
    return IntervalBar(
        point=_along(each.met / each.due),
        low=low,
        length=round(high - low, 1),
        chance=chance,
        chance_length=0.0 if chance is None else round(until - chance, 1),
        whole=_along(found.percentage / 100),
        target=None if target is None else _along(Fraction(target) / 100),
    )


def common_scale(groups: Sequence[GroupFigures], *, limit_days: int | None) -> Scale:
    """The scale on which the longest time of all the groups, and the limit, find room."""
    times = [limit_days or 0]
    for each in groups:
        times += [row.days for row in _drawn(each)]
        times += [row.waited for row in still_waiting(each.group.rows)]
    weeks = max(1, -(-max(times) // 7))
    step = next((step for step in STEP_WEEKS if weeks <= step * MOST_STEPS), STEP_WEEKS[-1])
    return Scale(-(-weeks // step) * step, step)


def small_chart(each: GroupFigures, scale: Scale, *, limit_days: int | None) -> SmallChart:
    """One group's chart; of many decisions the latest are drawn, and the median is that of all."""
    drawn = _drawn(each)
    step = min(WIDEST_STEP, (DOTS_RIGHT - DOTS_LEFT) / max(1, len(drawn)))
    middle = each.group.median_days
    return SmallChart(
        dots=tuple(
            Dot(round(DOTS_LEFT + step * (place + 0.5), 1), scale.y(row.days), row.state is State.MISSED)
            for place, row in enumerate(drawn)
        ),
        # Waits that would be drawn on top of one another are drawn once.
        ticks=tuple(
            dict.fromkeys(
                WaitingTick(scale.y(row.waited), row.state is State.OVERDUE) for row in still_waiting(each.group.rows)
            )
        ),
        median=None if middle is None else scale.y(middle),
        limit=None if limit_days is None else scale.y(limit_days),
        left_out=sum(row.days is not None for row in each.group.rows) - len(drawn),
    )


def _drawn(each: GroupFigures) -> list[Outcome]:
    return decided_in_order(each.group.rows)[-MOST_DOTS:]


def _along(share: float | Fraction) -> float:
    return round(float(BAR_LEFT + BAR_LENGTH * share), 1)
