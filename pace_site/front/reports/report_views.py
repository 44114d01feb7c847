"""Pages of reports: those issued, one of them with its files, and making the next."""

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from aims.models import Aim, AimVersion, Report
from aims.reports.actions import FORMATS, export_report
from aims.reports.issuing import FileChanged, hand_out, issue_report, withdraw_report
from aims.reports.report_words import report_words
from aims.reports.since_last import report_with_changes
from aims.views import national_first_version
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin, can
from pace_site.front.reports.in_background import queue_export, queue_issue, takes_long
from pace_site.front.reports.report_forms import MakeForm, WithdrawForm
from pace_site.front.reports.telling import told_since_last_report
from pace_site.look.attachment import as_attachment

# Files that are lists of children for those who work with the data; leaders read the report.
LISTS = ("csv", "xlsx")


class ReportListView(PermissionRequiredMixin, View):
    needs = Permission.VIEW_REPORTS

    def get(self, request):
        reports = Report.objects.visible_to(request.user).select_related("issued_by", "withdrawn_by").defer("content")
        return render(request, "front/reports/reports.html", {"section": "reports", "reports": reports})


class ReportView(PermissionRequiredMixin, View):
    """One issued report, as it was shown."""

    needs = Permission.VIEW_REPORTS

    @cached_property
    def report(self) -> Report:
        rows = Report.objects.visible_to(self.request.user).select_related(
            "issued_by", "withdrawn_by", "previous", "authority"
        )
        report = rows.filter(pk=self.kwargs["pk"]).first()
        if report is None:
            raise Http404("There is no such report.")
        return report

    def get(self, request, pk):
        return self.page(WithdrawForm())

    def post(self, request, pk):
        form = WithdrawForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        try:
            withdraw_report(self.report, reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.page(form)
        messages.info(request, "The report is withdrawn. It can still be read, and says so.")
        return redirect(self.report)

    def page(self, form: WithdrawForm):
        files = self.report.files.defer("body")
        context = {
            "section": "reports",
            "report": self.report,
            "content": self.report.content,
            "files": [file for file in files if may_have(self.request.user, file.format)],
            "labels": {name: each.label for name, each in FORMATS.items()},
            "form": form,
            # Whoever opens no child reads of the longest waits in the file alone.
            "names_waits": can(self.request.user, Permission.VIEW_CHILDREN),
        }
        return render(self.request, "front/reports/report.html", context)


class ReportFileView(PermissionRequiredMixin, View):
    """A file of an issued report, exactly as it was issued."""

    needs = Permission.VIEW_REPORTS
    http_method_names = ["get"]  # each request is an export and is audited as one

    def get(self, request: HttpRequest, pk: int, file_format: str) -> HttpResponse:
        report = Report.objects.visible_to(request.user).filter(pk=pk).first()
        file = report and report.files.filter(format=file_format).first()
        if not file or not may_have(request.user, file_format):
            raise Http404("There is no such file.")
        try:
            return as_attachment(hand_out(file, by=request.user))
        except FileChanged as error:
            messages.error(request, f"{error} It is not given out; tell the system administrator.")
            return redirect(report)


class ReportMakeView(PermissionRequiredMixin, View):
    """Make a report: see what it would say, take it along as a draft, or issue it."""

    needs = Permission.ISSUE_REPORT

    @cached_property
    def versions(self) -> list[AimVersion]:
        active = Aim.objects.visible_to(self.request.user).filter(status=Aim.Status.ACTIVE)
        return sorted(active.current_versions(), key=national_first_version)

    def get(self, request):
        if "as_at" not in request.GET:
            return self.page(MakeForm(initial={"as_at": timezone.localdate()}, versions=self.versions))
        form = MakeForm(request.GET, versions=self.versions)
        if not form.is_valid():
            return self.page(form)
        file_format = request.GET.get("format", "")
        if file_format:
            return self.draft(form, file_format)
        content, previous = report_with_changes(
            form.chosen, as_at=form.cleaned_data["as_at"], by=request.user, told=self.told(form)
        )
        return self.page(form, content=report_words(content), previous=previous)

    def post(self, request):
        form = MakeForm(request.POST, versions=self.versions)
        if not form.is_valid():
            return self.page(form)
        try:
            if takes_long(form.chosen, files=len(FORMATS)):
                return redirect(queue_issue(form.chosen, as_at=form.cleaned_data["as_at"], by=request.user))
            report = issue_report(form.chosen, as_at=form.cleaned_data["as_at"], by=request.user, told=self.told(form))
        except ValidationError as error:
            form.add_error(None, error)
            return self.page(form)
        messages.info(request, "The report is issued. Its figures and files stay as they are.")
        return redirect(report)

    def told(self, form: MakeForm):
        return told_since_last_report(self.request.user.organisation, as_at=form.cleaned_data["as_at"])

    def draft(self, form: MakeForm, file_format: str) -> HttpResponse:
        if file_format not in FORMATS:
            raise Http404("There is no such format.")
        if takes_long(form.chosen, files=1):
            as_at, chosen = form.cleaned_data["as_at"], FORMATS[file_format]
            return redirect(queue_export(form.chosen, as_at=as_at, file_format=chosen, by=self.request.user))
        exported = export_report(
            form.chosen,
            as_at=form.cleaned_data["as_at"],
            file_format=FORMATS[file_format],
            by=self.request.user,
            told=self.told(form),
        )
        return as_attachment(exported)

    def page(self, form: MakeForm, **context):
        shared = {"section": "reports", "form": form, "formats": FORMATS.values()}
        return render(self.request, "front/reports/make.html", shared | context)


def may_have(user, file_format: str) -> bool:
    """Whether a person may have this kind of file: lists of children are for those who may export them."""
    return file_format not in LISTS or can(user, Permission.EXPORT_AIM)
