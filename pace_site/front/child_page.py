"""The page of one child: who and where, the state of each clock, what happened, and what to record next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.generic import TemplateView

from aims.definition import AimDefinition
from aims.figure_words import exit_in_words
from aims.models import Aim
from aims.outcomes import Outcome, outcomes
from children.closed_records import closed_records
from children.models import Child
from children.presenter import PresentedChild, present
from children.retention.request_actions import restricted_since
from milestones.catalogue import Precision, ReviewKind, outcome_label
from milestones.clocks.states import State
from milestones.desks import permission_to_record
from milestones.journeys import Journeys
from milestones.models import Milestone
from milestones.steps import run_steps
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin, can
from pace_site.audit.trail import record_view
from pace_site.front.care_now import care_on
from pace_site.front.clock_strip import overdue, strips_of
from pace_site.front.data_quality.of_child import quality_of
from pace_site.front.halfway import halfway_checklist
from pace_site.front.recording.effects import journeys_of
from pace_site.front.recording.entries import sensible_for
from pace_site.look.as_at import as_at_of
from pace_site.look.words import british_date, count_of, days_left, weeks

# More than these would hide the one that is wanted.
MOST_BUTTONS = 6


class ChildView(PermissionRequiredMixin, TemplateView):
    needs = Permission.VIEW_CHILDREN
    template_name = "front/child.html"
    extra_context = {"section": "children"}

    def get(self, request, code: str):
        self.child = self._child(code)
        if self.child is not None:
            return super().get(request, code=code)
        kept = Child.objects.visible_to(request.user).filter(merged_from__code=code).first()
        if kept is not None:
            return redirect(kept)
        shut = list(Child.objects.closed_to(request.user, with_identity=True).filter(code=code))
        if not shut:
            raise Http404("There is no such child.")
        (record,) = closed_records(shut, to=request.user)
        return render(request, "front/restricted/closed.html", {"section": "children", "record": record}, status=403)

    def _child(self, code: str) -> Child | None:
        rows = Child.objects.visible_to(self.request.user).select_related("team", "authority")
        return rows.filter(code=code).first()

    def get_context_data(self, code: str, **context):
        user = self.request.user
        as_at = as_at_of(self.request)
        child = self.child
        (who,) = present([child], to=user, as_at=as_at.day)
        if who.identified:
            record_view(child, by=user)
        versions = Aim.objects.visible_to(user).exclude(status=Aim.Status.CLOSED).current_versions()
        definitions = [version.definition for version in versions]
        journeys = journeys_of([child], as_at.day)
        steps = run_steps(journeys)
        strips = strips_of(steps, journeys)
        return super().get_context_data(
            child=child,
            who=who,
            as_at=as_at,
            now=care_on(child, as_at.day),
            siblings=siblings_of(child, user),
            restricted_since=restricted_since(child) if who.identified else None,
            clocks=clocks_of(who, definitions, journeys),
            strips=strips,
            overdue=overdue(strips),
            checklist=halfway_checklist(journeys, steps),
            entries=sensible_for(user, journeys, steps)[:MOST_BUTTONS] if who.identified else [],
            quality=quality_of(child, journeys, to=user, named=who.identified),
            milestones=milestones_of(child, user),
            episodes=child.episodes.select_related("destination").order_by("-start", "-pk"),
            placements=child.placements.select_related("placement_type").order_by("-start", "-pk"),
            legal_bases=child.legal_bases.select_related("measure").order_by("-start", "-pk"),
            **context,
        )


def siblings_of(child: Child, user: User) -> list[Child]:
    """Children of the same family whom the person may open."""
    return list(Child.objects.visible_to(user).siblings_of(child).order_by("code"))


@dataclass(frozen=True)
class Clock:
    """One clock of a child under one aim; without `row` the aim does not count it, and `words` say why."""

    definition: AimDefinition
    row: Outcome | None
    is_unknown: bool
    words: str


def clocks_of(who: PresentedChild, definitions: Sequence[AimDefinition], journeys: Journeys) -> list[Clock]:
    """Every clock of this child under the authority's aims, by the engine of the aims' figures; overdue first."""
    as_at = journeys.as_at
    clocks = []
    for definition in definitions:
        found = outcomes(definition, journeys)
        clocks += [Clock(definition, row, False, how_long(row, who, as_at)) for row in found.rows]
        clocks += [Clock(definition, None, True, left.why) for left in found.unplaced]
        clocks += [Clock(definition, None, False, left.why) for left in found.excluded]
    return sorted(clocks, key=_overdue_first)


def _overdue_first(clock: Clock) -> int:
    """Overdue, then waiting, then the rest in order of aim and start."""
    first = (State.OVERDUE, State.WAITING)
    return first.index(clock.row.state) if clock.row and clock.row.state in first else len(first)


def how_long(row: Outcome, who: PresentedChild, as_at: date) -> str:
    """How long the clock ran and how that stands to its due date; or why it ended."""
    if row.stop:
        if row.stop < row.start:
            return "before the clock started"
        return weeks(row.days) + (f", {against_due(row.stop, row.due)}" if row.due else "")
    if row.exit:
        why = exit_in_words(row.exit_reason)
        if row.tells_birthday and not who.identified:
            return why
        return f"{why} on {british_date(row.exit)}, after {weeks(row.waited)}"
    return f"waiting for {weeks(row.waited)}" + (f", {days_left(row.due, as_at)}" if row.due else "")


def against_due(stop: date, due: date) -> str:
    """By how many days something came before or after the day on which it was due."""
    days = (stop - due).days
    if days == 0:
        return "on the due date"
    return f"{count_of(abs(days), 'day', 'days')} {'after' if days > 0 else 'before'} the due date"


def milestones_of(child: Child, user: User) -> list[dict]:
    """Milestones, newest first and undated last, each with its date as exactly as it is known."""
    rows = sorted(
        child.milestones.all(), key=lambda row: (row.happened_on or row.planned_on or date.min, row.pk), reverse=True
    )
    kinds = dict(ReviewKind.choices)
    return [
        {
            "milestone": row,
            "when": date_in_words(row),
            "outcome": outcome_label(row.outcome),
            "review_kind": kinds.get(row.review_kind, row.review_kind),
            "may_correct": not row.is_void and can(user, permission_to_record(row.kind)),
        }
        for row in rows
    ]


def date_in_words(milestone: Milestone) -> str:
    """The day, or the month, or that the date is not known, or that it has not happened."""
    if milestone.precision == Precision.UNKNOWN:
        return "Date not known"
    if milestone.happened_on is None:
        return "Planned"
    if milestone.precision == Precision.MONTH:
        return f"{milestone.happened_on:%B %Y}, day not known"
    return british_date(milestone.happened_on)
