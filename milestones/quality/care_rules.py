"""Rules about where a child lives and on what ground: episodes, placements and legal bases (`domain.md` 3.7)."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from children.models import LegalBasis, Placement
from milestones.quality.child_rules import is_adult_on
from milestones.quality.date_rules import name_of
from milestones.quality.declaration import ERROR, INFORMATION, WARNING, rule
from milestones.quality.records import ChildRecord, Stretch, holds
from pace_site.look.words import british_date

ADOPTED, DIED = "ADOPTED", "DIED"
PERMANENCE_ORDERS = ("PO", "POA")
# Orders under which a child most often is no longer looked after: they begin where an episode ends.
AFTER_CARE = ("KCO", "AO")


def overlapping(rows: Sequence[Stretch]) -> Iterator[tuple[Stretch, Stretch]]:
    """Each row that begins before one that began earlier has ended, with that one; a shared day of move is none."""
    open_longest = None
    for row in rows:
        if open_longest is not None and (open_longest.end is None or open_longest.end > row.start):
            yield open_longest, row
        if open_longest is None or last_day(row) >= last_day(open_longest):
            open_longest = row


def last_day(row: Stretch) -> date:
    return row.end or date.max


def both_in_force(first: Stretch, second: Stretch) -> date | None:
    """The first day on which both are in force; the day of the move out is none."""
    begins = max(first.start, second.start)
    return begins if begins < min(last_day(first), last_day(second)) else None


def in_care_rows(record: ChildRecord) -> list[Placement | LegalBasis]:
    """Placements and legal bases that belong to an episode."""
    return [*record.placements, *(row for row in record.legal_bases if row.measure_id not in AFTER_CARE)]


@rule(
    5,
    ERROR,
    name="Episodes of care overlap",
    to_do="Correct the end of the earlier episode or the start of the later one; set aside one recorded twice.",
    fields=("episode.start", "episode.end"),
)
def episodes_overlap(record, as_at):
    for first, second in overlapping(record.episodes):
        yield (
            f"Two episodes of care overlap: that of {british_date(first.start)} has not ended when the next begins on "
            f"{british_date(second.start)}.",
            first,
            second,
        )


@rule(
    6,
    ERROR,
    name="Placements overlap",
    to_do="Correct the day of the move, or mark the shorter one as a short break.",
    fields=("placement.start", "placement.end", "placement.short_break"),
)
def placements_overlap(record, as_at):
    """Short breaks lie inside another placement, as they should."""
    for first, second in overlapping(record.lasting):
        if record.in_care_on(first.start) == record.in_care_on(second.start):
            yield (
                f"Two placements overlap: {first.placement_type} since {british_date(first.start)} has not ended when "
                f"{second.placement_type} begins on {british_date(second.start)}.",
                first,
                second,
            )


@rule(
    7,
    WARNING,
    name="Gap between placements",
    to_do="Record where the child lived between, or correct the day of the move.",
    fields=("placement.start", "placement.end"),
    perhaps=("placement.start",),
)
def gap_between_placements(record, as_at):
    longest = None
    for row in record.lasting:
        if longest is not None and longest.end and longest.end < row.start:
            inside = any(
                episode.start <= longest.start and (episode.end is None or row.start < episode.end)
                for episode in record.episodes
            )
            if inside:
                yield (
                    f"Nobody recorded where the child lived between {british_date(longest.end)} and "
                    f"{british_date(row.start)}.",
                    longest,
                    row,
                )
        if longest is None or last_day(row) >= last_day(longest):
            longest = row


@rule(
    8,
    ERROR,
    name="Placement or legal basis outside its episode",
    to_do="Check when care began and ended, and correct the episode or this record.",
    fields=("placement.start", "placement.end", "legal.start", "legal.end"),
    perhaps=("episode.start", "episode.end"),
)
def outside_its_episode(record, as_at):
    """One that is still open after its episode is for rule 9; orders that end being looked after lie outside."""
    for row in in_care_rows(record):
        period = record.in_care_on(row.start)
        what = row.placement_type if isinstance(row, Placement) else row.measure
        if period is None:
            yield (
                f"{name_of(row)} ({what}): the child was not looked after when it began on {british_date(row.start)}.",
                row,
            )
        elif row.end is not None and not holds(period, row.end):
            yield (
                f"{name_of(row)} ({what}): it ended on {british_date(row.end)}, after the episode of care had ended on "
                f"{british_date(period[1])}.",
                row,
            )


@rule(
    9,
    ERROR,
    name="Placement or legal basis open after care ended",
    to_do="Record its end, or correct the end of the episode when the child is still looked after.",
    fields=("placement.end", "legal.end"),
    perhaps=("episode.end",),
)
def open_after_its_episode(record, as_at):
    for row in in_care_rows(record):
        period = record.in_care_on(row.start)
        if row.end is None and period is not None and period[1] is not None:
            what = row.placement_type if isinstance(row, Placement) else row.measure
            yield (
                f"{name_of(row)} ({what}) since {british_date(row.start)} has no end, but the episode of care ended on "
                f"{british_date(period[1])}.",
                row,
            )


@rule(
    10,
    ERROR,
    name="End of care without destination, or the reverse",
    to_do="Correct the episode: the day on which care ended and where the child went.",
    fields=("episode.end", "episode.destination"),
)
def end_and_destination_do_not_go_together(record, as_at):
    for row in record.episodes:
        if row.end and not row.destination_id:
            yield f"Care ended on {british_date(row.end)}, and where the child went is not recorded.", row
        elif row.destination_id and not row.end:
            yield (
                f"A destination ({row.destination}) is recorded, but no day on which the care that began on "
                f"{british_date(row.start)} ended.",
                row,
            )


@rule(
    17,
    ERROR,
    name="Adopted as an adult, or active after adoption or death",
    to_do="Check the day of the adoption or death, and whether what came later belongs to another child.",
    fields=(
        "child.date_of_birth",
        "episode.start",
        "episode.end",
        "episode.destination",
        "placement.start",
        "legal.start",
        "milestone.happened_on",
    ),
)
def adopted_as_an_adult_or_active_afterwards(record, as_at):
    adoptions = [(row.end, row) for row in record.episodes if row.end and row.destination_id == ADOPTED]
    adoptions += [(row.start, row) for row in record.legal_bases if row.measure_id == "AO"]
    adoptions += [
        (row.happened_on, row)
        for row in record.happened("ORDER_GRANTED")
        if "ADOPT" in row.route or row.order_type == "AO"
    ]
    deaths = [(row.end, row) for row in record.episodes if row.end and row.destination_id == DIED]
    deaths += [(row.happened_on, row) for row in record.happened("DEATH")]
    if adoptions:
        day, row = min(adoptions, key=lambda each: each[0])
        if is_adult_on(record.child.date_of_birth, day):
            yield f"The child was 18 or over when adopted on {british_date(day)}. Check both dates.", row, record.child
    for ends, words in ((adoptions, "was adopted"), (deaths, "died")):
        if not ends:
            continue
        # An order and the end of the episode may be some days apart: the later of them is the end.
        day, _row = max(ends, key=lambda each: each[0])
        later = [row for row in record.stretches if row.start > day]
        later += [row for row in record.milestones if row.happened_on and row.happened_on > day]
        if later:
            yield (
                f"The child {words} on {british_date(day)}, and what came later is recorded too: "
                f"{', '.join(dict.fromkeys(name_of(row) for row in later))}.",
                *later,
            )


@rule(
    18,
    WARNING,
    name="Adopted without order or adopters",
    to_do="Record the adoption order, or correct where the child went when care ended.",
    fields=("episode.destination",),
    perhaps=("ORDER_GRANTED.happened_on", "legal.start", "placement.placement_type"),
)
def adopted_without_order_or_adopters(record, as_at):
    if any(row.placement_type_id == "PROSP_ADOPT" for row in record.placements):
        return
    if any(row.measure_id in ("AO", "POA") for row in record.legal_bases):
        return
    orders = record.happened("ORDER_GRANTED")
    if any(row.route in ("ADOPT", "POA") or row.order_type in ("AO", "POA") for row in orders):
        return
    for row in record.episodes:
        if row.destination_id == ADOPTED:
            yield (
                f"Care ended on {british_date(row.end)} with adoption, but neither an adoption order nor a placement "
                "with prospective adopters is recorded.",
                row,
            )


@rule(
    31,
    WARNING,
    name="At home with voluntary accommodation only",
    to_do="Record the supervision order, or end the voluntary accommodation on the day of the return.",
    fields=("placement.start", "placement.placement_type", "legal.start", "legal.end", "legal.measure"),
    perhaps=("legal.start",),
)
def at_home_with_voluntary_accommodation_only(record, as_at):
    for placement in record.at_home:
        for basis in record.legal_bases:
            begins = both_in_force(placement, basis)
            if basis.measure_id != "S25" or begins is None:
                continue
            until = min(last_day(placement), last_day(basis))
            others = [row for row in record.legal_bases if row.measure_id != "S25"]
            # Alone from the first day, or from the day on which another ended.
            starts = [begins, *(row.end for row in others if row.end and begins < row.end < until)]
            alone = next((day for day in starts if not any(row.start <= day < last_day(row) for row in others)), None)
            if alone is not None:
                yield (
                    f"The child lives at home with parents since {british_date(placement.start)}, and voluntary "
                    f"accommodation is the only legal basis from {british_date(alone)}.",
                    placement,
                    basis,
                )


@rule(
    32,
    INFORMATION,
    name="At home with a permanence order",
    to_do="Check whether the child lives at home and whether the order is still in force.",
    fields=("placement.start", "placement.placement_type", "legal.end", "legal.measure"),
)
def at_home_with_a_permanence_order(record, as_at):
    for placement in record.at_home:
        for basis in record.legal_bases:
            begins = both_in_force(placement, basis)
            if basis.measure_id in PERMANENCE_ORDERS and begins is not None:
                yield (
                    f"The child is placed at home with parents while a permanence order is in force, from "
                    f"{british_date(begins)}.",
                    placement,
                    basis,
                )


@rule(
    37,
    ERROR,
    name="Transferred out and still open",
    to_do="Record the end of the episode, or correct the transfer.",
    fields=("milestone.happened_on", "episode.end"),
    perhaps=("episode.end",),
)
def transferred_out_and_still_open(record, as_at):
    for gone in record.happened("LA_TRANSFER_OUT"):
        still_open = [row for row in record.open_episodes if row.start <= gone.happened_on]
        if still_open:
            yield (
                f"The child was transferred to another authority on {british_date(gone.happened_on)}, and is still "
                "recorded as looked after here.",
                gone,
                *still_open,
            )


@rule(
    41,
    ERROR,
    name="Looked after with no placement",
    to_do="Record where the child lives.",
    fields=(),
    perhaps=("placement.start", "placement.placement_type"),
)
def looked_after_and_nowhere(record, as_at):
    """[INF] Ours: no clock of accommodation can be placed (UNKNOWN, `design.md` 7)."""
    starts = record.around.without_placement(record.child, as_at)
    for row in record.open_episodes:
        if row.start in starts:
            yield (
                f"The child is looked after since {british_date(row.start)}, and no placement is recorded: nobody can "
                "say whether the child is at home or away.",
                row,
            )


@rule(
    42,
    WARNING,
    name="Looked after without legal basis",
    to_do="Record the legal basis on which the child is looked after now.",
    fields=(),
    perhaps=("legal.start", "legal.measure"),
)
def looked_after_without_legal_basis(record, as_at):
    """[INF] Ours: on no ground at all as at the day."""
    tomorrow = as_at + timedelta(days=1)
    for row in record.open_episodes:
        if not any(last_day(basis) >= tomorrow for basis in record.legal_bases):
            yield (
                f"The child is looked after since {british_date(row.start)}, and no legal basis is recorded that is in "
                "force now.",
                row,
            )
