"""The pages of what is expected and not recorded: by milestone, team and worker; and the children behind a number."""

from collections import Counter

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.generic import View

from children.models import Child
from children.presenter import present
from milestones.desks import permission_to_record
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin, can
from pace_site.accounts.scope import reach_in_words
from pace_site.audit.trail import record_list_view
from pace_site.front.data_quality.completeness_seen import Completeness, Line
from pace_site.front.recording.entries import slug_of
from pace_site.look.as_at import as_at_of

ROWS_A_PAGE = 50
CHOICES = ("step", "team", "worker")


class CompletenessView(PermissionRequiredMixin, View):
    needs = Permission.VIEW_CHILDREN

    def get(self, request):
        as_at = as_at_of(request)
        found = Completeness(request.user, as_at.day)
        context = {
            "section": "data_quality",
            "as_at": as_at,
            "whose": reach_in_words(request.user, to_open=True),
            "closed": Child.objects.closed_to(request.user).count(),
            "lines": len(found.lines),
            "children": len({line.code for line in found.lines}),
            "tables": (
                ("By milestone", "Milestone", found.by_step()),
                ("By team", "Team", found.by_team()),
                ("By worker", "Works with the child", found.by_worker()),
            ),
        }
        return render(request, "front/data_quality/completeness.html", context)


class UnrecordedView(PermissionRequiredMixin, View):
    """Exactly the children behind one number, each with the form that records what is missing."""

    needs = Permission.VIEW_CHILDREN

    def get(self, request):
        user, as_at = request.user, as_at_of(request)
        found = Completeness(user, as_at.day)
        chosen = found.of(**{name: request.GET.get(name, "") for name in CHOICES})
        rows = Paginator(chosen, ROWS_A_PAGE).get_page(request.GET.get("page"))
        children = list(Child.objects.visible_to(user).filter(pk__in={row.missing.child_id for row in rows}))
        who = {each.child.pk: each for each in present(children, to=user, as_at=as_at.day)}
        named = [each.code for each in who.values() if each.identified]
        record_list_view(named, of="completeness", by=user, chosen=request.GET.urlencode()[:200])
        shown = [
            {
                "row": row,
                "who": who[row.missing.child_id],
                "team": found.teams[row.team],
                "workers": [found.people[key] for key in row.workers if key in found.people],
                "form": self._form(row, who[row.missing.child_id].identified),
            }
            for row in rows
        ]
        kinds = Counter(row.missing.expected.label for row in chosen)
        context = {
            "section": "data_quality",
            "as_at": as_at,
            "count": len(chosen),
            "children": len({row.code for row in chosen}),
            "what": next(iter(kinds)) if len(kinds) == 1 else "",
            "rows": rows,
            "shown": shown,
        }
        return render(request, "front/data_quality/unrecorded.html", context)

    def _form(self, row: Line, identified: bool) -> str:
        """The address of the form that records it, for whoever may."""
        kind = row.missing.expected.kind
        return slug_of(kind) if identified and can(self.request.user, permission_to_record(kind)) else ""
