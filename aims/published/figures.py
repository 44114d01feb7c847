"""Published figures as anybody may read them: what is hidden is left out here, once for pages, files and the feed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import QuerySet

from aims.compliance import two_decimals
from aims.count_columns import DUE, LABELS, LATE, MET, PARTS
from aims.definition import AimDefinition
from aims.definition_words import definition_in_words
from aims.disclosure import CountTable
from aims.disclosure.reader import GROUP
from aims.models import PublishedAim, PublishedMonth
from aims.published.publishing import Counted
from pace_site.accounts.models import Organisation
from pace_site.look.words import percent

HIDDEN = "hidden"
WHAT_HIDDEN_MEANS = (
    "“Hidden” stands for a count from 1 to {most}, or for one by which such a count could be worked out from this or any "
    "other published month; it may be none. Percentages that need a hidden count are hidden too."
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
    def cells(self) -> list[str]:
        """The counts in the order of `LABELS`, as words."""
        return [HIDDEN if self.counts[name] is None else f"{self.counts[name]:,}" for name in LABELS]

    @property
    def of_decided(self) -> str:
        return self._percentage("pct_decided")

    @property
    def of_due(self) -> str:
        return self._percentage("pct_decided_or_overdue")

    def _percentage(self, name: str) -> str:
        if name in self.withheld:
            return HIDDEN
        value = getattr(self, name)
        return "no data" if value is None else percent(Fraction(str(value)))


def published_rows(authority: Organisation) -> list[PublishedRow]:
    """Every standing published month of an authority, latest first, each aim of it in order of code."""
    return rows_of(PublishedMonth.objects.filter(authority=authority).standing())


def rows_of(months: QuerySet[PublishedMonth]) -> list[PublishedRow]:
    """The aims of these months, latest month first. Two queries."""
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


def _row(month_end: date, version, leaves: dict[str, int], hidden: frozenset[str]) -> PublishedRow:
    true = CountTable(PARTS, {GROUP: leaves}).row(GROUP)
    counts = {name: None if name in hidden else true[name] for name in true}
    met, late, due = (counts[name] for name in (MET, LATE, DUE))
    of_decided = None if met is None or late is None else (met, met + late)
    of_due = None if met is None or due is None else (met, due)
    withheld = [name for name in true if name in hidden]
    withheld += [
        name for name, fraction in (("pct_decided", of_decided), ("pct_decided_or_overdue", of_due)) if fraction is None
    ]
    return PublishedRow(
        month_end=month_end,
        code=version.aim.code,
        version=version.number,
        definition=version.definition,
        counts=counts,
        pct_decided=_percentage(of_decided),
        pct_decided_or_overdue=_percentage(of_due),
        withheld=tuple(withheld),
    )


def _percentage(fraction: tuple[int, int] | None) -> float | None:
    if fraction is None or fraction[1] == 0:
        return None
    return two_decimals(Fraction(100 * fraction[0], fraction[1]))
