"""Roles given lately, and the switch that asks everybody for a second step."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.generic import View

from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.front.people.actions import (
    DAYS_FOR_EVERYBODY,
    ask_everybody,
    people_with_roles,
    people_without_second_step,
)
from pace_site.front.people.roles_given import DAYS_BACK, given_lately, in_words

ROWS_A_PAGE = 50


class RolesGivenView(PermissionRequiredMixin, View):
    """For whoever answers for the records: who was let in lately, and by whom."""

    needs = Permission.SEE_ROLES_GIVEN

    def get(self, request):
        rows = Paginator(given_lately(to=request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
        organisation = request.user.organisation
        context = {
            "rows": rows,
            "given": in_words(rows, to=request.user),
            "days_back": DAYS_BACK,
            "people": people_with_roles(organisation).count(),
            "without": people_without_second_step(organisation).count(),
            "days_for_everybody": DAYS_FOR_EVERYBODY,
        }
        return render(request, "front/people/roles_given.html", context)


class SecondStepForEverybodyView(PermissionRequiredMixin, View):
    """Switches it; whoever is led back here after signing in again finds the switch on its page."""

    needs = Permission.ASK_EVERYBODY

    def get(self, request):
        return redirect("roles_given")

    def post(self, request):
        what = request.POST.get("what", "")
        if what in ("on", "off"):
            ask_everybody(request.user.organisation, on=what == "on", by=request.user)
            said = "Everybody is asked for a second step now." if what == "on" else "Not everybody is asked any more."
            messages.info(request, said)
        return redirect("roles_given")
