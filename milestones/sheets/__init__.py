"""From whatever a council has to the files of an extract: spreadsheets and CSV files read, mapped and converted.

Pure: files and a mapping in, tables out; nothing here knows the database. The way through:

    uploads = [Upload("Tracker.xlsx", content), ...]
    looks = look_at_uploads(uploads)                  # what is to be seen: columns, examples, what stands in the way
    mapping = guess_mapping(looks, code_books())      # or refit(remembered, looks, code_books())
    mapping.doubts(), mapping.problems()              # what a person has to confirm or mend
    tables = tables_from(uploads, mapping.confirmed())  # rows as the CSV files of an extract would have them, rejects

Workbooks are read by openpyxl in its read-only mode: it streams rows in little memory whatever size a sheet pretends to
have, tells dates from numbers by their format, and minds the year that day numbers count from.
"""

from milestones.sheets.code_books import code_books
from milestones.sheets.conversion import tables_from
from milestones.sheets.grids import UploadLimits
from milestones.sheets.guessing import guess_mapping
from milestones.sheets.looks import SheetLook, look_at_uploads
from milestones.sheets.mapping import Mapping, MappingProblem
from milestones.sheets.remembered import Refitted, refit
from milestones.sheets.tables import (
    CellReject,
    Correction,
    Place,
    Source,
    Table,
    TableRow,
    Tables,
    Upload,
    UploadRefused,
)

__all__ = [
    "CellReject",
    "Correction",
    "Mapping",
    "MappingProblem",
    "Place",
    "Refitted",
    "SheetLook",
    "Source",
    "Table",
    "TableRow",
    "Tables",
    "Upload",
    "UploadLimits",
    "UploadRefused",
    "code_books",
    "guess_mapping",
    "look_at_uploads",
    "refit",
    "tables_from",
]
