"""The catalogue of milestones as a page."""

from milestones.catalogue import ADM_APPROVED, ALIASES, KINDS, Kind, Route, Source, label_of, outcome_label
from milestones.desks import DESKS
from milestones.recording_policy import roles_with
from pace_site.front.reference.markdown import head, table

INTRODUCTION = """\
What can happen to a child, as it is recorded, imported and named in the definition of an aim. A *derived* kind is
recorded by nobody: it follows from episodes of care, placements and legal bases. *Within* is how many days after the
day it is to be recorded. How a kind is added: [A milestone kind](../engineers/add-a-milestone-kind.md).
"""
HEADINGS = ["Code", "What happened", "Recorded by", "Within", "Read from", "Also said"]


def milestone_kinds_page() -> str:
    desks = {kind: desk for desk in DESKS for kind in desk.kinds}
    parts = [head("Milestone kinds", INTRODUCTION)]
    for desk in DESKS:
        rows = [_row(kind, roles_with(desk.permission)) for kind in KINDS if desks.get(kind.code) is desk]
        parts.append(f"## {desk.label}\n\n{table(HEADINGS, rows)}".rstrip() + "\n")
    only = [kind for kind in KINDS if not kind.derived and kind.code not in desks]
    parts.append(f"## From extracts only\n\n{table(HEADINGS, [_row(kind, ()) for kind in only])}".rstrip() + "\n")
    derived = [(f"`{kind.code}`", kind.label) for kind in KINDS if kind.derived]
    parts.append(f"## Derived\n\n{table(['Code', 'What happened'], derived)}".rstrip() + "\n")
    names = [(f"`{ADM_APPROVED}`", f"{label_of(ADM_APPROVED)}: `ADM_DECISION` with the outcome approved")]
    names += [(f"`{name}`", f"the same as `{code}`: {label_of(name)}") for name, code in ALIASES.items()]
    parts.append(f"## Names that only an aim uses\n\n{table(['Code', 'Means'], names)}".rstrip() + "\n")
    routes = [(f"`{route.value}`", route.label) for route in Route]
    parts.append(f"## Routes to permanence\n\n{table(['Code', 'Route'], routes)}".rstrip() + "\n")
    return "\n".join(parts)


def _row(kind: Kind, roles: tuple[str, ...]) -> tuple[str, ...]:
    return (
        f"`{kind.code}`",
        kind.label,
        ", ".join(roles) or "nobody by hand",
        f"{kind.within} day" if kind.within == 1 else f"{kind.within} days",
        ", ".join(Source(source).label.lower() for source in kind.read_from),
        _also_said(kind),
    )


def _also_said(kind: Kind) -> str:
    said = ["the route"] if kind.has_route else []
    if kind.has_order:
        said.append("the order")
    outcomes = kind.outcomes or kind.offered
    if outcomes:
        said.append("the outcome: " + ", ".join(outcome_label(each).lower() for each in outcomes))
        if not kind.outcomes:
            said.append("an extract may use other words")
    return "; ".join(said)
