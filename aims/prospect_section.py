"""The section of an aim's page about whether the aim can still be made, and by which children."""

from collections.abc import Collection
from dataclasses import dataclass

from aims.compliance import Compliance
from aims.decision_words import beside_target, expected_words, prospect_heading, unseen_words, which_must
from aims.prospect import DRAWS, Candidate, Prospect, prospect

MOST_CANDIDATES = 50


@dataclass(frozen=True)
class ProspectSection:
    """The section about what the aim can still become; `candidates` is empty where children may not be listed."""

    found: Prospect
    candidates: tuple[Candidate, ...]
    closed: int = 0  # of records that the person may not open

    @property
    def heading(self) -> str:
        return prospect_heading(self.found)

    @property
    def which(self) -> str:
        return which_must(self.found)

    @property
    def worst(self) -> str:
        return beside_target(self.found.worst, self.found.target)

    @property
    def best(self) -> str:
        return beside_target(self.found.best, self.found.target)

    @property
    def expected(self) -> str:
        return expected_words(self.found)

    @property
    def caution(self) -> str:
        return unseen_words(self.found)

    @property
    def waiting(self) -> int:
        return len(self.found.candidates)

    @property
    def due_later(self) -> int:
        """How many cannot be late on the by-date."""
        return sum(not candidate.fails_undecided for candidate in self.found.candidates)

    @property
    def draws(self) -> int:
        return DRAWS


def prospect_section(figures: Compliance, *, linked: bool, closed: Collection[int]) -> ProspectSection | None:
    """The section; None without a limit or a by-date, once that day is reached, and where no clock is counted.

    The children that decide it are listed where `linked`, but for those of `closed` records (keys of children).
    """
    found = prospect(figures)
    if found is None or not figures.outcomes.clock_count:
        return None
    shown = [each for each in found.candidates if each.row.child_id not in closed] if linked else []
    return ProspectSection(found, tuple(shown[:MOST_CANDIDATES]), closed=len(found.candidates) - len(shown))
