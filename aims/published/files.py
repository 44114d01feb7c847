"""A published month as a file to hand on: CSV, Excel and PDF, each made of the same rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from aims.compliance import two_decimals
from aims.count_columns import DECIDED_LABEL, DUE_LABEL, LABELS
from aims.models import PublishedMonth
from aims.published.figures import CAVEATS, PublishedRow, rows_of, what_hidden_means
from aims.published.publishing import RECORD_TYPE
from aims.reports.csv_file import csv_bytes
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.look.attachment import ExportedFile
from pace_site.look.typesetting import typeset
from pace_site.look.words import british_date

TEMPLATE = Path(__file__).parent / "typeset" / "published.typ"
MARKING = "OFFICIAL. Aggregates after disclosure control."
HEADER = ("month_end", "aim", "version", "title", *LABELS, "pct_decided", "pct_decided_or_overdue", "withheld")


def csv_file(month: PublishedMonth, rows: Sequence[PublishedRow]) -> bytes:
    """One line for each aim; what is withheld is an empty cell, and named in the last one."""
    return csv_bytes(HEADER, (_line(row) for row in rows))


def _line(row: PublishedRow) -> Iterable:
    yield row.month_end
    yield row.code
    yield row.version
    yield row.definition.title
    yield from (row.counts[name] for name in LABELS)
    yield row.pct_decided
    yield row.pct_decided_or_overdue
    yield " ".join(row.withheld)


def workbook(month: PublishedMonth, rows: Sequence[PublishedRow]) -> bytes:
    """A sheet of figures, and one of what each aim counts."""
    from aims.reports.sheets import MEANING_WIDTH, Lines, Sheets  # XlsxWriter is slow to import and seldom needed

    sheets = Sheets(title_of(month), marking=MARKING)
    figures, definitions = (sheets.book.add_worksheet(name) for name in ("Figures", "Definitions"))
    figures.set_column(0, 0, 14)
    figures.set_column(1, 1, 60)
    figures.set_column(2, len(HEADER), 14)
    figures.write_string(0, 0, title_of(month), sheets.title)
    lines = Lines(figures, first=1)
    for sentence in (MARKING, *notices(month)):
        lines.text(sentence)
    lines.skip()
    heads = ("Aim", "Title", *LABELS.values(), DECIDED_LABEL, DUE_LABEL)
    figures.set_row(lines.row, 60)
    for column, words in enumerate(heads):
        figures.write_string(lines.row, column, words, sheets.wrapped_header)
    figures.freeze_panes(lines.row + 1, 1)
    for row in rows:
        lines.skip()
        figures.write_string(lines.row, 0, row.code, sheets.label)
        figures.write_string(lines.row, 1, row.definition.title, sheets.words)
        for column, figure in enumerate(row.figures, start=2):
            if figure.value is None:
                figures.write_string(lines.row, column, figure.words, sheets.number)
            elif column < 2 + len(LABELS):
                figures.write_number(lines.row, column, figure.value, sheets.number)
            else:
                figures.write_number(lines.row, column, two_decimals(figure.value), sheets.percent)
    definitions.set_column(0, 0, 34)
    definitions.set_column(1, 1, MEANING_WIDTH + 10)
    definitions.write_string(0, 0, "What each aim counts", sheets.title)
    lines = Lines(definitions, first=2)
    for row in rows:
        sheets.write_aim(lines, row.definition, heading=f"{row.code}: {row.definition.title}")
    return sheets.to_bytes()


def pdf_file(month: PublishedMonth, rows: Sequence[PublishedRow]) -> bytes:
    """One table of all aims, and what each of them counts; exported as PDF/UA-1."""
    return typeset(
        TEMPLATE,
        {
            "title": title_of(month),
            "authority": str(month.authority),
            "marking": MARKING,
            "notices": notices(month),
            "columns": [*LABELS.values(), DECIDED_LABEL, DUE_LABEL],
            "rows": [
                {
                    "code": row.code,
                    "title": row.definition.title,
                    "cells": [figure.words for figure in row.figures],
                    "definition": [list(pair) for pair in row.definition_words],
                }
                for row in rows
            ],
        },
    )


def title_of(month: PublishedMonth) -> str:
    return f"PACE aims, {month.authority}, as at {british_date(month.month_end)}"


def notices(month: PublishedMonth) -> list[str]:
    """What the reader must know before the figures."""
    fictional = ["Fictional authority: no child in these figures exists."] if month.authority.fictional else []
    return [*fictional, what_hidden_means(month.smallest_shown), *CAVEATS]


@dataclass(frozen=True)
class PublishedFormat:
    """One format of the file: its ending is its name."""

    name: str
    label: str
    content_type: str
    render: Callable[[PublishedMonth, Sequence[PublishedRow]], bytes]


FORMATS = {
    each.name: each
    for each in (
        PublishedFormat("pdf", "PDF", "application/pdf", pdf_file),
        PublishedFormat("xlsx", "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook),
        PublishedFormat("csv", "CSV", "text/csv; charset=utf-8", csv_file),
    )
}


@transaction.atomic
def hand_on(month: PublishedMonth, *, file_format: PublishedFormat, by: User) -> ExportedFile:
    """A standing published month as a file, and word of it in the audit trail. Raises `PermissionDenied`."""
    check_can(by, Permission.VIEW_PUBLISHED)
    rows = rows_of(PublishedMonth.objects.visible_to(by).standing().filter(pk=month.pk))
    record(
        AuditEntry.Action.EXPORT,
        authority=month.authority,
        record_type=RECORD_TYPE,
        record_id=month.pk,
        by=by,
        after={"month_end": month.month_end.isoformat(), "format": file_format.name, "rows": len(rows)},
    )
    name = f"PACE-aims_{month.month_end.isoformat()}.{file_format.name}"
    return ExportedFile(name, file_format.content_type, file_format.render(month, rows))
