"""The rules: number and severity as in `domain.md` 3.7, and a message that a social worker can act on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from children.codes import HOME_PARENT
from milestones.catalogue import AdmOutcome, Route
from milestones.quality.records import ChildRecord
from pace_site.look.words import british_date

ERROR, WARNING, INFORMATION = "E", "W", "I"
# The rules that say that something was never recorded.
MISSING: frozenset[int] = frozenset({7, 10, 21, 25, 38, 41, 42})


@dataclass(frozen=True)
class Finding:
    """What one rule found of one child."""

    rule: int
    severity: str
    child_id: int
    message: str


Check = Callable[[ChildRecord, date], Iterator[str]]


@dataclass(frozen=True)
class Rule:
    number: int
    severity: str
    check: Check


RULES: list[Rule] = []


def rule(number: int, severity: str) -> Callable[[Check], Check]:
    """Declare a rule of `domain.md` 3.7."""

    def declare(check: Check) -> Check:
        RULES.append(Rule(number, severity, check))
        return check

    return declare


def findings(records: Sequence[ChildRecord], *, as_at: date) -> list[Finding]:
    """Everything that the rules find, by child and rule."""
    return [
        Finding(each.number, each.severity, record.child.pk, message)
        for record in records
        for each in RULES
        for message in each.check(record, as_at)
    ]


@rule(4, WARNING)
def starts_and_ends_on_one_day(record, as_at):
    for row in (*record.episodes, *record.placements, *record.legal_bases):
        if row.end == row.start:
            yield f"A {row._meta.verbose_name} starts and ends on {british_date(row.start)}."


@rule(6, ERROR)
def placements_overlap(record, as_at):
    lasting = [row for row in record.placements if not row.short_break]
    for first, second in pairwise(lasting):
        if first.end is None or first.end > second.start:
            yield (
                f"Two placements overlap: {first.placement_type} since {british_date(first.start)} has not ended when "
                f"{second.placement_type} begins on {british_date(second.start)}."
            )


@rule(7, WARNING)
def gap_between_placements(record, as_at):
    lasting = [row for row in record.placements if not row.short_break]
    for first, second in pairwise(lasting):
        inside = any(
            episode.start <= first.start and (episode.end is None or second.start < episode.end)
            for episode in record.episodes
        )
        if inside and first.end and first.end < second.start:
            yield (
                f"Nobody recorded where the child lived between {british_date(first.end)} and "
                f"{british_date(second.start)}."
            )


@rule(20, WARNING)
def recommended_before_accommodation(record, as_at):
    away = [row.start for row in record.placements if row.placement_type_id != HOME_PARENT and not row.short_break]
    for made in record.happened("PERM_REC"):
        if made.route != Route.HOME and not made.pre_birth and not any(start <= made.happened_on for start in away):
            yield (
                f"The recommendation of {british_date(made.happened_on)} is away from home, and the child was not yet "
                "accommodated. It starts no panel clock."
            )


@rule(22, ERROR)
def out_of_order(record, as_at):
    order = (
        ("PERM_REC", "recommendation"),
        ("PANEL_PRESENTED", "panel"),
        ("ADM_DECISION", "agency decision"),
        ("COURT_LODGED", "court application"),
        ("ORDER_GRANTED", "order"),
    )
    firsts = [(words, made[0].happened_on) for kind, words in order if (made := record.happened(kind))]
    for (earlier, first), (later, second) in pairwise(firsts):
        if second < first:
            yield (f"The first {later} ({british_date(second)}) is before the first {earlier} ({british_date(first)}).")


@rule(23, INFORMATION)
def decision_late_after_panel(record, as_at):
    decided = record.happened("ADM_DECISION")
    for panel in record.happened("PANEL_PRESENTED"):
        after = next((row.happened_on for row in decided if row.happened_on >= panel.happened_on), None)
        if after and (after - panel.happened_on).days > 14:
            yield (
                f"The agency decision came {(after - panel.happened_on).days} days after panel on "
                f"{british_date(panel.happened_on)}; 14 are allowed."
            )


@rule(24, WARNING)
def lodged_for_home(record, as_at):
    for lodged in record.happened("COURT_LODGED"):
        if lodged.route == Route.HOME:
            yield f"The application of {british_date(lodged.happened_on)} has the route home, which needs no court."


@rule(25, WARNING)
def order_without_application(record, as_at):
    for order in record.happened("ORDER_GRANTED"):
        if not any(row.happened_on <= order.happened_on for row in record.happened("COURT_LODGED")):
            yield f"No court application is recorded before the order of {british_date(order.happened_on)}."


@rule(26, WARNING)
def order_of_another_route(record, as_at):
    approved = [row for row in record.happened("ADM_DECISION") if row.outcome == AdmOutcome.APPROVED and row.route]
    for order in record.happened("ORDER_GRANTED"):
        before = [row for row in approved if row.happened_on <= order.happened_on]
        # A child with authority to adopt is adopted later: that order completes the plan.
        completes = bool(before) and (before[-1].route, order.route) == (Route.POA, Route.ADOPT)
        if order.route and before and before[-1].route != order.route and not completes:
            yield (
                f"The order of {british_date(order.happened_on)} is for {order.get_route_display()}, and what was "
                f"approved is {before[-1].get_route_display()}."
            )


@rule(37, ERROR)
def transferred_out_and_still_open(record, as_at):
    for gone in record.happened("LA_TRANSFER_OUT"):
        if any(row.start <= gone.happened_on and row.end is None for row in record.episodes):
            yield (
                f"The child was transferred to another authority on {british_date(gone.happened_on)}, and is still "
                "recorded as looked after here."
            )
