"""The highlight report for senior management: one page for each aim, as at a day (`domain.md` 6.8).

Every format is made from this one object, so that a page, a slide and a sheet cannot differ.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from aims.charts import MOST_BARS, MOST_POINTS
from aims.cut_bars import axis_top
from aims.decision_words import expected_words, prospect_heading, which_must
from aims.definition_words import definition_in_words
from aims.figure_words import judged_in_words, maturity_in_words
from aims.findings import burn_down_summary, chart_summary, headline, still_waiting, target_line
from aims.judged_chart import JudgedChart
from aims.outcomes import Outcome
from aims.prospect import Prospect, prospect
from aims.reports.content import Percentage, ReportContent, named_in_no_list, percentages
from aims.reports.status import MEANINGS, Status, meaning_of, status_of, worst
from aims.reports.told import NOTHING_TOLD, Told, ToldOfAim
from milestones.clocks.states import State
from pace_site.look.words import british_date, british_moment, children, count_of

LONGEST_WAITS = 10
A_CLOCK = "A clock is one time that a child began to wait for what an aim counts; a child can have more than one."
SOON = timedelta(weeks=4)
STANDARD = "OFFICIAL-SENSITIVE"
NOT_JUDGED = "No overall status: targets are the whole authority's, and these figures are of a part of it."


@dataclass(frozen=True)
class AimReport:
    """One aim in the report: its figures and rows, its judged chart, what people say, and what changed."""

    content: ReportContent
    judged: JudgedChart | None = None
    told: ToldOfAim = field(default_factory=ToldOfAim)
    change: tuple[str, ...] = ()
    doubt: str = ""  # how many of its clocks rest on doubtful data; empty while nobody has looked

    @property
    def code(self) -> str:
        return self.content.definition.code

    @property
    def title(self) -> str:
        return f"{self.code}: {self.content.definition.title}"

    @property
    def headline(self) -> str:
        return f"{headline(self.content.now)}."

    @property
    def target(self) -> str:
        return f"{target_line(self.content.now)}."

    @cached_property
    def status(self) -> Status:
        return Status.NOT_JUDGED if self.content.is_not_judged else status_of(self.content.measured)

    @property
    def status_line(self) -> str:
        """The status with what it means; once the by-date is reached, the day and the figures that it was judged on."""
        if self.content.is_not_judged:
            return f"{self.status.value}: {MEANINGS[self.status]}."
        measured = self.content.measured
        said = [f"{self.status.value}: {meaning_of(measured)}."]
        if measured.at_by_date is not None:
            said.append(f"Judged as at {british_date(measured.at_by_date.as_at)}.")
        return " ".join(filter(None, [*said, judged_in_words(measured)]))

    @property
    def percentages(self) -> tuple[Percentage, ...]:
        """The two published percentages; none for an aim that may claim none."""
        return percentages(self.content.now)[:2] if self.content.definition.has_claim else ()

    @property
    def maturity(self) -> str:
        return maturity_in_words(self.content.now)

    @property
    def chart_summary(self) -> str:
        """What the chart shows; its text alternative too."""
        if self.content.definition.is_backlog:
            return burn_down_summary(self.content.now)
        return chart_summary(self.content.now)

    @cached_property
    def cut_at(self) -> int | None:
        """The weeks at which the axis of the chart ends, where a wait is too long to be drawn beside the dots."""
        if self.judged is None:
            return None
        bars = still_waiting(self.content.now.outcomes.rows)[:MOST_BARS]
        return axis_top(self.judged.points[-MOST_POINTS:], bars)

    @cached_property
    def findings(self) -> tuple[str, ...]:
        return () if self.judged is None else tuple(self.judged.findings)

    @property
    def waits(self) -> list[Outcome]:
        """The longest waits of children who may be listed."""
        return still_waiting(self.content.rows)[:LONGEST_WAITS]

    @property
    def waits_left_out(self) -> int:
        return max(len(still_waiting(self.content.rows)) - LONGEST_WAITS, 0)

    @cached_property
    def _prospect(self) -> Prospect | None:
        return prospect(self.content.now)

    @property
    def prospect(self) -> tuple[str, ...]:
        """Can we still make it? Empty without a by-date, after it, and for a part of the authority."""
        found = self._prospect
        if found is None or self.content.is_part or not self.content.now.outcomes.clock_count:
            return ()
        heading = prospect_heading(found)
        which = "" if found.is_certain or found.is_impossible else which_must(found)
        return tuple(filter(None, (f"{heading}.", which, expected_words(found))))

    @property
    def risks(self) -> tuple[str, ...]:
        """What will go wrong if nothing is done: who falls due soon."""
        until = self.content.as_at + SOON
        soon = [
            row for row in self.content.now.outcomes.rows if row.state == State.WAITING and row.due and row.due <= until
        ]
        if not soon or not self.content.definition.has_claim:
            return ()
        verb = "falls" if len(soon) == 1 else "fall"
        return (f"{children(len(soon))} still waiting in time {verb} due by {british_date(until)}.",)

    @property
    def quality(self) -> tuple[str, ...]:
        """What the reader must know of the data: what cannot be placed, and what the aim leaves out."""
        counts = self.content.now.counts
        said = []
        if counts[State.UNKNOWN]:
            clocks = count_of(counts[State.UNKNOWN], "clock", "clocks")
            said.append(f"{clocks} cannot be placed, for want of an exact date or a placement, and stand in no figure.")
        if counts["excluded"]:
            clocks = count_of(counts["excluded"], "clock is", "clocks are")
            said.append(f"{clocks} left out by the aim's filters on pathway or placement.")
        if counts[State.EXITED]:
            clocks = count_of(counts[State.EXITED], "clock", "clocks")
            said.append(f"{clocks} ended in time without a decision, because the child left or the plan changed.")
        if self.doubt:
            said.append(self.doubt)
        return tuple(said)

    @property
    def definition(self) -> list[tuple[str, str]]:
        return definition_in_words(self.content.definition)


@dataclass(frozen=True)
class Highlight:
    """The whole report. `since` is the day of the last issued one, None where there was none.

    `read_at`: when the records were read; all that was recorded before is in the figures.
    """

    authority: str
    fictional: bool
    covers: str
    as_at: date
    aims: tuple[AimReport, ...]
    told: Told = NOTHING_TOLD
    since: date | None = None
    made_by: str = ""
    read_at: datetime | None = None

    @property
    def title(self) -> str:
        """What the file and its first page are called."""
        of = self.aims[0].title if len(self.aims) == 1 else "PACE highlight report"
        return f"{of}, {self.authority}, as at {british_date(self.as_at)}"

    @property
    def status(self) -> str:
        """The overall status in words: that of the worst aim, and how many are of each."""
        whole = worst(aim.status for aim in self.aims)
        counts = [(status, sum(aim.status == status for aim in self.aims)) for status in Status]
        of_each = ", ".join(f"{count} {status.value.lower()}" for status, count in counts if count)
        aims = count_of(len(self.aims), "aim", "aims")
        if any(aim.content.is_not_judged for aim in self.aims):
            return f"{NOT_JUDGED} Of {aims}: {of_each}."
        if whole is None:
            return f"Nothing can be said yet. Of {aims}: {of_each}."
        return f"{whole.value} overall, as the aim that stands worst. Of {aims}: {of_each}."

    @property
    def decisions(self) -> tuple[str, ...]:
        """Those of no aim, and those of its aims; none of an aim that it does not report on."""
        return (*self.told.decisions, *(decision for aim in self.aims for decision in aim.told.decisions))

    @property
    def notices(self) -> tuple[str, ...]:
        """What stands before everything else, each sentence once."""
        own = [notice for aim in self.aims for notice in aim.content.notices if notice not in self._of_one_aim(aim)]
        closed = named_in_no_list(row for aim in self.aims for row in aim.content.unnamed)
        return tuple(filter(None, dict.fromkeys([f"Figures count {self.covers}.", A_CLOCK, *own, closed])))

    @staticmethod
    def _of_one_aim(aim: AimReport) -> tuple[str, ...]:
        """Notices that would contradict those of another aim: of closed records each aim counts its own."""
        return aim.content.claim, named_in_no_list(aim.content.unnamed)

    @property
    def period(self) -> str:
        return " ".join(filter(None, (self._as_at, self.read)))

    @property
    def read(self) -> str:
        """At which moment the records were read."""
        return "" if self.read_at is None else f"Records as they were on {british_moment(self.read_at)}."

    @property
    def _as_at(self) -> str:
        if any(aim.content.is_part for aim in self.aims):
            return f"As at {british_date(self.as_at)}."
        if self.since is None:
            return f"As at {british_date(self.as_at)}; no report was issued before."
        return f"As at {british_date(self.as_at)}; the last report was as at {british_date(self.since)}."

    @property
    def file_stem(self) -> str:
        """What files are called: the aim or "highlight", and the day; nothing of any child."""
        what = self.aims[0].code if len(self.aims) == 1 else "highlight"
        return f"{what}_{self.as_at.isoformat()}"
