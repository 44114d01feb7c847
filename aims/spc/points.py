"""Points as people wrote them: which are there, and how each compares with another, exactly.

39.6 and 40.2 have the median 39.9, though not in binary. Numbers that are close are therefore compared by the decimals
in which they were written; those that are not need no such care, which keeps long series quick.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import inf, isnan, lcm
from numbers import Integral, Rational, Real
from typing import Any

# Relative distance below which two numbers are compared by their decimals; far above the error of a float.
CLOSE = 1e-9
# Beyond this, squares and sums of numbers pass what a float can hold.
TOO_LARGE = 1e150


def present(values: Sequence[Any]) -> tuple[list[int], list[Any]]:
    """The places and numbers that are there, None and NaN being missing; raise `ValueError` for what is no number.

    Whole numbers and floats come back as such; if there are decimals or fractions among them, all become fractions.
    """
    places, numbers, plain_types = [], [], True
    for place, value in enumerate(values):
        if value is None or (type(value) is float and value != value):
            continue
        # Most are of these two types, and to ask any other what it is takes time.
        if type(value) not in (float, int):
            if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
                raise ValueError(f"Point {place + 1} is not a number: {value!r}.")
            if isnan(value):
                continue
            if isinstance(value, (Fraction, Decimal)):
                plain_types = False
            else:
                value = int(value) if isinstance(value, Integral) else float(value)
        if not -TOO_LARGE < value < TOO_LARGE:
            raise ValueError(f"Point {place + 1} is {'too large to chart' if abs(value) < inf else 'not finite'}.")
        places.append(place)
        numbers.append(value)
    return places, numbers if plain_types else [exactly(number) for number in numbers]


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
    margin = CLOSE * abs(near)
    low, high = near - margin, near + margin
    found = [1 if number > high else -1 if number < low else 0 for number in numbers]
    if 0 in found:
        exact_line, decided = exactly(line), {}
        for at, side in enumerate(found):
            if side:
                continue
            number = numbers[at]
            if number not in decided:
                exact = exactly(number)
                decided[number] = (exact > exact_line) - (exact < exact_line)
            found[at] = decided[number]
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
        """Scale `numbers`: whole numbers and floats, or fractions among them."""
        distinct = set(numbers)
        decimals = {number: written for number in distinct if (written := _decimal(number)) is not None}
        if len(decimals) == len(distinct):
            places = max(0, *(after for _digits, after in decimals.values()))
            wholes = {number: digits * 10 ** (places - after) for number, (digits, after) in decimals.items()}
            return cls([wholes[number] for number in numbers], 10**places)
        ratios = {number: exactly(number).as_integer_ratio() for number in distinct}
        unit = lcm(*{denominator for _numerator, denominator in ratios.values()})
        wholes = {number: over * (unit // under) for number, (over, under) in ratios.items()}
        return cls([wholes[number] for number in numbers], unit)

    def total(self) -> Fraction:
        """The exact sum."""
        return Fraction(sum(self.wholes), self.unit)

    def mean(self) -> Fraction:
        """The exact mean."""
        return self.total() / len(self.wholes)


def _decimal(value: Any) -> tuple[int, int] | None:
    """The digits of a number, and how many of them follow the point; None for one that is not written so."""
    if type(value) is int:
        return value, 0
    if type(value) is not float:
        return None
    digits, _e, exponent = repr(value).partition("e")
    whole, _point, after = digits.partition(".")
    return int(whole + after), len(after) - int(exponent or 0)
