"""How dates, weeks, percentages and counts are written for people; pages, charts and exports share it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.timezone import localtime


def british_date(day: date | None) -> str:
    """14 May 2027; "not recorded" for none."""
    return "not recorded" if day is None else f"{day.day} {day:%B %Y}"


def british_moment(moment: datetime) -> str:
    """14 May 2027 at 09:05, by the clock on the wall here."""
    here = localtime(moment)
    return f"{british_date(here.date())} at {here:%H:%M}"


def day_or_text(text: str) -> str:
    """14 May 2027 for 2027-05-14, as the audit trail keeps days; any other text as it is."""
    try:
        return british_date(date.fromisoformat(text)) if text[4:5] == text[7:8] == "-" else text
    except ValueError:
        return text


def lower_first(words: str) -> str:
    """Words as they stand inside a sentence: the first letter small."""
    return words[:1].lower() + words[1:]


def weeks(days: int | None) -> str:
    """Days as weeks to one decimal, half up: 211 days are "30.1 weeks"."""
    if days is None:
        return "no data"
    return f"{weeks_number(days)} weeks"


def weeks_number(days: int) -> Decimal:
    """Days as a number of weeks to one decimal, half up."""
    return (Decimal(days) / 7).quantize(Decimal("0.1"), ROUND_HALF_UP)


def percent(percentage: Fraction | Decimal | int | None) -> str:
    """A percentage (0 to 100) as a whole number, half up: "95 %"; "no data" for none."""
    if percentage is None:
        return "no data"
    exact = Fraction(percentage)
    return f"{(2 * exact.numerator + exact.denominator) // (2 * exact.denominator)} %"


def count_of(count: int, one: str, many: str) -> str:
    """1 child, 4 children, 1,204 children."""
    return f"{count:,} {one if count == 1 else many}"


def listed(parts: Sequence[str]) -> str:
    """Ann, Bob and Cara."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def children(count: int) -> str:
    return count_of(count, "child", "children")


def closed_children(count: int) -> str:
    """1 child whose record is restricted: all that is said of whom a person may not open."""
    return count_of(count, "child whose record is restricted", "children whose records are restricted")


def days_left(due: date, as_at: date) -> str:
    """How long is left, or by how much it is over, in words."""
    left = (due - as_at).days
    if left == 0:
        return "due today"
    if left > 0:
        return f"{count_of(left, 'day', 'days')} left"
    return f"{count_of(-left, 'day', 'days')} over"
