"""Rules about what is late: reviews, and the recommendation (`domain.md` 3.7)."""

from children.codes import CSO
from milestones.clocks.limits import Limit
from milestones.quality.declaration import INFORMATION, WARNING, rule
from milestones.quality.waits import WAITS
from pace_site.look.words import british_date

A_YEAR = Limit.parse("1 year")
TWO_YEARS = Limit.parse("24 months")


@rule(
    33,
    WARNING,
    name="Supervision order not reviewed within a year",
    to_do="Record the hearing that reviewed or continued the order, or the day on which it ended.",
    fields=("legal.end",),
    perhaps=("CSO_REVIEWED.happened_on",),
)
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


@rule(
    34,
    INFORMATION,
    name="At home on supervision, no review",
    to_do="Record the review, or see to it that one is held.",
    fields=(),
    perhaps=("REVIEW.happened_on", "PLAN_REVIEW_2Y.happened_on", "AT_HOME_AUDIT.happened_on"),
)
def at_home_without_review(record, as_at):
    for start, _due in record.around.overdue(record.child, WAITS[34], as_at):
        months = 24 if as_at > TWO_YEARS.after(start) else 18
        yield (
            f"The child lives at home on a supervision order since {british_date(start)}, over {months} months, and no "
            "review is recorded.",
            record.child,
        )


@rule(
    35,
    WARNING,
    name="Accommodated over 6 weeks, no review",
    to_do="Record the review, or see to it that one is held.",
    fields=(),
    perhaps=("REVIEW.happened_on",),
)
def accommodated_without_review(record, as_at):
    for start, _due in record.around.overdue(record.child, WAITS[35], as_at):
        yield (
            f"The child is accommodated since {british_date(start)}, over 6 weeks, and no review is recorded.",
            record.child,
        )


@rule(
    36,
    INFORMATION,
    name="Accommodated over 26 weeks, no recommendation",
    to_do="Record the recommendation, or bring the child to the next review.",
    fields=(),
    perhaps=("PERM_REC.happened_on", "PERM_DECISION.happened_on"),
)
def accommodated_without_recommendation(record, as_at):
    for start, _due in record.around.overdue(record.child, WAITS[36], as_at):
        yield (
            f"The child is accommodated since {british_date(start)}, over 26 weeks, and no recommendation is recorded.",
            record.child,
        )
