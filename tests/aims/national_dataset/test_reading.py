"""A file is checked cell by cell, and every fault is told with its line and column."""

import pytest

from aims.national_dataset import reading
from aims.national_dataset.columns import BY_NAME, COLUMNS
from aims.national_dataset.reading import DatasetRefused, read_dataset
from aims.national_dataset.records import FIELDS
from tests.aims.national_dataset.files import AT_18, ENDED, ROW, body, child


def faults(file: bytes) -> list[tuple]:
    with pytest.raises(DatasetRefused) as refused:
        read_dataset(file)
    return [(each.line, each.column) for each in refused.value.faults]


def words(file: bytes) -> str:
    with pytest.raises(DatasetRefused) as refused:
        read_dataset(file)
    return str(refused.value)


@pytest.mark.parametrize(
    "row",
    [
        {},
        ENDED,
        AT_18,
        {**AT_18, "first_accommodated": "", "left_after_limit": ""},
        {"age_band": "under 1", "recommended_on": "2018-12-03"},
        {"recommended_on": "", "recommended_route": ""},
        {"recommended_route": ""},
        {"adm_on": "", "adm_outcome": "", "lodged_on": ""},
        {"exit_reason": "RETURN_HOME", "last_accommodated": "2020-03-02"},
        {"first_accommodated": "", "age_band": "not known"},
        {"lodged_on": "2020-05-31"},
    ],
)
def test_a_row_that_fits_is_read(row):
    (record,) = read_dataset(body(row)).records
    assert dict(zip(FIELDS, record.cells(), strict=True)) == {name: {**ROW, **row}[name] for name in FIELDS}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"authority": ""}, "authority"),
        ({"authority": "Midlothian"}, "authority"),
        ({"fictional": "no"}, "fictional"),
        ({"fictional": ""}, "fictional"),
        ({"month": "2020-13"}, "month"),
        ({"month": "2020-5"}, "month"),
        ({"month": "May 2020"}, "month"),
        ({"child": "P-0417"}, "child"),
        ({"child": "N-ABCDEFGH2345AAA"}, "child"),
        ({"child": ""}, "child"),
        ({"spell": "0"}, "spell"),
        ({"spell": "1.0"}, "spell"),
        ({"spell": "100"}, "spell"),
        ({"age_band": "5-11"}, "age_band"),
        ({"age_band": ""}, "age_band"),
        ({"first_accommodated": "07/01/2019"}, "first_accommodated"),
        ({"first_accommodated": "2019-02-30"}, "first_accommodated"),
        ({"exit_reason": "HOME"}, "exit_reason"),
        ({"left_after_limit": "2"}, "left_after_limit"),
        ({"still_looked_after": ""}, "still_looked_after"),
        ({"recommended_route": "FOSTER"}, "recommended_route"),
        ({"adm_outcome": "Approved"}, "adm_outcome"),
        ({"lodged_on": "soon"}, "lodged_on"),
        ({"recommended_on": "2020-06-01"}, "recommended_on"),
        ({"adm_on": "2020-06-01"}, "adm_on"),
        ({**AT_18, "last_accommodated": "2020-03-02"}, "last_accommodated"),
        ({**ENDED, "last_accommodated": ""}, "last_accommodated"),
        ({**ENDED, "exit_reason": ""}, "exit_reason"),
        ({**ENDED, "last_accommodated": "2019-01-06"}, "last_accommodated"),
        ({**AT_18, "left_after_limit": ""}, "left_after_limit"),
        ({**ENDED, "left_after_limit": "0"}, "left_after_limit"),
        ({"still_looked_after": "0"}, "still_looked_after"),
        ({"recommended_on": "2019-01-06"}, "recommended_on"),
        ({"adm_on": "2019-01-06"}, "adm_on"),
        ({"lodged_on": "2019-01-06"}, "lodged_on"),
        ({**ENDED, "lodged_on": "2020-03-03"}, "lodged_on"),
        ({"recommended_on": ""}, "recommended_route"),
        ({"adm_on": ""}, "adm_outcome"),
        ({"adm_outcome": ""}, "adm_outcome"),
    ],
)
def test_a_cell_that_cannot_be_is_told_with_its_line_and_column(row, column):
    assert (3, column) in faults(body({"child": child(1)}, row))


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
@pytest.mark.parametrize("formula", ["=1+1", "+cmd", "@SUM(A1)", "-A1"])
def test_no_cell_is_taken_that_a_spreadsheet_would_run(column, formula):
    file = body({column.name: formula})
    assert "begins like a spreadsheet formula" in words(file)
    assert (2, column.name) in faults(file)


@pytest.mark.parametrize("name", BY_NAME)
def test_each_column_must_be_there(name):
    assert faults(body(without=name)) == [(1, name)]


def test_a_column_that_is_not_of_the_dataset_is_refused():
    assert faults(body(date_of_birth="2010-05-05")) == [(1, "date_of_birth")]


def test_a_column_named_twice_is_refused():
    assert (1, "spell") in faults(body().replace(b"age_band", b"spell", 1))


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf  \r\n", "the file is empty"),
        (body().splitlines()[0], "a header and no rows"),
        (body().decode().encode("utf-16"), "UTF-16"),
        (body().replace(b"PO", b"P\xd3"), "line 2: the byte D3 (hexadecimal) is not UTF-8"),
        (body().replace(b"PO", b"P\0"), "line 2: this holds a NUL character"),
        (body().replace(b",", b";"), "separated by semicolons"),
        (body() + b"a,b\r\n", "line 3: the row has 2 cells, and the header has 16 columns"),
        (body().replace(b"PO", b'"PO'), "a quotation mark is not closed"),
        (body().replace(b"PO", b"x" * 200_000), "a cell is too large"),
    ],
)
def test_a_file_that_is_no_table_of_this_kind_is_refused_in_words(file, said):
    assert said in words(file)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    assert "must have fewer than 100" in words(b"=" * 100)


def test_rows_of_two_authorities_or_two_months_are_refused():
    assert (3, "authority") in faults(body({}, {"child": child(1), "authority": "S12000033"}))
    assert (3, "month") in faults(body({}, {"child": child(1), "month": "2020-04"}))
    assert (3, "fictional") in faults(body({}, {"child": child(1), "fictional": "1"}))


def test_one_spell_stands_once():
    assert "this spell stands in line 2 already" in words(body({}, {"age_band": "1 to 4"}))
    assert len(read_dataset(body({}, {"spell": "2"})).records) == 2


def test_all_faults_are_counted_and_the_first_fifty_told():
    file = body(*({"child": child(number), "spell": "x"} for number in range(60)))
    with pytest.raises(DatasetRefused) as refused:
        read_dataset(file)
    assert (len(refused.value.faults), refused.value.count) == (50, 60)


def test_what_is_echoed_of_a_cell_holds_no_control_characters():
    assert "\x1b" not in words(body({"recommended_route": "\x1b[31mPO"}))
