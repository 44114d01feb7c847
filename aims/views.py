"""The pages of aims: all of them, one of them, and the children behind a figure."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.views.generic import TemplateView

from aims.aims_together import headline_of_all
from aims.by_month import month_section
from aims.cards import AimCard, national_first
from aims.charts import burn_down_figure, drawn_clocks, run_chart_figure
from aims.compare.asking import narrowed_as_asked
from aims.compliance import measure
from aims.counted import Counted, counted_children
from aims.cut_bars import cut_in_words
from aims.decision_section import time_to_decision
from aims.definition_words import definition_in_words
from aims.figures import journeys_for
from aims.findings import (
    burn_down_summary,
    chart_summary,
    extract_age,
)
from aims.judged_chart import Remark, judge_aim
from aims.models import Aim, AimVersion
from aims.outcomes import Outcome
from aims.prospect_section import ProspectSection, prospect_section
from aims.reports.actions import FORMATS
from aims.selections import SELECTIONS
from aims.stages import stage_figures
from milestones.clocks.states import State
from milestones.stages import STAGE_KINDS
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin, can
from pace_site.look.as_at import AsAt, as_at_of

ROWS_A_PAGE = 50


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
        return sorted(self.cards(versions), key=lambda card: national_first(card.definition)) if versions else []

    def headline_of(self, cards: Sequence[AimCard], *, counts_children: bool) -> str:
        """What these aims say together; drafts claim nothing. Empty without any other."""
        active = [card.measured for card in cards if card.version.aim.status == Aim.Status.ACTIVE]
        return headline_of_all(active, is_part=self.counted.is_part, counts_children=counts_children)

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
        cards = self.cards_of_open_aims()
        return super().get_context_data(
            cards=cards, headline=self.headline_of(cards, counts_children=self.counted.listed), **context
        )


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
            links = {}
            if card.linked:
                points, bars = drawn_clocks(card.now, whole=whole)
                links = links_to_children(self.counted.opened([*points, *bars]), self.as_at)
            judged = judge_aim(card.version.aim, outcomes, remarks=self.remarks(card.version.aim))
            drawn, summary = run_chart_figure(card.now, judged, links=links, whole=whole), chart_summary(card.now)
            if drawn is not None and drawn.cut_at is not None:
                summary = f"{summary} {cut_in_words(drawn.cut_at)}"
        by_wait = sorted(listed, key=_longest_wait_first)
        return super().get_context_data(
            card=card,
            drawn=drawn,
            chart_summary=summary,
            time_to_decision=time_to_decision(card.now, card.version, split=self.request.GET.get("split", "")),
            prospect=self._prospect(card),
            judged=judged,
            months=None if judged is None else month_section(card.now, judged.remarks, whole=whole),
            stages=stage_figures(self.journeys),
            definition_words=definition_in_words(card.definition),
            rows=Paginator(by_wait, ROWS_A_PAGE).get_page(self.request.GET.get("page")),
            closed=self.counted.closed_among(outcomes.rows) if card.linked else 0,
            formats=FORMATS.values() if can(self.request.user, Permission.EXPORT_AIM) else (),
            **context,
        )

    def _prospect(self, card: AimCard) -> ProspectSection | None:
        """Of a part of the authority it is not asked whether the aim can still be made: its target is for the whole."""
        if card.is_part:
            return None
        closed = self.counted.closed if card.linked else frozenset()
        return prospect_section(card.now, linked=card.linked, closed=closed)

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


def links_to_children(rows: Sequence[Outcome], as_at: AsAt) -> Mapping[str, str]:
    """Pseudonym to the address of the child's page, for the children of these clocks."""
    query = f"?{as_at.query}" if as_at.query else ""
    return {row.child_code: reverse("child", kwargs={"code": row.child_code}) + query for row in rows}


def _longest_wait_first(row) -> tuple:
    return (row.state not in (State.OVERDUE, State.WAITING), -row.waited, row.child_code)
