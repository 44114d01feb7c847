"""The page on which all that is held of one child is asked for: who asks and why is told, then the file is made."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pace_site.accounts.permissions import Permission
from pace_site.front.identified.asking import LONGEST_REASON, SHORTEST_REASON
from pace_site.front.one_child import OfOneChild
from pace_site.front.subject_access.actions import READ_FIRST, export_held
from pace_site.front.subject_access.held import counted, held_of
from pace_site.look.attachment import as_attachment
from pace_site.look.reasons import reason_field


class SubjectAccessForm(forms.Form):
    reference = forms.CharField(
        label="Reference of the request",
        max_length=60,
        help_text="The council's own, under which the request and whoever made it are kept.",
        error_messages={"required": "Give the council's reference of the request."},
    )
    reason = reason_field(
        "Why the file is made",
        shortest=SHORTEST_REASON,
        longest=LONGEST_REASON,
        rows=2,
        help_text="It stands in the file, and in the trail of the record.",
        required="Say what the file is needed for.",
    )
    file_format = forms.ChoiceField(
        label="File",
        choices=[("pdf", "PDF, to be read"), ("json", "JSON, to be taken elsewhere")],
        error_messages={"invalid_choice": "Choose PDF or JSON."},
    )


class SubjectAccessView(OfOneChild):
    """GET tells what is held; only POST makes the file."""

    needs = Permission.EXPORT_IDENTIFIED
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self.page(SubjectAccessForm())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        child, form = self.child, SubjectAccessForm(request.POST)
        if form.is_valid():
            try:
                return as_attachment(export_held(child, by=request.user, **form.cleaned_data))
            except ValidationError as error:
                form.add_error(None, error)
        return self.page(form)

    def page(self, form: SubjectAccessForm) -> HttpResponse:
        held = held_of(self.child, to=self.request.user)
        context = {
            "section": "children",
            "who": self.who,
            "form": form,
            "counted": counted(held),
            "withheld": held.withheld,
            "notes": [table.note for table in held.tables if table.note],
            "reading": READ_FIRST,
        }
        return render(self.request, "front/subject_access.html", context)
