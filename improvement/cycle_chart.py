"""The chart of the aim that a cycle serves, before and after the cycle began."""

from dataclasses import dataclass
from datetime import date

from aims.charts import run_chart_figure
from aims.compliance import Compliance
from aims.counted import counted_children
from aims.figures import journeys_for
from aims.findings import FEW_POINTS, median_days
from aims.judged_chart import JudgedChart, judge_aim
from aims.models import Aim, AimVersion
from aims.outcomes import Outcome, outcomes
from aims.plain_figure import DrawnChart
from improvement.models import PdsaCycle
from improvement.remarks import remarks_of
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can
from pace_site.look.words import british_date, children, weeks


@dataclass(frozen=True)
class CycleChart:
    """The run chart with the cycle on it, and what was decided before it began and since."""

    cycle: PdsaCycle
    version: AimVersion
    whose: str
    as_at: date
    judged: JudgedChart
    drawn: DrawnChart

    @property
    def sentences(self) -> list[str]:
        """Both medians side by side, and how little that says by itself."""
        begun = self.cycle.started_on
        before = [row for row in self.judged.points if row.stop < begun]
        since = [row for row in self.judged.points if row.stop >= begun]
        said = [f"Before {british_date(begun)}: {_decided(before)}. Since then: {_decided(since)}."]
        if len(since) < FEW_POINTS:
            said.append(f"Fewer than {FEW_POINTS} decisions since are too few to see an effect.")
        return said


def cycle_chart(cycle: PdsaCycle, user: User, *, as_at: date) -> CycleChart | None:
    """The chart as this person may see it; None before the cycle began, and for an aim that has no run chart."""
    if cycle.started_on is None or not can(user, Permission.VIEW_AIMS):
        return None
    aim = cycle.test.aim
    version = Aim.objects.visible_to(user).filter(pk=aim.pk).current_versions().first()
    if version is None or version.definition.is_backlog:
        return None
    counted = counted_children(user)
    journeys = journeys_for([version.definition], counted.children, as_at)
    figures = Compliance(outcomes(version.definition, journeys))
    own = [each for each in remarks_of(aim, of_tests=[cycle.test_id]) if each.link == cycle.get_absolute_url()]
    judged = judge_aim(aim, figures.outcomes, remarks=own)
    # No link: whoever discusses a test is led to its aim, and from there to the children they may open.
    drawn = run_chart_figure(figures, judged, links={})
    if drawn is None:
        return None
    return CycleChart(cycle, version, counted.whose, as_at, judged, drawn)


def _decided(rows: list[Outcome]) -> str:
    if not rows:
        return "nobody was decided"
    return f"{children(len(rows))} decided, half of them within {weeks(median_days(rows))}"
