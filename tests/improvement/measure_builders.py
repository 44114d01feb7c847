"""Say what a measure is, type its values and judge it."""

from datetime import date
from decimal import Decimal

from aims.counted import counted_children
from improvement.actions.measures import months_before, type_value
from improvement.measured.plan import judge_measures

TODAY = date(2026, 11, 21)
SHARE = {
    "name": "Parents who were asked",
    "definition": "Of the parents of children reviewed in the month, those who were asked",
    "numerator": "Parents asked",
    "denominator": "Parents of children reviewed",
}
MARCH = date(2026, 3, 1)


def typed(measure, month, numerator, denominator, *, by, **more):
    numbers = {"numerator": Decimal(numerator), "denominator": Decimal(denominator)}
    return type_value(measure, month, **numbers, by=by, today=TODAY, **more)


def judged(measure, *, by, as_at=TODAY, remarks=None):
    return judge_measures([measure], counted=counted_children(by), as_at=as_at, remarks=remarks)[0]


def type_months(measure, shares, *, by, first=date(2024, 1, 1)):
    """Months in a row, each of ten; None leaves one out."""
    for place, share in enumerate(shares):
        if share is not None:
            typed(measure, months_before(first, -place), share, 10, by=by)
