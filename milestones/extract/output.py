"""Write everything recorded of some children in the five-file layout, so that an import gives the same figures.

What the layout has no column for is left out, and told in `LEFT_OUT`.
"""

import csv
from collections.abc import Callable, Iterator
from datetime import date
from io import TextIOBase
from typing import Any

from django.db.models import Model, QuerySet

from children.models import Child, Identity
from milestones.extract.cells import FORMULA, Unacceptable, Words
from milestones.extract.child_fields import FIELDS
from milestones.extract.layout import CHILDREN, EVENTS, IDENTITIES, Layout, layouts
from milestones.extract.ledgers import SHEETS
from milestones.extract.rejects import shown
from milestones.models import Milestone

ROWS_AT_A_TIME = 2_000
LEFT_OUT = (
    "episodes, placements and legal bases that were set aside as errors (milestones that were are there, with the "
    "reason)",
    "who is allocated to whom, restrictions, concurrent plans and what prompted a change of plan",
    "pseudonyms: an import gives new ones",
    "on which day each milestone was recorded or set aside: an import says the day of the extract",
)

Open = Callable[[str], TextIOBase]
Cells = dict[str, Any]


def write_extract(
    children: QuerySet[Child], *, extract_date: date, open_file: Open
) -> tuple[dict[str, int], list[str]]:
    """Write the files, each opened by `open_file(name)`; return the rows of each, and what an import would refuse.

    A text that a spreadsheet would run as a formula begins with an apostrophe.
    """
    written, refused = {}, []
    for layout in layouts(extract_date).values():
        with open_file(layout.file) as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow([column.name for column in layout.columns])
            count = 0
            for count, cells in enumerate(_rows(layout, children), start=1):
                texts = {name: _text(value) for name, value in cells.items()}
                texts |= {
                    column.name: f"'{texts[column.name]}"
                    for column in layout.columns
                    if isinstance(column.cell, Words) and FORMULA.match(texts[column.name])
                }
                writer.writerow([texts[column.name] for column in layout.columns])
                refused += _refused(layout, count + 1, texts)
            written[layout.file] = count
    return written, refused


def _rows(layout: Layout, children: QuerySet[Child]) -> Iterator[Cells]:
    if layout.file == CHILDREN:
        fields = {"child_ref": "local_ref"} | FIELDS
        rows = children.order_by("pk")
    elif layout.file == IDENTITIES:
        fields = {"child_ref": "child__local_ref", "given_name": "given_name", "family_name": "family_name"}
        rows = _of(Identity, children).exclude(family_name="")
    else:
        (sheet,) = [each for each in SHEETS if each.file == layout.file]
        fields = {"child_ref": "child__local_ref"} | sheet.fields
        rows = _of(sheet.model, children)
        if sheet.file != EVENTS:
            rows = rows.standing()
        else:
            fields |= {"_first": "recorded_by__first_name", "_last": "recorded_by__last_name"}
    for row in rows.values(*fields.values()).iterator(chunk_size=ROWS_AT_A_TIME):
        cells = {name: row[field] for name, field in fields.items()}
        if layout.file == EVENTS:
            first, last = cells.pop("_first"), cells.pop("_last")
            longest = Milestone._meta.get_field("recorder").max_length
            cells["recorded_by"] = (cells["recorded_by"] or f"{first or ''} {last or ''}".strip())[:longest]
        yield cells


def _of(model: type[Model], children: QuerySet[Child]) -> QuerySet:
    return model.objects.filter(child__in=children.order_by().values("pk")).order_by("pk")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)


def _refused(layout: Layout, line: int, texts: dict[str, str]) -> Iterator[str]:
    """What an import of the row would refuse by itself: a person may record what no extract may say."""
    values = {}
    for column in layout.columns:
        text = texts[column.name].strip()
        try:
            if not text and column.must_fill:
                raise Unacceptable("empty-cell", "this cell must not be empty")
            values[column.name] = column.cell.read(text) if text else column.cell.blank
        except Unacceptable as why:
            yield f"{layout.file} line {line}, {column.name} “{shown(text)}”: {why.message}"
            return
    try:
        layout.check(values)
    except Unacceptable as why:
        yield f"{layout.file} line {line}, {why.column}: {why.message}"
