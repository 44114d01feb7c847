"""What the files of an extract are called where somebody brought a spreadsheet that has none of them."""

from typing import TYPE_CHECKING

from django import template

if TYPE_CHECKING:
    from milestones.extract.run_models import ImportRun

register = template.Library()


@register.filter
def file_of(name: str, run: "ImportRun") -> str:
    """The name of a file of an extract as it was sent; of a spreadsheet what its rows are."""
    from milestones.sheets.fields import SHEET_LABELS  # sheets bring libraries that no other page needs

    return name if run.mapping is None else SHEET_LABELS.get(name, name).partition(",")[0]
