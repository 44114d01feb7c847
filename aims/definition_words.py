"""The definition of an aim in plain sentences, generated from its data, for pages and reports."""

from aims.definition import AT_HOME_2Y, AimDefinition
from children.codes import PLACEMENT_TYPES
from milestones.catalogue import Route, label_of
from pace_site.look.words import british_date, percent

PLACEMENT_LABELS = {code: label for code, label, _group in PLACEMENT_TYPES}
EXIT_RULES = {
    "exclude": "A child who leaves in time without it counts in no percentage; their number is shown beside them.",
    "count_as_met": "A child who leaves in time without it counts as met.",
    "count_as_missed": "A child who leaves in time without it counts as missed.",
}
PROVENANCE = {
    "sourced": "The wording is the published one.",
    "inferred": "National template or published aim; the wording is inferred.",
    "local": "Set by the authority.",
}


def definition_in_words(definition: AimDefinition) -> list[tuple[str, str]]:
    """Return (heading, sentence) pairs that say everything the figures rest on."""
    words = [
        ("Who is counted", _who(definition)),
        ("The clock starts", _start(definition)),
        ("The clock stops", _stop(definition)),
        ("Allowed", _allowed(definition)),
        ("When a child leaves", _leaving(definition)),
        ("Target", _target(definition)),
        ("Where it comes from", " ".join(filter(None, [PROVENANCE[definition.provenance], definition.source]))),
    ]
    if definition.note:
        words.append(("Note", definition.note))
    return words


def _who(definition: AimDefinition) -> str:
    parts = ["Each child once for each spell in which the clock starts"]
    if definition.accommodation_basis == "first_ever":
        parts = ["Each child once, from the first time away from home ever"]
    if definition.from_date and definition.start_event == AT_HOME_2Y:
        when = "on" if definition.population == "snapshot" else "on or after"
        parts.append(f"at home for longer than the threshold {when} {british_date(definition.from_date)}")
    elif definition.from_date:
        parts.append(f"on or after {british_date(definition.from_date)}")
    if definition.before_date:
        day = british_date(definition.before_date)
        parts.append(f"before {day}, and neither decided nor gone before {day}")
    if definition.age_min is not None:
        parts.append(f"aged {definition.age_min} or over on that day")
    if definition.age_max_exclusive is not None:
        parts.append(f"under {definition.age_max_exclusive} on that day")
    if definition.routes:
        parts.append(f"with the route {_either([Route(route).label for route in definition.routes])}")
    sentence = ", ".join(parts) + "."
    left_out = []
    if definition.pathways_excluded:
        left_out.append(f"pathway {_either([Route(route).label for route in definition.pathways_excluded])}")
    if definition.placements_excluded:
        left_out.append(f"placement {_either([PLACEMENT_LABELS[code] for code in definition.placements_excluded])}")
    if left_out:
        sentence += (
            f" Left out, and counted separately: {' and '.join(left_out)}, as it stands on the day of the figures."
        )
    return sentence


def _start(definition: AimDefinition) -> str:
    if definition.start_event == AT_HOME_2Y:
        length = f"{'longer than' if definition.strict else 'for'} {definition.threshold or '24 months'}"
        return f"On the first day on which a child has been at home on a supervision order {length}."
    return f"{label_of(definition.start_event)}. Only an exact date starts a clock."


def _stop(definition: AimDefinition) -> str:
    stops = _either([label_of(code) for code in definition.stop_event])
    return f"{stops}, whichever is first in the same spell. Only an exact date stops a clock."


def _allowed(definition: AimDefinition) -> str:
    if definition.deadline is not None:
        return f"Until {british_date(definition.deadline)}, the same day for every child."
    if definition.limit is None:
        return "No limit is set yet: durations are shown and no percentage is claimed."
    sentence = f"{definition.limit} from the start; the last day still counts as in time."
    if definition.limit.unit in ("months", "years"):
        sentence += " Whole months by the calendar, held at the end of a shorter month"
        sentence += "; a part of a month is that part of 30 days." if definition.limit.value % 1 else "."
    if definition.limit.unit == "working_days":
        sentence += " Monday to Friday without Scottish bank holidays."
    return sentence


def _leaving(definition: AimDefinition) -> str:
    return (
        f"{EXIT_RULES[definition.exit_rule]} A child who leaves after the due date without it counts as missed: "
        "nobody's outcome improves by leaving."
    )


def _target(definition: AimDefinition) -> str:
    if definition.target_pct is None:
        return "None is set."
    sentence = f"{percent(definition.target_pct)} of those decided or overdue, compared unrounded."
    if definition.by_date is not None:
        sentence += f" Judged as at {british_date(definition.by_date)}."
    return sentence


def _either(labels: list[str]) -> str:
    return " or ".join(labels)
