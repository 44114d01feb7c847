"""What a person chooses on the caseload list: whom to show, in which order, and under which name to keep that."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from urllib.parse import urlencode

import numpy as np
from django import forms

from children.filters import CHOICE
from children.saved_filters import SavedFilter
from milestones.catalogue import Route
from milestones.clocks.limits import Limit, to_day
from pace_site.front.caseload.cases import URGENCY_LABELS, Caseload, Cases, Urgency

NONE = "none"
OVERDUE = "overdue"
WINDOWS = {"2w": Limit.parse("2 weeks"), "4w": Limit.parse("4 weeks"), "3m": Limit.parse("3 months")}
WINDOW_CHOICES = [
    (OVERDUE, "Overdue"),
    ("2w", "Overdue or within 2 weeks"),
    ("4w", "Overdue or within 4 weeks"),
    ("3m", "Overdue or within 3 months"),
]
BY_CHILD, BY_TIME_AWAY = "child", "away"
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

    def __init__(self, *args, cases: Cases, **kwargs):
        super().__init__(*args, **kwargs)
        self.cases = cases
        offered = {
            "team": [
                *((str(key), name) for key, name in cases.teams),
                (NONE, "No team"),
            ],
            "worker": [(NONE, "Nobody"), *((str(person.pk), str(person)) for person in cases.workers)],
            "route": [(NONE, "None yet"), *Route.choices],
            "living": [*cases.caseload.living_labels.items(), (NONE, "Not recorded")],
            "state": [(urgency.value, label) for urgency, label in URGENCY_LABELS.items()],
            "due": WINDOW_CHOICES,
        }
        for name, choices in offered.items():
            self.fields[name].choices = [("", self.fields[name].everybody), *choices]
        self.fields["sort"].choices = ORDERS
        if not cases.shows_workers and not self.data.get("worker"):
            # Who sees every child by pseudonym is not told who works with them.
            del self.fields["worker"]

    @cached_property
    def query(self) -> str:
        """What was chosen, as the address carries it; nothing while a choice is wrong."""
        if not self.is_valid():
            return ""
        return urlencode({name: self.cleaned_data[name] for name in self.fields if self.cleaned_data[name]})

    def chosen(self) -> Cases:
        """The cases that fit, in order; none while a choice is not one of those offered, so that no mistake widens."""
        caseload = self.cases.caseload
        if not self.is_valid():
            return Cases(caseload, np.array([], dtype=np.int64))
        fits = np.zeros(len(caseload.key), dtype=bool)
        fits[self.cases.rows] = True
        for each in self._asked_for(caseload):
            fits &= each
        rows = caseload.in_order(*self._order(caseload))
        return Cases(caseload, rows[fits[rows]])

    def _asked_for(self, caseload: Caseload) -> Iterator[np.ndarray]:
        """For each choice that was made, which rows fit it."""
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        if "team" in asked:
            yield caseload.team == (0 if asked["team"] == NONE else int(asked["team"]))
        if "worker" in asked:
            yield self._with_worker(caseload, asked["worker"])
        for name, column in (("route", caseload.journeys.latest_route), ("living", caseload.journeys.living)):
            if name in asked:
                yield column == ("" if asked[name] == NONE else asked[name])
        if "state" in asked:
            yield caseload.urgency == asked["state"]
        if "due" in asked:
            window, day = asked["due"], caseload.day
            last = day - timedelta(days=1) if window == OVERDUE else WINDOWS[window].after(day)
            yield caseload.steps.due <= to_day(last)

    def _with_worker(self, caseload: Caseload, worker: str) -> np.ndarray:
        found = np.zeros(len(caseload.key), dtype=bool)
        if worker == NONE:
            found[caseload.worked_row] = True
            return caseload.identified & ~found
        found[caseload.worked_row[caseload.worker == int(worker)]] = True
        return caseload.identified & found

    def _order(self, caseload: Caseload) -> tuple[np.ndarray, ...]:
        """The columns by which the list is put in order, before the pseudonym."""
        if self.cleaned_data["sort"] == BY_CHILD:
            return ()
        if self.cleaned_data["sort"] == BY_TIME_AWAY:
            return (caseload.journeys.away_since,)
        return (caseload.steps.due, caseload.urgency != Urgency.OVERDUE)


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
