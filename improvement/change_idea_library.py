"""The shipped library of change ideas that local programmes have tried (`domain.md` 6.9), as data."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

LIBRARY = Path(__file__).parent / "library" / "change_ideas.yaml"


@dataclass(frozen=True)
class LibraryIdea:
    """One idea as it is shipped; `national_aim` is 1 to 4, or None where it serves them all."""

    key: str
    title: str
    description: str
    source: str
    national_aim: int | None = None


@cache
def library_ideas() -> dict[str, LibraryIdea]:
    """The shipped ideas by key, in the file's order."""
    with LIBRARY.open(encoding="utf-8") as file:
        ideas = [LibraryIdea(**item) for item in yaml.safe_load(file)]
    return {idea.key: idea for idea in ideas}
