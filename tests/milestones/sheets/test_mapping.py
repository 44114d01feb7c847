"""What the columns of a sheet seem to say, how sure that is, and what only a person can settle."""

from dataclasses import replace
from datetime import datetime

import pytest
from openpyxl.utils import get_column_letter

from milestones.extract.files import CHILDREN, EPISODES, EVENTS, PLACEMENTS
from milestones.sheets import (
    Correction,
    Mapping,
    MappingProblem,
    code_books,
    guess_mapping,
    look_at_uploads,
    refit,
    tables_from,
)
from milestones.sheets.days import DayOrder
from milestones.sheets.fields import WIDE
from tests.milestones.sheets.sheets import HEADER, mapped, read, text, values, workbook

ROW = ["C1", "14/05/2019", "08/01/2024", "03/06/2024", "PO", ""]
OTHER = ["C2", "15/05/2019", "09/01/2024", "", "", ""]
BOOKS = code_books()


def guessed(*uploads):
    return guess_mapping(look_at_uploads(uploads), BOOKS)


def says(mapping, sheet=0):
    return {column.header: column.says for column in mapping.sheets[sheet].columns}


@pytest.mark.parametrize(
    ("headers", "meant"),
    [
        (
            ["SWIFT ID", "D.O.B.", "Gender", "First accommodated", "Last accommodated", "LAC recommendation"],
            ["child_ref", "date_of_birth", "sex", "accommodated_on", "last_accommodated_on", "PERM_REC"],
        ),
        (
            ["Client No.", "Birth date", "Accommodation date", "Date of panel", "ADM sign-off date", "Date lodged"],
            ["child_ref", "date_of_birth", "accommodated_on", "PANEL_PRESENTED", "ADM_APPROVED", "COURT_LODGED"],
        ),
        (
            ["Person ID", "DOB", "Date Accomodated", "Permanence plan", "Court application date", "Where to?"],
            ["child_ref", "date_of_birth", "accommodated_on", "route", "COURT_LODGED", "destination"],
        ),
    ],
)
def test_columns_are_known_by_the_words_that_councils_use(headers, meant):
    day = "13/01/2024"
    rows = [["1", day, *["PO" if key in ("route", "sex", "destination") else day for key in meant[2:]]]]
    assert list(says(guessed(workbook(headers, *rows))).values()) == meant


def test_a_column_whose_cells_contradict_its_name_is_not_taken_for_it():
    mapping = guessed(workbook([*HEADER, "Panel"], [*ROW, "North panel"], [*OTHER, "South panel"]))
    assert says(mapping)["Panel"] == ""


def test_a_column_of_day_numbers_is_known_by_its_name_so_that_a_person_can_say_from_when_they_count():
    mapping = guessed(text("Client ID,Date of birth,Date accommodated\nC1,43500,45231\nC2,43501,45232\n"))
    assert list(says(mapping).values()) == ["child_ref", "date_of_birth", "accommodated_on"]
    assert {column.numbers for column in mapping.sheets[0].columns} == {None}


def test_the_reference_is_found_by_its_cells_where_its_name_says_nothing():
    mapping = guessed(workbook(["Kennung", *HEADER[1:]], ROW, OTHER))
    assert says(mapping)["Kennung"] == "child_ref"


def test_nothing_is_read_before_a_person_has_confirmed_it():
    upload = workbook(HEADER, ROW)
    with pytest.raises(MappingProblem, match="is it the Recommendation for permanence"):
        tables_from([upload], guessed(upload))
    assert values(tables_from([upload], guessed(upload).confirmed()), CHILDREN, "child_ref") == [("C1",)]


def test_files_in_the_layout_of_an_extract_leave_nothing_to_confirm():
    children = text(
        "child_ref,family_ref,date_of_birth,sex,ethnicity,disability,locality,team\nC1,F1,2019-05-14,F,,,,North\n",
        name="children.csv",
    )
    placements = text(
        "child_ref,start,end,placement_type,provider,short_break\nC1,2024-01-08,,KIN,,0\n", name="placements.csv"
    )
    mapping = guessed(children, placements)
    assert (mapping.doubts(), mapping.problems()) == ([], [])
    tables = tables_from([children, placements], mapping)
    assert values(tables, CHILDREN, "child_ref", "sex", "team") == [("C1", "F", "North")]
    assert values(tables, PLACEMENTS, "start", "end", "placement_type", "short_break") == [
        ("2024-01-08", "", "KIN", "0")
    ]
    assert tables.event_codes == frozenset()


def test_a_code_that_is_only_similar_waits_for_a_person():
    upload = workbook(["Child ID", "Start date", "Placement type"], ["C1", "13/01/2024", "Kinshp carers"])
    mapping = guess_mapping(look_at_uploads([upload]), BOOKS)
    assert mapping.sheets[0].kind == PLACEMENTS
    code = mapping.sheets[0].used["placement_type"].codes["Kinshp carers"]
    assert (code.code, code.settled, code.sure < 95) == ("KIN", False, True)


def test_a_value_that_nobody_recognises_stays_open_even_when_everything_else_is_confirmed():
    upload = workbook(HEADER, [*ROW[:4], "Plan B", ""])
    with pytest.raises(MappingProblem, match="what does “Plan B” mean"):
        tables_from([upload], mapped(upload))


def test_the_kinds_of_several_sheets_are_told_apart():
    def add(book):
        events = book.create_sheet("Meetings")
        events.append(["Client ID", "Event type", "Event date", "Outcome"])
        events.append(["C1", "LAC review", "13/02/2024", "plan continues"])
        book.create_sheet("Notes").append(["Ask Jo about the panel dates"])

    mapping = guessed(workbook(HEADER, ROW, change=add))
    assert [use.kind for use in mapping.sheets] == [WIDE, EVENTS, ""]


def test_the_names_are_found_under_titles_and_the_total_is_no_child():
    rows = [["Permanence tracker"], [], ["October 2026", "Confidential"], [], HEADER, ROW, [], OTHER, ["Total", 2]]
    upload = workbook(*rows, ["Report run on 31/10/2026"])
    tables = read(upload)
    assert values(tables, CHILDREN, "child_ref") == [("C1",), ("C2",)]
    assert any("row 9 is a total" in warning and "row 10 holds one cell only" in warning for warning in tables.warnings)


def test_a_sheet_without_names_of_columns_is_not_guessed_at():
    (look,) = look_at_uploads([workbook(ROW, OTHER)])
    assert look.problems == ["No row with the names of the columns was found among the first; give each column a name."]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda book: book.active.merge_cells("A2:A3"), r"merged \(A2:A3\)"),
        (lambda book: book.active.cell(1, 6).__setattr__("value", "route "), "E and F are all called “Route”"),
        (lambda book: book.active.delete_rows(2, 2), "no rows under them"),
    ],
)
def test_a_sheet_that_nobody_can_read_surely_is_refused(change, problem):
    upload = workbook(HEADER, ROW, OTHER, change=change)
    (look,) = look_at_uploads([upload])
    with pytest.raises(MappingProblem, match=problem):
        raise MappingProblem(look.problems)


def hide(book):
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["D"].hidden = True
    book.create_sheet("Old").append(HEADER)
    book["Old"].append(["C9", *ROW[1:]])
    book["Old"].sheet_state = "hidden"


def test_hidden_rows_are_asked_about_and_hidden_columns_and_sheets_are_left_out():
    upload = workbook(HEADER, ROW, OTHER, change=hide)
    mapping = guessed(upload).confirmed()
    assert says(mapping)["Recommendation date"] == ""
    assert mapping.sheets[1].kind == ""
    assert mapping.doubts() == ["Tracker.xlsx, sheet Sheet1: do hidden rows count?"]


@pytest.mark.parametrize(("count", "children"), [(True, ["C1", "C2"]), (False, ["C1"])])
def test_hidden_rows_count_as_a_person_says(count, children):
    upload = workbook(HEADER, ROW, OTHER, change=hide)
    kept = mapped(upload).as_json()
    kept["sheets"][0]["hidden_lines"] = count
    tables = tables_from([upload], Mapping.from_json(kept))
    assert [row.values["child_ref"] for row in tables.tables[CHILDREN].rows] == children


def test_a_mapping_is_kept_and_comes_back_the_same():
    mapping = mapped(workbook(HEADER, ROW))
    assert Mapping.from_json(mapping.as_json()) == mapping


def test_a_remembered_mapping_fits_the_same_columns_in_another_order_without_a_question():
    before = mapped(workbook(HEADER, ROW))
    again = workbook(HEADER[::-1], ROW[::-1], name="Tracker of November.xlsx", title="November")
    refitted = refit(before, look_at_uploads([again]), BOOKS)
    assert refitted.is_same
    assert values(tables_from([again], refitted.mapping), EPISODES, "child_ref", "start") == [("C1", "2024-01-08")]


def test_what_is_different_from_the_remembered_mapping_is_told_and_asked():
    before = mapped(workbook(HEADER, ROW))
    again = workbook(["Client ID", "DOB", *HEADER[2:]], [*ROW[:4], "Adoption", ""])
    refitted = refit(before, look_at_uploads([again]), BOOKS)
    assert refitted.differences == [
        "Tracker.xlsx, sheet Sheet1: the column B “DOB” is new.",
        "Tracker.xlsx, sheet Sheet1, column E “Route”: new values: “Adoption”.",
        "Tracker.xlsx, sheet Sheet1: the column “Date of birth” (Date of birth) is not there now.",
    ]
    assert len(refitted.mapping.doubts()) == 2


def test_a_remembered_order_with_the_month_first_is_asked_again_where_no_date_shows_it():
    def sheet(day):
        return workbook(HEADER, [*ROW[:3], day, *ROW[4:]])

    mapping = mapped(sheet("06/30/2024"))
    (use,) = mapping.sheets
    columns = [replace(each, order=DayOrder.MONTH_FIRST) if each.says == "PERM_REC" else each for each in use.columns]
    before = Mapping((replace(use, columns=tuple(columns)),))
    assert refit(before, look_at_uploads([sheet("07/30/2024")]), BOOKS).is_same
    again = refit(before, look_at_uploads([sheet("06/07/2024")]), BOOKS)
    assert "had the month first, which no date shows now" in again.differences[0]
    assert again.mapping.doubts() == [
        "Tracker.xlsx, sheet Sheet1, column D “Recommendation date”: is it the Recommendation for permanence?"
    ]


def test_a_column_that_moved_since_it_was_mapped_is_never_read_as_another():
    mapping = mapped(workbook(HEADER, ROW))
    with pytest.raises(MappingProblem, match="column C was “Date accommodated”, and now is “Recommendation date”"):
        tables_from([workbook([*HEADER[:2], HEADER[3], HEADER[2], *HEADER[4:]], ROW)], mapping)


def test_a_correction_stands_in_place_of_the_cell_for_this_run():
    upload = workbook(HEADER, ROW, [*OTHER[:2], "31/02/2024", *OTHER[3:]])
    (reject,) = read(upload).rejects
    cell = f"{reject.place.letter}{reject.place.line}"
    correction = Correction(reject.place.file, reject.place.sheet, cell, "29/02/2024")
    tables = read(upload, corrections=[correction])
    assert tables.rejects == []
    assert values(tables, EPISODES, "child_ref", "start")[1] == ("C2", "2024-02-29")


def test_one_cell_with_the_month_first_makes_the_ambiguous_ones_of_its_column_refused_by_cell():
    rows = [[f"C{n}", f"{n + 12}/05/2019", day] for n, day in enumerate(["04/13/2024", "13/01/2024", "03/04/2024"], 1)]
    tables = read(workbook(HEADER[:3], *rows))
    assert [(str(reject.place.cell), reject.rule) for reject in tables.rejects] == [
        ("Sheet1!C2", "date"),
        ("Sheet1!C4", "ambiguous-date"),
    ]
    assert tables.rejects[1].message == (
        "this may be 3 April 2024 or 4 March 2024: C2, in this column, has the month first; write the month as a word"
    )
    assert values(tables, EPISODES, "child_ref") == [("C2",)]


def test_a_date_that_is_ambiguous_by_another_column_names_the_cell_there():
    (reject,) = read(workbook(HEADER[:4], ["C1", "03/04/2019", datetime(2024, 1, 13), "07/30/2024"])).rejects[:1]
    assert (reject.place.cell, reject.message) == (
        "Sheet1!B2",
        "this may be 3 April 2019 or 4 March 2019: no date of this column shows which, and D2, in another column, has "
        "the month first; write the month as a word",
    )


@pytest.mark.parametrize(("second", "is_told"), [(datetime(2024, 2, 11), True), (datetime(2024, 11, 21), False)])
def test_real_dates_whose_day_and_month_a_spreadsheet_may_have_exchanged_are_told(second, is_told):
    days = ["25/03/2024", datetime(2024, 4, 3), second]
    upload = workbook(HEADER, *([f"C{n}", "14/05/2019", day, "", "", ""] for n, day in enumerate(days)))
    (look,) = look_at_uploads([upload])
    assert any("column C: its real dates" in remark for remark in look.remarks) == is_told


def test_references_that_a_spreadsheet_spoilt_are_refused():
    rows = [[ref, "13/05/2019", "13/01/2024"] for ref in ("1.23E+11", 1.5, 10**16)]
    assert [reject.rule for reject in read(workbook(HEADER[:3], *rows)).rejects] == ["reference"] * 3


def test_a_second_row_of_a_child_is_refused_with_the_place_of_the_first():
    (reject,) = read(workbook(HEADER, ROW, ROW)).rejects
    assert reject.message == "this child already has a row: Tracker.xlsx, Sheet1!A2 (Client ID)"


def test_a_row_of_nobody_knows_whom_leaves_everything_recorded_where_it_is():
    tables = read(workbook(HEADER, ROW, ["", *OTHER[1:]]))
    assert [reject.rule for reject in tables.rejects] == ["empty-cell"]
    assert CHILDREN in tables.torn


def test_a_sheet_of_very_many_columns_is_read_by_its_names():
    header = [*HEADER, *(f"Free field {get_column_letter(n)}" for n in range(1, 80))]
    assert sum(bool(key) for key in says(guessed(workbook(header, ROW))).values()) == len(HEADER)
