"""What an address or a button carries, which anybody may write: whole numbers, and the keys of rows."""

from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
# No key, edition or rule has more figures, and no database takes a number of many more.
MOST_FIGURES = 18


def whole_number(text: str) -> int | None:
    """The whole number that stands there in plain figures; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_FIGURES else None


def row_asked(rows: QuerySet[Row], key: str) -> Row | None:
    """The one of these rows that has this key; None where there is none, or no key is written."""
    number = whole_number(key)
    return None if number is None else rows.filter(pk=number).first()
