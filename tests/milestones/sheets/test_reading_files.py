"""Files as they come: what is read of them, and what is refused with a reason before anything is kept."""

import datetime
import io

import pytest
import xlsxwriter

from milestones.extract.files import CHILDREN, EPISODES
from milestones.sheets import Upload, UploadLimits, UploadRefused, look_at_uploads
from milestones.sheets.uploads import read_upload
from tests.milestones.sheets.sheets import HEADER, read, repacked, text, values, workbook, zipped

ROW = ["C1", "14/05/2019", "08/01/2024", "03/06/2024", "PO", ""]
CSV = "Client ID;Date of birth;Team\nC1;14/05/2019;Nørth\nC2;15/05/2019;Südside\n"
TINY = UploadLimits(file_bytes=50)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_text_file_of_any_encoding_and_separator_says_the_same(encoding, separator):
    grid = read_upload(text(CSV.replace(";", separator), encoding=encoding))[0]
    assert grid.rows[2] == (3, ("C2", "15/05/2019", "Südside"))


def test_an_encoding_that_had_to_be_recognised_is_told_with_its_letters():
    (remark,) = read_upload(text(CSV, encoding="cp1252"))[0].remarks
    assert "Windows-1252" in remark
    assert "ø ü" in remark


def test_a_line_that_names_the_separator_to_excel_is_no_row():
    grid = read_upload(text("sep=;\r\n" + CSV))[0]
    assert grid.rows[0] == (2, ("Client ID", "Date of birth", "Team"))


def test_spaces_that_nobody_sees_are_taken_away():
    grid = read_upload(text("Client\u00a0ID ,Name\n C1\u200b\u00a0, Ann  Bell \n"))[0]
    assert [row.cells for row in grid.rows] == [("Client ID", "Name"), ("C1", "Ann Bell")]


def bomb() -> bytes:
    return repacked(workbook(HEADER, ROW), **{"xl/worksheets/sheet9.xml": b"<a>" + b" " * 20_000_000 + b"</a>"})


WORDS_MISSING = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="s"><v>999</v></c></row></sheetData></worksheet>'
)


def billion_laughs() -> bytes:
    laughs = b'<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><w>&b;</w>'
    return repacked(workbook(HEADER, ROW), **{"xl/sharedStrings.xml": laughs})


@pytest.mark.parametrize(
    ("content", "rule", "why"),
    [
        (b"", "empty-file", "empty"),
        (b"\x00\x01\x02\x03 no text", "not-a-table", "no text"),
        (b"only one column\nof text\n", "separator", "one cell only"),
        (b'a,b\n"not closed,1\n', "quoting", "line 2: a quotation mark"),
        (b"PK\x03\x04 cut off", "damaged", "damaged"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"Workbook", "old-format", "old Excel file"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "password",
            "protected by a password",
        ),
        (zipped(a=b"1"), "not-a-table", "no Excel workbook"),
        (zipped(mimetype=b"application/vnd.oasis", **{"content.xml": b"<a/>"}), "other-format", "OpenDocument"),
        (repacked(workbook(HEADER, ROW), **{"xl/vbaProject.bin": b"x"}), "macros", "macros"),
        (repacked(workbook(HEADER, ROW), **{"xl/worksheets/sheet1.xml": b"<cut"}), "damaged", "damaged"),
        (repacked(workbook(HEADER, ROW), **{"xl/worksheets/sheet1.xml": WORDS_MISSING}), "damaged", "damaged"),
        (bomb(), "zip-bomb", "not opened"),
        (zipped(**{f"p{number}": b"" for number in range(2_001)}), "zip-bomb", "2,001 parts"),
        (billion_laughs(), "damaged", "damaged"),
        (workbook().content, "empty-file", "no sheet"),
    ],
    ids=lambda part: part if isinstance(part, str) else "file",
)
def test_what_is_no_harmless_table_is_refused_with_the_reason(content, rule, why):
    with pytest.raises(UploadRefused, match=why) as refused:
        look_at_uploads([Upload("Tracker.xlsx", content)])
    assert refused.value.rule == rule


def test_a_file_that_is_too_large_is_refused_unread():
    with pytest.raises(UploadRefused, match="at most 0 MB"):
        look_at_uploads([text(CSV)], limits=TINY)


def test_a_sheet_of_more_rows_or_columns_than_can_be_read_is_refused():
    for limits in (UploadLimits(rows=1), UploadLimits(columns=2)):
        for upload in (workbook(HEADER, ROW), text(CSV)):
            with pytest.raises(UploadRefused, match=r"more than|at most|is filled"):
                look_at_uploads([upload], limits=limits)


def test_date_cells_mean_the_same_day_in_workbooks_that_count_from_1904():
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"date_1904": True, "in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ["C1"])
    sheet.write_datetime(1, 1, datetime.datetime(2019, 5, 14), book.add_format({"num_format": "dd mmm yy"}))
    # A date that lost its format is a day number, counted as the workbook counts.
    sheet.write_number(1, 2, 43838 - 1462)
    book.close()
    tables = read(Upload("Mac.xlsx", file.getvalue()))
    assert values(tables, CHILDREN, "date_of_birth") == [("2019-05-14",)]
    assert values(tables, EPISODES, "start") == [("2020-01-08",)]


def test_formulas_give_the_values_saved_with_them_and_one_without_is_refused():
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("Data")
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ["C1", "14/05/2019"])
    sheet.write_formula(1, 2, "=TODAY()", None, "08/01/2024")
    book.close()
    saved = Upload("Saved.xlsx", file.getvalue())
    tables = read(saved)
    assert values(tables, EPISODES, "start") == [("2024-01-08",)]
    assert any("a formula (the first in C2)" in warning for warning in tables.warnings)

    tables = read(workbook(HEADER, ["C1", "14/05/2019", "=DATE(2024,1,8)"]))
    (reject,) = tables.rejects
    assert (str(reject.place), reject.rule) == ("Tracker.xlsx, Sheet1!C2 (Date accommodated)", "formula")
    assert tables.refused_for[CHILDREN] == {"C1"}


def test_a_formula_that_gives_no_words_has_a_value_and_one_never_calculated_has_none():
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c r="A1" t="str"><f>IF(1=1,"","")</f><v></v></c><c r="B1"><f>TODAY()</f></c><c r="C1"><v>1</v></c>'
        b"</row></sheetData></worksheet>"
    )
    (grid,) = read_upload(Upload("a.xlsx", repacked(workbook(HEADER, ROW), **{"xl/worksheets/sheet1.xml": sheet})))
    assert grid.unsaved == {(1, 1)}
