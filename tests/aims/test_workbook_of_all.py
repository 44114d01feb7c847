"""Several aims as one workbook: the figures of each, its own charts, and nothing that a spreadsheet would run."""

from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from aims.models import Aim
from aims.reports.assembling import highlight_of
from aims.reports.columns import COLUMNS
from aims.reports.native_charts import FIRST_BACKLOG_COLUMN
from aims.reports.told import NOTHING_TOLD, Barrier, Told, ToldOfAim, ToldTest
from aims.reports.workbook import workbook as workbook_file
from aims.reports.workbook_of_all import sheet_names
from children.models import Child
from milestones.clocks.states import State
from pace_site.accounts.models import Organisation
from tests.acceptance_extracts import printed_measures, take_in
from tests.aims.exports import charts, every_part, sheets
from tests.aims.reported_aims import AS_AT, BACKLOG, DRAFT
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, aim

pytestmark = pytest.mark.django_db


@pytest.fixture
def workbook(reported):
    """The workbook of aims over a few children."""

    def run(*definitions, told=NOTHING_TOLD) -> bytes:
        return workbook_file(reported(*definitions, told=told))

    return run


def overview(body: bytes) -> dict[str, dict[str, object]]:
    """The table of all aims: by code, the value under each header."""
    rows = sheets(body)["Summary"]
    header = next(number for number, row in enumerate(rows) if row[0] == "Aim")
    return {row[0]: dict(zip(rows[header], row, strict=True)) for row in rows[header + 1 :]}


def test_the_summary_says_of_every_aim_what_measure_aims_prints():
    authority, as_at = take_in("north_lanarkshire")
    measured = printed_measures(authority, as_at)["aims"]
    assert len(measured) > 1
    versions = list(Aim.objects.filter(authority=Organisation.objects.get(code=authority)).current_versions())
    report = highlight_of(versions, as_at=date.fromisoformat(as_at), by=None)
    body = workbook_file(report)
    found, book = overview(body), sheets(body)
    labels = ("Met", "Missed", "Overdue", "Waiting in time", "Left in time", "Unknown")

    for each in measured:
        row, of_aim = found[each["code"]], dict(line[:2] for line in book[each["code"]])
        assert row["In time, of those decided"] == each["pct_decided"]
        assert row["In time, of those decided or overdue"] == each["pct_decided_or_overdue"]
        assert row["Clocks"] == each["clocks"]
        assert [row[label] for label in labels] == [each["counts"][state.value] for state in State]
        assert of_aim["In time, of those decided"] == each["pct_decided"]
        listed = [line for line in book["Outcomes"] if line[0] == each["code"]]
        assert [line[2] for line in listed] == [outcome["state"] for outcome in each["outcomes"]]


def test_each_aim_has_a_sheet_between_the_summary_and_what_lies_behind(workbook):
    assert list(sheets(workbook(aim(), BACKLOG, DRAFT))) == [
        "Summary",
        "TEST",
        "LOG",
        "DRAFT",
        "Outcomes",
        "Definitions",
        "Data quality",
        "Chart data",
    ]


def test_each_chart_is_drawn_from_its_own_aim_s_columns(workbook):
    body = workbook(aim(), BACKLOG, DRAFT)
    data = load_workbook(BytesIO(body))["Chart data"]
    starts = {data.cell(1, column).value: column for column in range(1, data.max_column + 1)}
    weeks = {code: data.cell(2, column + 3).value for code, column in starts.items() if code}
    drawn = charts(body)

    assert weeks == dict.fromkeys(("TEST", "LOG", "DRAFT"), "Weeks to decision")
    assert [data.cell(row, starts["TEST"] + 3).value for row in (3, 4)] == [13, 35]
    assert "'Chart data'!$D$3:$D$4" in drawn[0]
    letter = data.cell(2, starts["LOG"] + FIRST_BACKLOG_COLUMN + 1).column_letter
    assert f"'Chart data'!${letter}$3" in drawn[2]
    assert data[f"{letter}2"].value == "Still waiting"
    assert len(drawn) == 6


def test_every_chart_has_a_text_alternative(workbook):
    body = every_part(workbook(aim(), BACKLOG))
    assert body.count('descr="') == 4
    assert 'descr="Burn-down of the backlog: 2 waited on 1 December 2019' in body


def test_headers_stay_in_sight_and_dates_are_dates(workbook):
    body = workbook(aim(by_date="2020-12-31"), BACKLOG)
    book = load_workbook(BytesIO(body))
    assert all(sheet.freeze_panes for sheet in book)
    assert overview(body)["TEST"]["By-date"] == datetime(2020, 12, 31)
    header, first, *_rest = sheets(body)["Outcomes"]
    assert header == ("aim", *(column.name for column in COLUMNS))
    assert (*first[:3], first[4]) == ("TEST", "P-REF-A", "OVERDUE", datetime(2019, 3, 4))


def test_what_people_said_stands_on_the_summary(workbook):
    told = Told(
        {"TEST": ToldOfAim((ToldTest("Agenda", "adopted", "It helps"),), (Barrier("No reporter", AS_AT, ""),))},
        decisions=("Adopt the agenda",),
    )
    rows = {row[:2] for row in sheets(workbook(aim(), BACKLOG, told=told))["Summary"]}
    assert ("Decisions", "Adopt the agenda") in rows
    assert ("Tests of change of TEST", "Agenda: adopted. Learned: It helps") in rows
    assert ("Barriers of TEST", "No reporter (since 1 June 2020).") in rows


def test_a_draft_claims_no_percentage_on_the_summary(workbook):
    row = overview(workbook(aim(), DRAFT))["DRAFT"]
    assert (row["Status"], row["In time, of those decided"]) == ("No target set", None)


def test_the_quality_of_the_data_is_counted_aim_by_aim(workbook, authority):
    store([accommodated("2019-08-01", left="2019-09-01", ref="REF-L")], authority=authority)
    rows = sheets(workbook(aim(), aim(code="LATER", from_date="2020-01-01")))["Data quality"]
    assert rows[1][:4] == ("TEST", 0, 0, 1)
    assert rows[1][4].startswith("1 clock ended in time without a decision")
    assert rows[2] == ("LATER", 0, 0, 0, "Every clock is placed, and none is left out.")


def test_no_text_becomes_a_formula_or_a_link(workbook):
    told = Told({}, decisions=("=2+2", "https://example.org"))
    Child.objects.filter(code="P-REF-A").update(code="=3+3")
    body = workbook(aim(title="=1+1"), aim(code="OTHER", title="@SUM(1)"), told=told)
    cells = [cell for sheet in load_workbook(BytesIO(body)) for row in sheet.iter_rows() for cell in row]
    assert {"=1+1", "=2+2", "=3+3", "@SUM(1)"} <= {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_no_council_reference_is_anywhere_in_the_file(workbook):
    text = every_part(workbook(aim(), BACKLOG))
    assert "P-REF-A" in text
    assert ">REF-A<" not in text


def test_names_of_sheets_are_safe_and_unlike_each_other():
    codes = ["A/B", "a:b", "Summary", "History", "X" * 40, "X" * 41, "'q'", ""]
    names = sheet_names(codes)
    assert names == ["A-B", "a-b (2)", "Summary (2)", "History (2)", "X" * 31, f"{'X' * 27} (2)", "-q-", "Aim"]
    assert max(map(len, names)) <= 31
