"""The form in which a PACE lead writes an aim: every field of `domain.md` 2.3 in plain words.

The definition itself judges what can be measured (`aims.definition`); this asks, and says the same in a form's words.
"""

import hashlib
import json
from datetime import date
from decimal import Decimal

from django import forms

from aims.definition import AT_HOME_2Y, ROUTED_STARTS, TEXT_LENGTH, TITLE_LENGTH, AimDefinition, AimError
from aims.definition_fields import (
    UNIT_CHOICES,
    OpenDate,
    OpenNumber,
    length_field,
    one_of,
    start_choices,
    stop_choices,
    ticks,
    years_field,
)
from aims.version_words import BASES, EXIT_RULES, KINDS, LABELS, NATIONAL_AIMS, POPULATIONS, PROVENANCES
from children.codes import PLACEMENT_TYPES
from milestones.catalogue import ALIASES, Route, label_of
from pace_site.look.refusing import RefusingForm


class DefinitionForm(RefusingForm):
    """One definition of an aim. `current` is what it begins from: the aim's version, a template, or a bare draft.

    A valid form holds the `AimDefinition` in `cleaned_data["definition"]`; its status is that of `current`.
    """

    called_otherwise = {"limit": "limit_value", "threshold": "threshold_value"}

    code = forms.CharField(
        label=LABELS["code"], max_length=20, help_text="Letters, digits, dots and hyphens. It stays."
    )
    title = forms.CharField(label=LABELS["title"], max_length=TITLE_LENGTH)
    text = forms.CharField(
        label=LABELS["text"],
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="As people agreed it: by when, how many of whom, what, within how long. X for what is open.",
    )
    national_aim = forms.TypedChoiceField(
        label=LABELS["national_aim"], choices=NATIONAL_AIMS, coerce=int, empty_value=None, required=False
    )
    kind = one_of("kind", KINDS)
    start_event = forms.ChoiceField(label=LABELS["start_event"])
    stop_event = ticks(
        "stop_event", [], help_text="Tick one or more: the first of them stops the clock, if it is in the same spell."
    )
    limit_value = length_field("Allowed from the start", help_text="Empty while it is open (X): then nobody is late.")
    limit_unit = forms.ChoiceField(label="Counted in", choices=UNIT_CHOICES)
    deadline = OpenDate(label=LABELS["deadline"], help_text="For an aim with one deadline only.")
    from_date = OpenDate(
        label=LABELS["from_date"],
        help_text="Only children whose clock starts on or after this day. Without it, children decided long ago count.",
    )
    before_date = OpenDate(
        label=LABELS["before_date"], help_text="For a backlog: clocks that started before this day and still ran on it."
    )
    routes = ticks(
        "routes", Route.choices, help_text="None ticked: every route. Only clocks that start with a plan have a route."
    )
    age_min = years_field(LABELS["age_min"], help_text="Years, on the day the clock starts.")
    age_max_exclusive = years_field(LABELS["age_max_exclusive"], help_text="Years: 12 means before the 12th birthday.")
    placements_excluded = ticks(
        "placements_excluded",
        [(code, label) for code, label, _group in PLACEMENT_TYPES],
        help_text="By where the child lives on the day of the figures.",
    )
    pathways_excluded = ticks(
        "pathways_excluded",
        Route.choices,
        help_text="By the latest recommendation or planning decision on the day of the figures.",
    )
    accommodation_basis = one_of("accommodation_basis", BASES)
    target_pct = OpenNumber(
        pattern=r"\d{1,3}(\.\d{1,2})?",
        words="Write a percentage from 0 to 100, or leave it empty.",
        label="Target in %",
        help_text="Empty while it is open (X).",
    )
    by_date = OpenDate(label=LABELS["by_date"], help_text="Empty for an aim that goes on. For a backlog, its deadline.")
    exit_rule = one_of("exit_rule", EXIT_RULES, help_text="Whoever leaves after the due date counts as missed anyway.")
    reminder_percent = forms.IntegerField(
        label="First reminder after so much of the time, in %",
        min_value=1,
        max_value=99,
        error_messages={
            "required": "Give a percentage from 1 to 99; 50 is half way.",
            "invalid": "Give a whole percentage from 1 to 99; 50 is half way.",
            "min_value": "Give a percentage from 1 to 99.",
            "max_value": "Give a percentage from 1 to 99.",
        },
    )
    threshold_value = length_field("At home for", help_text="Empty: 24 months.")
    threshold_unit = forms.ChoiceField(label="Counted in", choices=UNIT_CHOICES)
    strict = forms.BooleanField(label="Only more than that time, not just as long", required=False)
    population = one_of("population", POPULATIONS)
    provenance = one_of("provenance", PROVENANCES)
    source = forms.CharField(label=LABELS["source"], required=False, max_length=TEXT_LENGTH)
    note = forms.CharField(
        label=LABELS["note"], required=False, max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason = forms.CharField(
        label="Why it is changed", required=False, max_length=200, help_text="Stands beside this version."
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    SECTIONS = (
        ("What the aim says", ("code", "title", "text", "national_aim")),
        ("The clock", ("kind", "start_event", "stop_event")),
        ("How long is allowed", ("limit_value", "limit_unit", "deadline")),
        (
            "Who is counted",
            (
                *("from_date", "before_date", "age_min", "age_max_exclusive", "routes", "pathways_excluded"),
                *("placements_excluded", "accommodation_basis"),
            ),
        ),
        ("Target", ("target_pct", "by_date")),
        ("Leaving and reminders", ("exit_rule", "reminder_percent")),
        (
            "Only for children at home for a time",
            ("threshold_value", "threshold_unit", "strict", "population"),
        ),
        ("Where it comes from", ("provenance", "source", "note", "reason")),
    )

    def __init__(self, data=None, *, current: AimDefinition | None, number: int = 0, **more):
        self.current, self.number = current, number
        initial = {**initial_of(current), "version": number, **more.pop("initial", {})}
        super().__init__(data, initial=initial, **more)
        self.fields["start_event"].choices = start_choices(current)
        self.fields["stop_event"].choices = stop_choices(current)
        if number:
            del self.fields["code"]
        else:
            del self.fields["reason"]

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings, in order."""
        return [(heading, [self[name] for name in names if name in self.fields]) for heading, names in self.SECTIONS]

    def clean(self):
        values = super().clean()
        if not values.get("stop_event"):
            self.add_error("stop_event", "Tick at least one.")
        for field, words in _misfits(values):
            if field not in self.errors:
                self.add_error(field, words)
        if self.errors:
            return values
        try:
            values["definition"] = AimDefinition.from_mapping(self._mapping(values))
        except AimError as error:
            field = self.called_otherwise.get(error.field, error.field)
            words = str(error).partition(": ")[2]
            self.add_error(field if field in self.fields else None, words[:1].upper() + words[1:])
        return values

    def _mapping(self, values: dict) -> dict:
        """The aim file's mapping of what was typed."""
        mapping = {
            name: values[name]
            for name in (
                *("title", "kind", "national_aim", "start_event", "from_date", "before_date", "by_date", "deadline"),
                *("target_pct", "accommodation_basis", "exit_rule", "strict", "population", "provenance"),
            )
        }
        mapping |= {name: values[name].replace("\r\n", "\n") for name in ("text", "source", "note")}
        mapping |= {name: self._as_ordered(name, values[name]) for name in ORDERED}
        for name in ("age_min", "age_max_exclusive"):
            mapping[name] = None if values[name] is None else int(values[name])
        for name in ("limit", "threshold"):
            length = values[f"{name}_value"]
            mapping[name] = None if length is None else f"{length} {values[f'{name}_unit']}"
        mapping["reminder_fraction"] = Decimal(values["reminder_percent"]) / 100
        mapping["code"] = self.current.code if self.number else values["code"].strip()
        mapping["status"] = self.current.status if self.current else "draft"
        return mapping

    def _as_ordered(self, name: str, chosen: list[str]) -> list[str]:
        """What was ticked, in the order in which the definition has it: ticking says nothing of an order."""
        had = getattr(self.current, name) if self.current else ()
        return [each for each in had if each in chosen] + [each for each in chosen if each not in had]

    @property
    def sign(self) -> str:
        """What this form would write, and over which version, in a few letters: whether it is what was shown."""
        said = [self.cleaned_data["definition"].to_mapping(), self.cleaned_data["version"]]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:24]

    def carry(self, **hidden) -> None:
        """Send the form back with other hidden values than it came with."""
        self.data = self.data.copy()
        for name, value in hidden.items():
            self.data[name] = value


ORDERED = ("stop_event", "routes", "placements_excluded", "pathways_excluded")


def initial_of(definition: AimDefinition | None) -> dict:
    """What the form shows of a definition before anybody has typed."""
    if definition is None:
        return {
            "kind": "timed",
            "limit_unit": "weeks",
            "threshold_unit": "months",
            "reminder_percent": 50,
            "accommodation_basis": "current_spell",
            "exit_rule": "exclude",
            "population": "rolling",
            "provenance": "local",
        }
    shown = {name: getattr(definition, name) for name in LABELS if name in DefinitionForm.base_fields}
    for name, unit in (("limit", "weeks"), ("threshold", "months")):
        length = getattr(definition, name)
        shown[f"{name}_value"] = "" if length is None else f"{length.value.normalize():f}"
        shown[f"{name}_unit"] = unit if length is None else length.unit
    if definition.target_pct is not None:
        shown["target_pct"] = f"{definition.target_pct.normalize():f}"
    shown["reminder_percent"] = int(definition.reminder_fraction * 100)
    return shown | {name: list(getattr(definition, name)) for name in ORDERED}


def _misfits(values: dict):
    """What does not go together, at the field where it is put right: (field, words)."""
    start, kind = values.get("start_event"), values.get("kind")
    recorded = ALIASES.get(start, start)
    if kind == "deadline" and values.get("limit_value"):
        yield "limit_value", "An aim with one deadline has no limit for each child. Empty this, or choose another kind."
    if kind and kind != "deadline" and values.get("deadline"):
        yield "deadline", "Only an aim with one deadline for every child has this. Empty it, or choose that kind."
    if start and any(ALIASES.get(code, code) == recorded for code in values.get("stop_event") or ()):
        yield "stop_event", "The clock cannot stop with what starts it. Untick that one."
    if start and values.get("routes") and recorded not in ROUTED_STARTS:
        yield (
            "routes",
            "Only a clock that starts with a recommendation, a planning decision or an agency decision has a route. "
            "Untick these.",
        )
    if start and values.get("accommodation_basis") == "first_ever" and recorded != "ACCOM_START":
        yield "accommodation_basis", "The first time ever can be chosen only where the clock starts with accommodation."
    if start and start != AT_HOME_2Y:
        at_home = f"This belongs to aims that start with “{label_of(AT_HOME_2Y)}” only."
        for field, is_set in (
            ("threshold_value", values.get("threshold_value")),
            ("strict", values.get("strict")),
            ("population", values.get("population") == "snapshot"),
        ):
            if is_set:
                yield field, at_home
    yield from _misfitting_dates(values)
    youngest, oldest = values.get("age_min"), values.get("age_max_exclusive")
    if youngest and oldest and int(youngest) >= int(oldest):
        yield "age_max_exclusive", "This must be above the youngest age, or nobody is counted."


def _misfitting_dates(values: dict):
    def day(name: str) -> date | None:
        return values.get(name)

    if day("from_date") and day("by_date") and day("by_date") < day("from_date"):
        yield "by_date", "This lies before the day from which clocks are counted."
    if day("from_date") and day("deadline") and day("deadline") < day("from_date"):
        yield "deadline", "This lies before the day from which clocks are counted."
    if day("before_date") and day("deadline") and day("deadline") < day("before_date"):
        yield "deadline", "This lies before the day before which clocks must have started."
    if day("from_date") and day("before_date") and day("before_date") <= day("from_date"):
        yield "before_date", "This must lie after the day from which clocks are counted, or nobody is counted."
