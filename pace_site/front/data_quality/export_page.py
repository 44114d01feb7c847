"""The page on which a data lead exports everything in the layout of an extract."""

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.generic import View

from children.models import Child
from milestones.extract.output import LEFT_OUT
from pace_site.accounts.permissions import Permission, PermissionRequiredMixin
from pace_site.front.data_quality.export_actions import AT_ONCE, check_may_export, export_everything, queue_export
from pace_site.front.identified.asking import KEEPING
from pace_site.front.identified.by_name_forms import ByNameForm
from pace_site.look.attachment import as_attachment


class ExtractExportForm(ByNameForm):
    """Why everything leaves by name; the files speak of now, and have one form."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, keys=(), **kwargs)
        for name in ("as_at", "file_format"):
            del self.fields[name]


class ExtractExportView(PermissionRequiredMixin, View):
    needs = Permission.EXPORT_IDENTIFIED

    def dispatch(self, request, *args, **kwargs):
        check_may_export(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self.page(ExtractExportForm())

    def post(self, request):
        form = ExtractExportForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        try:
            if self.children().count() > AT_ONCE:
                return redirect(queue_export(form.asked, by=request.user))
            return as_attachment(export_everything(form.asked, by=request.user))
        except ValidationError as error:
            form.add_error(None, error)
            return self.page(form)

    def children(self):
        return Child.objects.identifiable_to(self.request.user)

    def page(self, form: forms.Form):
        context = {
            "section": "data_quality",
            "form": form,
            "count": self.children().count(),
            "closed": Child.objects.closed_to(self.request.user, with_identity=True).count(),
            "left_out": LEFT_OUT,
            "keeping": KEEPING,
        }
        return render(self.request, "front/data_quality/export.html", context)
