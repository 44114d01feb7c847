"""The log of requests about a child's data: what is due, and what was decided."""

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from children.closed_records import withheld
from children.keeping import Collision
from children.models import Child
from children.retention.models import RightsRequest
from children.retention.request_actions import decide, lift, take_in
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.front.retention.request_forms import DecideForm, LiftForm, TakeInForm
from pace_site.look.asked import whole_number
from pace_site.look.words import british_date, count_of

CLOSED_SHOWN = 50
CHANGED = "Somebody else changed this request meanwhile. It stands below as it is now; what you typed is kept."


class RequestsView(PermissionRequiredMixin, View):
    """Open requests, the first due first; closed ones below; and a form to log another."""

    needs = Permission.KEEP_REQUESTS
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(TakeInForm(initial={"code": request.GET.get("child", "")[:16]}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TakeInForm(request.POST)
        if form.is_valid():
            said = {**form.cleaned_data}
            child = Child.objects.identifiable_to(request.user).filter(code__iexact=said.pop("code").strip()).first()
            if child is None:
                form.add_error("code", "There is no child of this pseudonym whom you may see by name.")
            else:
                try:
                    logged = take_in(child, by=request.user, **said)
                except ValidationError as error:
                    form.add_error(None, error)
                else:
                    messages.info(request, f"Logged. It is due on {british_date(logged.due_on)}.")
                    return redirect(logged)
        return self.page(form)

    def page(self, form: TakeInForm) -> HttpResponse:
        today, user = timezone.localdate(), self.request.user
        rows = RightsRequest.objects.identifiable_to(user).select_related("child", "closed_by")
        closed_off = Child.objects.closed_to(user, with_identity=True)
        asked_about = closed_off.filter(rights_requests__closed_on__isnull=True, rights_requests__isnull=False)
        open_rows = [(row, row.is_overdue(today)) for row in rows.filter(closed_on__isnull=True)]
        late = sum(overdue for _row, overdue in open_rows)
        heading = "No request is open"
        if open_rows:
            heading = count_of(len(open_rows), "request is open", "requests are open")
            heading += f", {late} overdue" if late else ""
        context = {
            "section": "requests",
            "heading": heading,
            "open": open_rows,
            "closed": rows.filter(closed_on__isnull=False).order_by("-closed_on", "-pk")[:CLOSED_SHOWN],
            "form": form,
            "withheld": withheld(asked_about, of=user.organisation, to=user),
        }
        return render(self.request, "front/retention/requests.html", context)


class RequestView(PermissionRequiredMixin, View):
    """One request: decide it, or end what it restricts."""

    needs = Permission.KEEP_REQUESTS
    http_method_names = ["get", "post"]

    @cached_property
    def asked(self) -> RightsRequest:
        rows = RightsRequest.objects.identifiable_to(self.request.user)
        found = rows.select_related("child", "closed_by", "recorded_by").filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404("There is no such request.")
        return found

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(DecideForm(), LiftForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        is_lifting = request.POST.get("what") == "lift"
        deciding = DecideForm(None if is_lifting else request.POST)
        lifting = LiftForm(request.POST if is_lifting else None)
        form, act = (lifting, lift) if is_lifting else (deciding, decide)
        edition = whole_number(request.POST.get("edition", "")) or 0
        asked = self.asked
        if form.is_valid():
            try:
                act(asked, by=request.user, edition=edition, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            except Collision:
                form.add_error(None, CHANGED)
            else:
                messages.info(request, "Kept.")
                return redirect("rights_requests")
        return self.page(deciding, lifting)

    def page(self, deciding: DecideForm, lifting: LiftForm) -> HttpResponse:
        asked = self.asked
        context = {
            "section": "requests",
            "asked": asked,
            "is_overdue": asked.is_overdue(timezone.localdate()),
            "is_restricting": asked.restricted_from is not None and asked.restricted_to is None,
            "form": lifting if lifting.is_bound else deciding,
            "deciding": deciding,
            "lifting": lifting,
        }
        return render(self.request, "front/retention/request.html", context)
