"""The page on which an authority makes its file of the national dataset."""

from datetime import date

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from aims.national.months import month_end_asked, month_ends
from aims.national_dataset.columns import COLUMNS, dictionary_file
from aims.national_dataset.sending import send_dataset
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.look.attachment import ExportedFile, as_attachment

OFFERED = "Only the last 24 months that are over can be chosen. Nothing was exported."


class DatasetView(PermissionRequiredMixin, View):
    """Choose the month, and read what the columns mean."""

    needs = Permission.SEND_NATIONAL
    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return page(request)


class DatasetFileView(PermissionRequiredMixin, View):
    needs = Permission.SEND_NATIONAL
    http_method_names = ["get"]  # each request is an export and is audited as one

    def get(self, request: HttpRequest) -> HttpResponse:
        month_end = month_end_asked(request.GET.get("month", ""), today=timezone.localdate())
        if month_end is None:
            return HttpResponseBadRequest(OFFERED, content_type="text/plain")
        try:
            return as_attachment(send_dataset(request.user.organisation, month_end=month_end, by=request.user))
        except ValidationError as error:
            return page(request, chosen=month_end, error=" ".join(error.messages))


class DictionaryView(PermissionRequiredMixin, View):
    """The data dictionary as a file; it tells of no child, so nothing is audited."""

    needs = Permission.SEND_NATIONAL
    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        file = ExportedFile("national_dictionary.csv", "text/csv; charset=utf-8", dictionary_file())
        return as_attachment(file)


def page(request: HttpRequest, *, chosen: date | None = None, error: str = "") -> HttpResponse:
    context = {
        "section": "reports",
        "month_ends": month_ends(timezone.localdate()),
        "chosen": chosen,
        "error": error,
        "columns": COLUMNS,
    }
    return render(request, "front/reports/national.html", context)
