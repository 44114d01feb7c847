"""The forms of meetings: when and where, the agenda, the minutes, what is agreed, and what stands in the way."""

from django import forms
from django.utils import timezone

from aims.models import Aim
from improvement.actions.meetings import MOST_ITEMS
from improvement.aim_choices import aim_choices
from improvement.meetings import members_of
from improvement.models import Action, Attendance, Barrier, GroupMember, Meeting
from improvement.models.programme import TEXT
from improvement.owners import OwnerField, chosen_of
from improvement.scope import who_may_run_tests, who_may_see_improvement
from improvement.written_form import WrittenForm, day_field
from pace_site.accounts.models import User

NO_IDENTITY = "Children by pseudonym alone: no names."
NEW_ITEMS = 3
ANSWERS = [("", "Not said"), *Attendance.Answer.choices]


def needed_day(label: str, *, missing: str) -> forms.DateField:
    """A day that must be given; `missing` asks for it."""
    field = day_field(label)
    field.required = True
    field.error_messages["required"] = missing
    return field


class MemberField(forms.ModelChoiceField):
    def label_from_instance(self, member: GroupMember) -> str:
        return str(member) if member.aim_id is None else f"{member} (aim group {member.aim.code})"


class MeetingForm(WrittenForm):
    """Plans a meeting, or says anew when and where it is when `meeting` is given."""

    aim = forms.ChoiceField(label="Who meets", required=False)
    on = needed_day("Date", missing="Say on which day the group meets.")
    place = forms.CharField(
        label="Place", required=False, max_length=100, help_text="A room, or that it is by video call."
    )
    chair = MemberField(
        label="Chair",
        queryset=None,
        required=False,
        empty_label="Nobody yet",
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, data=None, *, by: User, meeting: Meeting | None = None):
        initial, chairs = {}, GroupMember.objects.visible_to(by).filter(left_on=None)
        if meeting is not None:
            initial = {name: getattr(meeting, name) for name in ("on", "place", "chair", "edition")}
            chairs = members_of(meeting.authority_id, meeting.aim, on=timezone.localdate())
            was = GroupMember.objects.visible_to(by).filter(pk=meeting.chair_id)
            chairs = chairs.distinct() | was.select_related("user", "aim").distinct()
        else:
            initial["chair"] = chairs.filter(leads=True).first()
        super().__init__(data, initial=initial)
        self.fields["chair"].queryset = chairs.select_related("user", "aim").order_by("aim__code", "-leads", "pk")
        if meeting is not None:
            del self.fields["aim"]
        else:
            groups = [(key, f"Aim group {label}") for key, label in aim_choices(by)]
            self.fields["aim"].choices = [("", "The Champions' Group"), *groups]

    @property
    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("on", "place", "chair")}


class AgendaForm(WrittenForm):
    """The items of an agenda, each with its place, and rows for new ones."""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data=None, *, meeting: Meeting):
        self.items = {str(item.pk): item for item in meeting.items.all()}
        super().__init__(data, initial={"edition": meeting.edition})
        self.keys = [*self.items, *(f"new_{number}" for number in range(NEW_ITEMS))]
        for position, key in enumerate(self.keys, 1):
            item = self.items.get(key)
            name = f"“{item.title}”" if item else f"new item {position - len(self.items)}"
            self.fields[f"place_{key}"] = forms.IntegerField(
                label=f"Place of {name}",
                initial=position,
                required=False,
                min_value=1,
                max_value=MOST_ITEMS * 2,
                error_messages={"invalid": "Give a number.", "min_value": "Places begin at 1."},
            )
            self.fields[f"title_{key}"] = forms.CharField(
                label=f"Title of {name}", initial=item.title if item else "", required=False, max_length=120
            )
            if item is not None:
                self.fields[f"remove_{key}"] = forms.BooleanField(label=f"Take off {name}", required=False)

    @property
    def rows(self) -> list[tuple]:
        """Each item as its three fields; a new one cannot be taken off."""
        return [
            (self[f"place_{key}"], self[f"title_{key}"], self[f"remove_{key}"] if key in self.items else None)
            for key in self.keys
        ]

    @property
    def said(self) -> list[tuple[int | None, str]]:
        """The items in their order; where two have one place, as they stand on the page."""
        said = self.cleaned_data
        kept = []
        for order, key in enumerate(self.keys):
            title = said.get(f"title_{key}", "").strip()
            if said.get(f"remove_{key}") or (key not in self.items and not title):
                continue
            place = said.get(f"place_{key}") or MOST_ITEMS * 2
            kept.append((place, order, int(key) if key in self.items else None, title))
        return [(key, title) for _place, _order, key, title in sorted(kept, key=lambda each: each[:2])]


class MinutesForm(WrittenForm):
    """Who came, and of each item what was said and decided."""

    guests = forms.CharField(
        label="Guests",
        required=False,
        max_length=TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One on each line, with their agency.",
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data=None, *, meeting: Meeting, members: list[GroupMember]):
        super().__init__(data, initial={"edition": meeting.edition, "guests": meeting.guests})
        self.members, self.items = members, list(meeting.items.all())
        there = {each.member_id: each.answer for each in meeting.attendance.all()}
        for member in members:
            self.fields[f"answer_{member.pk}"] = forms.ChoiceField(
                label=str(member), choices=ANSWERS, required=False, initial=there.get(member.pk, "")
            )
        for item in self.items:
            for name, label, rows in (("notes", "Notes", 3), ("decisions", "Decisions", 2)):
                self.fields[f"{name}_{item.pk}"] = forms.CharField(
                    label=f"{label}: {item.title}",
                    required=False,
                    max_length=TEXT,
                    strip=False,
                    initial=getattr(item, name),
                    widget=forms.Textarea(attrs={"rows": rows}),
                )

    @property
    def answers(self) -> list[forms.BoundField]:
        return [self[f"answer_{member.pk}"] for member in self.members]

    @property
    def rows(self) -> list[tuple]:
        return [(item, self[f"notes_{item.pk}"], self[f"decisions_{item.pk}"]) for item in self.items]

    @property
    def said(self) -> dict:
        said = self.cleaned_data
        return {
            "answers": {member.pk: said[f"answer_{member.pk}"] for member in self.members},
            "guests": said["guests"],
            "said": {item.pk: (said[f"notes_{item.pk}"], said[f"decisions_{item.pk}"]) for item in self.items},
        }


class AgreedActionForm(WrittenForm):
    text = forms.CharField(
        label="What will be done",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=NO_IDENTITY,
        error_messages={"required": "Say what will be done."},
    )
    owner = OwnerField(label="Who does it")
    due_on = needed_day("By", missing="Say by when.")
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, data=None, *, by: User, action: Action | None = None):
        initial = {}
        if action is not None:
            initial = {name: getattr(action, name) for name in ("text", "due_on", "edition")}
            initial["owner"] = chosen_of(action)
        super().__init__(data, initial=initial)
        self.fields["owner"].offer(who_may_run_tests(by), by=by, kept=action)

    @property
    def said(self) -> dict:
        said = {name: self.cleaned_data[name] for name in ("text", "due_on")}
        return said | self.fields["owner"].owner_of(self.cleaned_data["owner"])


class DoneForm(WrittenForm):
    outcome = forms.CharField(label="What came of it", required=False, max_length=300, help_text=NO_IDENTITY)
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class BarrierForm(WrittenForm):
    text = forms.CharField(
        label="What stands in the way",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=NO_IDENTITY,
        error_messages={"required": "Say what stands in the way."},
    )
    aim = forms.ChoiceField(label="Of which aim", required=False)
    raised_on = needed_day("Raised on", missing="Say when it was raised.")
    owner = OwnerField(label="Who sees to it")
    asked = forms.CharField(
        label="What leaders are asked", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, data=None, *, by: User, barrier: Barrier | None = None):
        initial = {"raised_on": timezone.localdate()}
        if barrier is not None:
            initial = {name: getattr(barrier, name) for name in ("text", "raised_on", "asked", "edition")}
            initial |= {"owner": chosen_of(barrier), "aim": barrier.aim_id or ""}
        super().__init__(data, initial=initial)
        self.by = by
        self.fields["owner"].offer(who_may_see_improvement(by), by=by, kept=barrier)
        aims = aim_choices(by, kept=barrier.aim if barrier else None)
        self.fields["aim"].choices = [("", "All of them"), *aims]

    @property
    def said(self) -> dict:
        said = {name: self.cleaned_data[name] for name in ("text", "raised_on", "asked")}
        key = self.cleaned_data["aim"]
        said["aim"] = Aim.objects.visible_to(self.by).get(pk=key) if key else None
        return said | self.fields["owner"].owner_of(self.cleaned_data["owner"])


class ResolvedForm(WrittenForm):
    resolution = forms.CharField(
        label="What resolved it",
        max_length=300,
        help_text=NO_IDENTITY,
        error_messages={"required": "Say what resolved it, so that others learn from it."},
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
