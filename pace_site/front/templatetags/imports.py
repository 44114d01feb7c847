"""How an import speaks to somebody who brought a spreadsheet: not in files of an extract, nor in dates of a machine."""

from typing import TYPE_CHECKING

from django import template
from django.utils.dateparse import parse_date

from pace_site.look.words import british_date

if TYPE_CHECKING:
    from milestones.extract.run_models import ImportRun

register = template.Library()


@register.filter
def file_of(name: str, run: "ImportRun") -> str:
    """The name of a file of an extract as it was sent; of a spreadsheet what its rows are."""
    from milestones.sheets.fields import SHEET_LABELS  # sheets bring libraries that no other page needs

    return name if run.mapping is None else SHEET_LABELS.get(name, name).partition(",")[0]


@register.filter
def as_it_stands(value: str, run: "ImportRun") -> str:
    """What stands in a cell; a real date of a spreadsheet, which is kept as 2025-11-20, as people write it."""
    try:
        day = parse_date(value) if run.mapping is not None else None
    except ValueError:
        day = None
    return british_date(day) if day else value
