"""The glossary as data: one table of words for the help page, the pop-ups, the search and the documents."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.text import slugify

FILE = Path(__file__).parent / "glossary.yaml"


@dataclass(frozen=True)
class Term:
    """One word, what it means on these pages, and other names by which people look for it."""

    word: str
    says: str
    also: str = ""

    @property
    def slug(self) -> str:
        return slugify(self.word)


@lru_cache(maxsize=1)
def glossary() -> dict[str, Term]:
    """The terms by slug, in the order of the alphabet."""
    import yaml  # a start reads the tags, and with them this file

    terms = [Term(**row) for row in yaml.safe_load(FILE.read_text(encoding="utf-8"))]
    return {term.slug: term for term in sorted(terms, key=lambda term: term.word.casefold())}
