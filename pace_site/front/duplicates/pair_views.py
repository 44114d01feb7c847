"""The pages of records that look alike."""

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from children.actions import correct_child
from children.keeping import Collision
from children.merging import merge, outlook, pairs_for, tell_apart, undo_merge, why_not
from children.models import Child, Merge
from children.presenter import PresentedChild, present
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.audit.trail import record_list_view
from pace_site.front.duplicates.pair_forms import ApartForm, MergeForm, UndoForm
from pace_site.front.duplicates.told import facts_told, row_told, rows_told
from pace_site.look.words import listed

PAIRS_A_PAGE = 20


class PairsView(PermissionRequiredMixin, View):
    """Pairs that may be one child, pairs that may be brothers and sisters, and what was merged."""

    needs = Permission.MERGE_RECORDS

    def get(self, request):
        same, siblings = pairs_for(request.user)
        page = Paginator(same, PAIRS_A_PAGE).get_page(request.GET.get("page"))
        shown_siblings = siblings[:PAIRS_A_PAGE]
        merged = Merge.objects.visible_to(request.user).select_related("kept", "other", "by", "undone_by")
        pairs = [*page, *shown_siblings]
        who = self.presented({key for pair in pairs for key in (pair.first, pair.second)})
        context = {
            "section": "children",
            "same": [(who[pair.first], who[pair.second], pair) for pair in page],
            "same_count": len(same),
            "rows": page,
            "siblings": [(who[pair.first], who[pair.second], pair) for pair in shown_siblings],
            "siblings_count": len(siblings),
            "merged": merged[:PAIRS_A_PAGE],
        }
        return render(request, "front/duplicates/pairs.html", context)

    def post(self, request):
        """Make one family of two who are brothers and sisters, or say that they are not."""
        one, another = _pair(request.user, request.POST.get("first", ""), request.POST.get("second", ""))
        if request.POST.get("what") == "apart":
            tell_apart(one, another, reason="Not of one family", by=request.user)
            messages.success(request, f"{one.code} and {another.code} are not proposed again.")
            return redirect("duplicates")
        if Child.objects.identifiable_to(request.user).not_adopted().filter(pk__in=[one.pk, another.pk]).count() < 2:
            messages.error(request, "One of the two was adopted, and an adopted child is tied to no other.")
            return redirect("duplicates")
        joined, sibling = (one, another) if one.family_id is None else (another, one)
        if joined.family_id is not None:
            said = "Each of the two is of a family already: correct one of them on its own page."
            messages.error(request, said)
            return redirect("duplicates")
        try:
            values = {"date_of_birth": joined.date_of_birth, "expected_on": joined.expected_on}
            correct_child(joined, values, edition=joined.edition, by=request.user, sibling=sibling)
        except (ValidationError, Collision) as refused:
            messages.error(request, " ".join(getattr(refused, "messages", [str(refused)])))
        else:
            messages.success(request, f"{one.code} and {another.code} are of one family now.")
        return redirect("duplicates")

    def presented(self, keys: set[int]) -> dict[int, PresentedChild]:
        user = self.request.user
        children = list(Child.objects.identifiable_to(user).filter(pk__in=keys).order_by("pk"))
        shown = present(children, to=user, as_at=timezone.localdate())
        record_seen(shown, by=user)
        return {who.child.pk: who for who in shown}


class PairView(PermissionRequiredMixin, View):
    """Two records side by side: merge them, or say that they are of two children."""

    needs = Permission.MERGE_RECORDS

    @cached_property
    def pair(self) -> tuple[Child, Child]:
        return _pair(self.request.user, self.kwargs["code"], self.kwargs["other"])

    def get(self, request, code, other):
        return self.page(merging=MergeForm(pair=self.pair), apart=ApartForm())

    def post(self, request, code, other):
        if request.POST.get("what") == "apart":
            return self.tell_apart()
        form = MergeForm(request.POST, pair=self.pair)
        if form.is_valid():
            kept, given_up = sorted(self.pair, key=lambda child: child.code != form.cleaned_data["kept"])
            try:
                merge(kept, given_up, reason=form.cleaned_data["reason"], by=request.user)
            except ValidationError as refused:
                form.refuse(refused)
            else:
                messages.success(request, f"{given_up.code} is part of {kept.code} now. You can undo this below.")
                return redirect(reverse("duplicates") + "#merged")
        return self.page(merging=form, apart=ApartForm(), wrong=form)

    def tell_apart(self):
        form = ApartForm(self.request.POST)
        if not form.is_valid():
            return self.page(merging=MergeForm(pair=self.pair), apart=form, wrong=form)
        one, another = self.pair
        tell_apart(one, another, reason=form.cleaned_data["reason"], by=self.request.user)
        messages.success(self.request, f"{one.code} and {another.code} are two children, and are not proposed again.")
        return redirect("duplicates")

    def page(self, **context):
        user = self.request.user
        shown = present(self.pair, to=user, as_at=timezone.localdate())
        record_seen(shown, by=user)
        one, another = self.pair
        seen = outlook(one, another)
        facts = facts_told(shown)
        context |= {
            "section": "children",
            "shown": shown,
            "facts": facts,
            "differing": listed([label.lower() for label, _said, differs in facts if differs]),
            "refused": why_not(one, another),
            "twice": rows_told(seen.said_twice),
            "overlapping": [(row_told(ours), row_told(theirs)) for ours, theirs in seen.overlapping],
            "only": [
                (shown[0], rows_told(outlook(another, one).moves)),
                (shown[1], rows_told(seen.moves)),
            ],
        }
        return render(self.request, "front/duplicates/pair.html", context)


class UndoMergeView(PermissionRequiredMixin, View):
    """Take one merge back, with a reason."""

    needs = Permission.MERGE_RECORDS

    @cached_property
    def done(self) -> Merge:
        found = Merge.objects.visible_to(self.request.user).select_related("kept", "other", "by")
        merged = found.standing().filter(pk=self.kwargs["pk"]).first()
        if merged is None:
            raise Http404("There is no such merge.")
        return merged

    def get(self, request, pk):
        return self.page(UndoForm())

    def post(self, request, pk):
        form = UndoForm(request.POST)
        if form.is_valid():
            try:
                undo_merge(self.done, reason=form.cleaned_data["reason"], by=request.user)
            except ValidationError as refused:
                form.refuse(refused)
            else:
                messages.success(request, f"{self.done.other.code} is a record of its own again.")
                return redirect("duplicates")
        return self.page(form, wrong=form)

    def page(self, form, **context):
        context |= {"section": "children", "form": form, "done": self.done}
        return render(self.request, "front/duplicates/undo.html", context)


def record_seen(shown: list[PresentedChild], *, by: User) -> None:
    """Say in the trail which children were shown beside each other."""
    record_list_view([who.code for who in shown], of="duplicates", by=by)


def _pair(user, code: str, other: str) -> tuple[Child, Child]:
    """Two different children whom the person may open by name, in the order asked for."""
    children = Child.objects.identifiable_to(user).select_related("team", "family").filter(code__in=[code, other])
    found = {child.code: child for child in children}
    if code == other or len(found) < 2:
        raise Http404("There are no such two records.")
    return found[code], found[other]
