"""Where each person starts: their work, the aims, the national view, or a page that says what their role is for."""

from collections.abc import Sequence

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from pace_site.accounts.permissions import Permission, can
from pace_site.accounts.scope import sees_aggregates
from pace_site.audit.trail import record_list_view
from pace_site.front.agreed_actions import to_do_of
from pace_site.front.my_work import has_work, work_of

ROWS_A_PAGE = 50
# Of a list beside what is due so many stand on the page; the whole list has pages of its own.
FIRST_OF_A_LIST = {"unrecorded": 20, "planned": 20, "reminders": 10, "missing": 10}


class Window:
    """The part of each list that a page of my work shows: the beginnings of all, or a page of the one asked for."""

    def __init__(self, query: QueryDict):
        self.page = query.get("page")
        self.only = query.get("list") if query.get("list") in FIRST_OF_A_LIST else ""
        self.rows: Page | None = None

    def __call__(self, name: str, rows: Sequence) -> Sequence:
        if name == (self.only or "due"):
            self.rows = Paginator(rows, ROWS_A_PAGE).get_page(self.page)
            return list(self.rows)
        return [] if self.only else rows[: FIRST_OF_A_LIST[name]]


class HomeView(View):
    """My work for whoever has some, were it only actions from meetings; the aims for those who only look at them."""

    def get(self, request):
        user, today = request.user, timezone.localdate()
        actions = to_do_of(user, today=today)
        if has_work(user):
            window = Window(request.GET)
            work = work_of(user, today=today, window=window)
            record_list_view(work.shown, of="my work", by=user)
            context = {"section": "work", "work": work, "rows": window.rows, "only": window.only, "actions": actions}
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
