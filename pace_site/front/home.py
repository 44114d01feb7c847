"""Where each person starts: their work, the aims, the national view, or a page that says what their role is for."""

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from pace_site.accounts.permissions import Permission, can
from pace_site.accounts.scope import sees_aggregates
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.front.agreed_actions import to_do_of
from pace_site.front.my_work import has_work, work_of

ROWS_A_PAGE = 50


class HomeView(View):
    """My work for whoever has some, were it only actions from meetings; the aims for those who only look at them."""

    def get(self, request):
        user, today = request.user, timezone.localdate()
        actions = to_do_of(user, today=today)
        if has_work(user):
            work = work_of(user, today=today)
            if work.shown:
                record(
                    AuditEntry.Action.VIEW,
                    authority=user.organisation,
                    record_type="my work",
                    record_id="",
                    by=user,
                    after={"children": work.shown},
                )
            due = Paginator(work.due, ROWS_A_PAGE).get_page(request.GET.get("page"))
            context = {"section": "work", "work": work, "rows": due, "actions": actions}
            return render(request, "front/my_work.html", context)
        if actions or (request.GET.get("show") == "work" and can(user, Permission.RUN_TESTS)):
            overdue = sum(each.is_overdue for each in actions)
            context = {"section": "work", "actions": actions, "overdue": overdue}
            return render(request, "front/my_actions.html", context)
        if can(user, Permission.VIEW_AIMS):
            return redirect("aims")
        if sees_aggregates(user):
            return redirect("national")
        return render(request, "front/home.html")
