"""The forms of change ideas: to find one, and to write one down."""

from django import forms

from aims.models import Aim
from aims.version_words import NATIONAL_AIMS
from improvement.aim_choices import aim_choices
from improvement.models import ChangeIdea
from improvement.written_form import NO_NAMES, WrittenForm
from pace_site.accounts.models import User

OWN = "aim-"
NATIONAL = "national-"


def serves_choices(user: User, *, none: str) -> list:
    """The aims that an idea may serve: those of the authority, and the national ones."""
    own = [(f"{OWN}{key}", label) for key, label in aim_choices(user)]
    national = [(f"{NATIONAL}{number}", label) for number, label in NATIONAL_AIMS if number]
    groups = [("Our aims", own), ("National aims", national)]
    return [("", none), *((name, choices) for name, choices in groups if choices)]


class AimFilterForm(forms.Form):
    """Which aim the ideas shown serve; what is no choice shows them all."""

    serves = forms.ChoiceField(
        label="Aim", required=False, widget=forms.Select(attrs={"class": "form-select form-select-sm"})
    )

    def __init__(self, data=None, *, by: User):
        super().__init__(data)
        self.fields["serves"].choices = serves_choices(by, none="All aims")

    @property
    def chosen(self) -> str:
        return self.cleaned_data["serves"] if self.is_valid() else ""


class ChangeIdeaForm(WrittenForm):
    title = forms.CharField(
        label="The idea in a few words", max_length=120, error_messages={"required": "Give the idea a title."}
    )
    description = forms.CharField(
        label="What would be done differently",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=NO_NAMES,
    )
    source = forms.CharField(
        label="Where it comes from",
        required=False,
        max_length=200,
        help_text="Who had it, or where it worked, so that others can ask.",
    )
    serves = forms.ChoiceField(label="Which aim it serves", required=False)
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, data=None, *, by: User, idea: ChangeIdea | None = None):
        self.by = by
        initial = {}
        if idea is not None:
            initial = {name: getattr(idea, name) for name in ("title", "description", "source", "edition")}
            initial["serves"] = serves_value(idea)
        super().__init__(data, initial=initial)
        choices = serves_choices(by, none="All of them, or none yet")
        if idea is not None and idea.aim is not None and idea.aim.status == Aim.Status.CLOSED:
            choices.append((serves_value(idea), f"{idea.aim.code} (closed)"))
        self.fields["serves"].choices = choices

    @property
    def said(self) -> dict:
        said = {name: self.cleaned_data[name] for name in ("title", "description", "source")}
        kind, _dash, key = self.cleaned_data["serves"].partition("-")
        aim = Aim.objects.visible_to(self.by).get(pk=key) if kind == "aim" else None
        return said | {"aim": aim, "national_aim": int(key) if kind == "national" else None}


def serves_value(idea: ChangeIdea) -> str:
    """The choice that stands for the aim of an idea."""
    if idea.aim_id:
        return f"{OWN}{idea.aim_id}"
    return f"{NATIONAL}{idea.national_aim}" if idea.national_aim else ""
