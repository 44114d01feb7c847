"""The forms by which an administrator keeps people, teams and roles. `by` is the administrator, set by the page."""

from django import forms
from django.contrib.auth.forms import BaseUserCreationForm
from django.forms.models import BaseInlineFormSet

from pace_site.accounts.models import RoleMembership, Team, User
from pace_site.accounts.roles import TEAM_ROLES, Role
from pace_site.front.people.actions import OWN_ROLE
from pace_site.look.reasons import reason_field


class TeamForm(forms.ModelForm):
    by: User

    class Meta:
        model = Team
        fields = ["name"]

    def clean_name(self):
        name = self.cleaned_data["name"]
        if Team.objects.visible_to(self.by).filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("There is a team of this name already.")
        return name


class PersonForm(forms.ModelForm):
    by: User

    class Meta:
        model = User
        fields = ["email", "first_name", "last_name", "is_active"]
        help_texts = {"is_active": "Take the mark away when the person leaves; their name stays in the records."}

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def clean_is_active(self):
        if self.instance.pk == self.by.pk and not self.cleaned_data["is_active"]:
            raise forms.ValidationError("You cannot close your own account; ask another administrator.")
        return self.cleaned_data["is_active"]


class NewPersonForm(BaseUserCreationForm):
    by: User

    class Meta:
        model = User
        fields = ["email", "first_name", "last_name"]

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class ReasonForm(forms.Form):
    """Why an administrator does something to how a person signs in."""

    reason = reason_field(
        "Why, and how you know that it is they who ask",
        longest=300,
        help_text="For example: lost telephone, asked by telephone, called back on the council's directory number.",
        required="Say why, and how you made sure that it is they who ask.",
    )


class MembershipForm(forms.ModelForm):
    class Meta:
        model = RoleMembership
        fields = ["role", "team"]
        # In a table of roles the heading of the column is no label to a screen reader.
        widgets = {
            "role": forms.Select(attrs={"aria-label": "Role"}),
            "team": forms.Select(attrs={"aria-label": "Team"}),
        }

    def clean(self):
        role, team = self.cleaned_data.get("role"), self.cleaned_data.get("team")
        if role in TEAM_ROLES and team is None:
            self.add_error("team", "This role works in a team: choose which.")
        if role and role not in TEAM_ROLES and team is not None:
            self.add_error("team", "This role is not held in a team: leave it empty.")
        return super().clean()


class MembershipFormSet(BaseInlineFormSet):
    by: User

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Take this role away"

    def clean(self):
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form.is_valid() and form not in self.deleted_forms]
        held = [(row["role"], row["team"]) for row in kept if row]
        if len(held) != len(set(held)):
            raise forms.ValidationError("The same role is given twice.")
        if self.instance.pk == self.by.pk and not self._held_before().issuperset(held):
            raise forms.ValidationError(OWN_ROLE)
        if self.instance.pk == self.by.pk and (Role.SYSTEM_ADMINISTRATOR, None) not in held:
            raise forms.ValidationError(
                "You cannot take the role of system administrator from yourself; ask another administrator."
            )

    def _held_before(self) -> set[tuple]:
        rows = RoleMembership.objects.visible_to(self.by).filter(user=self.instance).select_related("team")
        return {(row.role, row.team) for row in rows}
