"""Files of the national dataset that came in: take one in, and see what is missing."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from aims.national.figures import authorities_here
from aims.national.months import month_ends
from aims.national.views import NationalMixin
from aims.national_dataset.arrivals import arrivals
from aims.national_dataset.intake import take_in_dataset
from aims.national_dataset.reading import MOST_BYTES, DatasetRefused
from pace_site.accounts.permissions import Permission


class FileForm(forms.Form):
    file = forms.FileField(
        label="File of an authority (CSV)",
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".csv,text/csv"}),
        error_messages={"required": "Choose the file.", "empty": "The file is empty."},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size >= MOST_BYTES:
            raise forms.ValidationError(
                f"The file has {file.size:,} bytes, and must have fewer than {MOST_BYTES:,}. Nothing was changed."
            )
        return file


class NationalFilesView(NationalMixin, View):
    needs = Permission.RECEIVE_NATIONAL

    def get(self, request):
        return self.page(FileForm())

    def post(self, request):
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form)
        file = form.cleaned_data["file"]
        try:
            taken = take_in_dataset(file.read(), by=request.user)
        except DatasetRefused as refused:
            form.add_error("file", f"{file.name} is refused. Nothing was changed.")
            return self.page(form, refused=refused)
        messages.info(request, taken.in_words)
        return redirect("national_files")

    def page(self, form: FileForm, *, refused: DatasetRefused | None = None):
        here = {each.key for each in authorities_here(self.request.user)}
        offered = month_ends(timezone.localdate())
        context = {
            "section": "national",
            "form": form,
            "refused": refused,
            "latest": offered[0],
            "arrivals": arrivals(self.request.user, months=offered, here=here),
        }
        return render(self.request, "aims/national_files.html", context)
