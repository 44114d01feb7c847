"""Hypothesis strategies over `tests.naive.inventions`.

What is invented comes from a seed and only what is left out from hypothesis: left to itself it offers mostly nothing,
or the same thing again, for which every rule is true. A failure still comes down to the few rows that matter.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

from hypothesis import strategies as st

from aims.definition import AimDefinition
from tests.naive.histories import ChildHistory
from tests.naive.inventions import invent_case

seeds = st.integers(0, 2**32 - 1)


# One byte for each row says whether it stays: all but a few do, and none in the simplest example.
MOST_ROWS = 256
LEFT_OUT = 5


@st.composite
def cases(draw) -> tuple[AimDefinition, list[ChildHistory], date]:
    """An aim, up to a dozen children with refs of their own, and a day to measure as at.

    Two draws and no more: hypothesis repeats parts of an example in the next, and so spends its examples on a few
    seeds, wherever it sees several parts of one kind.
    """
    aim, children, as_at = invent_case(Random(draw(seeds)))
    say = iter(draw(st.binary(min_size=MOST_ROWS, max_size=MOST_ROWS)))
    fewer = [fewer_rows(child, say) for child in children]
    return aim, [child for child in fewer if child != ChildHistory(child.ref, child.family, child.born)], as_at


def fewer_rows(child: ChildHistory, say: Iterator[int]) -> ChildHistory:
    """The child without the rows that are to be left out."""
    kept = {
        name: tuple(row for row in getattr(child, name) if next(say) >= LEFT_OUT)
        for name in ("episodes", "placements", "legal", "events")
    }
    return replace(child, **kept)
