"""Hand a leaver's cases over, and allocate one child to people."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from children.allocation_actions import HandedOver, allocate, end_allocation, hand_over
from children.allocations import cases_of, closed_cases_of
from children.closed_records import withheld
from children.models import Allocation, Child
from children.presenter import PresentedChild, present
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.front.caseload.allocation_forms import AddPersonForm, EndAllocationForm, HandOverForm, LeaverForm
from pace_site.front.one_child import OfOneChild
from pace_site.look.asked import row_asked
from pace_site.look.words import british_date
from pace_site.look.words import children as count_children


class AllocateView(PermissionRequiredMixin, View):
    """`?leaver=` names whose cases are shown; they are handed over by what is posted there."""

    needs = Permission.ALLOCATE

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.today = timezone.localdate()

    def get(self, request):
        choosing = self.choosing()
        if not choosing.is_valid():
            return self.page(choosing)
        leaver = choosing.cleaned_data["leaver"]
        whom = self.whom(leaver)
        record(
            AuditEntry.Action.VIEW,
            authority=request.user.organisation,
            record_type="caseload",
            record_id=leaver.pk,
            by=request.user,
            after={"of": leaver.email, "children": [who.code for who in whom]},
        )
        form = HandOverForm(by=request.user, leaver=leaver, whom=whom)
        return self.page(choosing, leaver=leaver, whom=whom, form=form)

    def post(self, request):
        choosing = self.choosing()
        if not choosing.is_valid():
            return self.page(choosing)
        leaver = choosing.cleaned_data["leaver"]
        whom = self.whom(leaver)
        form = HandOverForm(request.POST, by=request.user, leaver=leaver, whom=whom)
        if form.is_valid():
            asked = form.cleaned_data
            rows = [who.child for who in whom if who.code in asked["children"]]
            try:
                done = hand_over(rows, leaver=leaver, to=asked["to"], start=asked["start"], by=request.user)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.info(request, in_words(done, leaver=leaver, to=asked["to"], start=asked["start"]))
                return redirect("allocate")
        return self.page(choosing, leaver=leaver, whom=whom, form=form)

    def choosing(self) -> LeaverForm:
        asked = self.request.GET if "leaver" in self.request.GET else None
        return LeaverForm(asked, by=self.request.user, day=self.today)

    def whom(self, leaver: User) -> list[PresentedChild]:
        """The leaver's children whom the person may see with names."""
        user = self.request.user
        held = cases_of(leaver, of=user, day=self.today)
        rows = Child.objects.identifiable_to(user).filter(pk__in=held.values("child")).order_by("code")
        return present(list(rows), to=user, as_at=self.today)

    def page(self, choosing: LeaverForm, *, leaver: User | None = None, **context):
        if leaver is not None:
            user = self.request.user
            closed = closed_cases_of(leaver, of=user, day=self.today)
            context |= {"leaver": leaver, "withheld": withheld(closed, of=user.organisation, to=user)}
        context |= {"section": "caseload", "choosing": choosing}
        return render(self.request, "front/caseload/allocate.html", context)


def in_words(done: HandedOver, *, leaver: User, to: User, start: date) -> str:
    """What a hand-over did."""
    given = f"{count_children(len(done.given))} handed over from {leaver} to {to} from {british_date(start)}."
    if not done.held_already:
        return given
    return f"{given} {count_children(len(done.held_already))} with {to} already, and no longer with {leaver}."


class ChildAllocateView(OfOneChild):
    """Who works with one child: add somebody from a day on, or give somebody a last day."""

    needs = Permission.ALLOCATE

    def get(self, request, code):
        return self.page(AddPersonForm(by=request.user))

    def post(self, request, code):
        return self.end() if "end" in request.POST else self.add()

    def add(self):
        form = AddPersonForm(self.request.POST, by=self.request.user)
        child = self.child
        if form.is_valid():
            try:
                row = allocate(
                    child, to=form.cleaned_data["to"], start=form.cleaned_data["start"], by=self.request.user
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.info(self.request, f"{child.code} is allocated to {row.user} from {british_date(row.start)}.")
                return self.onward()
        return self.page(form)

    def end(self):
        key = self.request.POST["end"]
        form = EndAllocationForm(self.request.POST, prefix=key)
        row = row_asked(self.allocations(), key)
        if row is None:
            raise Http404("There is no such allocation.")
        if form.is_valid():
            try:
                end_allocation(row, on=form.cleaned_data["on"], by=self.request.user)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                last = british_date(form.cleaned_data["on"])
                messages.info(self.request, f"{row.user} works with {self.child.code} until {last}.")
                return self.onward()
        return self.page(AddPersonForm(by=self.request.user), ending=form)

    def onward(self):
        """Back to this page, unless the person saw the child only by an allocation that is no more."""
        if Child.objects.identifiable_to(self.request.user).filter(pk=self.child.pk).exists():
            return redirect("child_allocate", code=self.child.code)
        return redirect("caseload")

    def allocations(self):
        user = self.request.user
        rows = Allocation.objects.identifiable_to(user).filter(child=self.child)
        return rows.select_related("user", "child").order_by("start", "pk")

    def page(self, form: AddPersonForm, *, ending: EndAllocationForm | None = None):
        rows = list(self.allocations())
        running = [row for row in rows if row.end is None or row.end >= self.today]
        context = {
            "section": "caseload",
            "who": self.who,
            "form": form,
            "wrong": ending if ending is not None else form,
            "running": [
                (
                    row,
                    ending
                    if ending is not None and ending.prefix == str(row.pk)
                    else EndAllocationForm(prefix=str(row.pk)),
                )
                for row in running
            ],
            "past": [row for row in rows if row not in running],
            "list_address": reverse("caseload"),
        }
        return render(self.request, "front/caseload/child_allocate.html", context)
