"""What the files of an extract are called where somebody brought a spreadsheet that has none of them."""

from django import template

from milestones.extract.run_models import ImportRun
from milestones.sheets.fields import SHEET_LABELS

register = template.Library()


@register.filter
def file_of(name: str, run: ImportRun) -> str:
    """The name of a file of an extract as it was sent; of a spreadsheet what its rows are."""
    return name if run.mapping is None else SHEET_LABELS.get(name, name).partition(",")[0]
