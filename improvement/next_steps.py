"""What a test of change waits for, by when, and who sees to it."""

from dataclasses import dataclass
from datetime import date

from improvement.models import Implementation, TestOfChange
from improvement.models.tests_of_change import TestState
from pace_site.accounts.models import User


@dataclass(frozen=True)
class NextStep:
    """One thing to be done; `due` is None where nobody said when."""

    words: str
    due: date | None
    who: User

    def is_overdue(self, today: date) -> bool:
        return self.due is not None and self.due < today


def implementation_of(test: TestOfChange) -> Implementation | None:
    """The record of an adopted test; None while the test is not adopted."""
    return getattr(test, "implementation", None) if test.state == TestState.ADOPTED else None


def next_step_of(test: TestOfChange) -> NextStep | None:
    """What follows in a test whose cycles are read; None when it has ended for good."""
    last, state = test.last_cycle, test.state
    cycle = f"cycle {last.number}"
    if state == TestState.ADOPTED:
        record = implementation_of(test)
        if record is None or record.missing:
            missing = record.missing[0] if record else "how it is held in place"
            return NextStep(
                f"Say in its record: {missing}", record and record.review_on, record.owner if record else test.lead
            )
        return NextStep("Review whether the change still holds", record.review_on, record.owner)
    steps = {
        TestState.PLANNING: (f"Finish the plan of {cycle}", last.planned_start),
        TestState.PLANNED: (f"Begin {cycle}", last.planned_start),
        TestState.DOING: (f"End {cycle} and say what happened", last.planned_end),
        TestState.STUDYING: (f"Study {cycle}", None),
        TestState.DECIDING: (f"Decide what follows from {cycle}", None),
        TestState.NEXT_CYCLE: (f"Plan cycle {last.number + 1}", None),
    }
    if state not in steps:
        return None
    words, due = steps[state]
    return NextStep(words, due, test.lead)
