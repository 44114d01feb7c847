"""The search: a POST, so that nothing that somebody looked for stands in an address or a log."""

from django import forms
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from children.closed_records import closed_fitting, closed_records
from children.filters import with_care_on
from children.listing import listed, named_in
from children.models import Child
from children.search import called_like, fitting
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can
from pace_site.accounts.scope import scope_of
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.front.search.found import Group, day_in, groups_found
from pace_site.look.words import children as count_words
from pace_site.look.words import count_of

MOST_CHILDREN = 50


class SearchForm(forms.Form):
    term = forms.CharField(
        label="What to look for",
        min_length=2,
        max_length=80,
        widget=forms.TextInput(attrs={"id": "site-search"}),
        error_messages={
            "required": "Type what to look for.",
            "min_length": "Type at least two letters or figures.",
            "max_length": "Type at most 80 letters.",
        },
    )


class SearchView(View):
    """Find children in scope, aims, tests of change and pages.

    The audit trail learns whom the page showed, not the term, which may be a name.
    """

    http_method_names = ["get", "post"]

    def get(self, request):
        return self.page(request, SearchForm())

    def post(self, request):
        form, user = SearchForm(request.POST), request.user
        if not form.is_valid():
            return self.page(request, form)
        term = form.cleaned_data["term"]
        groups = groups_found(term, user)
        if not can(user, Permission.VIEW_CHILDREN):
            note_search(user, record_type="page", after=None)
            return self.page(request, form, parts=groups, headline=headline(groups))
        of_children = children_found(term, user)
        parts = [{"children": of_children["children"]}, *groups] if of_children["children"] else groups
        if not of_children["is_exact"]:
            parts.sort(key=lambda part: not getattr(part, "has_exact", False))
        return self.page(request, form, parts=parts, headline=headline(groups, of_children), **of_children)

    def page(self, request, form: SearchForm, **context):
        identifies = (
            can(request.user, Permission.VIEW_CHILDREN) and not scope_of(request.user, with_identity=True).is_empty
        )
        asked = {"asked": "parts" in context, "headline": "Search"}
        context = {**asked, "section": "search", "form": form, "by_name": identifies, **context}
        return render(request, "front/search/search.html", context)


def headline(groups: list[Group], of_children: dict | None = None) -> str:
    """How much was found, children first."""
    others = sum(each.count for each in groups)
    if of_children is None or not (of_children["found"] or of_children["is_alike"]):
        return f"{others or 'Nothing'} found"
    if of_children["is_alike"]:
        return f"Nobody is called this; {count_of(len(of_children['children']), 'name is', 'names are')} like it"
    said = [count_words(of_children["found"])]
    said += [count_of(others, "other thing", "other things")] if others else []
    return f"{' and '.join(said)} found"


def children_found(term: str, user: User) -> dict:
    """The children who fit, exact hits first, and of closed records whom to ask; what was shown is in the trail."""
    fits = fitting(term, user, born=day_in(term))
    like = [] if fits else called_like(term, user)
    keys = like or [fit.key for fit in fits[:MOST_CHILDREN]]
    rows = Child.objects.visible_to(user).filter(pk__in=keys).select_related("team")
    first = sorted(with_care_on(timezone.localdate(), rows), key=lambda child: keys.index(child.pk))
    on_page = listed(first, user)
    note_search(user, record_type="child", after={"found": len(fits), "children": named_in(on_page)})
    shut = closed_fitting(term, user).order_by("pk")[:MOST_CHILDREN]
    return {
        "found": len(fits),
        "most": MOST_CHILDREN,
        "is_alike": bool(like),
        "is_exact": any(fit.is_exact for fit in fits[:1]),
        "closed_records": closed_records(list(shut), to=user),
        **on_page,
    }


def note_search(user: User, *, record_type: str, after: dict | None) -> None:
    record(
        AuditEntry.Action.SEARCH,
        authority=user.organisation,
        record_type=record_type,
        record_id="",
        by=user,
        after=after,
    )
