"""The recording policy as a page: what to record, by whom, read from what, by when; and how far that is kept to."""

from django.shortcuts import render
from django.views.generic import View

from children.models import Child
from milestones.quality.rules import RULES
from milestones.recording_policy import recording_policy, roles_with
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.accounts.scope import reach_in_words
from pace_site.look.as_at import as_at_of

# What the catalogue of milestones does not hold: where a child lives and on what ground.
CARE = (
    ("Becoming looked after and leaving care, with where the child went", Permission.RECORD_CARE),
    ("Each placement and move, short breaks marked as such", Permission.RECORD_CARE),
    ("Each legal basis, with its start and its end", Permission.RECORD_COURT),
)


class RecordingPolicyView(PermissionRequiredMixin, View):
    needs = Permission.VIEW_CHILDREN

    def get(self, request):
        as_at = as_at_of(request)
        parts = recording_policy(Child.objects.visible_to(request.user), as_at=as_at.day)
        context = {
            "section": "data_quality",
            "as_at": as_at,
            "whose": reach_in_words(request.user, to_open=True),
            "parts": parts,
            "recorded": sum(part.recorded for part in parts),
            "within": sum(part.within for part in parts),
            "care": [(what, roles_with(permission)) for what, permission in CARE],
            "rules": RULES,
        }
        return render(request, "front/data_quality/policy.html", context)
