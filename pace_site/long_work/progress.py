"""How far a piece of work is, said by whoever carries it out."""


class Progress:
    """Told at the beginning how many steps there are, and then of each as it begins. This one keeps nothing."""

    def expect(self, steps: int) -> None:
        """Say how many steps there are in all."""

    def step(self, doing: str) -> None:
        """Begin the next step; `doing` says in a few words what it is."""


UNWATCHED = Progress()
