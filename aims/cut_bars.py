"""Where bars of waits are cut, so that one long wait does not press every dot beside it flat onto the axis.

Dots and bars stay on one scale (`domain.md` 5.1): the axis ends, and a bar that goes beyond it bears its weeks as a
number.
"""

import math
from collections.abc import Sequence

from aims.outcomes import Outcome
from aims.plain_figure import in_weeks

TIMES_LONGER = 3  # than the highest dot or limit, and nothing else can be read any more
ROOM_ABOVE = 1.5  # of the highest dot or limit


def axis_top(dots: Sequence[Outcome], bars: Sequence[Outcome]) -> int | None:
    """The weeks at which the axis ends; None where no bar is so long, or no dot stands beside the bars."""
    return top_of(
        [in_weeks(row.days) for row in dots],
        [in_weeks(row.waited) for row in bars],
        [in_weeks((row.due - row.start).days) for row in (*dots, *bars) if row.due],
    )


def top_of(dots: Sequence[float], bars: Sequence[float], limits: Sequence[float]) -> int | None:
    """The same of weeks."""
    highest = max([*dots, *limits], default=0)
    if not dots or max(bars, default=0) <= TIMES_LONGER * highest:
        return None
    return math.ceil(ROOM_ABOVE * max(highest, 1))


def is_cut(row: Outcome, top: int | None) -> bool:
    return top is not None and in_weeks(row.waited) > top


def cut_in_words(top: int) -> str:
    return f"Bars of more than {top} weeks are cut: the number on each is its weeks."
