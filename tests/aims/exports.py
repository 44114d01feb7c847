"""Read exported files back with another program's eyes."""

import csv
from datetime import date
from io import BytesIO, StringIO
from zipfile import ZipFile

from openpyxl import load_workbook

from aims.actions import save_definition
from aims.definition import AimDefinition
from aims.models import AimVersion
from aims.reports.actions import FORMATS, export_report
from pace_site.accounts.models import Organisation
from pace_site.look.attachment import ExportedFile


def stored_aim(definition: AimDefinition, *, authority: Organisation) -> AimVersion:
    aim, _done = save_definition(definition, authority=authority, by=None)
    return aim.versions.get()


def exported(version: AimVersion, file_format: str, *, as_at: str, by=None) -> ExportedFile:
    return export_report([version], as_at=date.fromisoformat(as_at), file_format=FORMATS[file_format], by=by)


def csv_rows(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(body.decode("utf-8-sig"), newline="")))


def sheets(body: bytes) -> dict[str, list[tuple]]:
    """The cells of every sheet, in order, without trailing emptiness."""
    book = load_workbook(BytesIO(body))
    return {sheet.title: [row for row in sheet.iter_rows(values_only=True) if any(row)] for sheet in book}


def labelled(body: bytes, *, after: str | None = None) -> dict[str, object]:
    """What the summary says beside each label, of the block under the heading `after` or of the first block."""
    found = {}
    rows = sheets(body)["Summary"]
    headings = [row[0] for row in rows]
    for row in rows[headings.index(after) if after else 0 :]:
        found.setdefault(row[0], row[1])
    return found


def every_part(body: bytes) -> str:
    """The text of every part of the workbook, charts and document properties included."""
    with ZipFile(BytesIO(body)) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist())


def charts(body: bytes) -> list[str]:
    """The XML of every chart."""
    with ZipFile(BytesIO(body)) as parts:
        return [parts.read(name).decode() for name in sorted(parts.namelist()) if name.startswith("xl/charts/chart")]
