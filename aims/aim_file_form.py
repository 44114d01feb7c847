"""The form of the admin pages in which an aim is written as one item of an aim file."""

from django import forms

from aims.actions import save_definition
from aims.definition import AimDefinition
from aims.models import Aim
from pace_site.accounts.models import User

DEFINITION = "definition"


class AimForm(forms.ModelForm):
    """The definition as one item of an aim file; `by` is who writes it, set by the page."""

    by: User
    definition = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 24, "cols": 90, "spellcheck": "false"}),
        strip=False,
        help_text="One aim, as in an aim file: begin with “- code:”, then one field a line, indented by two spaces.",
    )

    class Meta:
        model = Aim
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            import yaml  # every start of the site reads this file for its admin pages; few ever write an aim there

            data = self.instance.versions.last().data
            self.initial["definition"] = yaml.safe_dump([data], sort_keys=False, allow_unicode=True, width=100)

    def clean_definition(self) -> AimDefinition:
        definition = read_one(self.cleaned_data["definition"])
        known = Aim.objects.visible_to(self.by).filter(code=definition.code).first()
        if self.instance.pk and definition.code != self.instance.code:
            raise forms.ValidationError(f"This aim is {self.instance.code}, and keeps its code.")
        if known and not self.instance.pk:
            raise forms.ValidationError(f"There is an aim {definition.code} already: change that one.")
        return definition

    def save_as_version(self) -> Aim:
        """Write the definition as the aim's next version."""
        definition = self.cleaned_data["definition"]
        return save_definition(definition, authority=self.by.organisation, by=self.by)[0]


def read_one(text: str) -> AimDefinition:
    """Read the one aim that `text` holds; faults are told by line, in the words of an aim file."""
    from aims.aim_file import AimFileError, read_aims

    try:
        definitions = read_aims(text, file=DEFINITION)
    except AimFileError as error:
        raise forms.ValidationError(str(error)) from None
    if len(definitions) != 1:
        raise forms.ValidationError("This holds more than one aim; write one.")
    return definitions[0]
