"""Download the improvement work of one's own authority, to be shared with others."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from improvement.sharing.export import ExportRefused, export_improvement, improvement_of, note_refusal
from improvement.sharing.files import as_text
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.look.attachment import ExportedFile, as_attachment
from pace_site.look.words import count_of

FORMS = {"json": "application/json", "yaml": "application/yaml"}


class ImprovementExportView(PermissionRequiredMixin, View):
    """What the file would hold, and, with `?format=`, the file; each file is audited."""

    needs = Permission.LEAD_IMPROVEMENT
    http_method_names = ["get"]

    def get(self, request):
        user, today = request.user, timezone.localdate()
        form = request.GET.get("format")
        try:
            if form in FORMS:
                shared = export_improvement(user.organisation, made_on=today, by=user)
                return self.file(as_text(shared.document, form=form), form=form, day=today.isoformat())
            shared = improvement_of(user.organisation, made_on=today)
        except ExportRefused as refusal:
            if form not in FORMS:
                note_refusal(refusal, authority=user.organisation, by=user)
            found = count_of(len(refusal.places), "text keeps", "texts keep")
            context = {"headline": f"{found} the improvement work from being shared", "places": refusal.places}
            return self.show(context)
        return self.show(
            {
                "headline": "Share improvement work with other areas",
                "holds": [words for count, words in shared.in_words if count],
                "left_out": shared.left_out,
                "forms": FORMS,
            }
        )

    def show(self, context):
        return render(self.request, "improvement/export.html", {"section": "improvement"} | context)

    def file(self, text: str, *, form: str, day: str) -> HttpResponse:
        name = f"improvement-{self.request.user.organisation.code}-{day}.{form}"
        return as_attachment(ExportedFile(name, f"{FORMS[form]}; charset=utf-8", text.encode()))
