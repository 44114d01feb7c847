"""Rules about who the child is: birth, age, codes, and other children (`domain.md` 3.7)."""

from datetime import date

import numpy as np

from milestones.catalogue import BY_CODE, RECORDED_CODES, OrderType, Route
from milestones.clocks.day_arrays import birthdays
from milestones.clocks.limits import to_day
from milestones.quality.declaration import ERROR, WARNING, rule
from pace_site.look.words import british_date

# Django makes the list anew each time it is asked.
ROUTES, ORDERS = frozenset(Route.values), frozenset(OrderType.values)


def is_adult_on(born: date | None, day: date) -> bool:
    """True from the 18th birthday on; False when no date of birth is recorded."""
    return born is not None and int(birthdays(np.array([to_day(born)]), 18)[0]) <= to_day(day)


@rule(
    1,
    ERROR,
    name="Date of birth missing or after care began",
    to_do="Find the date of birth in the case file and correct who the child is; or correct when care began.",
    fields=("child.date_of_birth", "episode.start"),
)
def birth_missing_or_after_care_began(record, as_at):
    """An unborn child has no date of birth yet; a looked-after one was born."""
    child, episodes = record.child, record.episodes
    if child.date_of_birth is None:
        if episodes or child.expected_on is None or child.expected_on <= as_at:
            yield "No date of birth is recorded, so nothing that depends on age can be counted.", child
    elif episodes and child.date_of_birth > episodes[0].start:
        yield (
            f"The date of birth is after the day on which the child first became looked after, "
            f"{british_date(episodes[0].start)}. Check both.",
            child,
            episodes[0],
        )


@rule(
    13,
    ERROR,
    name="Row without its child",
    to_do="Nothing can be done here: the database holds no such row.",
    fields=("child.local_ref",),
)
def row_without_child(record, as_at):
    """An import refuses such a row, and the foreign keys of every table make it impossible: nothing to find."""
    yield from ()


@rule(
    14,
    ERROR,
    name="Council reference twice",
    to_do="Compare the two children; if they are one, tell the data lead, who merges the records.",
    fields=("child.local_ref",),
)
def council_reference_twice(record, as_at):
    """The same reference twice is impossible (`child_ref_once_per_authority`); one written a little otherwise is not.

    Capitals and spaces apart, two children have one reference.
    """
    if record.child.pk in record.around.twice:
        yield (
            "Another child has the same council reference but for capital letters or spaces. "
            "If they are one child, keep one record.",
            record.child,
        )


@rule(
    15,
    ERROR,
    name="Code not known or not in use",
    to_do="Choose the code that was in use on that day.",
    fields=(
        "placement.placement_type",
        "legal.measure",
        "episode.destination",
        "milestone.kind",
        "milestone.route",
        "milestone.outcome",
        "milestone.order_type",
    ),
)
def code_not_known_or_not_in_use(record, as_at):
    """Foreign keys hold placement types, legal bases and destinations to their tables; these may end, and the codes of
    milestones are held by forms and imports alone."""
    coded = [
        *((row, row.placement_type, row.start) for row in record.placements),
        *((row, row.measure, row.start) for row in record.legal_bases),
        *((row, row.destination, row.end) for row in record.episodes if row.destination_id),
    ]
    for row, code, day in coded:
        early = code.active_from is not None and day is not None and day < code.active_from
        late = code.active_to is not None and day is not None and day > code.active_to
        if early or late:
            yield f"“{code}” was not in use on {british_date(day)}. Choose the one that was.", row
    for row in record.milestones:
        if row.kind not in RECORDED_CODES:
            yield f"A milestone is of the kind “{row.kind}”, which is not in the catalogue.", row
            continue
        for words, value, known in (
            ("route", row.route, ROUTES),
            ("outcome", row.outcome, BY_CODE[row.kind].outcomes or [row.outcome]),
            ("order", row.order_type, ORDERS if BY_CODE[row.kind].has_order else [row.order_type]),
        ):
            if value and value not in known:
                yield f"{row.get_kind_display()}: the {words} “{value}” is not one of those in use.", row


@rule(
    16,
    ERROR,
    name="Eighteen or over when care began",
    to_do="Check the date of birth and the day on which care began.",
    fields=("child.date_of_birth", "episode.start"),
)
def adult_when_care_began(record, as_at):
    for row in record.episodes:
        if is_adult_on(record.child.date_of_birth, row.start):
            yield (
                f"The child was 18 or over when becoming looked after on {british_date(row.start)}. "
                "Check this day and the date of birth.",
                row,
            )


@rule(
    40,
    WARNING,
    name="Siblings with different families",
    to_do="If they are siblings, give them one family reference; the data lead can do so.",
    fields=("placement.carer", "placement.start"),
    perhaps=("child.family",),
)
def sibling_of_another_family(record, as_at):
    """[INF] Nothing but the family says who are siblings. Children who on one day become looked after and are placed
    with one carer most often are; names are not compared, because this is shown to people who may not see them."""
    for row in record.placements:
        if row.pk in record.around.other_family:
            yield (
                f"Another child, recorded with a different family or none, came to the same carer on "
                f"{british_date(row.start)}. If they are siblings, give them one family.",
                row,
            )
