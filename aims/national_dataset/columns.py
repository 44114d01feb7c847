"""The columns of the national dataset, declared once: what each means, what it may hold, and how a cell is read.

The data dictionary, the file that is written and the check of one that is read all come from here. The dates are the
permanence dates that CLAS collects (`domain.md` 3.5). What is not here on purpose: names, references, dates of birth,
sex and locality.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from aims.reports.csv_file import csv_bytes
from milestones.catalogue import AdmOutcome, Route
from milestones.clocks.spells import AGE_18, DEATH, LA_TRANSFER_OUT, LAC_END, RETURN_HOME
from milestones.extract.cells import Cell, Code, Day, Flag, Unacceptable
from pace_site.look.months import named_month

UNDER_ONE, AGE_NOT_KNOWN = "under 1", "not known"
# Words and not "5-11", which spreadsheets turn into the fifth of November.
AGE_BANDS = {
    UNDER_ONE: "before the first birthday",
    "1 to 4": "from the first birthday to the day before the fifth",
    "5 to 11": "from the fifth birthday to the day before the twelfth",
    "12 to 15": "from the twelfth birthday to the day before the sixteenth",
    "16 to 17": "from the sixteenth birthday to the day before the eighteenth",
    "18 or over": "a slip in the record: nobody begins to be looked after at 18",
    AGE_NOT_KNOWN: "the date of birth, or that of accommodation, is not recorded",
}
EXIT_REASONS = {
    RETURN_HOME: "returned to the parents",
    LAC_END: "ceased to be looked after",
    LA_TRANSFER_OUT: "another authority took over",
    DEATH: "died",
    AGE_18: "reached 18",
}
ADM_OUTCOMES = {outcome.value: outcome.label.lower() for outcome in AdmOutcome}
ROUTES = {route.value: route.label for route in Route}
AUTHORITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,11}")
PSEUDONYM = re.compile(r"N-[A-Z2-7]{16}")
MOST_SPELLS = 99


@dataclass(frozen=True)
class Shaped:
    """Text of one shape, written exactly."""

    shape: re.Pattern
    words: str
    blank: None = None

    def read(self, text: str) -> str:
        if not self.shape.fullmatch(text):
            raise Unacceptable("shape", f"this is not {self.words}")
        return text


@dataclass(frozen=True)
class Month:
    """A month such as 2018-10, read as its last day."""

    blank: None = None

    def read(self, text: str) -> date:
        found = named_month(text)
        if found is None:
            raise Unacceptable("month", "this is not a month written as year-month, for example 2018-10")
        return found


@dataclass(frozen=True)
class Count:
    """A whole number from 1."""

    most: int
    blank: None = None

    def read(self, text: str) -> int:
        if not re.fullmatch(r"[1-9][0-9]{0,3}", text) or int(text) > self.most:
            raise Unacceptable("number", f"this is not a whole number from 1 to {self.most}")
        return int(text)


@dataclass(frozen=True)
class Column:
    """One column: its name, what it means, of which kind its cells are, and the codes that they may hold."""

    name: str
    meaning: str
    kind: str
    cell: Cell
    codes: Mapping[str, str] = field(default_factory=dict)
    must_fill: bool = False

    @property
    def codes_in_words(self) -> str:
        return "; ".join(f"{code}: {words}" for code, words in self.codes.items())

    def read(self, text: str) -> Any:
        """The value of a cell; raises `Unacceptable` with words for who sends the file."""
        if text:
            return self.cell.read(text)
        if self.must_fill:
            raise Unacceptable("empty-cell", "this cell must not be empty")
        return self.cell.blank


def _coded(name: str, meaning: str, what: str, codes: Mapping[str, str], *, must_fill: bool = False) -> Column:
    return Column(name, meaning, "code", Code(what, frozenset(codes)), codes, must_fill)


def _day(name: str, meaning: str) -> Column:
    return Column(name, meaning, "date, YYYY-MM-DD", Day(None))


YES_NO = {"1": "yes", "0": "no"}
COLUMNS = (
    Column(
        "authority",
        "Official code of the authority; the same in every row.",
        "code",
        Shaped(AUTHORITY, "the code of an authority, such as S12000019"),
        must_fill=True,
    ),
    Column(
        "fictional", "Whether the authority and its children are made up.", "0 or 1", Flag(), YES_NO, must_fill=True
    ),
    Column(
        "month",
        "The month at whose end the row speaks; the same in every row. What happened later is not told.",
        "month, YYYY-MM",
        Month(),
        must_fill=True,
    ),
    Column(
        "child",
        "Pseudonym of the child, made for this dataset alone and the same in every month. It cannot be turned into the "
        "pseudonym that the authority uses itself.",
        "N- and 16 letters or digits",
        Shaped(PSEUDONYM, "a pseudonym of this dataset, N- and 16 letters or digits"),
        must_fill=True,
    ),
    Column(
        "spell",
        "Which of the child's spells away from home this is, 1 for the first that is recorded. A spell is unbroken "
        "time away from home: moves between carers do not end it, and short breaks do not begin one.",
        "whole number",
        Count(MOST_SPELLS),
        must_fill=True,
    ),
    _coded("age_band", "Age on the day first accommodated.", "an age band", AGE_BANDS, must_fill=True),
    _day(
        "first_accommodated",
        "First day of the spell. Of a child who came from another authority, the day first accommodated there; empty "
        "where that is not known.",
    ),
    _day(
        "last_accommodated",
        "Last day of the spell; empty while it goes on, and where the young person reached 18, as it would tell the "
        "birthday.",
    ),
    _coded(
        "exit_reason", "Why the spell ended; empty while it goes on.", "a reason for the end of a spell", EXIT_REASONS
    ),
    Column(
        "left_after_limit",
        "Only of who reached 18, in place of the day: whether that was after the limit of national aim 2 (26 weeks "
        "from the day first accommodated).",
        "0, 1 or empty",
        Flag(blank=None),
        YES_NO,
    ),
    Column(
        "still_looked_after",
        "Whether the child is looked after at the end of the month, away from home or not.",
        "0 or 1",
        Flag(),
        YES_NO,
        must_fill=True,
    ),
    _day(
        "recommended_on",
        "Day of the first recommendation for permanence of the spell, whatever its route. Before the first day only "
        "for a child under 1, whose plan was made before the child was accommodated.",
    ),
    _coded("recommended_route", "Route of that recommendation; empty where not recorded.", "a route", ROUTES),
    _day(
        "adm_on",
        "Day of the latest agency decision of the spell that approved or refused a plan, failing one that deferred it. "
        "A plan that was approved again keeps its first day.",
    ),
    _coded("adm_outcome", "What the agency decision maker decided on that day.", "an agency decision", ADM_OUTCOMES),
    _day(
        "lodged_on",
        "Day on which the first application was lodged in court in the spell; after an approval, the first since.",
    ),
)
BY_NAME = {column.name: column for column in COLUMNS}
DATES = tuple(column.name for column in COLUMNS if isinstance(column.cell, Day))


def month_code(end: date) -> str:
    """2018-10, of a day of October 2018."""
    return f"{end:%Y-%m}"


def dictionary_file() -> bytes:
    """The data dictionary as a file to lie beside the dataset."""
    header = ["column", "meaning", "kind", "codes", "may_be_empty"]
    return csv_bytes(
        header,
        ([c.name, c.meaning, c.kind, c.codes_in_words, "no" if c.must_fill else "yes"] for c in COLUMNS),
    )
