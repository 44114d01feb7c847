"""Pages of published months: what is out, one month with its files, and publishing the next."""

from datetime import date
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import View

from aims.models import PublishedMonth
from aims.published.figures import CAVEATS, rows_of, rows_to_be, what_hidden_means
from aims.published.files import FORMATS, hand_on
from aims.published.publishing import counted_for_publishing, next_month_end, publish_month, withdraw_month
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin, can, check_can
from pace_site.accounts.scope import scope_of
from pace_site.front.reports.report_forms import WithdrawForm
from pace_site.look.attachment import as_attachment


class PublishedMonthsView(PermissionRequiredMixin, View):
    """What is out, latest first; who may publish sees what the next month would tell, and publishes it."""

    needs = Permission.VIEW_PUBLISHED

    def get(self, request):
        return self.page()

    def post(self, request):
        check_can(request.user, Permission.ISSUE_REPORT)
        authority = request.user.organisation
        month_end = next_month_end(authority)
        if month_end is None or request.POST.get("month") != f"{month_end:%Y-%m}":
            messages.info(request, "Look at the months as they are now: the next may be published already.")
            return redirect("published_months")
        try:
            month = publish_month(authority, month_end=month_end, by=request.user)
        except ValidationError as error:
            return self.page(error=" ".join(error.messages))
        messages.info(request, "The figures are published. They stay as they are.")
        return redirect(month)

    def page(self, *, error: str = "") -> HttpResponse:
        user = self.request.user
        may_publish = can(user, Permission.ISSUE_REPORT) and scope_of(user).whole_authority
        next_end = next_month_end(user.organisation) if may_publish else None
        rows = []
        if next_end is not None:
            rows = rows_to_be(counted_for_publishing(user.organisation, month_end=next_end), month_end=next_end)
        months = PublishedMonth.objects.visible_to(user).select_related("published_by", "withdrawn_by")
        context = {
            "section": "reports",
            "months": months,
            "may_publish": may_publish,
            "next_end": next_end,
            "rows": rows,
            "meaning": what_hidden_means(user.organisation.smallest_count_shown),
            "caveats": CAVEATS,
            "error": error,
        }
        return render(self.request, "front/reports/published_months.html", context)


class PublishedMonthView(PermissionRequiredMixin, View):
    """One published month, and withdrawing it."""

    needs = Permission.VIEW_PUBLISHED

    @cached_property
    def month(self) -> PublishedMonth:
        return month_asked(self.request, self.kwargs["month"])

    def get(self, request, month):
        return self.page(WithdrawForm())

    def post(self, request, month):
        form = WithdrawForm(request.POST)
        check_can(request.user, Permission.ISSUE_REPORT)
        if not form.is_valid():
            return self.page(form)
        try:
            withdraw_month(self.month, reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.page(form)
        messages.info(request, "The month is withdrawn: nobody is given its figures any more.")
        return redirect(self.month)

    def page(self, form: WithdrawForm) -> HttpResponse:
        rows = rows_of(PublishedMonth.objects.visible_to(self.request.user).standing().filter(pk=self.month.pk))
        context = {
            "section": "reports",
            "month": self.month,
            "rows": rows,
            "formats": FORMATS.values(),
            "meaning": what_hidden_means(self.month.smallest_shown),
            "caveats": CAVEATS,
            "form": form,
        }
        return render(self.request, "front/reports/published_month.html", context)


class PublishedFileView(PermissionRequiredMixin, View):
    needs = Permission.VIEW_PUBLISHED
    http_method_names = ["get"]  # each request is an export and is audited as one

    def get(self, request: HttpRequest, month: str, file_format: str) -> HttpResponse:
        found = month_asked(request, month)
        if file_format not in FORMATS or found.is_withdrawn:
            raise Http404("There is no such file.")
        return as_attachment(hand_on(found, file_format=FORMATS[file_format], by=request.user))


def month_asked(request: HttpRequest, month: str) -> PublishedMonth:
    """The published month of the person's own authority that an address such as 2026-10 names."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404("There is no such month.") from None
    rows = PublishedMonth.objects.visible_to(request.user).select_related("authority", "published_by", "withdrawn_by")
    found = rows.filter(month_end__year=first.year, month_end__month=first.month).first()
    if found is None:
        raise Http404("There is no such month.")
    return found
