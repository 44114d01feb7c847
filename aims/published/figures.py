"""Published figures as anybody may read them: what is hidden is left out here, once for pages, files and the feed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from aims.compliance import two_decimals
from aims.count_columns import PARTS
from aims.definition import AimDefinition
from aims.definition_words import definition_in_words
from aims.disclosure import CountTable
from aims.disclosure.reader import GROUP
from aims.models import AimVersion, PublishedAim, PublishedMonth
from aims.published.publishing import Counted
from aims.shown_counts import Figure, shown_figures
from pace_site.accounts.models import Organisation

WHAT_HIDDEN_MEANS = (
    "“Hidden” stands for a count from 1 to {most}, or for one by which such a count could be worked out from this or "
    "another published month; it may be none. Percentages that need a hidden count are hidden too."
)
CAVEATS = (
    "Figures are of what was known on the day they were published; corrections made later do not change them.",
    "A clock is one time that a child began to wait for what the aim counts; a child can have more than one.",
    "Every aim is published by itself. Whoever lays aims that count the same children side by side may narrow a hidden "
    "count down.",
)


@dataclass(frozen=True)
class PublishedRow:
    """One aim at the end of one month. Counts, and percentages to two decimals, are None where they are withheld.

    `withheld` names these. A percentage of nobody is None and is not withheld.
    """

    month_end: date
    code: str
    version: int
    definition: AimDefinition
    counts: dict[str, int | None]
    pct_decided: float | None
    pct_decided_or_overdue: float | None
    withheld: tuple[str, ...]

    @property
    def definition_words(self) -> list[tuple[str, str]]:
        return definition_in_words(self.definition)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The counts and the two percentages as they are shown."""
        counts, *percentages = shown_figures(self.counts.__getitem__)
        return (*counts, *percentages)


def published_rows(authority: Organisation) -> list[PublishedRow]:
    """Every standing published month of an authority, latest first, each aim of it in order of code."""
    return rows_of(PublishedMonth.objects.filter(authority=authority).standing())


def rows_of(months: QuerySet[PublishedMonth]) -> list[PublishedRow]:
    """The aims of these months, latest month first. One query."""
    rows = PublishedAim.objects.filter(month__in=months).select_related("month", "version__aim")
    return [
        _row(row.month.month_end, row.version, row.counts, frozenset(row.hidden))
        for row in rows.order_by("-month__month_end", "version__aim__code")
    ]


def rows_to_be(counted: Iterable[Counted], *, month_end: date) -> list[PublishedRow]:
    """What would be published, as its readers will see it."""
    return [_row(month_end, each.version, each.counts, each.hidden) for each in counted]


def what_hidden_means(smallest_shown: int) -> str:
    return WHAT_HIDDEN_MEANS.format(most=smallest_shown - 1)


def _row(month_end: date, version: AimVersion, leaves: dict[str, int], hidden: frozenset[str]) -> PublishedRow:
    true = CountTable(PARTS, {GROUP: leaves}).row(GROUP)
    counts = {name: None if name in hidden else true[name] for name in true}
    _counts, decided, due = shown_figures(counts.__getitem__)
    percentages = {figure.column: two_decimals(figure.value) for figure in (decided, due)}
    withheld = [name for name in true if name in hidden]
    withheld += [figure.column for figure in (decided, due) if figure.is_withheld]
    return PublishedRow(
        month_end=month_end,
        code=version.aim.code,
        version=version.number,
        definition=version.definition,
        counts=counts,
        withheld=tuple(withheld),
        **percentages,
    )
