"""Forms of who a child is, where it lives and on what ground."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from children.actions import (
    add_legal_basis,
    correct_child,
    correct_stretch,
    end_care,
    place,
    start_care,
    take_on,
)
from children.codes import HOME_PARENT
from children.models import (
    CareEpisode,
    Child,
    Destination,
    Identity,
    Kept,
    LegalBasis,
    LegalMeasure,
    Placement,
    PlacementType,
)
from pace_site.accounts.models import Team, User
from pace_site.accounts.scope import scope_of
from pace_site.front.recording.entry_forms import CorrectionForm, EntryForm, date_field
from pace_site.look.words import british_date

PSEUDONYM_HELP = "A pseudonym or number, never a name."


def code_field(label: str, model: type, *, required: bool = True) -> forms.ModelChoiceField:
    """A choice from a code table."""
    return forms.ModelChoiceField(
        model.objects.all(),
        label=label,
        required=required,
        empty_label="",
    )


def text_field(label: str, model: type, name: str, *, required: bool = False, help_text: str = "") -> forms.CharField:
    """Text as long as the model keeps."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=model._meta.get_field(name).max_length,
        error_messages={"required": f"Give the {label.lower()}."},
    )


class ChildFields(forms.Form):
    """Who a child is."""

    given_name = forms.CharField(
        label="Given name", max_length=80, required=False, help_text="Empty for an unborn child."
    )
    family_name = text_field("Family name", Identity, "family_name", required=True)
    date_of_birth = date_field("Date of birth")
    expected_on = date_field("Expected date of birth", help_text="For an unborn child.")
    sex = forms.ChoiceField(label="Sex", choices=Child.Sex.choices, required=False)
    team = forms.ModelChoiceField(None, label="Team", empty_label=None)
    locality = text_field("Locality", Child, "locality")
    ethnicity = text_field("Ethnic group", Child, "ethnicity")
    disability = text_field("Disability", Child, "disability")

    def offer_teams(self, user, *, now: Child | None = None) -> None:
        """The teams that a person may record for, and the one that a child is in `now`, which stays unless changed."""
        teams = Team.objects.visible_to(user)
        scope = scope_of(user, with_identity=True)
        offered = set(scope.team_ids) | ({now.team_id} if now is not None else set())
        self.fields["team"].queryset = teams if scope.whole_authority else teams.filter(pk__in=offered - {None})
        if now is not None and now.team_id is None:
            self.fields["team"].required, self.fields["team"].empty_label = False, "None yet"

    def clean(self):
        cleaned = super().clean()
        dates = ("date_of_birth", "expected_on")
        if not any(cleaned.get(name) or name in self.errors for name in dates):
            self.add_error("date_of_birth", "Give the date of birth, or the expected date for an unborn child.")
        return cleaned

    def clean_sibling_code(self):
        return sibling_of(self.cleaned_data["sibling_code"], self.by)


def sibling_of(code: str, by: User) -> Child | None:
    """The child whose pseudonym was typed, among those whom the person may see; None when nothing was."""
    if not code.strip():
        return None
    found = Child.objects.identifiable_to(by).select_related("family").filter(code__iexact=code.strip()).first()
    if found is None:
        raise ValidationError("No child whom you may see has this pseudonym.")
    return found


class NewChildForm(ChildFields, EntryForm):
    heading = "New child"
    local_ref = text_field("Council reference", Child, "local_ref", required=True)
    sibling_code = forms.CharField(
        label="Brother or sister of (pseudonym)", max_length=16, required=False, help_text="For example P-0417."
    )

    field_order = ["given_name", "family_name", "local_ref", "date_of_birth", "expected_on", "sex", "team"]

    def arrange(self):
        self.offer_teams(self.by)

    def save(self):
        values = self.values
        self.child = take_on(sibling=values.pop("sibling_code"), by=self.by, **values)
        return [self.child]


class ChildCorrectionForm(ChildFields, CorrectionForm):
    heading = "Correct who the child is"
    local_ref = text_field("Council reference", Child, "local_ref", required=True)
    sibling_code = forms.CharField(
        label="Brother or sister of (pseudonym)",
        max_length=16,
        required=False,
        help_text="Puts the child into that family. Leave empty to keep the family.",
    )

    def __init__(self, *args, row: Child, **kwargs):
        self.row = row
        said = {name: getattr(row, name) for name in (*ChildFields.base_fields, "local_ref") if hasattr(row, name)}
        name = getattr(row, "identity", None)
        said |= {"given_name": name.given_name, "family_name": name.family_name} if name else {}
        kwargs["initial"] = {**said, "edition": row.edition, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def arrange(self):
        self.offer_teams(self.by, now=self.child)

    def save(self):
        values = self.values
        changed = correct_child(
            self.row, values, sibling=values.pop("sibling_code"), edition=self.cleaned_data["edition"], by=self.by
        )
        return [self.row] if changed else []


class LookedAfterForm(EntryForm):
    heading = "Becoming looked after"
    start = date_field("Looked after from", required=True)
    placement_type = code_field("Where the child lives", PlacementType)
    measure = code_field("Legal basis", LegalMeasure, required=False)
    provider = text_field("Provider", Placement, "provider")
    carer = text_field("Carer", Placement, "carer", help_text=PSEUDONYM_HELP)
    end = date_field("It has ended, on", help_text="Only for an episode that is over.")
    destination = code_field("Destination", Destination, required=False)

    def save(self):
        return [start_care(self.child, by=self.by, **self.values)]


class PlacementForm(EntryForm):
    heading = "Placement or move"
    start = date_field("From", required=True)
    placement_type = code_field("Where the child lives now", PlacementType)
    provider = text_field("Provider", Placement, "provider")
    carer = text_field("Carer", Placement, "carer", help_text=PSEUDONYM_HELP)
    short_break = forms.BooleanField(label="A short break: the child's placement goes on", required=False)
    end = date_field("Until", help_text="Leave empty while it lasts.")

    def save(self):
        return [place(self.child, by=self.by, **self.values)]


class ReturnHomeForm(EntryForm):
    heading = "Return home to parents"
    start = date_field("Returned home on", required=True)

    def save(self):
        home = PlacementType.objects.get(code=HOME_PARENT)
        return [place(self.child, start=self.cleaned_data["start"], placement_type=home, by=self.by)]


class LegalBasisForm(EntryForm):
    heading = "Legal basis"
    measure = code_field("Legal basis", LegalMeasure)
    start = date_field("From", required=True)
    end = date_field("Until", help_text="Leave empty while it lasts.")
    instead_of = forms.ModelMultipleChoiceField(
        None, label="It replaces", required=False, widget=forms.CheckboxSelectMultiple
    )

    def arrange(self):
        running = (
            self.child.legal_bases.standing().filter(Q(end=None) | Q(end__gt=self.today)).select_related("measure")
        )
        field = self.fields["instead_of"]
        field.queryset = running
        field.label_from_instance = lambda row: f"{row.measure}, since {british_date(row.start)}"
        if not running:
            del self.fields["instead_of"]

    def save(self):
        values = self.values
        return [add_legal_basis(self.child, instead_of=tuple(values.pop("instead_of", ())), by=self.by, **values)]


class LeavingCareForm(EntryForm):
    heading = "Leaving care"
    on = date_field("Left care on", required=True)
    destination = code_field("Destination", Destination)

    def save(self):
        return [end_care(self.child, by=self.by, **self.values)]


class StretchCorrectionForm(CorrectionForm):
    """Corrects one episode, placement or legal basis, in the fields of its kind."""

    FIELDS = {
        CareEpisode: ("start", "end", "destination"),
        Placement: ("start", "end", "placement_type", "provider", "carer", "short_break"),
        LegalBasis: ("measure", "start", "end"),
    }
    start = date_field("From", required=True)
    end = date_field("Until", help_text="Leave empty while it lasts.")
    measure = code_field("Legal basis", LegalMeasure)
    placement_type = code_field("Placement", PlacementType)
    destination = code_field("Destination", Destination, required=False)
    provider = text_field("Provider", Placement, "provider")
    carer = text_field("Carer", Placement, "carer", help_text=PSEUDONYM_HELP)
    short_break = forms.BooleanField(label="A short break", required=False)

    def __init__(self, *args, row: Kept, **kwargs):
        self.row = row
        said = {name: getattr(row, name) for name in self.FIELDS[type(row)]}
        kwargs["initial"] = {**said, "edition": row.edition, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    @property
    def heading(self):
        return f"Correct this {self.row._meta.verbose_name}"

    def arrange(self):
        asked = (*self.FIELDS[type(self.row)], "edition", "token", "accepted")
        for name in set(self.fields) - set(asked):
            del self.fields[name]

    def save(self):
        changed = correct_stretch(self.row, self.values, edition=self.cleaned_data["edition"], by=self.by)
        return [self.row] if changed else []
