"""Plan a measure, take one from the register, change and retire it; type in its values."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from aims.models import Aim
from improvement.editions import Collision, change
from improvement.measure_definition import CHARTS
from improvement.measure_register import registered_measures
from improvement.measured.series import is_over, month_of
from improvement.models import Measure, MeasureValue
from improvement.models.measures import OUT_OF, ChartKind, Unit
from improvement.named_children import refuse_named_children
from improvement.scope import who_may_run_tests
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.actions import lock, save_record

TEXTS = ("name", "definition", "numerator", "denominator", "exclusions", "source")
FIELDS = (
    *TEXTS,
    *("kind", "collector", "frequency", "unit", "per", "chart", "better"),
    *("counts_from", "baseline_points", "baseline_until", "target"),
)
# What the register has settled of a measure that is computed: to count something else is another measure.
SETTLED = ("unit", "per")
COUNTED_FOR = 24  # months before the one in which a computed measure is added
FIRST_MONTH = date(1990, 1, 1)
MOST = Decimal(1_000_000)


@transaction.atomic
def plan_measure(aim: Aim, said: Mapping[str, Any], *, by: User) -> Measure:
    """Add a measure whose values people type in to the plan of an aim; `said` holds some of `FIELDS`."""
    _check_may_plan(aim, by=by)
    measure = Measure(authority=by.organisation, aim=aim)
    for name, value in _checked(said, measure, by=by).items():
        setattr(measure, name, value)
    save_record(measure, by=by)
    return measure


@transaction.atomic
def add_from_register(aim: Aim, code: str, *, by: User, on: date | None = None) -> Measure:
    """Add a measure of the register to the plan of an aim, counted from two years ago; KeyError for no such measure."""
    _check_may_plan(aim, by=by)
    shipped = registered_measures()[code]
    if Measure.objects.visible_to(by).filter(aim=aim, register_code=code, retired_on=None).exists():
        raise ValidationError(f"{shipped.name} is among the measures of {aim} already.")
    rule = shipped.rule
    measure = Measure(
        authority=by.organisation,
        aim=aim,
        **{name: getattr(shipped, name) for name in (*TEXTS, "kind", "frequency", "unit", "per", "chart", "better")},
        target=shipped.target,
        register_code=code,
        rule=None if rule is None else rule.to_mapping(),
        counts_from=None if rule is None else months_before(month_of(on or timezone.localdate()), COUNTED_FOR),
    )
    save_record(measure, by=by)
    return measure


@transaction.atomic
def change_measure(measure: Measure, said: Mapping[str, Any], *, edition: int, by: User) -> bool:
    """Put the plan of a measure right; False when it says so already. Raises `Collision`."""
    _check_may_change(measure, by=by)
    current = lock(measure)
    values = _checked(said, current, by=by)
    if "unit" in values and values["unit"] != current.unit and current.values.exists():
        raise ValidationError({"unit": "Values were typed in this unit already. Retire it, and plan another measure."})
    return change(measure, values, edition=edition, by=by)


@transaction.atomic
def retire_measure(measure: Measure, *, reason: str, edition: int, by: User) -> None:
    """Keep a measure no longer; its values stay."""
    _check_may_change(measure, by=by)
    if measure.is_retired:
        raise ValidationError("This measure is retired already.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why the measure is retired, so that others understand."})
    refuse_named_children({"reason": reason}, by=by)
    said = {"retired_on": timezone.localdate(), "retired_reason": reason.strip()}
    change(measure, said, edition=edition, by=by)


@transaction.atomic
def type_value(
    measure: Measure,
    month: date,
    *,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    value: Decimal | None = None,
    note: str = "",
    edition: int = 0,
    by: User,
    today: date | None = None,
) -> MeasureValue:
    """Type the value of a month in, correct it, or take it out by leaving all empty; the trail keeps what it was.

    `edition` is that of the value as the person saw it, 0 for none. Raises `Collision` when it has moved on, and
    `ValidationError`, by field, for what cannot be.
    """
    if not Measure.objects.typed_by(by).filter(pk=measure.pk).exists():
        raise PermissionDenied("Only its collector, and those who keep the measures, can type its values.")
    # Held, so that two people who type the first value of a month meet here.
    measure = lock(measure)
    if measure.is_retired:
        raise ValidationError("This measure is retired, and takes no more values.")
    _check_month(month, today=today or timezone.localdate())
    values = {"numerator": numerator, "denominator": denominator, "value": value, "note": note.strip()}
    row = measure.values.filter(month=month).first()
    _check_numbers(values, measure, is_new=row is None or row.is_taken_out)
    refuse_named_children({"note": note}, by=by)
    if row is None:
        if edition:
            raise Collision(MeasureValue(measure=measure, month=month, edition=0))
        row = MeasureValue(measure=measure, month=month, by=by, **values)
        save_record(row, by=by)
        return row
    if row.edition != edition:
        raise Collision(row)
    if any(getattr(row, name) != said for name, said in values.items()):
        change(row, values | {"by": by}, edition=edition, by=by)
    return row


def months_before(first: date, count: int) -> date:
    """The first day of the month so many months earlier."""
    year, place = divmod(first.year * 12 + first.month - 1 - count, 12)
    return date(year, place + 1, 1)


def _check_may_plan(aim: Aim, *, by: User) -> None:
    check_can(by, Permission.KEEP_MEASURES)
    if aim.authority_id != by.organisation_id:
        raise PermissionDenied("This aim is of another authority.")


def _check_may_change(measure: Measure, *, by: User) -> None:
    if not Measure.objects.editable_by(by).filter(pk=measure.pk).exists():
        raise PermissionDenied("Only those who keep the measures of this authority can change this one.")


def _checked(said: Mapping[str, Any], measure: Measure, *, by: User) -> dict[str, Any]:
    """What is said of a measure, without blank ends; raises `ValidationError`, by field."""
    if unknown := set(said) - set(FIELDS):
        raise ValueError(f"A measure has no {', '.join(sorted(unknown))}.")
    values = {
        name: value.replace("\r\n", "\n").strip() if isinstance(value, str) else value for name, value in said.items()
    }
    after = {name: values.get(name, getattr(measure, name)) for name in FIELDS}
    faults = {}
    if not after["name"]:
        faults["name"] = "Give the measure a name."
    if not after["definition"]:
        faults["definition"] = "Say what exactly is counted, so that two people would count the same."
    if measure.is_computed and any(
        values.get(name, getattr(measure, name)) != getattr(measure, name) for name in SETTLED
    ):
        faults["unit"] = "A measure that is computed keeps its unit."
    if after["chart"] not in CHARTS[after["unit"]]:
        fitting = " or ".join(ChartKind(kind).label for kind in CHARTS[after["unit"]])
        faults["chart"] = f"For {Unit(after['unit']).label.lower()} choose: {fitting}."
    if after["unit"] in OUT_OF and not (after["numerator"] and after["denominator"]) and not measure.is_computed:
        missing = "numerator" if not after["numerator"] else "denominator"
        faults[missing] = "Say what is counted here, as the value is one number out of another."
    if after["per"] is None or after["per"] < 1:
        faults["per"] = "A rate is for one or more."
    if after["baseline_points"] and after["baseline_until"]:
        faults["baseline_until"] = "Choose one: the first so many months, or the months up to a day."
    target = after["target"]
    if target is not None and (target < 0 or (after["unit"] == Unit.PERCENT and target > 100)):
        faults["target"] = "A percentage is from 0 to 100." if target > 100 else "A target is not below zero."
    collector = after["collector"]
    if collector is not None and collector != measure.collector and collector not in set(who_may_run_tests(by)):
        faults["collector"] = "Choose somebody of your authority who takes part in tests of change."
    if faults:
        raise ValidationError(faults)
    refuse_named_children({name: values[name] for name in TEXTS if name in values}, by=by)
    return values


def _check_month(month: date, *, today: date) -> None:
    if month.day != 1:
        raise ValueError("A month is named by its first day.")
    if month < FIRST_MONTH:
        raise ValidationError({"month": "This month is out of range."})
    if month > today:
        raise ValidationError({"month": f"{month:%B %Y} is still to come."})
    if not is_over(month, as_at=today):
        raise ValidationError({"month": f"{month:%B %Y} is not over yet: type its value once it is."})


def _check_numbers(values: dict[str, Any], measure: Measure, *, is_new: bool) -> None:
    names = ("numerator", "denominator") if measure.is_out_of else ("value",)
    numbers = {name: values[name] for name in names}
    if any(values[name] is not None for name in ("numerator", "denominator", "value") if name not in names):
        raise ValueError("The measure is typed in other numbers.")
    faults = {}
    for name, number in numbers.items():
        if number is None:
            continue
        if not number.is_finite() or number > MOST:
            faults[name] = f"This is more than {MOST:,}."
        elif number < 0:
            faults[name] = "This cannot be below zero."
    missing = [name for name, number in numbers.items() if number is None]
    if len(missing) == len(numbers) and is_new:
        faults[missing[0]] = "Type a number. A month of which nothing is known is left out."
    elif missing and len(missing) < len(numbers):
        faults[missing[0]] = "Type both numbers: one out of the other."
    if not faults and measure.is_out_of and not missing:
        if measure.unit == Unit.PERCENT and numbers["numerator"] > numbers["denominator"]:
            faults["numerator"] = "There cannot be more of them than there are in all."
        elif numbers["denominator"] == 0 and numbers["numerator"]:
            faults["denominator"] = "Of none there can be none: type how many there were in all."
    if faults:
        raise ValidationError(faults)
