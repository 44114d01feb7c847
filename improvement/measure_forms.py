"""The forms of measures: to plan one, and to type the value of a month."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from aims.models import Aim
from improvement.actions.measures import FIELDS, FIRST_MONTH, SETTLED, months_before
from improvement.aim_choices import aim_choices
from improvement.measured.series import last_month_over
from improvement.models import Measure, MeasureValue
from improvement.models.measures import (
    FEWEST_BASELINE,
    MOST_BASELINE,
    NAME,
    NUMBER,
    SENTENCE,
    TEXT,
    Better,
    ChartKind,
    Frequency,
    MeasureKind,
    Unit,
)
from improvement.person_fields import PersonField
from improvement.scope import who_may_run_tests
from improvement.written_form import NO_NAMES, WrittenForm, day_field
from pace_site.accounts.models import User

MONTHS_OFFERED = 60
NOT_A_NUMBER = "This is not a number. Write it like 12 or 3.5."


def number_field(label: str, **more) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": NOT_A_NUMBER},
        **NUMBER,
        **more,
    )


def words_field(label: str, most: int, *, rows: int = 2, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


class MonthField(forms.CharField):
    """A month as 2026-03 or 03/2026, which becomes its first day; or nothing."""

    def __init__(self, *, label: str, **more):
        widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-03"})
        super().__init__(label=label, required=False, max_length=10, widget=widget, **more)

    def to_python(self, value) -> date | None:
        typed = super().to_python(value)
        if not typed:
            return None
        found = re.fullmatch(r"(?P<year>\d{4})-(?P<month>\d{2})|(?P<m>\d{1,2})/(?P<y>\d{4})", typed, re.ASCII)
        try:
            first = date(int(found["year"] or found["y"]), int(found["month"] or found["m"]), 1) if found else None
        except ValueError:
            first = None
        if first is None or not FIRST_MONTH <= first <= date(2099, 12, 1):
            raise ValidationError("This is not a month. Write it like 2026-03.")
        return first

    def prepare_value(self, value):
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    def run_validators(self, value):
        if isinstance(value, str):
            super().run_validators(value)


class MeasureForm(WrittenForm):
    """Plans a measure, or changes one when `measure` is given."""

    aim = forms.ChoiceField(label="For which aim", choices=())
    name = forms.CharField(
        label="What is measured, in a few words",
        max_length=NAME,
        help_text=NO_NAMES,
        error_messages={"required": "Give the measure a name."},
    )
    kind = forms.ChoiceField(label="Type", choices=MeasureKind.choices, initial=MeasureKind.PROCESS)
    definition = words_field(
        "Operational definition", TEXT, rows=4, help_text="So exact that two people would count the same."
    )
    unit = forms.ChoiceField(label="Counted in", choices=Unit.choices, initial=Unit.PERCENT)
    per = forms.IntegerField(
        label="A rate is so many for each",
        required=False,
        min_value=1,
        max_value=100_000,
        initial=100,
        help_text="Only for a rate: 100, or 1,000.",
    )
    numerator = words_field("Numerator: what is counted", SENTENCE)
    denominator = words_field("Denominator: out of what", SENTENCE, help_text="For percentages and rates.")
    exclusions = words_field("Exclusions: what is left out", SENTENCE)
    source = forms.CharField(label="Data source", required=False, max_length=200)
    collector = PersonField(
        label="Collector", queryset=None, required=False, empty_label="Nobody yet", help_text="Types the values in."
    )
    frequency = forms.ChoiceField(
        label="How often data are collected",
        choices=Frequency.choices,
        initial=Frequency.MONTH,
        help_text="Values are by month all the same.",
    )
    chart = forms.ChoiceField(label="Chart", choices=ChartKind.choices, initial=ChartKind.RUN)
    better = forms.ChoiceField(label="What is better", choices=Better.choices, initial=Better.HIGHER)
    target = number_field("Target")
    counts_from = MonthField(label="Counted from", help_text="The first month of the chart. Empty: all there are.")
    baseline_points = forms.IntegerField(
        label="Baseline: the first so many months",
        required=False,
        min_value=FEWEST_BASELINE,
        max_value=MOST_BASELINE,
        help_text="10 to 12 are usual. The median of those is kept. Empty: the median of all months.",
    )
    baseline_until = day_field("Or the months up to", help_text="For example the day before a change began.")
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, data=None, *, by: User, measure: Measure | None = None, aim: Aim | None = None):
        self.by, self.measure = by, measure
        initial: dict[str, Any] = {"aim": aim.pk if aim else ""}
        if measure is not None:
            initial = {name: getattr(measure, name) for name in FIELDS} | {"edition": measure.edition}
            initial["collector"] = measure.collector_id
        super().__init__(data, initial=initial)
        self.fields["collector"].queryset = people_of(by, measure)
        if measure is None:
            self.fields["aim"].choices = [("", "Choose an aim"), *aim_choices(by)]
        else:
            del self.fields["aim"]
            if measure.is_computed:
                for name in (*SETTLED, "collector"):
                    del self.fields[name]

    @property
    def said(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if name in FIELDS}
        if "per" in said and said["per"] is None:
            said["per"] = 100
        return said

    @property
    def chosen_aim(self) -> Aim:
        return Aim.objects.visible_to(self.by).get(pk=self.cleaned_data["aim"])


def people_of(by: User, measure: Measure | None):
    """Who may collect: those who may take part in tests, and whoever collects it now."""
    keys = Q(pk__in=who_may_run_tests(by).order_by().values("pk"))
    if measure is not None and measure.collector_id:
        keys |= Q(pk=measure.collector_id)
    return User.objects.visible_to(by).filter(keys).prefetch_related("memberships")


class ValueForm(WrittenForm):
    """Types, corrects or takes out the value of a month."""

    month = forms.ChoiceField(label="Month", choices=())
    numerator = number_field("Numerator")
    denominator = number_field("Denominator")
    value = number_field("Value")
    note = forms.CharField(label="Note", required=False, max_length=200, help_text=NO_NAMES)
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data=None, *, measure: Measure, today: date, row: MeasureValue | None = None, month=None):
        initial: dict[str, Any] = {"edition": 0, "month": f"{month:%Y-%m}" if month else None}
        if row is not None:
            initial |= {name: shown_number(getattr(row, name)) for name in ("numerator", "denominator", "value")}
            initial |= {"note": row.note, "edition": row.edition}
        super().__init__(data, initial=initial, auto_id="typed_%s")
        last = last_month_over(today)
        firsts = [months_before(last, ago) for ago in range(MONTHS_OFFERED)]
        if month is not None and month not in firsts:
            firsts.append(month)
        self.fields["month"].choices = [(f"{first:%Y-%m}", f"{first:%B %Y}") for first in firsts]
        if measure.is_out_of:
            del self.fields["value"]
            self.fields["numerator"].label = measure.numerator or "Numerator"
            self.fields["denominator"].label = measure.denominator or "Denominator"
        else:
            del self.fields["numerator"], self.fields["denominator"]
            self.fields["value"].label = measure.numerator or "Value"

    @property
    def first(self) -> date:
        return date.fromisoformat(f"{self.cleaned_data['month']}-01")

    @property
    def said(self) -> dict[str, Any]:
        names = ("numerator", "denominator", "value", "note")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}


def shown_number(number: Decimal | None) -> str:
    """A stored number as it was typed, without the zeros of the store."""
    return "" if number is None else f"{number.normalize():f}"
