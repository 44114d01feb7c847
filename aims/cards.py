"""One aim as pages show it: its figures in words, each linked to the children whom it counts."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from aims.compliance import Compliance, Measured
from aims.counted import Counted
from aims.definition import AimDefinition
from aims.figure_words import PART_OF_THE_AUTHORITY, maturity_in_words, verdict_in_words
from aims.findings import headline, percentage_lines, target_line
from aims.models import Aim, AimVersion
from aims.selections import SELECTIONS, LeftOutSelection, Selection

AFTER_ALL_NATIONAL_AIMS = 9
TILES = ("overdue", "waiting", "met", "missed")
SMALL_PRINT = ("left_undecided", "exited", "unknown", "excluded")


@dataclass(frozen=True)
class Tile:
    """One figure: its count and, for whoever may open children, the address of exactly those."""

    selection: Selection | LeftOutSelection
    label: str
    words: str
    count: int
    href: str


class AimCard:
    """One aim as a page shows it: figures in words, each linked to its children."""

    def __init__(self, version: AimVersion, measured: Measured, *, counted: Counted, today: date):
        self.version = version
        self.definition = measured.now.definition
        self.measured = measured
        self.counted = counted
        self.linked = counted.listed
        self.is_part = counted.is_part
        self.kept = counted.query
        self.today = today
        self.now = measured.now

    @property
    def href(self) -> str:
        return self.address("aim", self.now.as_at)

    @property
    def compare_href(self) -> str:
        return self.address("aim_compare", self.now.as_at)

    @property
    def definition_href(self) -> str:
        return self.address("aim_definition", self.now.as_at)

    @property
    def headline(self) -> str:
        return headline(self.now)

    @property
    def target(self) -> str:
        return target_line(self.now)

    @property
    def percentages(self) -> list[tuple[Tile, str, str]]:
        return [(self._tile(key), shown, words) for key, shown, words in percentage_lines(self.now)]

    @property
    def tiles(self) -> list[Tile]:
        if not self.definition.has_claim:
            return [self._tile("waiting", label="Waiting"), self._tile("decided")]
        return [self._tile(key) for key in TILES]

    @property
    def tiles_at_by_date(self) -> list[Tile]:
        return [self._tile(key, self.measured.at_by_date) for key in TILES]

    @property
    def small_print(self) -> list[Tile]:
        return [tile for tile in map(self._tile, SMALL_PRINT) if tile.count]

    @property
    def maturity(self) -> str:
        return maturity_in_words(self.now)

    @property
    def verdict(self) -> str:
        if self.definition.target_pct is None:
            return ""
        if self.is_part:
            return PART_OF_THE_AUTHORITY
        if self.version.aim.status == Aim.Status.DRAFT:
            return "A draft: not judged yet."
        return verdict_in_words(self.measured)

    @property
    def median(self) -> float | None:
        return self.now.outcomes.decided.median_days

    @property
    def at_by_date(self) -> list[tuple[Tile, str, str]]:
        judged = self.measured.at_by_date
        if judged is None:
            return []
        return [(self._tile(key, judged), shown, words) for key, shown, words in percentage_lines(judged)]

    def _tile(self, key: str, figures: Compliance | None = None, *, label: str = "") -> Tile:
        figures = figures or self.now
        selection = SELECTIONS[key]
        count = selection.count(figures.outcomes)
        href = self.address("aim_children", figures.as_at, show=key) if self.linked and count else ""
        return Tile(selection, label or selection.label, selection.said_of(self.definition), count, href)

    def address(self, name: str, as_at: date, **query: str) -> str:
        query |= self.kept
        if as_at != self.today:
            query["as_at"] = as_at.isoformat()
        address = reverse(name, kwargs={"code": self.definition.code})
        return f"{address}?{urlencode(query)}" if query else address


def national_first(definition: AimDefinition) -> tuple:
    """Sorts the four national aims in their order, then the council's own, by the national aim that each serves."""
    is_national = definition.code == f"NAT-{definition.national_aim}"
    return (not is_national, definition.national_aim or AFTER_ALL_NATIONAL_AIMS, definition.code)
