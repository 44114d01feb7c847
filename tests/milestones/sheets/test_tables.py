"""What uploads become, and how a place is named to whoever sent the file."""

import csv

from milestones.extract.files import EVENTS
from milestones.sheets import Source, Table, TableRow

COLUMNS = {"date": ("D", "Recommendation"), "child_ref": ("A", "Client ID")}


def row(values, *, sheet="Sheet1", line=17):
    return TableRow(values, Source("Tracker.xlsx", sheet, COLUMNS), line)


def test_a_cell_is_named_as_the_spreadsheet_shows_it():
    assert str(row({}).place("date")) == "Tracker.xlsx, Sheet1!D17 (Recommendation)"


def test_a_value_that_no_column_gave_is_placed_on_its_row():
    assert str(row({}).place("event_code")) == "Tracker.xlsx, Sheet1 row 17"


def test_a_cell_of_a_csv_file_is_named_by_line_and_header():
    assert str(row({}, sheet="").place("date")) == "Tracker.xlsx line 17, Recommendation"


def test_a_table_is_written_as_an_extract_has_it_and_each_line_finds_its_row(tmp_path):
    first = row({"child_ref": "C1", "note": "two\nlines"})
    second = row({"child_ref": "C2"}, line=18)
    lines = Table(EVENTS, ("child_ref", "note"), [first, second]).write_csv(tmp_path / EVENTS)
    with (tmp_path / EVENTS).open(newline="") as file:
        reader = csv.reader(file)
        assert list(reader) == [["child_ref", "note"], ["C1", "two\nlines"], ["C2", ""]]
    assert lines == {2: first, 4: second}
