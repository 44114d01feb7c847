"""The scoped list of children, and the search, which is a POST so that no name stands in an address."""

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import TemplateView, View

from children.closed_records import closed_fitting, closed_records
from children.filters import ChildFilter, with_care_on
from children.models import Child, PlacementType
from children.presenter import present
from pace_site.accounts.models import User
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


def listed(children: list[Child], user: User) -> dict:
    """Children presented to `user`, each with where it lives now in words; and whether any may be seen by name."""
    labels = dict(PlacementType.objects.values_list("code", "label"))
    presented = present(children, to=user, as_at=timezone.localdate())
    return {
        "children": [{"who": who, "living": labels.get(who.child.living, "")} for who in presented],
        "named": any(who.identified for who in presented),
    }


def named_in(on_page: dict) -> list[str]:
    """The pseudonyms of those who are shown with a name, for the audit trail."""
    return [row["who"].code for row in on_page["children"] if row["who"].identified]


def fitting(term: str, user: User) -> QuerySet[Child]:
    """The children in scope whom `term` fits: by pseudonym, or by name or reference where `user` may see those."""
    by_name = Q()
    for word in term.split():
        by_name &= Q(identity__given_name__icontains=word) | Q(identity__family_name__icontains=word)
    known = Child.objects.identifiable_to(user).filter(
        by_name | Q(local_ref__iexact=term) | Q(merged_from__local_ref__iexact=term)
    )
    by_code = Q(code__icontains=term) | Q(merged_from__code__iexact=term)
    return Child.objects.visible_to(user).filter(by_code | Q(pk__in=known.values("pk"))).distinct()


class ChildListView(PermissionRequiredMixin, TemplateView):
    needs = Permission.VIEW_CHILDREN
    template_name = "children/child_list.html"
    extra_context = {"section": "children"}

    def get_context_data(self, **context):
        user = self.request.user
        visible = Child.objects.visible_to(user)
        children = with_care_on(timezone.localdate(), visible.select_related("team")).order_by("code")
        chosen = ChildFilter(self.request.GET, queryset=children, visible=visible)
        rows = Paginator(chosen.qs, ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        on_page = listed(list(rows), user)
        if on_page["named"]:
            record(
                AuditEntry.Action.VIEW,
                authority=user.organisation,
                record_type="children",
                record_id="",
                by=user,
                after={"children": named_in(on_page)},
            )
        return super().get_context_data(
            whose=reach_in_words(user, to_open=True),
            closed=Child.objects.closed_to(user).count(),
            chosen=chosen,
            rows=rows,
            search=ChildSearchForm(),
            **on_page,
            **context,
        )


class ChildSearchView(PermissionRequiredMixin, View):
    """Find children in scope. The audit trail learns whom the page showed, not the term, which may be a name."""

    needs = Permission.VIEW_CHILDREN
    http_method_names = ["get", "post"]

    def get(self, request):
        return self.page(request, ChildSearchForm())

    def post(self, request):
        form, user = ChildSearchForm(request.POST), request.user
        if not form.is_valid():
            return self.page(request, form)
        children = fitting(form.cleaned_data["term"], user)
        found = children.count()
        first = with_care_on(timezone.localdate(), children.select_related("team")).order_by("code")[:ROWS_A_PAGE]
        on_page = listed(list(first), user)
        record(
            AuditEntry.Action.SEARCH,
            authority=user.organisation,
            record_type="child",
            record_id="",
            by=user,
            after={"found": found, "children": named_in(on_page)},
        )
        shut = list(closed_fitting(form.cleaned_data["term"], user).order_by("pk")[:ROWS_A_PAGE])
        return self.page(
            request, form, found=found, most=ROWS_A_PAGE, closed_records=closed_records(shut, to=user), **on_page
        )

    def page(self, request, form: ChildSearchForm, **context):
        return render(request, "children/child_search.html", {"section": "children", "form": form, **context})
