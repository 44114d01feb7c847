"""The pages of recording: the menu, a form about a child and perhaps its siblings, and a new child."""

from abc import ABC, abstractmethod

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.views.generic import View

from children.keeping import Collision
from milestones.catalogue import NOT_HELD
from milestones.models import Milestone
from milestones.steps import run_steps
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin, check_can
from pace_site.front.one_child import OfOneChild
from pace_site.front.recording.care_forms import NewChildForm
from pace_site.front.recording.effects import journeys_of
from pace_site.front.recording.entries import ENTRIES, Entry, groups_for, sensible_for
from pace_site.front.recording.entry_forms import EntryForm
from pace_site.front.recording.kept_forms import kept_form
from pace_site.front.recording.taking_in import TakenIn, said, take_in


class RecordMenuView(OfOneChild):
    """Every form: those that make sense now first, the others below."""

    def get(self, request, code):
        journeys = journeys_of([self.child], self.today)
        sensible = sensible_for(request.user, journeys, run_steps(journeys))
        context = {"section": "children", "who": self.who, "sensible": sensible, "groups": groups_for(request.user)}
        return render(request, "front/recording/menu.html", context)


class EntryPage(View, ABC):
    """Shows a form, says what it would do, and takes it in. Subclasses build the form and say where it leads."""

    template_name = "front/recording/entry.html"
    keeps_what_was_typed = True

    @abstractmethod
    def build(self, data=None) -> EntryForm: ...

    @abstractmethod
    def led_to(self, form: EntryForm) -> str: ...

    def said_of(self, form: EntryForm) -> str:
        """What was recorded, for the message after saving."""
        return f"Recorded: {form.heading}."

    def get(self, request, **_address):
        kept = kept_form(request)
        if kept is None:
            return self.page(self.build())
        form = self.build(kept)
        form.is_valid()
        return self.page(form, kept=True)

    def post(self, request, **_address):
        form = self.build(request.POST)
        preview = request.headers.get("HX-Request") == "true"
        if not form.is_valid():
            return self.fragment(form) if preview else self.page(form)
        try:
            taken = take_in(form, by=request.user, today=timezone.localdate(), preview=preview)
        except Collision as collision:
            return self.fragment(form) if preview else self.collided(form, collision)
        if preview:
            return self.fragment(form, taken)
        if taken.sent_before:
            messages.info(request, "This was recorded already; it was not recorded twice.")
            return redirect(self.led_to(form))
        if not taken.saved:
            return self.page(form, taken=taken)
        if taken.changed_nothing:
            messages.info(request, "Nothing was changed: it says so already.")
        else:
            effects = format_html_join("", "<li>{}</li>", ((effect,) for effect in taken.effects))
            messages.success(request, format_html("{}<ul>{}</ul>", self.said_of(form), effects))
        return redirect(self.led_to(form))

    def fragment(self, form: EntryForm, taken: TakenIn | None = None) -> HttpResponse:
        """What the form would do, or what stands in its way."""
        context = {"form": form, "taken": taken, "touched": self.touched(form)}
        return render(self.request, "front/recording/_effects.html", context)

    def touched(self, form: EntryForm) -> list[str]:
        """While typing, only what was filled in is found fault with."""
        return [
            str(error)
            for name, errors in form.errors.items()
            for error in errors
            if name == "__all__" or form.data.get(form.add_prefix(name))
        ]

    def page(self, form: EntryForm, *, taken: TakenIn | None = None, kept: bool = False) -> HttpResponse:
        warnings = taken.warnings if taken else []
        if warnings:
            form.data = form.data.copy()
            form.data["accepted"] = said(warnings)
        context = {"section": "children", "form": form, "taken": taken, "warnings": warnings, "kept": kept}
        return render(self.request, self.template_name, context | self.context())

    def context(self) -> dict:
        return {}

    def collided(self, form: EntryForm, collision: Collision) -> HttpResponse:
        raise collision


class RecordView(OfOneChild, EntryPage):
    """One form about one child, and perhaps its siblings."""

    @cached_property
    def entry(self) -> Entry:
        entry = ENTRIES.get(self.kwargs["slug"])
        if entry is None:
            raise Http404("There is no such form.")
        check_can(self.request.user, entry.permission)
        return entry

    def build(self, data=None):
        more = {"siblings": self.siblings()} if self.entry.for_siblings else {}
        initial = {"planned_on": self.request.GET.get("planned_on", "")}
        return self.entry.form(data, child=self.child, by=self.request.user, today=self.today, initial=initial, **more)

    def led_to(self, form):
        return reverse("child", kwargs={"code": self.child.code})

    def context(self):
        return {"who": self.who, "entry": self.entry, "planned": self.planned()}

    def planned(self) -> list[Milestone]:
        """Milestones of this kind that were planned, and of which nobody has said what came of them."""
        if not self.entry.kind:
            return []
        rows = Milestone.objects.identifiable_to(self.request.user).standing().filter(child=self.child)
        open_plans = rows.filter(kind=self.entry.kind, happened_on=None, planned_on__isnull=False)
        return list(open_plans.exclude(outcome__in=NOT_HELD).order_by("planned_on"))


class NewChildView(PermissionRequiredMixin, EntryPage):
    """A child whom nobody recorded yet, or one who is expected."""

    needs = Permission.RECORD_CARE

    def build(self, data=None):
        return NewChildForm(data, child=None, by=self.request.user, today=timezone.localdate())

    def led_to(self, form):
        if form.child is None:  # sent before
            return reverse("children")
        return reverse("record", kwargs={"code": form.child.code, "slug": "looked-after"})

    def said_of(self, form):
        return f"{form.child.code} is recorded. Now say since when the child is looked after, if so."
