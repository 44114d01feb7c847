"""Where something stands in a file of improvement work, in words: "test 1, cycle 2, objective"."""

from collections.abc import Iterator
from typing import Any

ONE_OF = {
    "primary": "primary driver",
    "secondary": "secondary driver",
    "data_items": "thing to collect",
    "agenda": "agenda item",
}


def within(place: str, name: str) -> str:
    return f"{place}, {name}" if place else name


def one_of_many(place: str, number: int) -> str:
    """The place of one of a list: "test 1, cycle 2" of "test 1, cycles"."""
    around, _comma, name = place.rpartition(", ")
    return within(around, f"{ONE_OF.get(name, name.removesuffix('s'))} {number}")


def values_of(document: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every plain value of a document with its place, in the order of the file."""
    if isinstance(document, dict):
        for name, each in document.items():
            yield from values_of(each, within(place, name))
    elif isinstance(document, list):
        for number, each in enumerate(document, 1):
            yield from values_of(each, one_of_many(place, number))
    else:
        yield place, document
