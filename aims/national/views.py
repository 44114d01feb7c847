"""The national view: the four national aims in all authorities, in aggregates and without any child."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from aims.national.actions import check_sees_aggregates, export_national
from aims.national.figures import national_figures
from aims.national.publication import published
from aims.national.quarters import quarter_end_asked, quarter_ends
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.look.attachment import as_attachment


class NationalMixin(PermissionRequiredMixin):
    """For people of a national body whose role sees the aggregates of all authorities."""

    needs = Permission.VIEW_NATIONAL

    def dispatch(self, request, *args, **kwargs):
        check_sees_aggregates(request.user)
        return super().dispatch(request, *args, **kwargs)


class NationalView(NationalMixin, TemplateView):
    template_name = "aims/national.html"
    extra_context = {"section": "national"}

    def get_context_data(self, **context):
        today = timezone.localdate()
        offered = quarter_ends(today)
        asked = quarter_end_asked(self.request.GET.get("as_at", ""), today=today)
        as_at = asked or offered[0]
        return super().get_context_data(
            day=as_at,
            quarter_ends=offered,
            error="" if asked else "Only the quarter ends in this list are shown. Showing the latest one instead.",
            groups=published(national_figures(self.request.user, as_at=as_at, offered=offered)),
            **context,
        )


class NationalExportView(NationalMixin, View):
    http_method_names = ["get"]  # each request is an export and is audited as one

    def get(self, request: HttpRequest) -> HttpResponse:
        as_at = quarter_end_asked(request.GET.get("as_at", ""), today=timezone.localdate())
        if as_at is None:
            words = (
                "The as-at date must be one of the last eight quarter ends, such as 2018-09-30. Nothing was exported."
            )
            return HttpResponseBadRequest(words, content_type="text/plain")
        return as_attachment(export_national(as_at=as_at, by=request.user))
