"""The page of one child: who and where, what happened, and the state of each clock."""

from datetime import date

from django.http import Http404
from django.views.generic import TemplateView

from aims.compliance import measure
from aims.figures import journeys_for
from aims.models import Aim
from children.models import Child
from children.presenter import present
from milestones.catalogue import Precision
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.look.as_at import as_at_of
from pace_site.look.words import british_date


class ChildView(PermissionRequiredMixin, TemplateView):
    needs = Permission.VIEW_CHILDREN
    template_name = "front/child.html"
    extra_context = {"section": "children"}

    def get_context_data(self, code: str, **context):
        user = self.request.user
        as_at = as_at_of(self.request)
        child = Child.objects.visible_to(user).select_related("team", "family", "authority").filter(code=code).first()
        if child is None:
            raise Http404("There is no such child.")
        (who,) = present([child], to=user, as_at=as_at.day)
        if who.identified:
            record(
                AuditEntry.Action.VIEW,
                authority=child.authority,
                record_type="child",
                record_id=child.pk,
                child_code=child.code,
                by=user,
            )
        return super().get_context_data(
            child=child,
            who=who,
            as_at=as_at,
            siblings=siblings_of(child, user),
            clocks=clocks_of(child, user, as_at.day),
            episodes=child.episodes.select_related("destination").order_by("-start", "-pk"),
            placements=child.placements.select_related("placement_type").order_by("-start", "-pk"),
            legal_bases=child.legal_bases.select_related("measure").order_by("-start", "-pk"),
            milestones=milestones_of(child),
            **context,
        )


def siblings_of(child: Child, user) -> list[Child]:
    """Children of the same family whom the person may open."""
    if child.family_id is None:
        return []
    return list(Child.objects.visible_to(user).filter(family=child.family_id).exclude(pk=child.pk))


def clocks_of(child: Child, user, as_at: date) -> list[dict]:
    """Every clock of this child under the authority's aims, from the same engine as the aims' figures."""
    versions = list(Aim.objects.visible_to(user).exclude(status=Aim.Status.CLOSED).current_versions())
    if not versions:
        return []
    definitions = [version.definition for version in versions]
    journeys = journeys_for(definitions, Child.objects.visible_to(user).filter(pk=child.pk), as_at)
    return [
        {"definition": definition, "row": row}
        for definition in definitions
        for row in measure(definition, journeys).now.outcomes.rows
    ]


def milestones_of(child: Child) -> list[dict]:
    """Milestones, newest first and undated last, each with its date as exactly as it is known."""
    rows = sorted(
        child.milestones.all(), key=lambda row: (row.happened_on or row.planned_on or date.min, row.pk), reverse=True
    )
    return [{"milestone": row, "when": date_in_words(row)} for row in rows]


def date_in_words(milestone) -> str:
    """The day, or the month, or that the date is not known or only planned."""
    if milestone.precision == Precision.UNKNOWN:
        return "Date not known"
    if milestone.happened_on is None:
        return f"Planned for {british_date(milestone.planned_on)}"
    if milestone.precision == Precision.MONTH:
        return f"{milestone.happened_on:%B %Y}, day not known"
    return british_date(milestone.happened_on)
