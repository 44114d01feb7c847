"""Corrections: change a record, set it aside, and see what was done to it."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View

from children.keeping import Collision
from children.models import CareEpisode, Child, Kept, LegalBasis, Placement
from milestones.actions import may_void, permission_for, void_row
from milestones.models import Milestone
from pace_site.accounts.permissions import Permission, can, check_can
from pace_site.front.my_work import next_unrecorded
from pace_site.front.one_child import OfOneChild
from pace_site.front.recording.care_forms import ChildCorrectionForm, StretchCorrectionForm
from pace_site.front.recording.entry_forms import CorrectionForm, EntryForm
from pace_site.front.recording.milestone_forms import correction_form_of
from pace_site.front.recording.record_words import described, field_label, history_of, in_words
from pace_site.front.recording.views import EntryPage
from pace_site.look.reasons import reason_field

MODELS = {"milestone": Milestone, "placement": Placement, "episode": CareEpisode, "legal-basis": LegalBasis}
CHILD = "child"


@dataclass(frozen=True)
class Difference:
    """One field of which two people said different things, in words."""

    label: str
    theirs: str
    yours: str


class OfOneRecord(OfOneChild):
    """A page about one record of a child: a milestone, a stretch of care, or the child's own details."""

    @cached_property
    def row(self) -> Kept | Child:
        what, key = self.kwargs["what"], self.kwargs["pk"]
        if what == CHILD and key == self.child.pk:
            return self.child
        if what not in MODELS:
            raise Http404("There is no such record.")
        rows = MODELS[what].objects.identifiable_to(self.request.user)
        found = rows.filter(child=self.child, pk=key).select_related("child__authority").first()
        if found is None:
            raise Http404("There is no such record.")
        return found

    @property
    def permission(self) -> Permission:
        return Permission.RECORD_CARE if isinstance(self.row, Child) else permission_for(self.row)

    def context(self) -> dict:
        return {
            "section": "children",
            "who": self.who,
            "row": self.row,
            "what": self.kwargs["what"],
            "described": described(self.row),
            "may_correct": can(self.request.user, self.permission),
            "may_void": isinstance(self.row, Kept) and may_void(self.request.user, self.row),
        }

    def address(self, name: str) -> str:
        return reverse(name, kwargs={"code": self.child.code, "what": self.kwargs["what"], "pk": self.row.pk})


class CorrectView(OfOneRecord, EntryPage):
    """Change what a record says."""

    def build(self, data=None):
        check_can(self.request.user, self.permission)
        if data is None and isinstance(self.row, Kept) and self.row.is_void:
            raise PermissionDenied("This record was set aside as an error, so there is nothing to correct.")
        more = {"child": self.child, "by": self.request.user, "today": self.today, "row": self.row}
        if isinstance(self.row, Child):
            return ChildCorrectionForm(data, **more)
        if isinstance(self.row, Milestone):
            return correction_form_of(self.row, data)(data, **more)
        return StretchCorrectionForm(data, **more)

    @property
    def from_work(self) -> bool:
        """Whether the person came from their list of work, and goes back to it."""
        return self.request.GET.get("from") == "work"

    def context(self):
        return super().context() | {"in_a_row": self.from_work, "with_it": recorded_with(self.row)}

    def led_to(self, form):
        if not self.from_work:
            return reverse("child", kwargs={"code": self.child.code})
        following = next_unrecorded(self.request.user, today=self.today)
        if self.request.POST.get("then") != "next" or following is None:
            return reverse("home")
        address = {"code": following.child.code, "what": "milestone", "pk": following.pk}
        return f"{reverse('correct', kwargs=address)}?from=work"

    def said_of(self, form):
        return f"{self.child.code}: recorded." if self.from_work else "Corrected."

    def collided(self, form: EntryForm, collision: Collision):
        """Show both versions side by side; the person's own stays in the form, ready to be saved over the other."""
        current = collision.current
        if isinstance(current, Kept) and current.is_void:
            words = f"Somebody has set this record aside meanwhile: {current.void_reason}. What you typed is below."
        else:
            words = ""
        differences = [
            Difference(field_label(form, name), in_words(form, name, theirs), in_words(form, name, yours))
            for name, theirs, yours in differing(form, current)
        ]
        form.data = form.data.copy()
        form.data["edition"] = current.edition
        last = history_of(current, self.request.user)[:1]
        context = {"form": form, "differences": differences, "voided": words, "last": last[0] if last else None}
        return render(self.request, "front/recording/collision.html", self.context() | context)


def differing(form: CorrectionForm, current: Kept | Child):
    """The fields of which the form and the record as it is now say different things: (name, theirs, yours)."""
    identity = getattr(current, "identity", None) if isinstance(current, Child) else None
    for name, yours in form.values.items():
        # What was decided at a meeting stands in records of its own, of which the other version says nothing.
        theirs = getattr(identity if identity and hasattr(identity, name) else current, name, None)
        if (theirs or "") != (yours or ""):
            yield name, theirs, yours


class VoidForm(CorrectionForm):
    """Asks why a record is an error, and sets it aside."""

    heading = "Set this record aside as an error"
    reason = reason_field(
        "Why it was recorded in error",
        longest=200,
        rows=2,
        required="Say why, so that others understand.",
    )

    def __init__(self, *args, row: Kept, **kwargs):
        self.row = row
        kwargs["initial"] = {"edition": row.edition, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def save(self):
        void_row(self.row, reason=self.cleaned_data["reason"], edition=self.cleaned_data["edition"], by=self.by)
        return [self.row]


class VoidView(OfOneRecord, EntryPage):
    """Set a record aside as an error; it stays in the history."""

    template_name = "front/recording/void.html"

    def build(self, data=None):
        if not isinstance(self.row, Kept):
            raise Http404("A child's record is never set aside as a whole.")
        if not may_void(self.request.user, self.row):
            raise PermissionDenied("Your role does not allow you to set this record aside.")
        return VoidForm(data, row=self.row, child=self.child, by=self.request.user, today=self.today)

    def context(self):
        return super().context() | {"with_it": recorded_with(self.row)}

    def led_to(self, form):
        return reverse("child", kwargs={"code": self.child.code})

    def said_of(self, form):
        return f"Set aside: {described(self.row)}."

    def collided(self, form, collision):
        form.data = form.data.copy()
        form.data["edition"] = collision.current.edition
        words = "Somebody has changed this record meanwhile. Look at it again before you set it aside."
        if collision.current.is_void:
            words = f"Somebody has set this record aside already: {collision.current.void_reason}"
        form.add_error(None, words)
        return self.page(form)


def recorded_with(row: Kept) -> list[Milestone]:
    """The milestones of the same day, which a meeting may have decided: they stand or fall by themselves."""
    if not isinstance(row, Milestone) or row.happened_on is None:
        return []
    same_day = row.child.milestones.standing().filter(happened_on=row.happened_on, precision=row.precision)
    return list(same_day.exclude(pk=row.pk).order_by("pk"))


class HistoryView(OfOneRecord, View):
    """Who said what of a record, and when."""

    def get(self, request, **_address):
        entries = history_of(self.row, request.user)
        return render(request, "front/recording/history.html", self.context() | {"entries": entries})
