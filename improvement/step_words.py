"""What a cycle says, step by step, in words for a page; and where two versions of it differ."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from improvement.cycle_steps import STEPS, Step, missing_for
from improvement.models import PdsaCycle
from improvement.models.tests_of_change import Decision, Scale
from improvement.step_forms import FINDINGS, LABELS
from improvement.written_form import NOTHING
from pace_site.look.words import british_date

CHOICES = {"scale": dict(Scale.choices), "decision": dict(Decision.choices)}
SHOWN_APART = ("questions",)


@dataclass(frozen=True)
class StepInWords:
    """One step as it is read: (label, text) of what was said, and what is missing before it can be filled in."""

    step: Step
    label: str
    purpose: str
    said: list[tuple[str, str]]
    missing: list[str]


def steps_in_words(cycle: PdsaCycle) -> list[StepInWords]:
    return [
        StepInWords(
            step=each.step,
            label=each.label,
            purpose=each.purpose,
            said=[
                (LABELS[name], in_words(name, getattr(cycle, name)))
                for name in each.fields
                if name not in SHOWN_APART and getattr(cycle, name) not in ("", None, [])
            ],
            missing=missing_for(each.step, cycle),
        )
        for each in STEPS.values()
    ]


def in_words(name: str, value: Any) -> str:
    """The value of a field of a cycle, as people read it."""
    if value in ("", None, []):
        return NOTHING
    if name in CHOICES:
        return str(CHOICES[name][value])
    if name == "questions":
        return "\n".join(f"{each['question']} Prediction: {each['prediction'] or NOTHING}" for each in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return british_date(value)
    return "\n".join(value) if isinstance(value, list) else value


def differences(current: PdsaCycle, said: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Where what a person typed differs from the cycle as it is now: (label, now, typed)."""
    found = []
    for name, typed in said.items():
        now = getattr(current, name, None)
        if name == "questions":
            typed = [{"question": one.strip(), "prediction": two.strip()} for one, two in typed if (one + two).strip()]
        elif name == "came_true":
            now, typed = (
                ", ".join(FINDINGS[each] for each in findings)
                for findings in ([each["came_true"] for each in current.questions], typed)
            )
        elif isinstance(typed, list):
            typed = [row.strip() for row in typed if row.strip()]
        elif isinstance(typed, str):
            typed = typed.replace("\r\n", "\n").strip()
        before, after = in_words(name, now), in_words(name, typed)
        if before != after:
            found.append((LABELS[name], before, after))
    return found
