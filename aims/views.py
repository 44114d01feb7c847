"""The pages of aims: all of them, one of them, and the children behind a figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.views.generic import TemplateView

from aims.by_month import month_section
from aims.charts import burn_down_figure, run_chart_figure
from aims.compare.asking import narrowed_as_asked
from aims.compliance import Compliance, Measured, measure
from aims.counted import Counted, counted_children
from aims.cut_bars import cut_in_words
from aims.decision_page import decision_sections
from aims.definition import AimDefinition
from aims.definition_words import definition_in_words
from aims.figure_words import PART_OF_THE_AUTHORITY, maturity_in_words, verdict_in_words
from aims.figures import journeys_for
from aims.findings import (
    burn_down_summary,
    chart_summary,
    extract_age,
    headline,
    median_days,
    percentage_lines,
    target_line,
)
from aims.judged_chart import Remark, judge_aim
from aims.models import Aim, AimVersion
from aims.outcomes import Outcome
from aims.reports.actions import FORMATS
from aims.selections import SELECTIONS, LeftOutSelection, Selection
from aims.stages import stage_figures
from milestones.clocks.states import State
from milestones.stages import STAGE_KINDS
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin, can
from pace_site.look.as_at import AsAt, as_at_of

ROWS_A_PAGE = 50
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
        return median_days(self.now.outcomes.rows)

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


class AimFiguresMixin(PermissionRequiredMixin):
    """Measures aims over the children whose figures the person may see, as at the day asked for."""

    needs = Permission.VIEW_AIMS
    extra_context = {"section": "aims"}
    # Milestones that a page reads beside those of its aims.
    reads: frozenset[str] = frozenset()

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.as_at: AsAt = as_at_of(request)

    @cached_property
    def counted(self) -> Counted:
        return counted_children(self.request.user, asked=self.request.GET.get("children", ""))

    def cards(self, versions: list[AimVersion]) -> list[AimCard]:
        definitions = [version.definition for version in versions]
        self.journeys = journeys_for(definitions, self.counted.children, self.as_at.day, also=self.reads)
        return [
            AimCard(version, measure(definition, self.journeys), counted=self.counted, today=self.as_at.today)
            for version, definition in zip(versions, definitions, strict=True)
        ]

    def cards_of_open_aims(self, *, drafts: bool = True) -> list[AimCard]:
        """A card for each aim that is active (and for each draft), national aims first."""
        wanted = [Aim.Status.ACTIVE, Aim.Status.DRAFT] if drafts else [Aim.Status.ACTIVE]
        versions = list(Aim.objects.visible_to(self.request.user).filter(status__in=wanted).current_versions())
        return sorted(self.cards(versions), key=national_first) if versions else []

    def card_of(self, code: str) -> AimCard:
        version = Aim.objects.visible_to(self.request.user).filter(code=code).current_versions().first()
        if version is None:
            raise Http404("There is no such aim.")
        return self.cards([version])[0]

    def get_context_data(self, **context):
        return super().get_context_data(
            as_at=self.as_at,
            counted=self.counted,
            extract_age=extract_age(self.counted.last_extract_on(), as_at=self.as_at.day),
            **context,
        )


class AimListView(AimFiguresMixin, TemplateView):
    template_name = "aims/aim_list.html"

    def get_context_data(self, **context):
        return super().get_context_data(cards=self.cards_of_open_aims(), **context)


class AimView(AimFiguresMixin, TemplateView):
    template_name = "aims/aim.html"
    reads = STAGE_KINDS

    def get_context_data(self, code: str, **context):
        card = self.card_of(code)
        outcomes = card.now.outcomes
        listed = self.counted.opened(outcomes.rows) if card.linked else outcomes.rows
        whole = self.request.GET.get("points") == "all"
        judged = None
        if card.definition.is_backlog:
            drawn, summary = burn_down_figure(card.now), burn_down_summary(card.now)
        else:
            links = links_to_children(listed, self.as_at) if card.linked else {}
            judged = judge_aim(card.version.aim, outcomes, remarks=self.remarks(card.version.aim))
            drawn, summary = run_chart_figure(card.now, judged, links=links, whole=whole), chart_summary(card.now)
            if drawn is not None and drawn.cut_at is not None:
                summary = f"{summary} {cut_in_words(drawn.cut_at)}"
        by_wait = sorted(listed, key=_longest_wait_first)
        return super().get_context_data(
            card=card,
            drawn=drawn,
            chart_summary=summary,
            decisions=decision_sections(
                card.now,
                card.version,
                linked=card.linked,
                closed=self.counted.closed if card.linked else frozenset(),
                is_part=card.is_part,
                asked=self.request.GET,
            ),
            judged=judged,
            months=None if judged is None else month_section(card.now, judged.remarks, whole=whole),
            stages=stage_figures(self.journeys),
            definition_words=definition_in_words(card.definition),
            rows=Paginator(by_wait, ROWS_A_PAGE).get_page(self.request.GET.get("page")),
            closed=self.counted.closed_among(outcomes.rows) if card.linked else 0,
            formats=FORMATS.values() if can(self.request.user, Permission.EXPORT_AIM) else (),
            **context,
        )

    def remarks(self, aim: Aim) -> Sequence[Remark]:
        """What is remarked on the aim's charts beside its annotations; a page above this layer knows more."""
        return ()


class AimChildrenView(AimFiguresMixin, TemplateView):
    """Exactly the clocks that one figure of an aim counts."""

    needs = Permission.VIEW_CHILDREN
    template_name = "aims/aim_children.html"

    def get_context_data(self, code: str, **context):
        selection = SELECTIONS.get(self.request.GET.get("show", "all"))
        if selection is None:
            raise Http404("There is no such figure.")
        if not self.counted.listed:
            raise PermissionDenied("These figures count children whom you may not open.")
        card = self.card_of(code)
        selection, group = narrowed_as_asked(
            selection, self.request.GET, card.now.outcomes, self.journeys, self.counted.children
        )
        clocks = selection.clocks(card.now.outcomes)
        month = self._month()
        if month is not None:
            clocks = [clock for clock in clocks if selection.placed and clock.due and clock.due.replace(day=1) == month]
        opened = self.counted.opened(clocks)
        if selection.placed:
            opened = sorted(opened, key=_longest_wait_first)
        return super().get_context_data(
            card=card,
            selection=selection,
            words=selection.said_of(card.definition),
            month=month,
            group=group,
            count=len(clocks),
            closed=self.counted.closed_among(clocks),
            rows=Paginator(opened, ROWS_A_PAGE).get_page(self.request.GET.get("page")),
            **context,
        )

    def _month(self) -> date | None:
        """The month of the due date that the list is narrowed to, as its first day; None for all."""
        asked = self.request.GET.get("due", "")
        if not asked:
            return None
        try:
            return date.fromisoformat(f"{asked}-01")
        except ValueError as error:
            raise Http404("There is no such month.") from error


def national_first(card: AimCard) -> tuple:
    """The four national aims in their order; then the council's own, by the national aim that each serves."""
    return _place(card.definition)


def national_first_version(version: AimVersion) -> tuple:
    return _place(version.definition)


def _place(definition: AimDefinition) -> tuple:
    is_national = definition.code == f"NAT-{definition.national_aim}"
    return (not is_national, definition.national_aim or AFTER_ALL_NATIONAL_AIMS, definition.code)


def links_to_children(rows: Sequence[Outcome], as_at: AsAt) -> Mapping[str, str]:
    """Pseudonym to the address of the child's page, for the children of these clocks."""
    query = f"?{as_at.query}" if as_at.query else ""
    return {row.child_code: reverse("child", kwargs={"code": row.child_code}) + query for row in rows}


def _longest_wait_first(row) -> tuple:
    return (row.state not in (State.OVERDUE, State.WAITING), -row.waited, row.child_code)
