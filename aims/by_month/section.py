"""The section of an aim's page about its months: sentences, chart and table, each count with its list."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from aims.by_month.drawing import months_figure
from aims.by_month.months import Month, Monthly, by_month
from aims.by_month.words import findings, heading, notes
from aims.compliance import Compliance
from aims.judged_chart import Remark
from aims.plain_figure import DrawnChart


@dataclass(frozen=True)
class MonthSection:
    """What the page shows of the months; `whole` draws all of them."""

    monthly: Monthly
    remarks: Sequence[Remark]
    whole: bool

    @property
    def heading(self) -> str:
        return heading(self.monthly)

    @property
    def findings(self) -> list[str]:
        return findings(self.monthly)

    @property
    def notes(self) -> list[str]:
        return notes(self.monthly)

    @cached_property
    def drawn(self) -> DrawnChart:
        return months_figure(self.monthly, remarks=self.remarks, whole=self.whole)

    @property
    def rows(self) -> list[Month]:
        """The months drawn in which clocks fell due, the latest first."""
        months = self.monthly.months[-self.drawn.points :]
        return [month for month in reversed(months) if month.due]


def month_section(figures: Compliance, remarks: Sequence[Remark], *, whole: bool) -> MonthSection | None:
    """The section, or None for an aim that has no months."""
    monthly = by_month(figures)
    return None if monthly is None else MonthSection(monthly, remarks, whole)
