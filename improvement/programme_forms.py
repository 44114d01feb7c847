"""The forms of the programme: its charter, the members of its groups, and its scores."""

from datetime import date
from decimal import Decimal

from django import forms
from django.utils import timezone

from aims.models import Aim
from improvement.actions.programme import NOT_WRITTEN_YET, TEXTS
from improvement.models import GroupMember, Programme
from improvement.models.programme import TEXT, GroupRole
from improvement.person_fields import PersonField
from improvement.progress import MEANINGS
from improvement.scope import who_may_see_improvement
from improvement.written_form import NO_NAMES, WrittenForm, day_field
from pace_site.accounts.models import User

CHARTER_LABELS = {
    "problem": ("Problem", "What goes wrong today, and for whom."),
    "aim": ("Aim", "What shall be better, for whom, by how much and by when."),
    "why_now": ("Why now", ""),
    "scope_in": ("In scope", ""),
    "scope_out": ("Out of scope", "What others must not expect from it."),
    "measures": ("Measures", "By which figures the group sees whether it improves."),
    "baseline": ("Baseline", "Where the figures stood at the start."),
    "starts_on": ("Starts on", ""),
    "ends_on": ("Ends on", "Local programmes took about 15 months."),
    "risks": ("Risks", ""),
    "approvals": ("Approvals", "Who approved the charter, and when."),
}
MONTHS_BACK = 12


class CharterForm(WrittenForm):
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data=None, *, row: Programme | None):
        initial = {name: getattr(row, name) for name in CHARTER_LABELS} if row else {}
        super().__init__(data, initial=initial | {"edition": row.edition if row else NOT_WRITTEN_YET})
        for name, (label, help_text) in CHARTER_LABELS.items():
            if name in TEXTS:
                self.fields[name] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=TEXT,
                    strip=False,
                    widget=forms.Textarea(attrs={"rows": 3}),
                    help_text=f"{help_text} {NO_NAMES}" if name == "problem" else help_text,
                )
            else:
                self.fields[name] = day_field(label, help_text=help_text)

    @property
    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in CHARTER_LABELS}


class NewMemberForm(WrittenForm):
    """Somebody who signs in, or a partner by name."""

    user = PersonField(
        label="Somebody who signs in",
        queryset=None,
        required=False,
        empty_label="Choose somebody",
    )
    name = forms.CharField(
        label="Or the name of a partner",
        required=False,
        max_length=100,
        help_text="For people who do not sign in here.",
    )
    agency = forms.CharField(
        label="Agency", required=False, max_length=100, help_text="For example: NHS Grampian, education, SCRA."
    )
    role = forms.ChoiceField(label="Role", choices=GroupRole.choices, initial=GroupRole.OTHER)
    leads = forms.BooleanField(label="Leads the Champions' Group", required=False)

    def __init__(self, data=None, *, by: User, aim: Aim | None):
        super().__init__(data)
        self.fields["user"].queryset = who_may_see_improvement(by).prefetch_related("memberships")
        if aim is not None:
            del self.fields["leads"]


class MemberForm(WrittenForm):
    role = forms.ChoiceField(label="Role", choices=GroupRole.choices)
    agency = forms.CharField(label="Agency", required=False, max_length=100)
    leads = forms.BooleanField(
        label="Leads the Champions' Group", required=False, help_text="Takes over from who leads it now."
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data=None, *, member: GroupMember):
        super().__init__(data, initial={name: getattr(member, name) for name in self.base_fields})
        if member.aim_id:
            del self.fields["leads"]


class ScoreForm(WrittenForm):
    month = forms.ChoiceField(label="Month")
    score = forms.ChoiceField(
        label="Progress score",
        choices=[("", "Choose a score")] + [(str(score), f"{score}: {meaning}") for score, meaning in MEANINGS.items()],
        error_messages={"required": "Choose a score."},
    )
    reason = forms.CharField(
        label="Why",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"What you can point to. {NO_NAMES}",
        error_messages={"required": "Say why, so that others understand the score."},
    )

    def __init__(self, data=None):
        super().__init__(data)
        self.fields["month"].choices = [(each.isoformat(), f"{each:%B %Y}") for each in last_months(MONTHS_BACK)]

    @property
    def said(self) -> dict:
        said = self.cleaned_data
        return said | {"month": date.fromisoformat(said["month"]), "score": Decimal(said["score"])}


def last_months(count: int) -> list[date]:
    """The first days of this month and of those before it, the latest first."""
    months = [timezone.localdate().replace(day=1)]
    while len(months) < count:
        last = months[-1]
        months.append(date(last.year - (last.month == 1), last.month - 1 or 12, 1))
    return months
