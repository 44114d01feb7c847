"""How far a piece of work is, said by whoever carries it out."""

from collections.abc import Iterator
from contextlib import contextmanager


class Progress:
    """Told at the beginning how many steps there are, and then of each as it begins. This one keeps nothing."""

    def expect(self, steps: int) -> None:
        """Say how many steps there are in all."""

    def step(self, doing: str) -> None:
        """Begin the next step; `doing` says in a few words what it is."""

    @contextmanager
    def aside(self) -> Iterator["Progress"]:
        """Steps of work that is done in one transaction, told so that others see them before it is over."""
        yield self


UNWATCHED = Progress()
