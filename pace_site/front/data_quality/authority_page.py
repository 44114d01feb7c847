"""Data quality of all children whom a person may open: by rule and team, over time, and what is behind a number."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from children.models import Child
from children.presenter import present
from milestones.quality.declaration import SEVERITIES
from milestones.quality.look_through import look_through
from milestones.quality.rules import RULES
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin, can, check_can
from pace_site.accounts.scope import reach_in_words
from pace_site.audit.trail import record_list_view
from pace_site.front.data_quality.looking import AT_ONCE, queue_look
from pace_site.front.data_quality.mending import shown_findings
from pace_site.front.data_quality.seen import STATES, Chosen, FindingsSeen
from pace_site.front.data_quality.trend import trend_of

ROWS_A_PAGE = 50


class DataQualityView(PermissionRequiredMixin, View):
    """How much is to be looked at, by rule, team and month. POST has all records looked through again."""

    needs = Permission.VIEW_CHILDREN

    def get(self, request: HttpRequest):
        seen = FindingsSeen(request.user)
        chosen = Chosen.of(request.GET, teams=seen.teams)
        trend = trend_of(request.user, chosen)
        context = {
            "section": "data_quality",
            "seen": seen,
            "chosen": chosen,
            "whose": reach_in_words(request.user, to_open=True),
            "closed": Child.objects.closed_to(request.user).count(),
            "all": seen.count(chosen),
            "rules": seen.by_rule(chosen),
            "teams": seen.by_team(chosen.but(team="")),
            "severities": SEVERITIES.values(),
            "trend": trend,
            "last_counted_later": trend.counted_later[-1].end if trend and trend.counted_later else None,
            "chosen_team_name": seen.teams.get(chosen.team, ""),
        }
        return render(request, "front/data_quality/authority.html", context)

    def post(self, request: HttpRequest):
        check_can(request.user, Permission.LOOK_THROUGH)
        authority = request.user.organisation
        if Child.objects.reached_by(request.user).count() > AT_ONCE:
            return redirect(queue_look(by=request.user))
        look_through(authority, as_at=timezone.localdate(), by=request.user)
        messages.info(request, "All records were looked through.")
        return redirect("data_quality")


class FindingsView(PermissionRequiredMixin, View):
    """Exactly the findings that one number counts, with what to do about each."""

    needs = Permission.VIEW_CHILDREN

    def get(self, request: HttpRequest):
        user = request.user
        seen = FindingsSeen(user)
        chosen = Chosen.of(request.GET, teams=seen.teams)
        found = seen.of(chosen)
        rows = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
        children = {
            each.pk: each
            for each in Child.objects.visible_to(user).filter(pk__in={row.finding.child_id for row in rows})
        }
        who = {each.child.pk: each for each in present(list(children.values()), to=user, as_at=timezone.localdate())}
        named = {pk for pk, each in who.items() if each.identified}
        record_list_view([who[pk].code for pk in named], of="data_quality", by=user, chosen=chosen.query)
        pairs = [(row.finding, row.accepted) for row in rows if row.finding.child_id in children]
        shown = shown_findings(pairs, children, to=user, named=named)
        context = {
            "section": "data_quality",
            "seen": seen,
            "chosen": chosen,
            "count": seen.count(chosen),
            "rows": rows,
            "shown": [(each, who[each.finding.child_id]) for each in shown],
            "may_accept": can(user, Permission.ACCEPT_FINDINGS),
            "rules": RULES,
            "severities": SEVERITIES.items(),
            "states": STATES.items(),
        }
        return render(request, "front/data_quality/findings.html", context)
