"""What somebody looks for in the audit trail: by whom, what, when and about which child."""

from datetime import datetime, time, timedelta

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from pace_site.accounts.models import User
from pace_site.audit.models import AuditEntry
from pace_site.look.days import day_input

COMMANDS = "commands"
OTHERS = "others"


class TrailForm(forms.Form):
    """The filters that stand in the address. The child does not: it is kept with the session."""

    person = forms.ChoiceField(label="Who", required=False)
    action = forms.ChoiceField(label="Did what", required=False, choices=[("", "Anything"), *AuditEntry.Action.choices])
    since = forms.DateField(label="From", required=False, error_messages={"invalid": "“From” is not a date."})
    until = forms.DateField(label="To", required=False, error_messages={"invalid": "“To” is not a date."})

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        people = User.objects.visible_to(user).order_by("last_name", "first_name", "email")
        self.people = {str(person.pk): f"{person} ({person.email})" for person in people}
        self.fields["person"].choices = [
            ("", "Anybody"),
            (COMMANDS, "A command on the server"),
            (OTHERS, "Somebody who was not signed in"),
            *self.people.items(),
        ]
        for name in ("since", "until"):
            self.fields[name].widget = day_input()

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            raise forms.ValidationError("“To” is before “From”.")
        return self.cleaned_data

    def narrow(self, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """The entries that fit; none while the form is wrong."""
        if not self.is_valid():
            return entries.none()
        chosen = self.cleaned_data
        if chosen["person"] == COMMANDS:
            entries = entries.filter(actor_id=None, actor__startswith="command ")
        elif chosen["person"] == OTHERS:
            entries = entries.filter(actor_id=None).exclude(actor__startswith="command ")
        elif chosen["person"]:
            entries = entries.filter(actor_id=chosen["person"])
        if chosen["action"]:
            entries = entries.filter(action=chosen["action"])
        if chosen["since"]:
            entries = entries.filter(at__gte=_beginning(chosen["since"]))
        if chosen["until"]:
            entries = entries.filter(at__lt=_beginning(chosen["until"] + timedelta(days=1)))
        return entries

    @property
    def asked(self) -> dict[str, str]:
        """What was asked, as the trail keeps it."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


def _beginning(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class AboutChildForm(forms.Form):
    """Which child the search is about; posted, so that it stands in no address."""

    child = forms.CharField(
        label="About the child with this pseudonym or council reference",
        max_length=80,
        error_messages={"required": "Type a pseudonym or a council reference in full."},
    )
