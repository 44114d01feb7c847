"""Trackers as councils keep them, written by LibreOffice (see made_by_libreoffice.py) and in the manner of Excel."""

import datetime
import io
from pathlib import Path

import pytest
import xlsxwriter

from milestones.extract.files import CHILDREN, EPISODES, EVENTS, IDENTITIES
from milestones.sheets import Mapping, Upload, look_at_uploads, tables_from
from milestones.sheets.fields import WIDE
from tests.milestones.sheets.made_by_libreoffice import FILES
from tests.milestones.sheets.sheets import mapped, values


def kept(name: str) -> Upload:
    return Upload(name, Path(FILES / name).read_bytes())


def settled(upload: Upload) -> Mapping:
    """As a person would answer: hidden rows count, and numbers in a text file are days since 1900."""
    said = mapped(upload).as_json()
    for sheet in said["sheets"]:
        sheet["hidden_lines"] = True
        for column in sheet["columns"]:
            column["numbers"] = 1900
    return Mapping.from_json(said)


@pytest.mark.parametrize("name", ["tracker.xlsx", "tracker.csv"])
def test_a_tracker_of_libreoffice_is_read_around_its_ornaments(name):
    upload = kept(name)
    tables = tables_from([upload], settled(upload))
    assert values(tables, CHILDREN, "child_ref", "date_of_birth") == [
        ("P1001", "2019-05-14"),
        ("P1002", "2020-02-03"),
        ("P1003", "2018-11-30"),
        ("P1005", "2017-01-05"),
    ]
    assert values(tables, IDENTITIES, "given_name", "family_name")[0] == ("Ewan", "AIRD")
    assert [row[0] for row in values(tables, EPISODES, "start")] == [
        *("2024-01-08", "2024-01-08", "2024-01-09", "2023-02-01")
    ]
    assert values(tables, EVENTS, "child_ref", "event_code", "date", "precision", "route") == [
        ("P1001", "PERM_REC", "2024-06-03", "day", "POA"),
        ("P1001", "ADM_DECISION", "2024-08-14", "day", "POA"),
        ("P1002", "PERM_REC", "2024-06-01", "month", "PO"),
        ("P1002", "ADM_DECISION", "", "unknown", "PO"),
    ]
    (reject,) = tables.rejects
    assert (reject.value, reject.message) == ("31/11/2018", "there is no such day in the calendar")
    assert "South team" in " ".join(tables.warnings)
    assert "TOTAL" in " ".join(tables.warnings)


def test_a_hidden_sheet_and_a_hidden_row_of_libreoffice_are_seen():
    tracker, old = look_at_uploads([kept("tracker.xlsx")])
    assert (tracker.header_line, tracker.hidden_lines, tracker.hidden) == (3, (9,), False)
    assert old.hidden


def test_a_text_file_with_accents_of_windows_says_so():
    (look,) = look_at_uploads([kept("tracker.csv")])
    assert "Windows-1252" in " ".join(look.remarks)


def excel() -> Upload:
    """In the manner of Excel: a table with a filter, frozen panes, rich text, a note, validation, styled columns."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    day = book.add_format({"num_format": "[$-809]dd mmmm yyyy;@"})
    sheet = book.add_worksheet("Children's list (2024/25)"[:31].replace("/", "-"))
    sheet.set_column(0, 200, 14, book.add_format({"bg_color": "#EEEEEE"}))
    sheet.set_row(1_048_575, 20)
    sheet.freeze_panes(1, 1)
    names = ["Client\nID", "DOB", "Date\naccommodated", "Plan", "Recommendation\n(LAC)", "Notes"]
    sheet.add_table(0, 0, 3, 5, {"columns": [{"header": name} for name in names], "style": None})
    for line, ref in enumerate((1001, 1002, 1003), 1):
        sheet.write_number(line, 0, ref)
        sheet.write_datetime(line, 1, datetime.datetime(2019, 5, 13 + line), day)
        sheet.write_datetime(line, 2, datetime.datetime(2024, 1, 8, 23, 59), day)
        sheet.write_rich_string(line, 3, book.add_format({"bold": True}), "Perm", "anence Order ")
    sheet.write_comment(1, 1, "ask Jo")
    sheet.data_validation(1, 3, 3, 3, {"validate": "list", "source": ["Permanence Order", "Adoption"]})
    sheet.write_string(1, 4, "03/06/2024")
    sheet.write_url(1, 5, "https://council.example/", string="see file")
    book.close()
    return Upload("Children.xlsx", file.getvalue())


def test_a_list_of_excel_with_all_its_furniture_is_read():
    upload = excel()
    mapping = mapped(upload)
    assert mapping.sheets[0].kind == WIDE
    tables = tables_from([upload], mapping)
    assert tables.rejects == []
    assert values(tables, CHILDREN, "child_ref", "date_of_birth")[0] == ("1001", "2019-05-14")
    assert values(tables, EPISODES, "start") == [("2024-01-08",)] * 3
    assert values(tables, EVENTS, "child_ref", "date", "route") == [("1001", "2024-06-03", "PO")]
    assert tables.tables[EVENTS].rows[0].place("date").cell == "'Children's list (2024-25)'!E2"
