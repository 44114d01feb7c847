"""The definition of every figure on an aim's page, generated from the aim: what is counted, and of what."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from aims.compliance import Compliance, Measured
from aims.definition import AimDefinition
from aims.definition_words import definition_in_words
from aims.figure_words import (
    PART_OF_THE_AUTHORITY,
    STATE_MEANINGS,
    STATE_MEANINGS_WITHOUT_LIMIT,
    VERDICTS,
    maturity_in_words,
)
from aims.findings import median_days
from aims.outcomes import LeftOut
from milestones.clocks.states import State
from pace_site.look.words import british_date, count_of, percent, weeks

# Headings of `definition_in_words` that say who is in the figures, and by which clock.
FILTERS = ("Who is counted", "When a child leaves")
CLOCK = ("The clock starts", "The clock stops", "Allowed")
HEAD = "at the head of the aim's page, of the list of aims, and in its reports"
TILES = "among the numbers at the head of the aim's page and in the list of aims, and in its reports"
BESIDE = "under the numbers at the head of the aim's page, when there is any"


@dataclass(frozen=True)
class FigureDefinition:
    """How one figure is counted, and what it is on the day; a figure that is no share has an empty denominator."""

    name: str
    value: str
    numerator: str
    denominator: str
    left_out: str
    shown: str

    @property
    def key(self) -> str:
        return self.name.lower().replace(" ", "-").replace(",", "")


@dataclass(frozen=True)
class LeftOutReason:
    """How many clocks are in no figure, and why."""

    count: int
    why: str


@dataclass(frozen=True)
class AimFigures:
    """Everything that the figures of one aim rest on, as at a day."""

    filters: list[tuple[str, str]]
    clock: list[tuple[str, str]]
    left_out: list[LeftOutReason]
    figures: list[FigureDefinition]


def define_figures(measured: Measured, *, is_part: bool = False) -> AimFigures:
    """Say how each figure of an aim's page is counted, with its numbers as at the day of `measured.now`.

    `is_part`: the figures are of a part of the authority, which is not judged.
    """
    now = measured.now
    words = dict(definition_in_words(now.definition))
    return AimFigures(
        filters=[(heading, words[heading]) for heading in FILTERS],
        clock=[(heading, words[heading]) for heading in CLOCK],
        left_out=[
            *_reasons(now.outcomes.excluded, "left out by the aim"),
            *_reasons(now.outcomes.unplaced, "cannot be placed"),
        ],
        figures=[*_shares(now), *_counts(now), *_summaries(now), _verdict(measured, is_part=is_part)],
    )


def _reasons(left_out: Iterable[LeftOut], kind: str) -> list[LeftOutReason]:
    counted = Counter(each.why for each in left_out)
    return [LeftOutReason(count, f"{kind}: {why}") for why, count in sorted(counted.items())]


def _shares(now: Compliance) -> list[FigureDefinition]:
    """The two published percentages and their bounds; none where nothing can be claimed."""
    if not now.definition.has_claim:
        return []
    waiting, undecided = now.counts[State.WAITING], now.counts["left_undecided"]
    met = f"{now.met:,} met: decided on or before the due date"
    if now.definition.exit_rule == "count_as_met":
        met += ", or gone in time without a decision, which this aim counts as met"
    due = f"{now.decided_or_overdue:,} met, missed or overdue"
    all_due = f"{now.decided_or_overdue + waiting:,} met, missed, overdue or waiting in time"
    exited, overdue = f"{now.counts[State.EXITED]:,} who left in time", f"{now.counts[State.OVERDUE]:,} overdue"
    return [
        FigureDefinition(
            "In time, of those decided",
            percent(now.pct_decided),
            met,
            f"{now.decided:,} met, or decided late",
            f"{overdue}; {undecided:,} left undecided; {waiting:,} waiting in time; {exited}",
            HEAD,
        ),
        FigureDefinition(
            "In time, of those decided or overdue",
            percent(now.pct_decided_or_overdue),
            met,
            f"{due}; {undecided:,} of them left undecided",
            f"{waiting:,} waiting in time; {exited}",
            f"{HEAD}; it is compared with the target",
        ),
        FigureDefinition(
            "At worst",
            percent(now.pct_worst),
            f"{met}: as if nobody who still waits were decided in time",
            all_due,
            exited,
            _prospect(now.definition),
        ),
        FigureDefinition(
            "At best",
            percent(now.pct_best),
            f"{now.met + waiting:,} met or waiting in time: as if everybody who waits in time were decided in time",
            all_due,
            exited,
            _prospect(now.definition),
        ),
    ]


def _prospect(definition: AimDefinition) -> str:
    if definition.by_date is None or definition.target_pct is None:
        return "in the figures as data (measure_aims); the page bounds the result only of an aim with a by-date"
    return (
        f"in the reports; under “Can we still make it?” the same bounds as at {british_date(definition.by_date)}, "
        "without those who can then still be waiting in time"
    )


def _counts(now: Compliance) -> list[FigureDefinition]:
    """Each count of clocks by their state, and what is left out of them."""
    has_claim = now.definition.has_claim
    meanings = STATE_MEANINGS if has_claim else STATE_MEANINGS_WITHOUT_LIMIT
    if has_claim:
        tiles = {
            "Overdue": State.OVERDUE,
            "Waiting in time": State.WAITING,
            "Met": State.MET,
            "Missed": State.MISSED,
        }
    else:
        tiles = {"Waiting": State.WAITING, "Decided": State.MET}
    rows = [_count(name, now.counts[state], meanings[state], TILES) for name, state in tiles.items()]
    beside = {
        "Left undecided": (
            now.counts["left_undecided"],
            "Left after the due date, or counted as missed by the aim's rule, without a decision; part of missed.",
        ),
        "Left in time": (now.counts[State.EXITED], meanings[State.EXITED]),
        "Cannot be placed": (now.counts[State.UNKNOWN], meanings[State.UNKNOWN]),
        "Left out by the aim": (now.counts["excluded"], "In the cohort, but of a placement or pathway left out."),
    }
    return rows + [_count(name, count, words, BESIDE) for name, (count, words) in beside.items()]


def _count(name: str, count: int, words: str, shown: str) -> FigureDefinition:
    return FigureDefinition(name, f"{count:,}", f"{count_of(count, 'clock', 'clocks')}. {words}", "", "", shown)


def _summaries(now: Compliance) -> list[FigureDefinition]:
    middle = median_days(now.outcomes.rows)
    stopped = sum(row.days is not None for row in now.outcomes.rows)
    waiting = now.outcomes.clock_count - stopped
    return [
        FigureDefinition(
            "Median time",
            weeks(middle),
            f"Half of {count_of(stopped, 'decided clock', 'decided clocks')} took no longer from start to stop, in "
            "time or late. A recommendation made before the start counts as 0 days.",
            "",
            f"{waiting:,} not decided: waiting, overdue, or gone",
            "in the words over the run chart, and in the list of aims for an aim without a limit",
        ),
        FigureDefinition(
            "Maturity",
            now.maturity.replace("_", " "),
            f"{maturity_in_words(now)} Too early until the first day on which any child could be due; mature once the "
            "by-date is reached or, without one, once nobody waits in time any more; maturing between.",
            "",
            "",
            "under the numbers at the head of the aim's page and in the list of aims",
        ),
    ]


def _verdict(measured: Measured, *, is_part: bool) -> FigureDefinition:
    definition = measured.now.definition
    if definition.target_pct is None or not definition.has_claim:
        how = "Without a target and a limit or deadline nothing is judged."
    else:
        how = (
            f"The share in time of those decided or overdue, unrounded, against {percent(definition.target_pct)}: "
            "on course or off course until the by-date, met or not met from then on."
        )
        if definition.deadline is not None:
            how += " On its by-date whoever still waits counts against it."
        if measured.at_by_date is not None:
            how += f" Judged as at {british_date(definition.by_date)}, whatever happened later."
    value = VERDICTS[measured.verdict].rstrip(".")
    if is_part and definition.target_pct is not None:
        value, how = "Not judged", f"{PART_OF_THE_AUTHORITY} Of the whole: {how}"
    return FigureDefinition("Verdict", value, how, "", "", "beside the target, at the head of the aim's page")
