"""Placement histories of many children, one row each, on one axis: of the calendar, or from accommodation. Pure.

Aligned to accommodation a row begins on the first day of the child's latest time away from home, as the clocks see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pace_site.front.timelines.axis import SHORTEST, Axis
from pace_site.front.timelines.drawing import Block, block
from pace_site.front.timelines.story import Bar, Story
from pace_site.look.words import british_date, count_of, weeks

ROW = 20
NEVER_AWAY = "Never accommodated away from home"
NOTHING = "No placement is recorded"


class Align(StrEnum):
    ACCOMMODATION = "accommodation"
    CALENDAR = "calendar"


@dataclass(frozen=True)
class History:
    """One row: a child's placements, or why there is nothing to draw."""

    code: str
    blocks: tuple[Block, ...]
    words: str
    told: tuple[str, ...]


def calendar_axis(stories: Sequence[Story], as_at: date) -> Axis:
    starts = [bar.start for story in stories for bar in (*story.stays, *story.breaks)]
    return Axis.of_dates(min(starts, default=as_at - timedelta(days=SHORTEST)), as_at)


def accommodation_axis(stories: Sequence[Story], begun: Sequence[date | None]) -> Axis:
    """Days from the first day of accommodation to the longest that any of these children has been followed."""
    followed = [
        (bar.until - start).days
        for story, start in zip(stories, begun, strict=True)
        if start
        for bar in (*story.stays, *story.breaks)
    ]
    return Axis(0, max([SHORTEST, *followed]))


def history_of(code: str, story: Story, axis: Axis, *, begun: date | None, align: Align) -> History:
    """The row of one child; `begun` is when its latest time away from home began."""
    bars = sorted((*story.stays, *story.gaps, *story.breaks), key=lambda bar: bar.start)
    if not story.stays and not story.breaks:
        return History(code, (), NOTHING, ())
    if align is Align.CALENDAR:
        blocks = tuple(_row_block(bar, story, axis, zero=0) for bar in bars)
        return History(code, blocks, how_many(story.stays), tuple(bar.told for bar in bars))
    if begun is None:
        return History(code, (), NEVER_AWAY, tuple(bar.told for bar in bars))
    since = [bar for bar in bars if bar.until > begun or bar.start >= begun]
    stays = [bar for bar in story.stays if bar in since]
    until = max((bar.until for bar in stays), default=begun)
    return History(
        code,
        tuple(_row_block(bar, story, axis, zero=begun.toordinal()) for bar in since),
        f"{how_many(stays)} in {weeks((until - begun).days)} since {british_date(begun)}",
        tuple(bar.told for bar in since),
    )


def _row_block(bar: Bar, story: Story, axis: Axis, *, zero: int) -> Block:
    """A bar along the row, a short break as a thin line under it; nothing before the first day of the axis."""
    start = max(axis.first, bar.start.toordinal() - zero)
    end = bar.until.toordinal() - zero
    top, height = (ROW - 5, 4) if bar in story.breaks else (2, ROW - 8)
    return block(bar, axis, start=start, end=end, top=top, height=height)


def how_many(stays: Sequence[Bar]) -> str:
    return count_of(len(stays), "placement", "placements")
