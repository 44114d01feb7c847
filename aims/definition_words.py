"""The definition of an aim in plain sentences, generated from its data, for pages and reports."""

from aims.definition import AT_HOME_2Y, ROUTED_STARTS, AimDefinition
from children.codes import PLACEMENT_TYPES
from milestones.catalogue import ADM_APPROVED, ALIASES, Route, label_of
from milestones.clocks.running import BEFORE_BIRTH_DAYS, RECOMMENDATIONS, TWO_YEARS
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
        ("Reminders", _reminders(definition)),
        ("Where it comes from", " ".join(filter(None, [PROVENANCE[definition.provenance], definition.source]))),
    ]
    if definition.note:
        words.append(("Note", definition.note))
    return words


def _who(definition: AimDefinition) -> str:
    parts = ["Each child once for each spell in which the clock starts"]
    if _is_routed(definition):
        parts = ["Each child once for each plan, that is for each unbroken run of one route in a spell, that starts"]
    if definition.accommodation_basis == "first_ever":
        parts = ["Each child once, from the first time away from home ever"]
    if definition.from_date and definition.start_event == AT_HOME_2Y:
        parts.append(f"if the child has been at home {_threshold(definition)} {_population(definition)}")
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
    if definition.pathways_excluded:
        sentence += (
            " The pathway is the route of the latest recommendation or planning decision; without one it is kinship"
            " for a child placed with kinship carers."
        )
    return sentence


def _threshold(definition: AimDefinition) -> str:
    return f"{'for more than' if definition.strict else 'for'} {definition.threshold or TWO_YEARS}"


def _population(definition: AimDefinition) -> str:
    """The days of which a child must be over the threshold on one (`domain.md` 4.9)."""
    first, last = definition.from_date, definition.deadline or definition.by_date
    if definition.population == "snapshot":
        return f"on {british_date(first)}"
    if last is None:
        return f"on or after {british_date(first)}"
    return f"on any day from {british_date(first)} to {british_date(last)}"


def _start(definition: AimDefinition) -> str:
    if definition.start_event == AT_HOME_2Y:
        return f"On the first day on which a child has been at home on a supervision order {_threshold(definition)}."
    sentence = f"{label_of(definition.start_event)}. Only an exact date starts a clock."
    if _is_routed(definition):
        sentence += " The same route affirmed again does not restart it; another route ends it and starts its own."
    if definition.start_event == ADM_APPROVED:
        sentence += " A refusal, or a recommendation of another route, ends it; a deferral changes nothing."
    return sentence


def _stop(definition: AimDefinition) -> str:
    stops = _either([label_of(code) for code in definition.stop_event])
    first = "the first" if len(definition.stop_event) == 1 else "whichever is first"
    sentence = f"{stops}, {first} in the same spell. Only an exact date stops a clock."
    recommended = {ALIASES.get(code, code) for code in definition.stop_event} & RECOMMENDATIONS
    if definition.start_event == "ACCOM_START" and recommended:
        sentence += (
            f" A recommendation made before birth, or at most {BEFORE_BIRTH_DAYS} days before a child under one was"
            " accommodated, counts as made on the first day."
        )
    return sentence


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
    if not definition.has_claim:
        return "A child who leaves without it is shown as having left; nobody can be late yet."
    return (
        f"{EXIT_RULES[definition.exit_rule]} A child who leaves after the due date without it counts as missed: "
        "nobody's outcome improves by leaving."
    )


def _target(definition: AimDefinition) -> str:
    if definition.target_pct is None:
        return "None is set."
    sentence = f"{percent(definition.target_pct)} of those decided or overdue, compared unrounded."
    if definition.by_date is not None:
        sentence += f" Judged as at {british_date(definition.by_date)}"
        sentence += "." if definition.deadline is None else ", when whoever still waits counts as not met."
    return sentence


def _reminders(definition: AimDefinition) -> str:
    if not definition.has_claim:
        return "None, as nothing is due yet."
    part = definition.reminder_fraction
    gone = "half" if part * 2 == 1 else percent(part * 100)
    return (
        f"When {gone} of the time from the start to the due date has gone, two weeks before the due date, and when it"
        " has passed; each once, and only while the child is still waiting."
    )


def _is_routed(definition: AimDefinition) -> bool:
    return ALIASES.get(definition.start_event, definition.start_event) in ROUTED_STARTS


def _either(labels: list[str]) -> str:
    """A; A or B; A, B or C."""
    return " or ".join(filter(None, [", ".join(labels[:-1]), labels[-1]]))
