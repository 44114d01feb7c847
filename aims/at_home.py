"""Children at home on a supervision order now, by how long without a break: the ageing list of national aim 1.

The lines are 24 months, and 18 as an early warning (`domain.md` 2.2 and 4.9).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from django.db.models import QuerySet

from children.models import Child
from milestones.catalogue import label_of, outcome_label
from milestones.clocks.day_arrays import add_months
from milestones.clocks.days import OPEN
from milestones.clocks.limits import from_day
from milestones.journeys import Journeys, load_journeys
from pace_site.look.words import children as children_in_words
from pace_site.look.words import count_of

LOOKED_AT = ("AT_HOME_AUDIT", "PLAN_REVIEW_2Y")
WARNING_MONTHS, LINE_MONTHS = 18, 24
DAYS_OF_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Band:
    """A stretch of the ageing list."""

    key: str
    label: str


UNDER_18 = Band("under-18", "Under 18 months")
FROM_18 = Band("18-to-24", "18 to 24 months")
OVER_24 = Band("over-24", "Over 24 months")
BANDS = {band.key: band for band in (OVER_24, FROM_18, UNDER_18)}


@dataclass(frozen=True)
class LookedAt:
    """The latest audit or two-year review of a plan at home."""

    on: date
    kind: str
    outcome: str
    in_this_time: bool

    @property
    def in_words(self) -> str:
        return f"{label_of(self.kind)}{f': {outcome_label(self.outcome).lower()}' if self.outcome else ''}"


@dataclass(frozen=True)
class AtHome:
    """One child at home on an order on a day. `months` run by the calendar; `order_days` count every order so far."""

    child_id: int
    code: str
    start: date
    months: float
    line: date
    band: Band
    order_days: int
    looked_at: LookedAt | None

    @property
    def length(self) -> str:
        """The unbroken time at home: "2 years 3 months"."""
        years, months = divmod(int(self.months), 12)
        parts = [count_of(years, "year", "years")] if years else []
        if months or not years:
            parts.append(count_of(months, "month", "months"))
        return " ".join(parts)

    @property
    def order_months(self) -> str:
        return f"{self.order_days / DAYS_OF_A_MONTH:.1f} months"

    @property
    def was_looked_at(self) -> bool:
        """Whether an audit or review was held in this time at home."""
        return self.looked_at is not None and self.looked_at.in_this_time


def at_home_ages(children: QuerySet[Child], *, as_at: date) -> list[AtHome]:
    """The children at home on an order on a day, longest first; five queries."""
    return ages_of(load_journeys(children, as_at, kinds=LOOKED_AT))


def ages_of(journeys: Journeys) -> list[AtHome]:
    spells = journeys.at_home_spells
    running = spells[(spells["exit"] == OPEN).to_numpy()].drop_duplicates("child")
    child, start = running["child"].to_numpy(), running["start"].to_numpy()
    warning, line = add_months(start, WARNING_MONTHS), add_months(start, LINE_MONTHS)
    today = journeys.today
    orders, looked_at = _order_days(journeys), _latest_looked_at(journeys)
    codes, keys = journeys.children["code"].to_numpy(), journeys.children["id"].to_numpy()
    rows = []
    for row, begun, early, late in zip(child.tolist(), start.tolist(), warning.tolist(), line.tolist(), strict=True):
        found = looked_at.get(row)
        rows.append(
            AtHome(
                child_id=int(keys[row]),
                code=codes[row],
                start=from_day(begun),
                months=_months_between(begun, today),
                line=from_day(late),
                band=OVER_24 if today > late else FROM_18 if today >= early else UNDER_18,
                order_days=orders.get(row, 0),
                looked_at=found and LookedAt(from_day(found[0]), found[1], found[2], found[0] >= begun),
            )
        )
    return sorted(rows, key=lambda each: (each.start, each.code))


def headline(rows: Iterable[AtHome]) -> str:
    """What a Champions' Group should not miss."""
    rows = list(rows)
    over = [row for row in rows if row.band is OVER_24]
    near = sum(row.band is FROM_18 for row in rows)
    if not rows:
        return "No child is at home on a supervision order"
    if not over and not near:
        return f"{children_in_words(len(rows))} at home on a supervision order, none for 18 months or more"
    if not over:
        return f"Nobody has been at home on a supervision order for over 24 months; {near} for 18 months or more"
    verb = "has" if len(over) == 1 else "have"
    said = f"{children_in_words(len(over))} {verb} been at home on a supervision order for over 24 months"
    return f"{said}; {near} more for 18 months or longer" if near else said


def chart_in_words(rows: Iterable[AtHome]) -> str:
    """The bars of `rows`, which come longest first, for whoever does not see them; empty without any."""
    rows = list(rows)
    if not rows:
        return ""
    counts = {band.label.lower(): sum(row.band is band for row in rows) for band in BANDS.values()}
    bands = ", ".join(f"{label}: {count}" for label, count in counts.items() if count)
    whose = f"months at home of {children_in_words(len(rows))}"
    return f"Bar chart, longest first: {whose}; {bands}. The longest: {rows[0].length}."


def not_looked_at(rows: Iterable[AtHome]) -> str:
    """How many over the line had neither audit nor review in this time; empty without anybody over it."""
    over = [row for row in rows if row.band is OVER_24]
    if not over:
        return ""
    missing = sum(not row.was_looked_at for row in over)
    if not missing:
        return "Every one of those over 24 months has had an audit or a two-year review in this time at home."
    verb = "has" if missing == 1 else "have"
    return f"{missing} of the {len(over)} over 24 months {verb} had no audit or two-year review in this time at home."


def _months_between(start: int, today: int) -> float:
    """Calendar months, with the part of the last one: 18.0 on the day on which 18 months are reached."""
    first = np.array([start])
    whole = max(int((today - start) // 31) - 1, 0)
    while int(add_months(first, whole + 1)[0]) <= today:
        whole += 1
    since, until = int(add_months(first, whole)[0]), int(add_months(first, whole + 1)[0])
    return whole + (today - since) / (until - since)


def _order_days(journeys: Journeys) -> dict[int, int]:
    """Days under a supervision order so far, of each child.

    A day under two orders counts once, and an order that follows another within one day continues it.
    """
    spells = journeys.supervision_spells
    days: dict[int, int] = {}
    reached: dict[int, int] = {}
    for child, start, end in zip(
        spells["child"].tolist(), spells["start"].tolist(), spells["exit"].tolist(), strict=True
    ):
        until, last = min(end, journeys.today), reached.get(child)
        begun = last if last is not None and start <= last + 1 else start
        days[child] = days.get(child, 0) + max(until - begun, 0)
        reached[child] = until if last is None else max(until, last)
    return days


def _latest_looked_at(journeys: Journeys) -> dict[int, tuple[int, str, str]]:
    """Day, kind and outcome of each child's latest audit or review; of two on one day the later recorded."""
    events: pd.DataFrame = journeys.exact_events_of(LOOKED_AT)
    ordered = events.iloc[np.lexsort((events["order"], events["day"]))]
    columns = (ordered[name].tolist() for name in ("child", "day", "kind", "outcome"))
    return {child: (day, kind, outcome) for child, day, kind, outcome in zip(*columns, strict=True)}
