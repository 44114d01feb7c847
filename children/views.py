"""The scoped list of children, and the search, which is a POST so that no name stands in an address."""

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import TemplateView, View

from children.filters import ChildFilter, with_care_now
from children.models import Child, PlacementType
from children.presenter import present
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.accounts.scope import reach_in_words
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record

ROWS_A_PAGE = 50


class ChildSearchForm(forms.Form):
    term = forms.CharField(
        label="Pseudonym, name or council reference",
        min_length=2,
        max_length=80,
        error_messages={"required": "Type what to look for."},
    )


def listed(children: list[Child], user) -> list[dict]:
    """Children presented to `user`, with where they live now in words."""
    labels = dict(PlacementType.objects.values_list("code", "label"))
    presented = present(children, to=user, as_at=timezone.localdate())
    return [{"who": who, "living": labels.get(who.child.living, "")} for who in presented]


class ChildListView(PermissionRequiredMixin, TemplateView):
    needs = Permission.VIEW_CHILDREN
    template_name = "children/child_list.html"
    extra_context = {"section": "children"}

    def get_context_data(self, **context):
        user = self.request.user
        visible = Child.objects.visible_to(user)
        children = with_care_now(visible.select_related("team")).order_by("code")
        chosen = ChildFilter(self.request.GET, queryset=children, visible=visible)
        rows = Paginator(chosen.qs, ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            whose=reach_in_words(user),
            chosen=chosen,
            rows=rows,
            children=listed(list(rows), user),
            search=ChildSearchForm(),
            **context,
        )


class ChildSearchView(PermissionRequiredMixin, View):
    """Find children in scope: by pseudonym, and by name and reference where the person may see those."""

    needs = Permission.VIEW_CHILDREN
    http_method_names = ["get", "post"]

    def get(self, request):
        return self.page(request, ChildSearchForm(), None)

    def post(self, request):
        form = ChildSearchForm(request.POST)
        return self.page(request, form, self.found(form.cleaned_data["term"]) if form.is_valid() else None)

    def found(self, term: str) -> list[Child]:
        user = self.request.user
        by_name = Q()
        for word in term.split():
            by_name &= Q(identity__given_name__icontains=word) | Q(identity__family_name__icontains=word)
        known = Child.objects.identifiable_to(user).filter(by_name | Q(local_ref__iexact=term))
        children = Child.objects.visible_to(user).filter(Q(code__icontains=term) | Q(pk__in=known.values("pk")))
        hits = list(with_care_now(children.select_related("team")).order_by("code")[: ROWS_A_PAGE + 1])
        record(
            AuditEntry.Action.SEARCH,
            authority=user.organisation,
            record_type="child",
            record_id="",
            by=user,
            after={"found": len(hits)},
        )
        return hits

    def page(self, request, form: ChildSearchForm, hits: list[Child] | None):
        context = {
            "section": "children",
            "search": form,
            "form": form,
            "children": None if hits is None else listed(hits[:ROWS_A_PAGE], request.user),
            "more": hits is not None and len(hits) > ROWS_A_PAGE,
            "most": ROWS_A_PAGE,
        }
        return render(request, "children/child_search.html", context)
