"""What is asked when an extract is uploaded."""

from django import forms
from django.conf import settings
from django.utils import timezone

from children.models.sources import LONGEST_NAME
from milestones.extract.files import CHILDREN, EPISODES, EVENTS, IDENTITIES, LEGAL, PLACEMENTS
from milestones.sheets.tables import Upload
from pace_site.look.days import day_input

ALL, SOME = "all", "some"


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once, as a list."""

    widget = SeveralFiles

    def clean(self, data, initial=None):
        if not data:
            return [super().clean(None, initial)]
        return [super(FilesField, self).clean(each, initial) for each in data]


class UploadForm(forms.Form):
    files = FilesField(
        label="Files",
        widget=SeveralFiles(attrs={"class": "form-control", "accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
        help_text=f"Spreadsheets (.xlsx) or CSV files as your system or your team makes them. Or, chosen together, the "
        f"files of an extract: {CHILDREN}, {EPISODES}, {PLACEMENTS}, {LEGAL}, {EVENTS}, and {IDENTITIES} if you send "
        f"names. At most {settings.MOST_BYTES_OF_AN_EXTRACT // 1_000_000 - 1} MB in all.",
        error_messages={"required": "Choose the files.", "empty": "One of the files is empty."},
    )
    extract_date = forms.DateField(
        label="Date of the extract",
        widget=day_input(),
        help_text="The day on which the files were made. Nothing in them may be later.",
        error_messages={"required": "Give the date of the extract."},
    )
    source = forms.CharField(
        label="Where it comes from",
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"list": "known-sources", "autocomplete": "off"}),
        help_text="The system or the team that made it, always by the same name: it replaces what came from there "
        "before, and nothing else. Left empty, the five files are those of your case system.",
    )
    whole = forms.TypedChoiceField(
        label="Which children it has",
        choices=(
            ("", "As said before of this source"),
            (ALL, "All who are looked after: whoever is missing from it is asked about"),
            (SOME, "Some of them, as a panel's tracker has: nobody is missing who is not in it"),
        ),
        coerce=lambda said: {ALL: True, SOME: False}.get(said),
        empty_value=None,
        required=False,
        help_text="Asked of a source that is new; the answer is remembered. Where two sources tell of the same, the "
        "one with all children counts.",
    )

    def __init__(self, *args, sources=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.sources = sources
        self.fields["extract_date"].widget.attrs["max"] = timezone.localdate().isoformat()

    def clean_files(self):
        files = self.cleaned_data["files"]
        for file in files:
            if file.size >= settings.IMPORT_MAX_BYTES:
                raise forms.ValidationError(
                    f"{file.name} has {file.size:,} bytes, and must have fewer than {settings.IMPORT_MAX_BYTES:,}."
                )
        return [Upload(file.name, file.read()) for file in files]
