"""What an aim needs before it counts, and what one is advised to have (`domain.md` 2.3)."""

import re
from dataclasses import replace
from datetime import date

from aims.definition import AT_HOME_2Y, TITLE_LENGTH, AimDefinition

CODE_LENGTH = 20
# What a template leaves to the council: "X weeks", "X%", "By X"; an X-ray is none.
PLACEHOLDER = re.compile(r"\bX+\b(?!-)")
AROUND = 24  # characters shown on either side of a placeholder
NO_FROM_DATE = (
    "Without a from-date, children decided long ago count as well, and no test of change can help them. Give it a "
    "from-date for the children to come, and make a backlog aim for those already waiting."
)


def needed_to_activate(definition: AimDefinition) -> dict[str, str]:
    """What is still missing, by field, in words for whoever writes the aim."""
    needed = {}
    if definition.kind == "deadline":
        if definition.deadline is None:
            needed["deadline"] = "Say by which day every child is to be decided."
        if definition.before_date is None and definition.from_date is None:
            needed["before_date"] = "Say before which day, or from which day, a child's clock must have started."
    elif definition.limit is None:
        needed["limit"] = "Say how long is allowed from the start."
    if definition.target_pct is None:
        needed["target_pct"] = "Say which percentage is to be reached."
    if definition.population == "snapshot" and definition.from_date is None:
        needed["from_date"] = "Say on which day the children at home are counted."
    for field in ("title", "text"):
        if found := PLACEHOLDER.search(getattr(definition, field)):
            needed[field] = f"It still says “{_around(found)}”. Write what stands for the {found[0]}."
    return needed


def _around(found: re.Match[str]) -> str:
    """The placeholder with whole words of what stands before and after it."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    first = before[-AROUND:].partition(" ")[2] if len(before) > AROUND else before
    last = after[:AROUND].rpartition(" ")[0] if len(after) > AROUND else after
    return " ".join(f"{first}{found[0]}{last}".split())


def lost_by_change(before: AimDefinition, after: AimDefinition) -> dict[str, str]:
    """What an active aim has and would no longer have, by field."""
    had = needed_to_activate(before)
    return {
        field: f"{words} This aim is active; reopen it as a draft to leave this open."
        for field, words in needed_to_activate(after).items()
        if field not in had
    }


def wants_from_date(definition: AimDefinition) -> bool:
    """Whether an aim with a limit per child counts everybody who ever started, for want of a from-date."""
    return definition.kind != "deadline" and definition.from_date is None and definition.before_date is None


def may_have_twin(definition: AimDefinition) -> bool:
    """Whether a backlog can stand beside the aim: children whose clocks began before its from-date."""
    return definition.kind != "deadline" and definition.before_date is None and definition.start_event != AT_HOME_2Y


def is_twin_of(other: AimDefinition, definition: AimDefinition) -> bool:
    """Whether `other` is the backlog beside `definition`: the same clock, begun before a day, up to one deadline."""
    same = ("start_event", "stop_event", "routes")
    return (
        other.kind == "deadline"
        and other.before_date is not None
        and all(getattr(other, name) == getattr(definition, name) for name in same)
    )


def backlog_twin(definition: AimDefinition, *, before: date, code: str) -> AimDefinition:
    """The backlog beside a timed aim, as EX-3 stands beside EX-2; its deadline is left open (`domain.md` 2.3)."""
    return replace(
        definition,
        code=code,
        title=f"Backlog of {definition.code}: {definition.title}"[:TITLE_LENGTH],
        text="",
        kind="deadline",
        status="draft",
        limit=None,
        deadline=None,
        from_date=None,
        before_date=before,
        by_date=None,
        provenance="local",
        source="",
        note=f"The backlog beside {definition.code}: clocks that had started, and not ended, before its from-date.",
    )


def suggested_code(code: str, taken: set[str]) -> str:
    """The code itself where it is free, else the next free number behind it; `taken` in small letters."""
    if code.lower() not in taken:
        return code
    number = 2
    while (other := f"{code[: CODE_LENGTH - 1 - len(str(number))]}-{number}").lower() in taken:
        number += 1
    return other
