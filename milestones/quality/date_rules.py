"""Rules about dates that cannot be, or that nobody will have meant (`domain.md` 3.7)."""

from datetime import date

from children.models import Origin
from milestones.catalogue import BY_CODE, Precision, label_of
from milestones.models import Milestone
from milestones.quality.declaration import ERROR, WARNING, rule
from milestones.quality.surroundings import column_of, is_first_of_april
from pace_site.look.words import british_date

EMPTY_CELL = date(1900, 1, 1)
# What is begun, and what ends it. Ends of episodes, placements and legal bases are held by the database.
BEGUN_AND_ENDED = (
    ("PCA_START", "PCA_END"),
    ("KIN_ASSESS_START", "KIN_ASSESS_END"),
    ("LEGAL_ADVICE_REQ", "LEGAL_ADVICE_REC"),
)
OF_STRETCHES = ("episode.start", "episode.end", "placement.start", "placement.end", "legal.start", "legal.end")
EVERY_DAY = ("child.date_of_birth", *OF_STRETCHES, "milestone.happened_on")
# Milestones of the timeline only (`domain.md` 3.1): no clock starts or stops with them.
TIMELINE = frozenset({"REFERRAL_FIRST", "REPORTER_REFERRAL", "HEARING_REFERRED", "ADVICE_HEARING", "ADVICE_REPORT"})


@rule(
    2,
    ERROR,
    name="Date in the future",
    to_do="Correct the date. What has not happened yet is recorded as planned.",
    fields=EVERY_DAY,
)
def in_the_future(record, as_at):
    """An import refuses a day after the extract, and `milestone_not_in_the_future` one after it was recorded.

    Left are rows recorded by hand with a day that today has not come, and rows of an extract that know more than it.
    Of what lies after the day asked only what lies in the future even today is looked at.
    """
    latest = max(as_at, record.around.known_on)
    everything = record.everything or record
    born = record.child.date_of_birth
    if born is not None and born > latest:
        yield "The date of birth lies in the future.", record.child
    dated = [(row, day) for row in everything.stretches for day in (row.start, row.end) if day]
    dated += [(row, row.happened_on) for row in everything.milestones if row.happened_on]
    for row, day in dated:
        extract = record.around.seen.get((record.child.pk, row.extract_source_id))
        if day > latest:
            yield f"{name_of(row)}: {british_date(day)} lies in the future.", row
        elif extract and row.origin == Origin.EXTRACT and extract < day <= as_at:
            yield (
                f"{name_of(row)}: {british_date(day)} is later than the extract of {british_date(extract)} that gave "
                "it.",
                row,
            )


@rule(
    3,
    ERROR,
    name="Ends before it starts",
    to_do="Check both days against the report or the letter, and correct the one that is wrong.",
    fields=("milestone.happened_on",),
)
def ends_before_it_starts(record, as_at):
    """For episodes, placements and legal bases the database holds this (`episode_end_after_start` and its like); left
    are assessments and advice, which are recorded as two milestones."""
    for begun, ended in BEGUN_AND_ENDED:
        starts, ends = record.happened(begun), record.happened(ended)
        if starts and ends and ends[0].happened_on < starts[0].happened_on:
            yield (
                f"{label_of(ended)} on {british_date(ends[0].happened_on)}, which is before "
                f"“{label_of(begun)}” on {british_date(starts[0].happened_on)}.",
                ends[0],
                starts[0],
            )


@rule(
    4,
    WARNING,
    name="Starts and ends on one day",
    to_do="If it lasted less than a day, set it aside as an error; else correct its end.",
    fields=OF_STRETCHES,
)
def starts_and_ends_on_one_day(record, as_at):
    for row in record.stretches:
        if row.end == row.start:
            yield f"{name_of(row)} starts and ends on {british_date(row.start)}.", row


@rule(
    38,
    WARNING,
    name="Date not exact",
    to_do="Look in the minute, the letter or the case file, and correct the date.",
    fields=("milestone.happened_on", "milestone.precision"),
)
def date_not_exact(record, as_at):
    for row in record.milestones:
        planned_only = row.happened_on is None and row.precision != Precision.UNKNOWN
        if row.precision == Precision.DAY or planned_only or row.kind in TIMELINE:
            continue
        known = f"is known only as {row.happened_on:%B %Y}" if row.happened_on else "is not known"
        yield f"{name_of(row)}: the date {known}, so no clock can use it. Find the day.", row


@rule(
    43,
    WARNING,
    name="Recorded twice",
    to_do="If it happened once, set one of the two aside as an error.",
    fields=("milestone.happened_on",),
)
def recorded_twice(record, as_at):
    """Ours: the same said twice of one day is most often one event that two people recorded."""
    seen = {}
    for row in record.milestones:
        if row.happened_on is None or row.precision != Precision.DAY:
            continue
        first = seen.setdefault((row.kind, row.happened_on, row.route), row)
        if first is not row:
            yield (
                f"{name_of(row)} on {british_date(row.happened_on)} is recorded twice. If it happened once, "
                "set one of the two aside as an error.",
                row,
                first,
            )


@rule(
    39,
    WARNING,
    name="Default date",
    to_do="Find the true day in the case file and correct the date.",
    fields=EVERY_DAY,
)
def default_date(record, as_at):
    """1 January 1900 is what an empty cell of a spreadsheet becomes; many a 1 April at once is a start of recording."""
    told = "1 January 1900, which is most often an empty cell"
    if record.child.date_of_birth == EMPTY_CELL:
        yield f"The date of birth is {told}.", record.child
    for row in (*record.stretches, *record.milestones):
        first = row.happened_on if not hasattr(row, "start") else row.start
        if EMPTY_CELL in (first, getattr(row, "end", None)):
            yield f"{name_of(row)} has the date {told}.", row
        elif is_first_of_april(row) and (record.child.authority_id, column_of(row), first) in record.around.in_bulk:
            yield (
                f"{name_of(row)} is dated {british_date(first)}, as those of many other children: perhaps the day on "
                "which the council's records began.",
                row,
            )


def name_of(row) -> str:
    """What a row is called at the start of a sentence."""
    if isinstance(row, Milestone):
        return BY_CODE[row.kind].label if row.kind in BY_CODE else row.kind
    return row._meta.verbose_name.capitalize()
