"""Fill in the steps of a cycle, each after the one that it follows, and open the next cycle."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from children.models import Child
from improvement.actions.tests_of_change import NO_LONGER
from improvement.cycle_steps import STEPS, Step, missing_for
from improvement.editions import at_edition, change, check_may_edit
from improvement.models import ChildInCycle, Implementation, PdsaCycle, TestOfChange
from improvement.models.tests_of_change import GOES_ON, CycleState, Decision, Scale
from improvement.named_children import refuse_named_children
from pace_site.accounts.models import User
from pace_site.audit.actions import lock, save_record
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record

CAME_TRUE = ("", "yes", "partly", "no")
MOST_ROWS = 20  # questions, or things to collect, of one cycle
PREDICTED = "This cycle has begun, so its questions and predictions stand as they were."
CARRIED_ON = ("objective", "who", "what", "where", "when", "data_items")


@transaction.atomic
def plan_cycle(
    cycle: PdsaCycle,
    said: Mapping[str, Any],
    *,
    children: Iterable[Child] | None = None,
    edition: int,
    by: User,
) -> bool:
    """Write the plan, or the part of it that is said; False when it says so already.

    `said["questions"]` is a list of (question, prediction), which stand once the cycle has begun. `children` are those
    of `by`'s scope who shall be in the cycle; others who are in it stay, and None changes nobody. Raises `Collision`
    and `ValidationError`, by field, as the other steps do.
    """
    current = _open(cycle, edition=edition, by=by)
    values = _checked(Step.PLAN, said, by=by)
    if "questions" in values:
        values["questions"] = _questions(values["questions"], by=by)
        if current.started_on and values["questions"] != _without_findings(current.questions):
            raise ValidationError({"questions": PREDICTED})
        if current.started_on:
            del values["questions"]
    if "data_items" in values:
        values["data_items"] = _items(values["data_items"], by=by)
        if current.started_on and not values["data_items"]:
            raise ValidationError({"data_items": "Something is being collected already, so this is not empty."})
    start = values.get("planned_start", current.planned_start)
    end = values.get("planned_end", current.planned_end)
    if start and end and end < start:
        raise ValidationError({"planned_end": "This lies before the day on which it shall begin."})
    others = children is not None and _set_children(current, list(children), by=by)
    return change(cycle, values, edition=edition, by=by, with_others=others)


@transaction.atomic
def record_do(cycle: PdsaCycle, said: Mapping[str, Any], *, edition: int, by: User, as_on: date | None = None) -> bool:
    """Write what was done. A cycle begins with its first day, for which its plan must hold what Do needs."""
    current = _open(cycle, edition=edition, by=by)
    values = _checked(Step.DO, said, by=by)
    _check_ready(Step.DO, current)
    then = {name: values.get(name, getattr(current, name)) for name in STEPS[Step.DO].fields}
    _check_days(then, today=as_on or timezone.localdate())
    studied = any(getattr(current, name) for name in STEPS[Step.STUDY].fields)
    for name, words in (
        ("what_happened", "This was studied already, so it is not empty."),
        ("ended_on", "This was studied already, so it has ended."),
    ):
        if studied and not then[name]:
            raise ValidationError({name: words})
    if current.decided_on and then["ended_on"] > current.decided_on:
        raise ValidationError({"ended_on": "This lies after the day on which it was decided what follows."})
    return change(cycle, values, edition=edition, by=by)


@transaction.atomic
def record_study(cycle: PdsaCycle, said: Mapping[str, Any], *, edition: int, by: User) -> bool:
    """Write what came out. `said["came_true"]` tells of each question, in order: "yes", "partly", "no" or ""."""
    current = _open(cycle, edition=edition, by=by)
    came_true = said.get("came_true")
    values = _checked(Step.STUDY, {name: value for name, value in said.items() if name != "came_true"}, by=by)
    _check_ready(Step.STUDY, current)
    if current.decision:
        for name in ("results", "comparison"):
            if not values.get(name, getattr(current, name)):
                raise ValidationError({name: "It was decided on this, so it is not empty."})
    if came_true is not None:
        if len(came_true) != len(current.questions) or not set(came_true) <= set(CAME_TRUE):
            raise ValueError("There is one finding for each question, of those offered.")
        findings = zip(current.questions, came_true, strict=True)
        values["questions"] = [each | {"came_true": finding} for each, finding in findings]
    return change(cycle, values, edition=edition, by=by)


@transaction.atomic
def decide(cycle: PdsaCycle, said: Mapping[str, Any], *, edition: int, by: User, as_on: date | None = None) -> bool:
    """Decide what follows, on `said["decided_on"]` or today. What is adopted opens an implementation record."""
    current = _open(cycle, edition=edition, by=by)
    values = _checked(Step.ACT, said, by=by)
    _check_ready(Step.ACT, current)
    today = as_on or timezone.localdate()
    then = {name: values.get(name, getattr(current, name)) for name in STEPS[Step.ACT].fields}
    if then["decision"] not in Decision.values:
        raise ValidationError({"decision": "Choose what follows."})
    if current.decision and then["decision"] != current.decision and _is_followed(current):
        raise ValidationError({"decision": f"Cycle {current.number + 1} follows from this, so it stands."})
    if not then["decision_reason"]:
        raise ValidationError({"decision_reason": "Say why, so that others can learn from it."})
    values["decided_on"] = then["decided_on"] = then["decided_on"] or today
    if then["decided_on"] > today:
        raise ValidationError({"decided_on": "This day is yet to come."})
    if then["decided_on"] < current.ended_on:
        raise ValidationError({"decided_on": "This lies before the day on which the cycle ended."})
    changed = change(cycle, values, edition=edition, by=by)
    if then["decision"] == Decision.ADOPT and not Implementation.objects.filter(test=current.test_id).exists():
        save_record(Implementation(test=current.test, owner=current.test.lead), by=by)
    return changed


@transaction.atomic
def open_next_cycle(test: TestOfChange, *, by: User) -> PdsaCycle:
    """Open the cycle that follows from the last, prefilled with its plan. A prediction is made anew each time."""
    check_may_edit(test, by=by)
    current = lock(test)
    if current.is_withdrawn:
        raise ValidationError(NO_LONGER)
    last = current.last_cycle
    if last.state != CycleState.COMPLETE:
        raise ValidationError(f"Cycle {last.number} is still open. Decide what follows from it first.")
    if last.decision not in GOES_ON:
        raise ValidationError(f"Cycle {last.number} ended the test. Start another test to try the idea again.")
    following = PdsaCycle(
        test=current,
        number=last.number + 1,
        scale=_larger(last.scale) if last.decision == Decision.SCALE_UP else last.scale,
        questions=[{**each, "prediction": "", "came_true": ""} for each in last.questions],
        **{name: getattr(last, name) for name in CARRIED_ON},
    )
    save_record(following, by=by)
    return following


def _open(cycle: PdsaCycle, *, edition: int, by: User) -> PdsaCycle:
    """The cycle as it is now, with its test held until the end of the transaction, when both may be written into."""
    check_may_edit(cycle, by=by)
    test = lock(cycle.test)
    current = at_edition(cycle, edition)
    if test.is_withdrawn:
        raise ValidationError(NO_LONGER)
    current.test = test
    return current


def _check_ready(step: Step, cycle: PdsaCycle) -> None:
    if missing := missing_for(step, cycle):
        raise ValidationError(missing)


def _checked(step: Step, said: Mapping[str, Any], *, by: User) -> dict[str, Any]:
    """What is said in a step, without blank ends and naming no child; raises `ValidationError`, by field."""
    if unknown := set(said) - set(STEPS[step].fields):
        raise ValueError(f"{STEPS[step].label} has no {', '.join(sorted(unknown))}.")
    values = {name: _trimmed(value) if isinstance(value, str) else value for name, value in said.items()}
    if "scale" in values and values["scale"] not in Scale.values:
        raise ValidationError({"scale": "Choose with how many it is tried."})
    refuse_named_children({name: value for name, value in values.items() if isinstance(value, str)}, by=by)
    return values


def _trimmed(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _questions(rows: Iterable[tuple[str, str]], *, by: User) -> list[dict[str, str]]:
    """Questions with their predictions, as they are stored; rows with neither are left out."""
    pairs = [(_trimmed(question), _trimmed(prediction)) for question, prediction in rows]
    pairs = [pair for pair in pairs if any(pair)]
    if len(pairs) > MOST_ROWS:
        raise ValidationError({"questions": f"Ask {MOST_ROWS} questions at most."})
    if any(not question for question, _prediction in pairs):
        raise ValidationError({"questions": "Say to which question this is the prediction."})
    refuse_named_children({"questions": "\n".join(f"{one}\n{other}" for one, other in pairs)}, by=by)
    return [{"question": question, "prediction": prediction, "came_true": ""} for question, prediction in pairs]


def _without_findings(questions: list[dict[str, str]]) -> list[dict[str, str]]:
    return [each | {"came_true": ""} for each in questions]


def _items(rows: Iterable[str], *, by: User) -> list[str]:
    items = [_trimmed(row) for row in rows if row.strip()]
    if len(items) > MOST_ROWS:
        raise ValidationError({"data_items": f"Collect {MOST_ROWS} things at most."})
    refuse_named_children({"data_items": "\n".join(items)}, by=by)
    return items


def _check_days(then: Mapping[str, Any], *, today: date) -> None:
    """Raise `ValidationError`, by field, for days of a cycle that cannot be."""
    started, ended = then["started_on"], then["ended_on"]
    if not started and any(then[name] not in ("", None) for name in STEPS[Step.DO].fields):
        raise ValidationError({"started_on": "Give the day on which it began."})
    for name, day in (("started_on", started), ("ended_on", ended)):
        if day and day > today:
            raise ValidationError({name: "This day is yet to come. Under Plan you can say when it is meant to be."})
    if started and ended and ended < started:
        raise ValidationError({"ended_on": "This lies before the day on which it began."})


def _is_followed(cycle: PdsaCycle) -> bool:
    return PdsaCycle.objects.filter(test=cycle.test_id, number__gt=cycle.number).exists()


def _larger(scale: str) -> str:
    place = Scale.values.index(scale)
    return Scale.values[min(place + 1, len(Scale.values) - 1)]


def _set_children(cycle: PdsaCycle, children: list[Child], *, by: User) -> bool:
    """Let these of the person's children be in the cycle, and no other of theirs; True when that changed who is."""
    within = Child.objects.visible_to(by)
    wanted = {each.pk: each for each in within.filter(pk__in=[each.pk for each in children])}
    if len(wanted) < len({each.pk for each in children}):
        raise ValidationError({"children": "Choose children whom you may open yourself."})
    there = {row.child_id: row for row in cycle.children_in_it.filter(child__in=within).select_related("child")}
    for key, child in wanted.items():
        if key not in there:
            ChildInCycle.objects.create(cycle=cycle, child=child)
            _note_child(cycle, child, takes_part=True, by=by)
    for key, row in there.items():
        if key not in wanted:
            row.delete()
            _note_child(cycle, row.child, takes_part=False, by=by)
    return set(wanted) != set(there)


def _note_child(cycle: PdsaCycle, child: Child, *, takes_part: bool, by: User) -> None:
    record(
        AuditEntry.Action.CHANGE,
        authority=cycle.test.authority,
        record_type="pdsacycle",
        record_id=cycle.pk,
        child_code=child.code,
        by=by,
        before={"takes_part": not takes_part},
        after={"takes_part": takes_part},
    )
