"""One aim as a slide of a meeting: its finding, figures, chart, longest waits and what is new."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from aims.cards import AimCard
from aims.charts import burn_down_figure, drawn_clocks, run_chart_figure
from aims.clock_order import Clocks
from aims.findings import burn_down_summary, chart_summary
from aims.judged_chart import JudgedChart, Marked, judge_aim
from aims.news import decided_since, newly_overdue
from aims.plain_figure import DrawnChart
from milestones.clocks.states import State

LONGEST_WAITS = 6
TYPE_GROWS_BY, ROOM_FOR_LEGEND = 4, 130  # pixels


@dataclass(frozen=True)
class Wait:
    """One of those who wait longest; without `code` for a group that may open no child."""

    code: str
    days: int
    is_overdue: bool


class Slide:
    """What a meeting sees of one aim. Children appear by pseudonym, and nothing leads to their pages.

    A dot that opened its child on a projector would show a name to everybody in the room.
    """

    def __init__(self, card: AimCard, *, since: date):
        self.card, self.since = card, since

    @property
    def key(self) -> str:
        """What the address names the slide by."""
        return self.card.definition.code

    @property
    def figure_id(self) -> str:
        return f"figure-{self.key}"

    @cached_property
    def judged(self) -> JudgedChart | None:
        if self.card.definition.is_backlog:
            return None
        return judge_aim(self.card.version.aim, self.card.now.outcomes)

    @cached_property
    def drawn(self) -> DrawnChart | None:
        if self.judged is None:
            drawn = burn_down_figure(self.card.now)
        else:
            drawn = run_chart_figure(self.card.now, self.judged, links=self._pseudonyms)
        if drawn is not None:
            _enlarge(drawn.figure["layout"])
        return drawn

    @property
    def summary(self) -> str:
        return burn_down_summary(self.card.now) if self.judged is None else chart_summary(self.card.now)

    @property
    def findings(self) -> list[str]:
        return [] if self.judged is None else self.judged.findings

    @property
    def new_remarks(self) -> list[Marked]:
        """What was marked on the chart since the last meeting."""
        return [] if self.judged is None else [each for each in self.judged.remarks if each.on > self.since]

    @cached_property
    def decided_since(self) -> Clocks:
        """The clocks that stopped since the last meeting."""
        return decided_since(self.card.now.outcomes, self.since)

    @property
    def decided_in_time(self) -> int:
        return self.decided_since.column("state").count(State.MET)

    @cached_property
    def newly_overdue(self) -> int:
        """How many became overdue since the last meeting and still wait."""
        return newly_overdue(self.card.now.outcomes, self.since)

    @cached_property
    def waits(self) -> list[Wait]:
        return [
            Wait(row.child_code if row.child_code in self._pseudonyms else "", row.waited, row.state == State.OVERDUE)
            for row in self.card.now.outcomes.running[:LONGEST_WAITS]
        ]

    @cached_property
    def _pseudonyms(self) -> dict[str, str]:
        """Whom of those shown the wall may name: nobody whose record is closed to anybody in the room."""
        if not self.card.linked:
            return {}
        closed = self.card.counted.closed_to_somebody
        points, bars = drawn_clocks(self.card.now)
        return {row.child_code: "" for row in (*points, *bars) if row.child_id not in closed}


def _enlarge(layout: dict) -> None:
    """Let the words of a figure read from the end of a room; on a phone they stay as they are."""
    layout["margin"] = layout["margin"] | {"b": ROOM_FOR_LEGEND}
    layout["legend"] = layout["legend"] | {"y": 0, "yref": "container", "yanchor": "bottom"}
    for words in (layout, *layout.get("annotations", [])):
        words["font"] = words["font"] | {"size": words["font"]["size"] + TYPE_GROWS_BY}
