"""What a fresh site is asked: its council, first administrator, teams and aims."""

from django import forms
from django.contrib.auth.password_validation import validate_password

from aims.aim_templates import AimTemplate, aim_templates
from pace_site.accounts.models import Organisation, Team, User
from pace_site.front.setting_up.actions import Administrator
from pace_site.front.setting_up.set_up_code import is_right

# What is said of a field that was left empty.
EMPTY = {
    "code": "Give the code that the server printed.",
    "authority": "Choose your council.",
    "given_name": "Give your given name.",
    "family_name": "Give your family name.",
    "email": "Give your e-mail address at work.",
    "password": "Choose a password.",  # nosec B105 # what is asked of a person
    "again": "Type the password once more.",
}
TEAM_NAME = Team._meta.get_field("name").max_length
MOST_TEAMS = 100


class SetUpForm(forms.Form):
    code = forms.CharField(
        label="Set-up code",
        max_length=40,
        help_text="Printed on the server by python manage.py set_up. It lasts one to two hours.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    authority = forms.ModelChoiceField(label="Council", queryset=None, empty_label="Choose your council")
    given_name = forms.CharField(label="Given name", max_length=150)
    family_name = forms.CharField(label="Family name", max_length=150)
    email = forms.EmailField(
        label="E-mail address at work",
        max_length=254,
        help_text="You sign in by it.",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        help_text="At least 12 characters.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="The password again", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    teams = forms.CharField(
        label="Teams, one on each line",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For example “Children and Families North”. More can be made later, under Administration.",
    )
    aims = forms.MultipleChoiceField(label="Aims", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        councils = Organisation.objects.filter(kind=Organisation.Kind.LOCAL_AUTHORITY, fictional=False)
        self.fields["authority"].queryset = councils.order_by("name")
        for name, words in EMPTY.items():
            self.fields[name].error_messages["required"] = words
        self.templates = aim_templates()
        self.fields["aims"].choices = [(code, template.definition.title) for code, template in self.templates.items()]
        self.fields["aims"].initial = [code for code, template in self.templates.items() if template.is_national]

    def clean_code(self) -> str:
        if not is_right(self.cleaned_data["code"]):
            raise forms.ValidationError("This is not the code, or it is too old. Print it again on the server.")
        return ""

    def clean_teams(self) -> list[str]:
        names = [" ".join(line.split()) for line in self.cleaned_data["teams"].splitlines()]
        return teams_or_refusal([name for name in names if name])

    def clean(self):
        data = self.cleaned_data
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", "The two passwords are not the same.")
        elif data.get("password"):
            person = User(
                email=data.get("email", ""),
                first_name=data.get("given_name", ""),
                last_name=data.get("family_name", ""),
            )
            try:
                validate_password(data["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data

    @property
    def administrator(self) -> Administrator:
        data = self.cleaned_data
        return Administrator(data["email"], data["given_name"], data["family_name"], data["password"])

    @property
    def offered(self) -> list[tuple[AimTemplate, bool]]:
        """Each template, and whether it is ticked."""
        ticked = set(self["aims"].value() or [])
        return [(template, code in ticked) for code, template in self.templates.items()]


def teams_or_refusal(names: list[str]) -> list[str]:
    """Names of teams as they may be stored; raise `ValidationError` in words."""
    for name in names:
        if len(name) > TEAM_NAME:
            raise forms.ValidationError(f"“{name[:40]}…” is longer than {TEAM_NAME} characters.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise forms.ValidationError(f"“{twice[0]}” is named twice.")
    if len(names) > MOST_TEAMS:
        raise forms.ValidationError(f"Begin with at most {MOST_TEAMS} teams.")
    return names
