"""The caseload list, its file, and the filters that a person keeps."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from children.presenter import present
from children.saved_filter_actions import remove_filter, save_filter
from children.saved_filters import SavedFilter
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.accounts.scope import reach_in_words
from pace_site.audit.trail import record_list_view
from pace_site.front.caseload.actions import export_list
from pace_site.front.caseload.cases import cases_in_scope, closed_in_care
from pace_site.front.caseload.choosing_forms import ChoosingForm, SaveFilterForm
from pace_site.look.as_at import as_at_of
from pace_site.look.asked import row_asked
from pace_site.look.attachment import as_attachment
from pace_site.look.words import count_of

ROWS_A_PAGE = 50


class CaseloadView(PermissionRequiredMixin, TemplateView):
    needs = Permission.VIEW_CHILDREN
    template_name = "front/caseload/caseload.html"
    extra_context = {"section": "caseload"}

    def get_context_data(self, **context):
        user, as_at = self.request.user, as_at_of(self.request)
        cases = cases_in_scope(user, day=as_at.day)
        choosing = ChoosingForm(self.request.GET, cases=cases)
        chosen = choosing.chosen()
        rows = Paginator(chosen, ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        shown = present([case.child for case in rows], to=user, as_at=as_at.day)
        named = [who.code for who in shown if who.identified]
        record_list_view(named, of="caseload", by=user, chosen=choosing.query)
        saved = list(SavedFilter.objects.visible_to(user))
        return super().get_context_data(
            whose=reach_in_words(user, to_open=True),
            as_at=as_at,
            choosing=choosing,
            everybody=len(cases),
            closed=closed_in_care(user, day=as_at.day),
            overdue=chosen.overdue,
            rows=rows,
            cases=list(zip(shown, rows, strict=True)),
            shows_workers=cases.shows_workers,
            saved=saved,
            current=next((kept for kept in saved if kept.query == choosing.query), None),
            saving=SaveFilterForm(initial={"query": choosing.query}),
            **context,
        )


class CaseloadExportView(PermissionRequiredMixin, View):
    """Every row of the list as it is narrowed in the address, not one page of it."""

    needs = Permission.EXPORT_LIST
    http_method_names = ["get"]  # each request is an export and is audited as one

    def get(self, request: HttpRequest) -> HttpResponse:
        as_at = as_at_of(request)
        choosing = ChoosingForm(request.GET, cases=cases_in_scope(request.user, day=as_at.day))
        if as_at.error or not choosing.is_valid():
            # A page can say what is wrong beside the list; a file that is handed on cannot.
            words = "One of the choices in this address, or its date, is wrong. Nothing was exported."
            return HttpResponseBadRequest(words, content_type="text/plain; charset=utf-8")
        return as_attachment(export_list(choosing.chosen(), as_at=as_at.day, query=choosing.query, by=request.user))


class SavedFiltersView(PermissionRequiredMixin, View):
    """A person's own saved filters: keep one, rename one, remove one."""

    needs = Permission.VIEW_CHILDREN

    def get(self, request):
        return self.page(request, SaveFilterForm())

    def post(self, request):
        if "remove" in request.POST:
            return self.remove(request)
        form = SaveFilterForm(request.POST)
        if not form.is_valid():
            return self.page(request, form)
        cases = cases_in_scope(request.user, day=timezone.localdate())
        choosing = ChoosingForm(QueryDict(form.cleaned_data["query"]), cases=cases)
        if not choosing.is_valid():
            form.add_error(None, "One of the choices of this list is no longer among what you may choose from.")
            return self.page(request, form)
        try:
            kept = save_filter(name=form.cleaned_data["name"], query=choosing.query, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.page(request, form)
        messages.info(request, f"Saved as “{kept}”.")
        return redirect(kept)

    def remove(self, request):
        kept = row_asked(SavedFilter.objects.visible_to(request.user), request.POST["remove"])
        if kept is None:
            raise Http404("There is no such saved filter.")
        name = str(kept)
        remove_filter(kept, by=request.user)
        messages.info(request, f"“{name}” is removed. The children are where they were.")
        return redirect("saved_filters")

    def page(self, request, form: SaveFilterForm):
        saved = list(SavedFilter.objects.visible_to(request.user))
        context = {
            "section": "caseload",
            "form": form,
            "saved": saved,
            "kept": count_of(len(saved), "saved filter", "saved filters") if saved else "No filter is saved yet",
            "list_address": reverse("caseload"),
        }
        return render(request, "front/caseload/saved_filters.html", context)
