"""Rules about what is late: reviews, and the recommendation (`domain.md` 3.7)."""

from children.codes import CSO
from milestones.clocks.limits import Limit
from milestones.quality.declaration import INFORMATION, WARNING, rule
from milestones.quality.waits import WAITS
from pace_site.look.words import british_date

A_YEAR = Limit.parse("1 year")
TWO_YEARS = Limit.parse("24 months")


@rule(33, WARNING)
def supervision_not_reviewed(record, as_at):
    """Each continuation lasts a year at most (`domain.md` 3.2), so a year is counted from the order or its last review.

    An order that is open though care ended is for rule 9.
    """
    if not record.open_episodes:
        return
    for order in record.legal_bases:
        if order.measure_id != CSO or order.end is not None:
            continue
        days = [row.happened_on for row in record.happened("CSO_MADE", "CSO_REVIEWED")]
        last = max([order.start, *(day for day in days if day >= order.start)])
        if as_at > A_YEAR.after(last):
            since = "was made" if last == order.start else "was last reviewed"
            yield (
                f"The compulsory supervision order {since} on {british_date(last)}, and no review or continuation is "
                "recorded within a year.",
                order,
            )


@rule(34, INFORMATION)
def at_home_without_review(record, as_at):
    for start, _due in record.around.overdue(record.child, WAITS[34], as_at):
        months = 24 if as_at > TWO_YEARS.after(start) else 18
        yield (
            f"The child lives at home on a supervision order since {british_date(start)}, over {months} months, and no "
            "review is recorded.",
            record.child,
        )


@rule(35, WARNING)
def accommodated_without_review(record, as_at):
    for start, _due in record.around.overdue(record.child, WAITS[35], as_at):
        yield (
            f"The child is accommodated since {british_date(start)}, over 6 weeks, and no review is recorded.",
            record.child,
        )


@rule(36, INFORMATION)
def accommodated_without_recommendation(record, as_at):
    for start, _due in record.around.overdue(record.child, WAITS[36], as_at):
        yield (
            f"The child is accommodated since {british_date(start)}, over 26 weeks, and no recommendation is recorded.",
            record.child,
        )
