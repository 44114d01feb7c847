"""What a person chooses on the caseload list: whom to show, in which order, and under which name to keep that."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django import forms

from children.filters import CHOICE
from children.models import PlacementType
from children.saved_filters import SavedFilter
from milestones.catalogue import Route
from milestones.clocks.limits import Limit
from pace_site.front.caseload.cases import URGENCY_LABELS, Case, Urgency, workers_among

NONE = "none"
OVERDUE = "overdue"
WINDOWS = {"2w": Limit.parse("2 weeks"), "4w": Limit.parse("4 weeks"), "3m": Limit.parse("3 months")}
WINDOW_CHOICES = [
    (OVERDUE, "Overdue"),
    ("2w", "Overdue or within 2 weeks"),
    ("4w", "Overdue or within 4 weeks"),
    ("3m", "Overdue or within 3 months"),
]
BY_DUE, BY_CHILD, BY_TIME_AWAY = "due", "child", "away"
ORDERS = [("", "Days to the next step"), (BY_CHILD, "Child"), (BY_TIME_AWAY, "Time away from home, longest first")]
NOT_OFFERED = "This is not, or no longer, among what you may choose from, so nobody is shown."


def choice_of(label: str, everybody: str) -> forms.ChoiceField:
    field = forms.ChoiceField(
        label=label, required=False, widget=CHOICE, error_messages={"invalid_choice": NOT_OFFERED}
    )
    field.everybody = everybody
    return field


class ChoosingForm(forms.Form):
    """Filters and order of the list. Every choice comes from `cases`, which are those in the person's scope."""

    team = choice_of("Team", "All teams")
    worker = choice_of("Works with the child", "Everybody")
    route = choice_of("Route", "All routes")
    living = choice_of("Placement now", "All placements")
    state = choice_of("State", "All states")
    due = choice_of("Next step due", "At any time")
    sort = choice_of("In order of", "")

    def __init__(self, *args, cases: Sequence[Case], **kwargs):
        super().__init__(*args, **kwargs)
        self.cases = cases
        teams = {case.child.team.pk: case.child.team.name for case in cases if case.child.team}
        offered = {
            "team": [
                *sorted(((str(key), name) for key, name in teams.items()), key=lambda choice: choice[1]),
                (NONE, "No team"),
            ],
            "worker": [(NONE, "Nobody"), *((str(person.pk), str(person)) for person in workers_among(cases))],
            "route": [(NONE, "None yet"), *Route.choices],
            "living": [*PlacementType.objects.values_list("code", "label"), (NONE, "Not recorded")],
            "state": [(urgency.value, label) for urgency, label in URGENCY_LABELS.items()],
            "due": WINDOW_CHOICES,
        }
        for name, choices in offered.items():
            self.fields[name].choices = [("", self.fields[name].everybody), *choices]
        self.fields["sort"].choices = ORDERS
        if not any(case.workers is not None for case in cases) and not self.data.get("worker"):
            # Who sees every child by pseudonym is not told who works with them.
            del self.fields["worker"]

    @cached_property
    def query(self) -> str:
        """What was chosen, as the address carries it; nothing while a choice is wrong."""
        if not self.is_valid():
            return ""
        return urlencode({name: self.cleaned_data[name] for name in self.fields if self.cleaned_data[name]})

    def chosen(self) -> list[Case]:
        """The cases that fit, in order; none while a choice is not one of those offered, so that no mistake widens."""
        if not self.is_valid():
            return []
        return sorted((case for case in self.cases if self._fits(case)), key=self._order)

    def _fits(self, case: Case) -> bool:
        asked = self.cleaned_data
        team = str(case.child.team_id) if case.child.team_id else NONE
        return (
            asked["team"] in ("", team)
            and self._fits_worker(case)
            and asked["route"] in ("", case.route or NONE)
            and asked["living"] in ("", case.living or NONE)
            and asked["state"] in ("", case.urgency)
            and self._fits_window(case)
        )

    def _fits_worker(self, case: Case) -> bool:
        asked = self.cleaned_data.get("worker", "")
        if not asked:
            return True
        if case.workers is None:
            return False
        return asked == NONE and not case.workers or asked in {str(person.pk) for person in case.workers}

    def _fits_window(self, case: Case) -> bool:
        window = self.cleaned_data["due"]
        if not window or case.due is None:
            return not window
        last = case.as_at - timedelta(days=1) if window == OVERDUE else WINDOWS[window].after(case.as_at)
        return case.due <= last

    def _order(self, case: Case) -> tuple:
        if self.cleaned_data["sort"] == BY_CHILD:
            return (case.child.code,)
        if self.cleaned_data["sort"] == BY_TIME_AWAY:
            return (case.away_since or date.max, case.child.code)
        return (case.due or date.max, case.urgency != Urgency.OVERDUE, case.child.code)


class SaveFilterForm(forms.Form):
    """The name under which to keep a choice; `query` is the choice, as the address carries it."""

    name = forms.CharField(
        label="Save this list as",
        max_length=SavedFilter._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"class": "form-control form-control-sm", "autocomplete": "off"}),
        error_messages={"required": "Give the list a name."},
    )
    query = forms.CharField(
        required=False, max_length=SavedFilter._meta.get_field("query").max_length, widget=forms.HiddenInput
    )
