"""The kinds of field that an aim is written in: what may be left open as X, and events under the words people use."""

import re

from django import forms
from django.core.exceptions import ValidationError

from aims.definition import AT_HOME_2Y, NEVER_A_START, UNDECIDED, AimDefinition
from aims.version_words import LABELS
from milestones.catalogue import ADM_APPROVED, AIM_EVENT_CODES, ALIASES, BY_CODE, label_of
from milestones.clocks.limits import UNITS
from pace_site.look.days import day_input

UNIT_CHOICES = [(unit, unit.replace("_", " ")) for unit in UNITS]
OFTEN_STARTS = ("ACCOM_START", "AT_HOME_CSO_START", AT_HOME_2Y, "PERM_REC", "PPM_DECISION", ADM_APPROVED)
OFTEN_STOPS = (
    *("PERM_REC", "PERM_DECISION", "PPM_DECISION", "PANEL_PRESENTED", ADM_APPROVED, "COURT_LODGED", "ORDER_GRANTED"),
    *("FINAL_PLACEMENT", "REHAB_DECISION", "KINSHIP_DECISION", "AT_HOME_AUDIT", "PLAN_REVIEW_2Y"),
)


def is_open(typed) -> bool:
    """Whether a value is left open: empty, or X as on paper."""
    return typed is None or str(typed).strip().upper() in ("", UNDECIDED)


class OpenNumber(forms.CharField):
    """A number as people write it, or nothing; X is nothing too."""

    def __init__(self, *, pattern: str, words: str, **more):
        self.pattern, self.words = pattern, words
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(required=False, max_length=12, widget=forms.TextInput(attrs=attrs), **more)

    def to_python(self, value) -> str | None:
        if is_open(value):
            return None
        number = str(value).strip().replace(",", ".")
        if not re.fullmatch(self.pattern, number, re.ASCII):
            raise ValidationError(self.words)
        return number

    def run_validators(self, value):
        if value is not None:
            super().run_validators(value)


def length_field(label: str, **more) -> OpenNumber:
    return OpenNumber(
        pattern=r"\d{1,5}(\.\d{1,2})?", words="Write a number like 26 or 7.5, or leave it empty.", label=label, **more
    )


def years_field(label: str, **more) -> OpenNumber:
    return OpenNumber(pattern=r"\d{1,2}", words="Write whole years, or leave it empty.", label=label, **more)


class OpenDate(forms.DateField):
    """A day, or nothing; X is nothing too."""

    def __init__(self, **more):
        super().__init__(
            required=False,
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            widget=day_input(),
            error_messages={"invalid": "This is not a date. Write it like 14/05/2027, or leave it empty."},
            **more,
        )

    def to_python(self, value):
        return None if is_open(value) else super().to_python(value)


def ticks(name: str, choices, **more) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=LABELS[name],
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from those offered."},
        **more,
    )


def one_of(name: str, words: dict[str, str], **more) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=LABELS[name],
        choices=list(words.items()),
        widget=forms.RadioSelect,
        **more,
    )


def start_choices(current: AimDefinition | None):
    """What may start a clock, the usual events first."""
    every = [code for code in _events() if code not in NEVER_A_START]
    return _grouped(OFTEN_STARTS, every, used=_used(current, "start_event"))


def stop_choices(current: AimDefinition | None):
    """What may stop a clock, the usual events first."""
    every = [code for code in _events() if code != AT_HOME_2Y]
    return _grouped(OFTEN_STOPS, every, used=_used(current, "stop_event"))


def _events() -> list[str]:
    """Every event code in the order of the catalogue, an aim's own names after them."""
    return [*BY_CODE, *sorted(AIM_EVENT_CODES - set(BY_CODE) - set(ALIASES))]


def _used(current: AimDefinition | None, name: str) -> tuple[str, ...]:
    """The names in use that the list would leave out: other names for what stands in it."""
    value = getattr(current, name) if current else ()
    return tuple(code for code in ([value] if isinstance(value, str) else value) if code in ALIASES)


def _grouped(often: tuple[str, ...], every: list[str], *, used: tuple[str, ...]):
    first = [(code, label_of(code)) for code in often]
    first += [(code, f"{label_of(code)}, by its other name {code}") for code in used]
    return [("Often used", first), ("All others", [(code, label_of(code)) for code in every if code not in often])]
