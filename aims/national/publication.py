"""The national view as it may be shown: every figure of it has gone through disclosure control.

Pages and files take their figures from here alone. A percentage is shown only where all the counts that make it are,
so it tells nothing that they do not. What is hidden at one of the days that are offered is hidden at all of them, with
one word that does not tell at which of them there is a small number, nor whether there is any number at all.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils import timezone

from aims.count_columns import DECIDED_LABEL, DUE, DUE_LABEL, LABELS, MET, OVERDUE, TOGETHER, WAITING
from aims.definition import AimDefinition
from aims.definition_words import definition_in_words
from aims.disclosure import ALL, SMALLEST_SHOWN, Cell, Suppressed, TableSeries, common_pattern
from aims.models import NationalFile
from aims.national.figures import AimCounts, Authority, NationalFigures
from aims.national_dataset.recommendations import NOT_IN_THE_FILE
from aims.shown_counts import Figure, shown_figures
from pace_site.look.words import british_date, count_of, percent

REAL, FICTIONAL = "Scotland", "The fictional authorities"
NOT_TOLD = "not in the file"
HERE, FILE = "records here", "its file"


@dataclass(frozen=True)
class Row:
    """The figures of one authority, or of all of them together; `source` says where an authority's come from."""

    name: str
    code: str
    counts: tuple[Figure, ...]
    pct_decided: Figure
    pct_due: Figure
    source: str = ""

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (*self.counts, self.pct_decided, self.pct_due)


@dataclass(frozen=True)
class AimTable:
    """One aim in the authorities of one group, their total last, with the sentence that says what it finds.

    `not_told` says why files do not tell the aim, where one is needed for it.
    """

    definition: AimDefinition
    sentence: str
    rows: tuple[Row, ...]
    total: Row
    not_told: str = ""

    @property
    def definition_words(self) -> list[tuple[str, str]]:
        return definition_in_words(self.definition)


@dataclass(frozen=True)
class Source:
    """Where an authority's figures come from, and how old they are."""

    name: str
    extract: str
    origin: str = ""


@dataclass(frozen=True)
class Group:
    """The real authorities, or the fictional ones: they are never added up with each other."""

    name: str
    fictional: bool
    sources: tuple[Source, ...]
    aims: tuple[AimTable, ...]

    @property
    def headline(self) -> str:
        """How much of each aim was met in time, of those decided or overdue: what the totals show, in one line."""
        told = [(aim.definition.code, aim.total.pct_due) for aim in self.aims if aim.total.pct_due.value is not None]
        if not told:
            return ""
        others = "" if len(told) == len(self.aims) else "; of the others it cannot be told"
        return (
            f"{self.name}: met in time "
            + ", ".join(f"{percent(share.value)} of {code}" for code, share in told)
            + others
        )


def published(figures: NationalFigures) -> list[Group]:
    """The groups that have any authority, the real one first."""
    groups = []
    for name, fictional in ((REAL, False), (FICTIONAL, True)):
        authorities = tuple(each for each in figures.authorities if each.fictional is fictional)
        lacking = tuple(_lacking(each) for each in figures.without_file if each.authority.fictional is fictional)
        if authorities or lacking:
            aims = tuple(
                _aim_table(aim, figures, authorities, group=name, fictional=fictional)
                for aim in figures.aims
                if authorities
            )
            sources = tuple(_source(each, as_at=figures.as_at) for each in authorities)
            groups.append(Group(name, fictional, (*sources, *lacking), aims))
    return groups


def _suppressed(aim: AimCounts, figures: NationalFigures, *, fictional: bool) -> Suppressed:
    """The table of the day, with the cells hidden that are hidden at all days offered."""
    tables = aim.tables(figures.authorities_at, fictional=fictional)
    # Sums join the authorities, so the strictest of them sets what is small for all.
    strictest = max(each.smallest_shown for authorities in figures.authorities_at.values() for each in authorities)
    series = TableSeries(tuple(tables.values()), max(strictest, SMALLEST_SHOWN))
    return Suppressed(tables[figures.as_at], common_pattern(series))


def _source(authority: Authority, *, as_at: date) -> Source:
    file = authority.file
    if file is None:
        return Source(authority.name, extract_in_words(authority, as_at=as_at), HERE)
    received = british_date(timezone.localtime(file.received_at).date())
    return Source(authority.name, f"file of {file.month_end:%B %Y}, received on {received}", FILE)


def _lacking(file: NationalFile) -> Source:
    """What is said of an authority that sent no file of the month."""
    return Source(file.authority.name, f"no file of this month; the last is of {file.month_end:%B %Y}", "nothing")


def extract_in_words(authority: Authority, *, as_at: date) -> str:
    """Of which day the last extract is, and how many days before the day of the figures."""
    last = authority.last_extract_on
    if last is None:
        return "no extract; recorded by hand"
    if last > as_at:
        return f"{british_date(last)}, later than these figures"
    if last == as_at:
        return f"{british_date(last)}, the day of these figures"
    return f"{british_date(last)}, {count_of((as_at - last).days, 'day', 'days')} before these figures"


def _aim_table(
    aim: AimCounts, figures: NationalFigures, authorities: tuple[Authority, ...], *, group: str, fictional: bool
) -> AimTable:
    told = aim.told_by(authorities, figures.as_at)
    suppressed = _suppressed(aim, figures, fictional=fictional) if told else None
    whole = len(told) == len(authorities)
    name = group if whole else f"{group}, {len(told)} of {count_of(len(authorities), 'authority', 'authorities')}"
    return AimTable(
        definition=aim.definition,
        sentence=_sentence(suppressed, group=name) if told else f"{group}: this aim is in none of the files.",
        rows=tuple(
            _row(suppressed, each.code, name=each.name, source=FILE if each.file else HERE)
            if each in told
            else _row_not_told(each.code, name=each.name, source=FILE)
            for each in authorities
        ),
        total=_row(suppressed, ALL, name=name) if told else _row_not_told("", name=group),
        not_told="" if whole else NOT_IN_THE_FILE[aim.definition.code],
    )


def _row_not_told(code: str, *, name: str, source: str = "") -> Row:
    """A row without figures: a file does not tell this aim, and a zero would be a wrong figure."""
    counts = tuple(Figure(column, label, NOT_TOLD) for column, label in LABELS.items())
    decided, due = (
        Figure("pct_decided", DECIDED_LABEL, NOT_TOLD),
        Figure("pct_decided_or_overdue", DUE_LABEL, NOT_TOLD),
    )
    return Row(name, code, counts, decided, due, source)


def _row(suppressed: Suppressed, key: str, *, name: str, source: str = "") -> Row:
    figures = shown_figures(lambda column: suppressed.shown(Cell(key, column)))
    return Row(name, "" if key == ALL else key, *figures, source)


def _sentence(suppressed: Suppressed, *, group: str) -> str:
    """What the total says, of the counts that it shows."""
    met, due, together = (suppressed.shown(Cell(ALL, column)) for column in (MET, DUE, TOGETHER))
    if together == 0:
        return f"{group}: no clock is in this aim's cohort."
    if due == 0:
        finding = f"{group}: nobody has been decided and nobody is overdue"
    elif met is None or due is None:
        finding = f"{group}: how many were met cannot be shown without telling of a few children"
    else:
        finding = f"{group}: {percent(Fraction(100 * met, due))} met in time, {met:,} of {due:,}"
    overdue = _running(suppressed, OVERDUE, "overdue")
    waiting = _running(suppressed, WAITING, "waiting in time")
    return "; ".join(filter(None, [finding, overdue, waiting])) + "."


def _running(suppressed: Suppressed, column: str, words: str) -> str:
    count = suppressed.shown(Cell(ALL, column))
    if count is None:
        return ""
    return f"{count:,} {words}" if count else f"nobody {words}"
