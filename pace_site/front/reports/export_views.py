"""Download the report of one aim as a file, with what improvement work says of it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views import View

from aims.models import Aim
from aims.reports.actions import FORMATS, export_report
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.front.reports.in_background import queue_export, takes_long
from pace_site.front.reports.telling import told_since_last_report
from pace_site.look.as_at import as_at_of
from pace_site.look.attachment import as_attachment


class AimExportView(PermissionRequiredMixin, View):
    """The outcomes of one aim of the person's own organisation, by pseudonym; `?as_at=` asks for a day, else today."""

    needs = Permission.EXPORT_AIM
    http_method_names = ["get"]  # each request is an export and is audited as one

    def get(self, request: HttpRequest, code: str, file_format: str) -> HttpResponse:
        if file_format not in FORMATS:
            raise Http404("There is no such format.")
        version = Aim.objects.visible_to(request.user).filter(code=code).current_versions().first()
        if version is None:
            raise Http404("There is no such aim.")
        as_at = as_at_of(request)
        if as_at.error:
            # A page can say that it shows today instead; a file that is handed on cannot.
            words = "The as-at date must be a day such as 2018-11-01. Nothing was exported."
            return HttpResponseBadRequest(words, content_type="text/plain")
        chosen = FORMATS[file_format]
        if takes_long([version], files=1):
            return redirect(queue_export([version], as_at=as_at.day, file_format=chosen, by=request.user))
        return as_attachment(
            export_report(
                [version],
                as_at=as_at.day,
                file_format=chosen,
                by=request.user,
                told=told_since_last_report(version.aim.authority, as_at=as_at.day),
            )
        )
