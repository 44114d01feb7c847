"""The page that compares one aim across the groups of a dimension."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.views.generic import TemplateView

from aims.cards import AimCard
from aims.compare import drawing, words
from aims.compare.asking import dimension_asked, groups_by
from aims.compare.comparison import Comparison, GroupFigures, compare
from aims.compare.dimensions import DIMENSIONS
from aims.compare.groups import SMALLER_GROUPS, pooled
from aims.findings import limit_in_days
from aims.views import AimFiguresMixin
from pace_site.replica.reading import reads_apart

MOST_CHARTS = 12
WITH_LIMIT = ("due", "met", "overdue", "waiting")
WITHOUT_LIMIT = ("all", "decided", "waiting")


@dataclass(frozen=True)
class Count:
    """One number of the table and, for whoever may open children, the address of exactly those."""

    label: str
    count: int
    href: str

    @property
    def shown(self) -> str:
        return f"{self.count:,}"


@dataclass(frozen=True)
class Line:
    """One group as a line of the table."""

    figures: GroupFigures
    counts: list[Count]
    bar: drawing.IntervalBar | None

    @property
    def interval(self) -> str:
        return words.interval_words(self.figures.interval)

    @property
    def by_chance(self) -> str:
        return words.chance_words(self.figures)

    @property
    def is_pale(self) -> bool:
        return self.figures.is_small or not self.figures.group.is_one


@dataclass(frozen=True)
class Multiple:
    """One group as a small chart."""

    figures: GroupFigures
    chart: drawing.SmallChart
    told: str


class AimCompareView(AimFiguresMixin, TemplateView):
    template_name = "aims/compare.html"

    @reads_apart
    def get_context_data(self, code: str, **context):
        dimension = dimension_asked(self.request.GET)
        card = self.card_of(code)
        outcomes = card.now.outcomes
        groups = groups_by(dimension, outcomes, self.journeys, self.counted.children)
        if not card.linked:
            # The aim's page shows these readers its counts and each clock's weeks, so a cell that is not shown here
            # could be worked out from there: what is kept apart is whose they are.
            groups = pooled(groups, fewest=self.request.user.organisation.smallest_count_shown)
        found = compare(outcomes, dimension, groups)
        drawn = found.groups if self.request.GET.get("charts") == "all" else found.groups[:MOST_CHARTS]
        limit_days = limit_in_days(card.definition, outcomes.rows)
        # The scale is that of all groups, so that it stays when the rest of the charts is asked for.
        scale = drawing.common_scale(found.groups, limit_days=limit_days)
        # A pool of small groups alone is shown to nobody who may not open its children: the aim's page has the whole.
        shown = bool(found.groups) and found.groups[0].group.key != SMALLER_GROUPS
        return super().get_context_data(
            card=card,
            found=found,
            judged_href=_judged_href(card, found),
            dimensions=DIMENSIONS.values(),
            heading=words.heading(found),
            whole=words.whole_words(found),
            findings=words.findings(found),
            basis=words.basis(found),
            lines=_lines(card, found) if shown else [],
            scale=scale,
            multiples=_multiples(drawn, found, scale, limit_days) if shown else [],
            folded=len(found.groups) - len(drawn),
            **context,
        )


def _lines(card: AimCard, found: Comparison) -> list[Line]:
    return [Line(each, _counts(card, found, each), drawing.interval_bar(each, found)) for each in found.groups]


def _counts(card: AimCard, found: Comparison, each: GroupFigures) -> list[Count]:
    keys = WITH_LIMIT if found.has_claim else WITHOUT_LIMIT
    return [Count(COLUMNS[key], each.counts[key], _href(card, found, each, key)) for key in keys]


def _href(card: AimCard, found: Comparison, each: GroupFigures, key: str) -> str:
    if not card.linked or not each.counts[key]:
        return ""
    return card.address("aim_children", card.now.as_at, show=key, by=found.dimension.key, group=each.group.key)


def _judged_href(card: AimCard, found: Comparison) -> str:
    """The same comparison on the day on which the aim was judged, once that day has passed."""
    if not card.measured.at_by_date:
        return ""
    return card.address("aim_compare", card.definition.by_date, by=found.dimension.key)


COLUMNS = {
    "due": "Clocks due",
    "met": "Met",
    "overdue": "Overdue",
    "waiting": "Waiting in time",
    "all": "Clocks",
    "decided": "Decided",
}


def _multiples(
    drawn: Sequence[GroupFigures], found: Comparison, scale: drawing.Scale, limit_days: int | None
) -> list[Multiple]:
    return [
        Multiple(
            each,
            drawing.small_chart(each, scale, limit_days=limit_days),
            words.chart_words(each, has_claim=found.has_claim),
        )
        for each in drawn
    ]
