"""An aim as a file: the same figures as everywhere, by pseudonym, and nothing that a spreadsheet would run."""

from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from aims.definition_words import definition_in_words
from aims.reports.columns import COLUMNS
from children.models import Child, Identity
from tests.aims.exports import charts, csv_rows, every_part, exported, labelled, sheets, stored_aim
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, aim, child, foster, looked_after, recommended

AS_AT = "2020-06-01"


@pytest.fixture
def cohort(authority):
    """One child in each state: met, missed, overdue, waiting, left in time and left undecided, and one unplaced."""
    store(
        [
            accommodated("2019-06-03", recommended("2019-09-02"), ref="R-MET"),
            accommodated("2019-06-04", recommended("2020-01-07"), ref="R-MISSED"),
            accommodated("2019-07-01", ref="R-OVERDUE"),
            accommodated("2020-05-01", ref="R-WAITING"),
            accommodated("2019-08-01", left="2019-09-01", ref="R-LEFT"),
            accommodated("2019-06-05", left="2020-05-05", ref="R-UNDECIDED"),
            child(looked_after("2020-05-10"), ref="R-NOWHERE"),
        ],
        authority=authority,
    )
    return stored_aim(aim(code="AIM-1", from_date="2019-06-01"), authority=authority)


@pytest.fixture
def codes():
    """Pseudonym by council reference."""
    return lambda: dict(Child.objects.values_list("local_ref", "code"))


def test_the_csv_has_one_line_per_clock_with_its_dates_and_its_reason(cohort, codes):
    rows = {row["child"]: row for row in csv_rows(exported(cohort, "csv", as_at=AS_AT).body)}

    assert len(rows) == 6
    assert rows[codes()["R-UNDECIDED"]] == {
        "authority": "Midlothian",
        "aim": "AIM-1",
        "as_at": "2020-06-01",
        "covers": "every child of Midlothian",
        "child": codes()["R-UNDECIDED"],
        "state": "MISSED",
        "route": "",
        "start": "2019-06-05",
        "due": "2019-12-04",
        "stop": "",
        "exit": "2020-05-05",
        "exit_reason": "Ceased to be looked after",
        "days": "",
        "waited_days": "335",
        "waited_weeks": "47.9",
        "left_undecided": "yes",
    }


def test_the_csv_opens_in_excel_with_a_byte_order_mark_and_crlf(cohort):
    body = exported(cohort, "csv", as_at=AS_AT).body

    assert body.startswith(b"\xef\xbb\xbfauthority,")
    assert body.count(b"\r\n") == 7
    assert body.count(b"\n") == 7


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_csv_cell_that_a_spreadsheet_would_run_is_marked_as_text(cohort, start):
    Child.objects.filter(local_ref="R-MET").update(code=f"{start}1+1")

    assert f"'{start}1+1" in {row["child"] for row in csv_rows(exported(cohort, "csv", as_at=AS_AT).body)}


def test_the_outcomes_sheet_holds_real_dates_and_numbers(cohort, codes):
    header, *rows = sheets(exported(cohort, "xlsx", as_at=AS_AT).body)["Outcomes"]
    row = next(row for row in rows if row[0] == codes()["R-MET"])

    assert header == tuple(column.name for column in COLUMNS)
    assert row[3] == datetime(2019, 6, 3)
    assert row[8:11] == (91, 91, 13)
    assert {type(value) for value in row[8:11]} <= {int, float}


def test_the_outcomes_sheet_shows_british_dates_under_a_fixed_header_with_filters(cohort):
    sheet = load_workbook(BytesIO(exported(cohort, "xlsx", as_at=AS_AT).body))["Outcomes"]

    assert sheet["D2"].number_format == "d mmmm yyyy"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:L7"


def test_the_summary_says_both_percentages_with_their_counts(cohort):
    rows = {row[0]: row[1:3] for row in sheets(exported(cohort, "xlsx", as_at=AS_AT).body)["Summary"]}

    assert rows["In time, of those decided"] == (50, "1 in time of 2 decided")
    assert rows["In time, of those decided or overdue"] == (
        25,
        "1 in time of 4 decided, overdue or left undecided after the due date",
    )


def test_the_summary_counts_every_state_and_what_stands_outside(cohort):
    found = labelled(exported(cohort, "xlsx", as_at=AS_AT).body)

    assert {
        name: found[name] for name in ("Met", "Missed", "Overdue", "Waiting in time", "Left in time", "Unknown")
    } == {
        "Met": 1,
        "Missed": 2,
        "Overdue": 1,
        "Waiting in time": 1,
        "Left in time": 1,
        "Unknown": 1,
    }
    assert (found["Left undecided"], found["Excluded"], found["Clocks"]) == (1, 0, 6)


def test_an_aim_that_counts_leavers_as_met_says_so_beside_the_number(authority, cohort):
    version = stored_aim(aim(code="LEAVE", from_date="2019-06-01", exit_rule="count_as_met"), authority=authority)
    rows = {row[0]: row[1:3] for row in sheets(exported(version, "xlsx", as_at=AS_AT).body)["Summary"]}

    assert rows["Met"] == (2, "Decided on or before the due date. Those who left in time count here too.")


def test_after_the_by_date_the_summary_judges_as_at_the_by_date(authority, cohort):
    version = stored_aim(aim(code="BY", from_date="2019-06-01", by_date="2020-01-01"), authority=authority)
    body = exported(version, "xlsx", as_at=AS_AT).body

    assert labelled(body)["Verdict"].endswith("Judged as at 1 January 2020, the by-date.")
    judged = labelled(body, after="Judged as at 1 January 2020, the by-date")
    assert judged["Overdue"] == 3
    assert labelled(body)["Overdue"] == 1


def test_a_run_chart_and_bars_are_drawn_natively_on_one_scale_with_words_for_those_who_cannot_see_them(cohort):
    body = exported(cohort, "xlsx", as_at=AS_AT).body
    run_chart, bars = charts(body)

    assert "<c:lineChart>" in run_chart
    assert "'Chart data'!$D$2:$D$3" in run_chart  # two decisions
    assert "<c:barChart>" in bars
    assert "<a:pattFill" in bars  # overdue is told by more than colour
    top = '<c:max val="50"/>'
    assert top in run_chart
    assert top in bars
    assert 'descr="Run chart: weeks to decision of 2 clocks' in every_part(body)
    assert 'descr="Bars: weeks waited until 1 June 2020 by 2 still waiting' in every_part(body)


def test_one_long_wait_is_cut_in_both_charts_and_tells_its_weeks(authority):
    store(
        [accommodated("2019-06-03", recommended("2019-09-02"), ref="R-MET"), accommodated("2015-06-01", ref="R-LONG")],
        authority=authority,
    )
    body = exported(stored_aim(aim(), authority=authority), "xlsx", as_at=AS_AT).body
    run_chart, bars = charts(body)
    # One and a half times the limit of 26 weeks, which is higher than the dot.
    assert '<c:max val="39"/>' in run_chart
    assert '<c:max val="39"/>' in bars
    assert "<c:showVal" in bars
    assert "<c:showVal" not in run_chart
    assert "Bars of more than 39 weeks are cut: the number on each is its weeks." in every_part(body)


def test_the_dots_stand_in_order_of_the_day_of_decision_with_their_median(authority):
    store(
        [
            accommodated("2019-06-03", recommended("2020-01-06"), ref="FIRST-IN"),
            accommodated("2019-07-01", recommended("2019-09-02"), ref="LAST-IN"),
        ],
        authority=authority,
    )
    rows = sheets(exported(stored_aim(aim(), authority=authority), "xlsx", as_at=AS_AT).body)["Chart data"]

    assert [row[3] for row in rows[1:]] == [9, 31]
    assert [row[4] for row in rows[1:]] == [20, 20]
    assert [row[5] for row in rows[1:]] == [26, 26]


def test_a_backlog_is_drawn_as_a_burn_down_and_not_as_a_run_chart(authority):
    store(
        [
            accommodated("2019-01-07", recommended("2019-09-02"), ref="DECIDED"),
            accommodated("2019-02-04", ref="WAITING"),
        ],
        authority=authority,
    )
    backlog = aim(kind="deadline", limit=None, before_date="2019-06-01", deadline="2019-12-31")
    body = exported(stored_aim(backlog, authority=authority), "xlsx", as_at=AS_AT).body
    corners = [row[12:14] for row in sheets(body)["Chart data"][1:]]

    assert "<c:scatterChart>" in charts(body)[0]
    assert corners == [
        (datetime(2019, 6, 1), 2),
        (datetime(2019, 9, 2), 2),
        (datetime(2019, 9, 2), 1),
        (datetime(2020, 6, 1), 1),
    ]


def test_a_draft_aim_shows_durations_and_claims_no_percentage(authority, cohort):
    version = stored_aim(aim(code="DRAFT", status="draft", limit="X", target_pct="X"), authority=authority)
    body = exported(version, "xlsx", as_at=AS_AT).body
    summary = sheets(body)["Summary"]

    assert "This aim is a draft without a limit: it shows how long children wait and claims no percentage." in {
        row[0] for row in summary
    }
    assert not [row for row in summary if str(row[0]).startswith("In time")]
    assert labelled(body)["Decided"] == 2
    assert not {"Missed", "Overdue", "Left undecided"} & set(labelled(body))
    assert "Limit in weeks" not in charts(body)[0]


def test_an_aim_without_any_child_still_opens_and_says_why_there_is_no_chart(authority):
    body = exported(stored_aim(aim(), authority=authority), "xlsx", as_at=AS_AT).body

    assert charts(body) == []
    assert {"No run chart: nobody has been decided yet.", "No bars: nobody is still waiting."} <= {
        row[4] for row in sheets(body)["Summary"]
    }
    assert labelled(body)["In time, of those decided"] is None


def test_an_aim_without_any_child_is_a_csv_of_its_header_alone(authority):
    body = exported(stored_aim(aim(), authority=authority), "csv", as_at=AS_AT).body

    header = ["authority", "aim", "as_at", "covers", *(column.name for column in COLUMNS)]
    assert body.decode("utf-8-sig") == ",".join(header) + "\r\n"


def test_texts_that_look_like_formulas_or_links_stay_texts(authority, cohort):
    Child.objects.filter(local_ref="R-MET").update(code="=1+1")
    title = "=Summary!$A$1"
    version = stored_aim(aim(code="INJECT", title=title, text="https://example.org"), authority=authority)
    body = exported(version, "xlsx", as_at=AS_AT).body
    cells = [cell for sheet in load_workbook(BytesIO(body)) for row in sheet.iter_rows() for cell in row]

    assert "=1+1" in {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if cell.hyperlink]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_no_name_birth_date_or_council_reference_is_anywhere_in_the_file(authority, file_format):
    store(
        [
            child(
                looked_after("2019-06-03"),
                foster("2019-06-03"),
                recommended("2019-09-02"),
                born="2013-02-17",
                ref="COUNCIL-7731",
                family="FAMILY-55",
            )
        ],
        authority=authority,
    )
    Child.objects.update(code="P-0417")
    only = Child.objects.get()
    Identity.objects.create(child=only, given_name="Morag", family_name="Zetterberg")
    body = exported(stored_aim(aim(), authority=authority), file_format, as_at=AS_AT).body
    text = every_part(body) if file_format == "xlsx" else body.decode("utf-8-sig")
    cells = {value for rows in sheets(body).values() for row in rows for value in row} if file_format == "xlsx" else ()

    assert only.code in text
    for secret in ("COUNCIL-7731", "FAMILY-55", "Morag", "Zetterberg", "2013-02-17", "17 February 2013"):
        assert secret not in text
    assert datetime(2013, 2, 17) not in cells


def test_the_file_name_says_the_aim_and_the_day_and_nothing_else(cohort):
    assert exported(cohort, "xlsx", as_at=AS_AT).name == "AIM-1_2020-06-01.xlsx"


def test_the_definitions_sheet_says_the_aim_as_its_page_does(cohort):
    rows = {row[:2] for row in sheets(exported(cohort, "xlsx", as_at=AS_AT).body)["Definitions"]}

    assert set(definition_in_words(cohort.definition)) <= rows


def test_the_definitions_sheet_explains_every_column_and_how_months_are_counted(cohort):
    rows = sheets(exported(cohort, "xlsx", as_at=AS_AT).body)["Definitions"]
    explained = {row[0]: row[1] for row in rows}

    for column in COLUMNS:
        assert explained[column.name] == column.meaning
    assert any("7.5 months are 7 months and 15 days" in str(row[1]) for row in rows)


def test_the_summary_says_when_the_last_extract_is_older_than_the_day_asked(cohort):
    Child.objects.update(last_extract_on="2020-05-31")
    notice = "The last extract is of 31 May 2020"

    assert notice in str(sheets(exported(cohort, "xlsx", as_at="2020-06-01").body)["Summary"])
    assert notice not in str(sheets(exported(cohort, "xlsx", as_at="2020-05-31").body)["Summary"])


def test_a_chart_of_very_many_draws_the_latest_two_hundred_and_says_so(authority):
    store(
        [accommodated("2019-06-03", recommended("2019-09-02"), ref=f"EARLY-{number}") for number in range(3)]
        + [accommodated("2019-06-03", recommended("2019-09-09"), ref=f"LATE-{number}") for number in range(200)],
        authority=authority,
    )
    found = sheets(exported(stored_aim(aim(), authority=authority), "xlsx", as_at=AS_AT).body)

    assert {row[3] for row in found["Chart data"][1:]} == {14}
    assert len(found["Outcomes"]) == 1 + 203
    assert any("The chart draws the 200 latest." in str(row[4]) for row in found["Summary"])


def test_a_fictional_authority_is_said_to_be_one(authority, cohort):
    assert "Fictional" not in str(sheets(exported(cohort, "xlsx", as_at=AS_AT).body)["Summary"])
    authority.fictional = True
    authority.save()
    cohort.aim.refresh_from_db()

    assert "Fictional authority" in str(sheets(exported(cohort, "xlsx", as_at=AS_AT).body)["Summary"])


def test_an_eighteenth_birthday_is_not_told_by_the_day_a_clock_ended(authority):
    version = stored_aim(aim(), authority=authority)
    store([accommodated("2018-01-01", born="2000-03-01")], authority=authority)
    (row,) = csv_rows(exported(version, "csv", as_at="2018-06-01").body)
    assert (row["exit"], row["exit_reason"], row["waited_days"], row["waited_weeks"]) == ("", "Turned 18", "", "")
