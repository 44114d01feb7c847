"""Dates as councils write them: each form, and each refusal, without a guess."""

from contextlib import suppress
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milestones.extract.cells import Unacceptable
from milestones.sheets.days import BLANK, UNKNOWN, DayForm, DayOrder, DayRead, Evidence, Known, find_evidence, read_day

BRITISH = DayForm(numbers=1900)
DAYS = st.dates(date(1950, 1, 1), date(2049, 12, 31))
MONTH_SHOWN = DayForm(evidence=Evidence(month_first="D9"))


@pytest.mark.parametrize(
    "text",
    [
        "14/05/2027",
        "14.05.27",
        "14-5-2027",
        "14 05 2027",
        "14/05/2027 00:00:00",
        "14/05/2027 2:30 PM",
        "2027-05-14",
        "2027/5/14",
        "2027-05-14T09:30",
        "20270514",
        "14 May 2027",
        "14th May 2027",
        "14-May-27",
        "14May2027",
        "Fri 14 May 2027",
        "Friday, 14 May 2027",
        "May 14, 2027",
        "14 MAY, 2027",
        "14th of May 2027",
        "46521",
        46521,
        46521.75,
        datetime(2027, 5, 14, 12, 0),
        date(2027, 5, 14),
    ],
)
def test_the_14th_of_may_2027_in_every_form(text):
    assert read_day(text, BRITISH) == DayRead(Known.DAY, date(2027, 5, 14))


@pytest.mark.parametrize("text", ["May 2027", "may-2027", "05/2027", "5/2027", "2027-05", "2027/05"])
def test_a_month_is_written_as_its_first_day(text):
    assert read_day(text, BRITISH) == DayRead(Known.MONTH, date(2027, 5, 1))


@pytest.mark.parametrize("text", ["not known", "Not Known", "N/K", "nk", "unknown", "?", "??"])
def test_a_date_that_is_not_known_says_so(text):
    assert read_day(text, BRITISH) is UNKNOWN


@pytest.mark.parametrize("text", ["", None, "n/a", "N/A", "-", "–", "none"])
def test_a_cell_that_says_nothing_happened_is_blank(text):
    assert read_day(text, BRITISH) is BLANK


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("31/02/2021", "no such day"),
        ("29/02/2023", "no such day"),
        ("00/05/2021", "no such day"),
        ("2021-13-01", "no such day"),
        ("01/85/2022", "no such day"),
        ("04/13/2021", "the month first"),
        ("14/05/0202", "year"),
        ("14/05/3027", "year"),
        ("2018", "a year only"),
        (2018, "not a date"),
        (7, "not a date"),
        (10**12, "not a date"),
        ("May-27", "four digits"),
        ("c. May 2018", "not sure"),
        ("early 2018", "not sure"),
        ("14/05/2018?", "not sure"),
        ("14/05/2018 and 15/05/2018", "more than one"),
        ("2021-03-31T23:30:00Z", "time zone"),
        ("TBC", "not a date"),
        ("3/4-2021", "not a date"),
        ("1/4/021", "not a date"),
        (time(9, 30), "not a date"),
        (True, "not a date"),
    ],
)
def test_what_is_impossible_or_not_sure_is_refused_with_the_reason(text, why):
    with pytest.raises(Unacceptable, match=why):
        read_day(text, BRITISH)


def test_a_day_number_is_refused_where_nobody_knows_from_when_it_counts():
    with pytest.raises(Unacceptable, match="day number"):
        read_day("43466", DayForm())


def test_day_numbers_of_old_macintosh_workbooks_count_from_1904():
    assert read_day(43466 - 1462, DayForm(numbers=1904)).day == date(2019, 1, 1)


def test_an_ambiguous_date_is_refused_in_a_column_that_elsewhere_has_the_month_first():
    with pytest.raises(
        Unacceptable, match="3 April 2021 or 4 March 2021: D9, in this column, has the month first"
    ) as refused:
        read_day("03/04/2021", MONTH_SHOWN)
    assert refused.value.rule == "ambiguous-date"


def test_a_date_that_reads_the_same_either_way_is_not_ambiguous():
    assert read_day("04/04/2021", MONTH_SHOWN).day == date(2021, 4, 4)


def test_a_date_that_can_only_have_the_day_first_is_read_in_a_mixed_column():
    mixed = DayForm(evidence=Evidence(day_first="D8", month_first="D9"))
    assert read_day("13/04/2021", mixed).day == date(2021, 4, 13)


def test_a_column_that_a_person_says_has_the_month_first_is_read_so():
    form = DayForm(order=DayOrder.MONTH_FIRST, evidence=Evidence(month_first="D9"))
    assert read_day("03/04/2021", form).day == date(2021, 3, 4)


def test_the_first_cell_that_can_only_be_one_order_is_the_evidence():
    cells = [("D2", "03/04/2021"), ("D3", "04/13/2021 10:00"), ("D4", "13.04.21"), ("D5", 44000), ("D6", "04/14/2021")]
    assert find_evidence(cells) == Evidence(day_first="D4", month_first="D3")


@settings(max_examples=40, deadline=None)
@given(
    day=DAYS, form=st.sampled_from(["%d/%m/%Y", "%d.%m.%y", "%d-%m-%Y", "%d %B %Y", "%d-%b-%y", "%Y-%m-%d", "%Y%m%d"])
)
def test_every_day_of_the_window_is_read_back_from_every_form(day, form):
    assert read_day(day.strftime(form), BRITISH) == DayRead(Known.DAY, day)


@settings(max_examples=30, deadline=None)
@given(day=DAYS, epoch=st.sampled_from([1900, 1904]))
def test_day_numbers_are_those_of_the_spreadsheet(day, epoch):
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel

    number = to_excel(day, epoch=CALENDAR_MAC_1904 if epoch == 1904 else CALENDAR_WINDOWS_1900)
    assert read_day(number, DayForm(numbers=epoch)).day == day


@settings(max_examples=60, deadline=None)
@given(text=st.one_of(st.text(max_size=30), st.text(alphabet="0123456789/-. MaySep", max_size=14)))
def test_any_text_is_read_or_refused_in_words(text):
    with suppress(Unacceptable):
        read = read_day(text, BRITISH)
        assert (read.day is None) == (read.known in (Known.BLANK, Known.UNKNOWN))
