"""Children by name as PDF, exported as PDF/UA-1; who took it and when lies across every page and stands over it."""

from datetime import date
from pathlib import Path

from aims.reports.columns import Value
from pace_site.front.identified.asking import KEEPING
from pace_site.front.identified.mark import MARKING, Mark
from pace_site.front.identified.named_list import NamedList
from pace_site.look.typesetting import typeset
from pace_site.look.words import british_date

TEMPLATE = Path(__file__).parent / "typst" / "by_name.typ"


def pdf_file(listed: NamedList, *, mark: Mark, purpose: str, reason: str) -> bytes:
    """Typeset the list."""
    return typeset(
        TEMPLATE,
        {
            "title": listed.title,
            "marking": MARKING,
            "line": mark.line,
            "number": mark.numbered,
            "across": [MARKING, mark.name, mark.email, f"{mark.when}. {mark.numbered}"],
            "author": f"{mark.name}, {mark.email}",
            "facts": [*listed.facts, ("Purpose", purpose), ("Reason given", reason)],
            "keeping": KEEPING,
            "headings": [column.heading for column in listed.columns],
            "widths": [column.width for column in listed.columns],
            "rows": [[_cell(value) for value in row] for row in listed.rows],
        },
    )


def _cell(value: Value) -> str:
    if value is None:
        return ""
    return british_date(value) if isinstance(value, date) else str(value)
