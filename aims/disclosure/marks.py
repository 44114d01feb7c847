"""What stands in a cell for a count that is not shown, and what a reader knows of the count by it."""

from enum import Enum

SMALLEST_SHOWN = 5
UNBOUNDED = 10**9
SMALL_RANGE = (1, SMALLEST_SHOWN - 1)


class Mark(Enum):
    """`SMALL` says that the count is 1 to 4. `HIDDEN` says that there is some, as nothing but a zero shows as zero."""

    SHOWN = "shown"
    SMALL = "<5"
    HIDDEN = "hidden"

    def known(self, count: int) -> tuple[int, int]:
        """The least and the greatest count that a reader of the mark alone must think possible."""
        if self is Mark.SHOWN:
            return count, count
        return SMALL_RANGE if self is Mark.SMALL else (1, UNBOUNDED)

    def guessed(self, count: int) -> tuple[int, int]:
        """The same, of a reader who guesses that what is hidden is five or more, and when they err is told so."""
        if self is Mark.SHOWN:
            return count, count
        return SMALL_RANGE if is_small(count) else (SMALLEST_SHOWN, UNBOUNDED)


SHOWN, SMALL, HIDDEN = Mark.SHOWN, Mark.SMALL, Mark.HIDDEN


def is_small(count: int) -> bool:
    """Whether a count is so small that it might tell of a child; that there is none may be told."""
    return 0 < count < SMALLEST_SHOWN
