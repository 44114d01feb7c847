"""Points as people wrote them: which are there, and how each compares with another, exactly.

39.6 and 40.2 have the median 39.9, though not in binary. Numbers that are close are therefore compared by the decimals
in which they were written; those that are not need no such care, which keeps long series quick.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isfinite, lcm
from numbers import Rational, Real
from typing import Any

# Relative distance below which two numbers are compared by their decimals; far above the error of a float.
CLOSE = 1e-9


def present(values: Sequence[Any]) -> tuple[list[int], list[Any]]:
    """The places and numbers that are there, None and NaN being missing; raise `ValueError` for what is no number."""
    places, numbers = [], []
    for place, value in enumerate(values):
        if value is None or value != value:
            continue
        # Most are of these two types, and to ask any other what it is takes time.
        if type(value) not in (float, int) and (isinstance(value, bool) or not isinstance(value, (Real, Decimal))):
            raise ValueError(f"Point {place + 1} is not a number: {value!r}.")
        if not isfinite(value):
            raise ValueError(f"Point {place + 1} is not finite.")
        places.append(place)
        numbers.append(value)
    return places, numbers


def exactly(value: Any) -> Fraction:
    """A number as it was written: the float 0.1 is one tenth."""
    if isinstance(value, (Rational, Decimal)):
        return Fraction(value)
    return Fraction(repr(float(value)))


def middle(numbers: Sequence[Any]) -> Any:
    """The median, exact: one of the numbers, or the fraction half-way between two."""
    ordered = sorted(numbers)
    count = len(ordered)
    upper = ordered[count // 2]
    if count % 2:
        return upper
    lower = ordered[count // 2 - 1]
    return lower if lower == upper else (exactly(lower) + exactly(upper)) / 2


def sides(numbers: Sequence[Any], line: Any) -> list[int]:
    """For each number 1 above the line, -1 below it and 0 on it."""
    near = float(line)
    margin = CLOSE * (abs(near) + 1)
    exact_line = exactly(line)
    found = []
    for number in numbers:
        distance = float(number) - near
        if distance > margin:
            found.append(1)
        elif distance < -margin:
            found.append(-1)
        else:
            exact = exactly(number)
            found.append((exact > exact_line) - (exact < exact_line))
    return found


def plain(number: Any) -> Any:
    """A number to show: whole ones and those as given stay, a fraction becomes the nearest float."""
    if type(number) is not Fraction:
        return number
    return int(number) if number.denominator == 1 else float(number)


@dataclass(frozen=True)
class Scaled:
    """Numbers as they were written, as whole numbers of one small unit: exact, and quick to add and compare."""

    wholes: list[int]
    unit: int  # how many of the small unit make one

    @classmethod
    def of(cls, numbers: Sequence[Any]) -> "Scaled":
        decimals = [_decimal(number) for number in numbers]
        if None not in decimals:
            places = max(after for _digits, after in decimals)
            power = [10**after for after in range(places + 1)]
            return cls([digits * power[places - after] for digits, after in decimals], power[places])
        ratios = [exactly(number).as_integer_ratio() for number in numbers]
        unit = lcm(*{denominator for _numerator, denominator in ratios})
        return cls([numerator * (unit // denominator) for numerator, denominator in ratios], unit)

    def mean(self, count: int | None = None) -> Fraction:
        """The exact mean of the first `count`, or of all."""
        own = self.wholes[:count]
        return Fraction(sum(own), len(own) * self.unit)


def _decimal(value: Any) -> tuple[int, int] | None:
    """The digits of a number, and how many of them follow the point; None for one that is not written so."""
    if type(value) is int:
        return value, 0
    if type(value) is float:
        whole, point, after = repr(value).partition(".")
        if point and "e" not in after:
            return int(whole + after), len(after)
    return None
