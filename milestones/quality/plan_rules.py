"""Rules about the plan: recommendation, panel, decision, court and order (`domain.md` 3.7)."""

from collections.abc import Iterator
from itertools import pairwise

from milestones.catalogue import AdmOutcome, PanelOutcome, Precision, Route
from milestones.models import Milestone
from milestones.quality.declaration import ERROR, INFORMATION, WARNING, rule
from milestones.quality.records import ChildRecord
from pace_site.look.words import british_date

DAYS_TO_DECIDE = 14
ROUTE_OF_ORDER = {"PO": Route.PO, "POA": Route.POA, "AO": Route.ADOPT, "KCO": Route.KINSHIP}
ROUTE_WORDS = dict(Route.choices)
ORDERS_OF_PERMANENCE = frozenset(ROUTE_OF_ORDER)
IN_ORDER = (
    ("PERM_REC", "recommendation"),
    ("PANEL_PRESENTED", "panel"),
    ("ADM_DECISION", "agency decision"),
    ("COURT_LODGED", "court application"),
    ("ORDER_GRANTED", "order"),
)


def recommendations(record: ChildRecord) -> list[Milestone]:
    """Recommendations with a day and a route, oldest first."""
    return [row for row in record.happened("PERM_REC") if row.route]


def in_one_stay(record: ChildRecord, first: Milestone, second: Milestone) -> bool:
    """True when the child neither left care nor went home between the two, so that the first is still current then."""
    left = [row.end for row in record.episodes if row.end]
    left += [row.start for row in record.at_home]
    left += [row.happened_on for row in record.happened("RETURN_HOME")]
    return not any(first.happened_on < day < second.happened_on for day in left)


def replaced(record: ChildRecord) -> Iterator[tuple[Milestone, Milestone]]:
    """Each recommendation that the next one, of another route, took the place of, with that next one."""
    for first, second in pairwise(recommendations(record)):
        if first.route != second.route and in_one_stay(record, first, second):
            yield first, second


def route_of(order: Milestone) -> str:
    """The route that an order completes, by its type where it names no route."""
    return order.route or ROUTE_OF_ORDER.get(order.order_type, "")


@rule(
    19,
    WARNING,
    name="Recommended before care or birth",
    to_do="Check the minute of the review: correct the day, or mark the recommendation as made before birth.",
    fields=("milestone.happened_on", "milestone.pre_birth"),
    perhaps=("episode.start", "child.date_of_birth"),
)
def recommended_before_care_or_birth(record, as_at):
    """Plans made before birth are allowed, and say so."""
    born = record.child.date_of_birth
    for made in record.happened("PERM_REC"):
        if made.pre_birth:
            continue
        if born is not None and made.happened_on < born:
            yield (
                f"The recommendation of {british_date(made.happened_on)} is before the child's birth. If it was made "
                "before birth, say so on the recommendation.",
                made,
            )
        elif not record.episodes:
            yield (
                f"The recommendation of {british_date(made.happened_on)} is recorded, and not since when the child is "
                "looked after.",
                made,
            )
        elif not any(row.start <= made.happened_on for row in record.episodes):
            yield (
                f"The recommendation of {british_date(made.happened_on)} is before the child became looked after. "
                "Check both days.",
                made,
            )


@rule(
    20,
    WARNING,
    name="Recommended away before accommodation",
    to_do="Check the day of the recommendation and the day on which the child left home.",
    fields=("milestone.happened_on", "milestone.route"),
    perhaps=("placement.start",),
)
def recommended_before_accommodation(record, as_at):
    for made in record.happened("PERM_REC"):
        if made.route == Route.HOME or made.pre_birth:
            continue
        if not any(row.start <= made.happened_on for row in record.away):
            yield (
                f"The recommendation of {british_date(made.happened_on)} is away from home, and the child was not yet "
                "accommodated. It starts no panel clock.",
                made,
            )


@rule(
    21,
    ERROR,
    name="Recommendation without route",
    to_do="Read the route in the minute of the review and add it to the recommendation.",
    fields=("milestone.route",),
)
def recommendation_without_route(record, as_at):
    for made in record.milestones:
        happened = made.happened_on or made.precision == Precision.UNKNOWN
        if made.kind == "PERM_REC" and happened and not made.route:
            when = f"of {british_date(made.happened_on)}" if made.happened_on else "without a date"
            yield f"The recommendation {when} does not say which route it is for.", made


@rule(
    22,
    ERROR,
    name="Steps out of order",
    to_do="Check both days against panel minute, decision letter or court papers, and correct the one that is wrong.",
    fields=("milestone.happened_on",),
)
def out_of_order(record, as_at):
    firsts = [(words, made[0]) for kind, words in IN_ORDER if (made := record.happened(kind))]
    for (earlier, first), (later, second) in pairwise(firsts):
        if second.happened_on < first.happened_on:
            yield (
                f"The first {later} ({british_date(second.happened_on)}) is before the first {earlier} "
                f"({british_date(first.happened_on)}).",
                second,
                first,
            )


@rule(
    44,
    WARNING,
    name="Approved another route than recommended",
    to_do="Check the route of the decision; if the plan changed, record the recommendation that changed it.",
    fields=("milestone.route",),
    perhaps=("PERM_REC.route",),
)
def approved_another_route(record, as_at):
    """Ours: what is approved is most often what was recommended; another route starts another clock, or none."""
    plans = recommendations(record)
    for decided in record.happened("ADM_DECISION"):
        before = [row for row in plans if row.happened_on <= decided.happened_on]
        if decided.outcome == AdmOutcome.APPROVED and decided.route and before and before[-1].route != decided.route:
            yield (
                f"The agency decision of {british_date(decided.happened_on)} approves "
                f"{ROUTE_WORDS[decided.route]}, and what was recommended is {ROUTE_WORDS[before[-1].route]}.",
                decided,
                before[-1],
            )


@rule(
    23,
    INFORMATION,
    name="Decision late after panel",
    to_do="Check both days; if they are right, nothing is to be mended.",
    fields=("milestone.happened_on",),
)
def decision_late_after_panel(record, as_at):
    """A deferral decides nothing, at panel or afterwards."""
    decided = [row for row in record.happened("ADM_DECISION") if row.outcome != AdmOutcome.DEFERRED]
    for panel in record.happened("PANEL_PRESENTED"):
        if panel.outcome == PanelOutcome.DEFERRED:
            continue
        after = next((row for row in decided if row.happened_on >= panel.happened_on), None)
        if after and (after.happened_on - panel.happened_on).days > DAYS_TO_DECIDE:
            yield (
                f"The agency decision came {(after.happened_on - panel.happened_on).days} days after panel on "
                f"{british_date(panel.happened_on)}; {DAYS_TO_DECIDE} are allowed.",
                after,
                panel,
            )


@rule(
    24,
    WARNING,
    name="Court application for the route home",
    to_do="Correct the route of the application or of the recommendation.",
    fields=("milestone.route",),
)
def lodged_for_home(record, as_at):
    """By the route of the application, or, where it has none, of the plan then current."""
    plans = recommendations(record)
    for lodged in record.happened("COURT_LODGED"):
        before = [row for row in plans if row.happened_on <= lodged.happened_on]
        current = before[-1] if before and in_one_stay(record, before[-1], lodged) else None
        if lodged.route == Route.HOME:
            yield (
                f"The application of {british_date(lodged.happened_on)} has the route home, which needs no court.",
                lodged,
            )
        elif not lodged.route and current and current.route == Route.HOME:
            yield (
                f"The application of {british_date(lodged.happened_on)} was made while the plan was for the child to "
                "live at home, which needs no court.",
                lodged,
                current,
            )


@rule(
    25,
    WARNING,
    name="Order without application",
    to_do="Ask the legal team when the application was lodged, and record it.",
    fields=("milestone.happened_on",),
    perhaps=("COURT_LODGED.happened_on",),
)
def order_without_application(record, as_at):
    if any(row.kind == "COURT_LODGED" and row.happened_on for row in record.milestones):
        return
    for order in record.happened("ORDER_GRANTED"):
        yield (
            f"No date of a court application is recorded, and an order was granted on "
            f"{british_date(order.happened_on)}. Ask the legal team.",
            order,
        )


@rule(
    26,
    WARNING,
    name="Order of another route than approved",
    to_do="Check the route of the decision and the kind of the order.",
    fields=("milestone.route", "milestone.order_type"),
)
def order_of_another_route(record, as_at):
    approved = [row for row in record.happened("ADM_DECISION") if row.outcome == AdmOutcome.APPROVED and row.route]
    for order in record.happened("ORDER_GRANTED"):
        route = route_of(order)
        before = [row for row in approved if row.happened_on <= order.happened_on]
        # A child with authority to adopt is adopted later: that order completes the plan.
        completes = bool(before) and (before[-1].route, route) == (Route.POA, Route.ADOPT)
        if route and before and before[-1].route != route and not completes:
            yield (
                f"The order of {british_date(order.happened_on)} is for {ROUTE_WORDS.get(route, route)}, and what was "
                f"approved is {before[-1].get_route_display()}.",
                order,
                before[-1],
            )


@rule(
    27,
    ERROR,
    name="Two recommendations at once",
    to_do="Set one aside as an error, or record its route as the concurrent plan of the other.",
    fields=("milestone.route", "milestone.happened_on"),
)
def two_recommendations_at_once(record, as_at):
    """A later one of another route supersedes by itself, and one of the same route is the same plan (`design.md` 3);
    so two are current at once only when both are of one day."""
    for first, second in replaced(record):
        if first.happened_on == second.happened_on:
            yield (
                f"Two recommendations of different routes are dated {british_date(first.happened_on)}: "
                f"{first.get_route_display()} and {second.get_route_display()}. Void one, or record it as the "
                "concurrent plan of the other.",
                first,
                second,
            )


@rule(
    28,
    WARNING,
    name="Change of plan without reason",
    to_do="Add to the new recommendation why the plan changed.",
    fields=("milestone.change_reason",),
)
def superseded_without_reason(record, as_at):
    for first, second in replaced(record):
        if first.happened_on < second.happened_on and not second.change_reason:
            yield (
                f"The plan changed from {first.get_route_display()} to {second.get_route_display()} on "
                f"{british_date(second.happened_on)}, and the reason is not recorded.",
                second,
                first,
            )


@rule(
    29,
    WARNING,
    name="Order matches a plan that was given up",
    to_do="Find out whether the plan was changed back, and record the recommendation that did so.",
    fields=("milestone.route", "milestone.order_type"),
    perhaps=("PERM_REC.happened_on", "PERM_REC.route"),
)
def order_matches_what_was_reversed(record, as_at):
    for order in record.happened("ORDER_GRANTED"):
        route = route_of(order)
        before = [row for row in recommendations(record) if row.happened_on <= order.happened_on]
        for first, second in reversed(list(replaced(record))):
            if route and before and second is before[-1] and first.route == route != second.route:
                yield (
                    f"The plan changed from {first.get_route_display()} to {second.get_route_display()} on "
                    f"{british_date(second.happened_on)}, but the order of {british_date(order.happened_on)} is for "
                    f"{first.get_route_display()}. Was the plan changed back?",
                    order,
                    second,
                )


@rule(
    30,
    WARNING,
    name="Left care with an open plan",
    to_do="Record the order, or the change of plan, with which care ended.",
    fields=("episode.end", "milestone.route"),
    perhaps=("ORDER_GRANTED.happened_on", "PERM_REC.happened_on"),
)
def left_care_with_an_open_plan(record, as_at):
    """Who died or went to another authority did not leave the plan behind here."""
    orders = [row.happened_on for row in record.happened("ORDER_GRANTED")]
    orders += [row.start for row in record.legal_bases if row.measure_id in ORDERS_OF_PERMANENCE]
    gone = [row.happened_on for row in record.happened("LA_TRANSFER_OUT", "DEATH")]
    for episode in record.episodes:
        if not episode.end or episode.destination_id == "DIED":
            continue
        made = [row for row in recommendations(record) if episode.start <= row.happened_on <= episode.end]
        if not made or made[-1].route == Route.HOME or any(episode.start <= day <= episode.end for day in gone):
            continue
        if not any(day >= made[-1].happened_on for day in orders):
            yield (
                f"Care ended on {british_date(episode.end)} while the plan was {made[-1].get_route_display()}, and "
                "neither an order nor a change of plan is recorded.",
                episode,
                made[-1],
            )
