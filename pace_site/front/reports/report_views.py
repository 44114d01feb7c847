"""Pages of reports: those issued, one of them with its files, and making the next."""

from dataclasses import replace
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from aims.cards import national_first
from aims.models import Aim, AimVersion, Report
from aims.reports.actions import FORMATS, export_report
from aims.reports.issuing import FileChanged, ReportWithdrawn, hand_out, issue_report, may_have_files, withdraw_report
from aims.reports.report_words import report_words
from aims.reports.since_last import report_with_changes
from aims.reports.told import Told
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin, can
from pace_site.front.reports.in_background import queue_export, queue_issue, takes_long
from pace_site.front.reports.report_forms import MakeForm, WithdrawForm
from pace_site.front.reports.telling import told_since_last_report
from pace_site.look.attachment import as_attachment

# Files that are lists of children for those who work with the data; leaders read the report.
LISTS = ("csv", "xlsx")
SHOW, ISSUE = "show", "issue"
NOT_GIVEN_OUT = "The report is withdrawn, and its files are no longer given out."


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
        by_format = {file.format: file for file in files if may_have(self.request.user, file.format)}
        context = {
            "section": "reports",
            "report": self.report,
            "content": self.report.content,
            "files": [(each.label, by_format[name]) for name, each in FORMATS.items() if name in by_format],
            "form": form,
            "gives_files": may_have_files(self.report, self.request.user),
            "not_given_out": NOT_GIVEN_OUT,
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
        except ReportWithdrawn:
            messages.error(request, NOT_GIVEN_OUT)
            return redirect(report)


class ReportMakeView(PermissionRequiredMixin, View):
    """Make a report: see what it would say, take it along as a draft, or issue it."""

    needs = Permission.ISSUE_REPORT

    @cached_property
    def versions(self) -> list[AimVersion]:
        active = Aim.objects.visible_to(self.request.user).filter(status=Aim.Status.ACTIVE)
        return sorted(active.current_versions(), key=lambda version: national_first(version.definition))

    def get(self, request):
        if "as_at" not in request.GET:
            form = MakeForm(initial={"as_at": timezone.localdate()}, versions=self.versions, by=request.user)
            return self.page(form)
        return self.answer(MakeForm(request.GET, versions=self.versions, by=request.user), SHOW)

    def post(self, request):
        # What is typed of the next period is posted, also to be shown only: an address is kept in logs.
        return self.answer(
            MakeForm(request.POST, versions=self.versions, by=request.user), request.POST.get("what", ISSUE)
        )

    def answer(self, form: MakeForm, what: str) -> HttpResponse:
        """Show what the report says, issue it, or give it out as a draft in the format that `what` names."""
        if what not in (SHOW, ISSUE, *FORMATS):
            raise Http404("There is no such format.")
        if not form.is_valid():
            return self.page(form)
        if what == ISSUE:
            return self.issue(form)
        if what in FORMATS:
            return self.draft(form, what)
        content, previous = report_with_changes(
            form.chosen,
            as_at=form.cleaned_data["as_at"],
            by=self.request.user,
            told=self.told(form),
            handed_on=True,
        )
        return self.page(form, content=report_words(content), previous=previous)

    def issue(self, form: MakeForm) -> HttpResponse:
        as_at, by = form.cleaned_data["as_at"], self.request.user
        try:
            if takes_long(form.chosen, files=len(FORMATS)):
                return redirect(queue_issue(form.chosen, as_at=as_at, by=by, plan=form.plan_lines))
            report = issue_report(form.chosen, as_at=as_at, by=by, told=self.told(form))
        except ValidationError as error:
            form.add_error(None, error)
            return self.page(form)
        messages.info(self.request, "The report is issued. Its figures and files stay as they are.")
        return redirect(report)

    def told(self, form: MakeForm) -> Told:
        told = told_since_last_report(self.request.user.organisation, as_at=form.cleaned_data["as_at"])
        return replace(told, next_period=form.plan_lines)

    def draft(self, form: MakeForm, file_format: str) -> HttpResponse:
        as_at, chosen, by = form.cleaned_data["as_at"], FORMATS[file_format], self.request.user
        if takes_long(form.chosen, files=1):
            return redirect(queue_export(form.chosen, as_at=as_at, file_format=chosen, by=by, plan=form.plan_lines))
        exported = export_report(form.chosen, as_at=as_at, file_format=chosen, by=by, told=self.told(form))
        return as_attachment(exported)

    def page(self, form: MakeForm, **context):
        shared = {"section": "reports", "form": form, "formats": FORMATS.values()}
        return render(self.request, "front/reports/make.html", shared | context)


def may_have(user, file_format: str) -> bool:
    """Whether a person may have this kind of file: lists of children are for those who may export them."""
    return file_format not in LISTS or can(user, Permission.EXPORT_AIM)
