"""From whatever a council has to the files of an extract: spreadsheets and CSV files read, mapped and converted.

Pure: files and a mapping in, tables out; nothing here knows the database. The way through:

    uploads = [Upload("Tracker.xlsx", content), ...]
    mapping = guess_mapping(uploads)             # what a person looks at and confirms
    tables = tables_from(uploads, mapping)       # rows as the CSV files of an extract would have them, and rejects
"""

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
    "Place",
    "Source",
    "Table",
    "TableRow",
    "Tables",
    "Upload",
    "UploadRefused",
]
