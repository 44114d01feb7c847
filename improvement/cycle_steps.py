"""The four steps of a cycle: which fields belong to each, and what must be there before it (`domain.md` 6.2)."""

from dataclasses import dataclass
from enum import StrEnum

from improvement.models import PdsaCycle


class Step(StrEnum):
    PLAN = "plan"
    DO = "do"
    STUDY = "study"
    ACT = "act"


@dataclass(frozen=True)
class StepFields:
    """The fields of one step, and what the step is for in words."""

    step: Step
    label: str
    purpose: str
    fields: tuple[str, ...]


STEPS = {
    each.step: each
    for each in (
        StepFields(
            Step.PLAN,
            "Plan",
            "What is tried, and what do we think will happen?",
            (
                *("scale", "objective", "questions", "who", "what", "where", "when", "data_items"),
                *("planned_start", "planned_end"),
            ),
        ),
        StepFields(
            Step.DO,
            "Do",
            "What happened, and what did we see?",
            ("started_on", "ended_on", "as_planned", "what_happened", "observations"),
        ),
        StepFields(
            Step.STUDY,
            "Study",
            "What came out, beside what was predicted?",
            ("results", "comparison", "parents_said", "children_said", "practitioners_said", "learned"),
        ),
        StepFields(
            Step.ACT,
            "Act",
            "What follows from it?",
            ("decision", "decision_reason", "next_step", "decided_on"),
        ),
    )
}

NO_PREDICTION = "First, predict the answer to at least one question."
NO_DATA = "First, say at least one thing that will be collected."
DO_NOT_ENDED = "First say under Do what happened, and on which day it ended."
NOT_STUDIED = "First say under Study what the results were, and how they compare with the prediction."


def missing_for(step: Step, cycle: PdsaCycle) -> list[str]:
    """What a cycle must say before this step can be filled in, in words; nothing when it may."""
    if step is Step.DO:
        predicted = any(each["prediction"] for each in cycle.questions)
        return [words for words, there in ((NO_PREDICTION, predicted), (NO_DATA, cycle.data_items)) if not there]
    if step is Step.STUDY:
        return [] if cycle.ended_on and cycle.what_happened else [DO_NOT_ENDED]
    if step is Step.ACT:
        return [] if cycle.results and cycle.comparison else [NOT_STUDIED]
    return []


def open_step(cycle: PdsaCycle) -> Step:
    """The step that a cycle stands at."""
    return {
        "planning": Step.PLAN,
        "planned": Step.DO,
        "doing": Step.DO,
        "studying": Step.STUDY,
        "deciding": Step.ACT,
        "complete": Step.ACT,
    }[cycle.state]
