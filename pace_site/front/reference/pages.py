"""Which pages are made from the code, where they lie, and how each is made."""

from collections.abc import Callable
from pathlib import Path

from pace_site.front.reference.aim_definitions import aim_definitions_page
from pace_site.front.reference.data_dictionary import data_dictionary_page
from pace_site.front.reference.decisions import decisions_page
from pace_site.front.reference.milestone_kinds import milestone_kinds_page
from pace_site.front.reference.quality_rules import quality_rules_page

PAGES: dict[str, Callable[[], str]] = {
    "adr/index.md": decisions_page,
    "reference/aims.md": aim_definitions_page,
    "reference/data-dictionary.md": data_dictionary_page,
    "reference/data-quality-rules.md": quality_rules_page,
    "reference/milestone-kinds.md": milestone_kinds_page,
}


def write_pages(docs: Path) -> None:
    """Write every page under the folder `docs`; raise `OSError` where it cannot be written."""
    for name, page in PAGES.items():
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text(page(), encoding="utf-8")
