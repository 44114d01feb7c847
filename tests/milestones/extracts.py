"""Extracts made in tests: two children, and whatever a test says otherwise; and what the database holds, to compare."""

import csv
import json
from pathlib import Path

from django.core.management import call_command
from django.db import connection

EXTRACT_DATE = "2018-11-01"
CITY = "S12000036"

TWO_CHILDREN = {
    "children": """\
child_ref,family_ref,date_of_birth,sex,ethnicity,disability,locality,team
A1,F1,2012-05-01,F,White Scottish,,North,Permanence
A2,F1,2014-02-03,M,,,North,Permanence
""",
    "episodes": """\
child_ref,start,end,destination
A1,2017-11-01,,
A2,2017-11-01,2018-06-01,ADOPTED
""",
    "placements": """\
child_ref,start,end,placement_type,provider,short_break
A1,2017-11-01,,FOST_LA,,0
A2,2017-11-01,2018-06-01,KIN,,0
""",
    "legal": """\
child_ref,start,end,legal_code
A1,2017-11-01,,CSO
A2,2017-11-01,2018-06-01,S25
""",
    "events": """\
child_ref,event_code,date,precision,route,outcome,source,note
A1,PERM_REC,2018-03-01,day,PO,,review minute,
A2,REVIEW,2017-12-10,,,,,
""",
}


class Extract:
    """The files of an extract, changed a cell at a time; rows count from 1, so row 1 stands on line 2."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.rows = {file: list(csv.DictReader(text.splitlines())) for file, text in TWO_CHILDREN.items()}
        self.columns = {file: list(rows[0]) for file, rows in self.rows.items()}

    def change(self, file: str, row: int, **cells: str) -> "Extract":
        self.rows[file][row - 1].update(cells)
        self._know(file, cells)
        return self

    def add(self, file: str, **cells: str) -> "Extract":
        self.rows.setdefault(file, []).append(cells)
        self._know(file, cells)
        return self

    def drop(self, file: str, row: int) -> "Extract":
        del self.rows[file][row - 1]
        return self

    def drop_child(self, ref: str) -> "Extract":
        self.rows = {file: [row for row in rows if row["child_ref"] != ref] for file, rows in self.rows.items()}
        return self

    def drop_column(self, file: str, column: str) -> "Extract":
        self.columns[file].remove(column)
        return self

    def write(self, *, encoding: str = "utf-8", newline: str = "\n") -> Path:
        """Write the files and return their folder."""
        self.folder.mkdir(exist_ok=True)
        for file, rows in self.rows.items():
            with (self.folder / f"{file}.csv").open("w", encoding=encoding, newline="") as out:
                writer = csv.writer(out, lineterminator=newline)
                writer.writerow(self.columns[file])
                writer.writerows([row.get(column, "") for column in self.columns[file]] for row in rows)
        return self.folder

    def _know(self, file: str, cells: dict[str, str]) -> None:
        known = self.columns.setdefault(file, [])
        known.extend(name for name in cells if name not in known)


def take_in(folder: Path, *options: str, day: str = EXTRACT_DATE) -> None:
    """Run the command on a folder as a data lead would."""
    call_command("import_extract", str(folder), "--authority", CITY, "--extract-date", day, *options)


def told(folder: Path, capsys, *options: str, day: str = EXTRACT_DATE) -> dict:
    """Run the command with --json; return the document."""
    capsys.readouterr()
    take_in(folder, "--json", *options, day=day)
    return json.loads(capsys.readouterr().out)


def rejects_in(folder: Path) -> list[dict[str, str]]:
    """The rows of rejects.csv."""
    with (folder / "rejects.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def everything() -> dict[str, list[tuple]]:
    """Every row of every table, so that a test can say that nothing changed."""
    with connection.cursor() as cursor:
        tables = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            # PostgreSQL gives bytes by where they lie.
            tables[table] = sorted(
                repr([bytes(cell) if isinstance(cell, memoryview) else cell for cell in row])
                for row in cursor.fetchall()
            )
        return tables
