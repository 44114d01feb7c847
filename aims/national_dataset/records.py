"""One row of the national dataset, and what its cells must say of each other."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from datetime import date

from aims.national_dataset.columns import DATES, UNDER_ONE
from milestones.clocks.spells import AGE_18
from milestones.extract.cells import Unacceptable, day_in_words


@dataclass(frozen=True)
class ClockRecord:
    """One accommodation clock as the dataset tells it; the names are those of the columns."""

    child: str
    spell: int
    age_band: str
    first_accommodated: date | None
    last_accommodated: date | None
    exit_reason: str
    left_after_limit: bool | None
    still_looked_after: bool
    recommended_on: date | None
    recommended_route: str
    adm_on: date | None
    adm_outcome: str
    lodged_on: date | None

    @property
    def key(self) -> tuple[str, int]:
        return self.child, self.spell

    def cells(self) -> list[str]:
        return [_text(value) for value in astuple(self)]

    def faults(self, *, month_end: date) -> Iterator[Unacceptable]:
        """Everything in which the cells of the row do not fit each other or the month."""
        for name in DATES:
            day = getattr(self, name)
            if day is not None and day > month_end:
                yield _fault(name, "future", f"this is after the end of the month, {day_in_words(month_end)}")
        yield from self._end()
        yield from self._decisions()

    def _end(self) -> Iterator[Unacceptable]:
        at_18 = self.exit_reason == AGE_18
        first, last = self.first_accommodated, self.last_accommodated
        if at_18 and last is not None:
            yield _fault("last_accommodated", "birthday", "this would tell a birthday and must be empty for AGE_18")
        elif self.exit_reason and not at_18 and last is None:
            yield _fault("last_accommodated", "missing", "the spell has an exit_reason, and its last day is missing")
        elif last is not None and not self.exit_reason:
            yield _fault("exit_reason", "missing", "the spell has a last day, and why it ended is missing")
        if first and last and last < first:
            yield _fault("last_accommodated", "order", "this is before first_accommodated")
        if at_18 and first is not None and self.left_after_limit is None:
            yield _fault("left_after_limit", "missing", "this must be 0 or 1 where exit_reason is AGE_18")
        if self.left_after_limit is not None and not (at_18 and first is not None):
            yield _fault("left_after_limit", "only-at-18", "this must be empty unless exit_reason is AGE_18")
        if not self.exit_reason and not self.still_looked_after:
            yield _fault("still_looked_after", "order", "the spell goes on, so this must be 1")

    def _decisions(self) -> Iterator[Unacceptable]:
        first, last = self.first_accommodated, self.last_accommodated
        early = first and self.recommended_on and self.recommended_on < first
        if early and self.age_band != UNDER_ONE:
            yield _fault(
                "recommended_on", "order", f"this is before first_accommodated, and age_band not “{UNDER_ONE}”"
            )
        for name in ("adm_on", "lodged_on"):
            day = getattr(self, name)
            if first and day and day < first:
                yield _fault(name, "order", "this is before first_accommodated")
        for name in ("recommended_on", "adm_on", "lodged_on"):
            day = getattr(self, name)
            if last and day and day > last:
                yield _fault(name, "order", "this is after last_accommodated")
        if self.recommended_route and self.recommended_on is None:
            yield _fault("recommended_route", "missing", "there is a route, and recommended_on is empty")
        if (self.adm_on is None) != (self.adm_outcome == ""):
            yield _fault("adm_outcome", "missing", "adm_on and adm_outcome must both be filled, or both be empty")


FIELDS = tuple(each.name for each in fields(ClockRecord))


def _fault(column: str, rule: str, message: str) -> Unacceptable:
    return Unacceptable(rule, message, column=column)


def _text(value: date | bool | int | str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)
