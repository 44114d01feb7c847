"""Sheets as councils make them, in a few words: rows in, the bytes of a file out."""

import io
import zipfile

from openpyxl import Workbook

from milestones.sheets import Mapping, Tables, Upload, code_books, guess_mapping, look_at_uploads, tables_from

HEADER = ["Client ID", "Date of birth", "Date accommodated", "Recommendation date", "Route", "ADM sign off"]


def workbook(*rows, change=None, name="Tracker.xlsx", title="Sheet1") -> Upload:
    """An XLSX file with `rows` on its first sheet; `change` may do to the workbook what it likes."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return Upload(name, file.getvalue())


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def repacked(upload: Upload, **parts: bytes) -> bytes:
    """A workbook with some of its parts changed or added."""
    with zipfile.ZipFile(io.BytesIO(upload.content)) as package:
        kept = {name: package.read(name) for name in package.namelist()}
    return zipped(**(kept | parts))


def text(content: str, *, encoding="utf-8", name="tracker.csv") -> Upload:
    return Upload(name, content.encode(encoding))


def mapped(*uploads: Upload) -> Mapping:
    """The mapping as it is guessed, every guess confirmed."""
    return guess_mapping(look_at_uploads(uploads), code_books()).confirmed()


def read(*uploads: Upload, **options) -> Tables:
    return tables_from(uploads, mapped(*uploads), **options)


def values(tables: Tables, file: str, *columns: str) -> list[tuple[str, ...]]:
    """The rows of one file, of some columns only."""
    return [tuple(row.values.get(column, "") for column in columns) for row in tables.tables[file].rows]
