"""What improvement work says in a report: tests and what they taught, decisions of meetings, barriers."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from aims.reports.since_last import last_report
from aims.reports.told import Barrier as ToldBarrier
from aims.reports.told import Told, ToldOfAim, ToldTest
from improvement.models import Barrier, Meeting, PdsaCycle
from improvement.models.tests_of_change import Decision
from pace_site.accounts.models import Organisation

A_QUARTER = timedelta(days=92)
DECIDED = {
    Decision.ADOPT: "adopted",
    Decision.ADAPT: "adapted, and tested again",
    Decision.SCALE_UP: "to be tested on a larger scale",
    Decision.ABANDON: "abandoned",
}


def told_of(authority: Organisation, *, as_at: date, since: date | None) -> Told:
    """What was decided after `since` (a quarter ago, without one) up to the day, and the barriers that stood on it."""
    begun = since or as_at - A_QUARTER
    cycles = (
        PdsaCycle.objects.filter(test__authority=authority, decided_on__gt=begun, decided_on__lte=as_at)
        .select_related("test__aim")
        .order_by("decided_on", "pk")
    )
    tests = defaultdict(list)
    for cycle in cycles:
        tests[cycle.test.aim.code].append(_test(cycle))
    standing = list(
        Barrier.objects.filter(authority=authority, raised_on__lte=as_at)
        .exclude(resolved_on__lte=as_at)
        .select_related("aim")
        .order_by("raised_on", "pk")
    )
    of_aim = defaultdict(list)
    for barrier in standing:
        if barrier.aim is not None:
            of_aim[barrier.aim.code].append(_barrier(barrier))
    return Told(
        of_aims={code: ToldOfAim(tuple(tests[code]), tuple(of_aim[code])) for code in {*tests, *of_aim}},
        decisions=tuple(_decisions(authority, after=begun, as_at=as_at)),
        barriers=tuple(_barrier(barrier) for barrier in standing if barrier.aim is None),
    )


def told_since_last_report(authority: Organisation, *, as_at: date) -> Told:
    """`told_of` since the last issued report."""
    previous = last_report(authority, before=as_at)
    return told_of(authority, as_at=as_at, since=previous and previous.as_at)


def _test(cycle: PdsaCycle) -> ToldTest:
    state = f"cycle {cycle.number}, {cycle.get_scale_display()}, {DECIDED[Decision(cycle.decision)]}"
    return ToldTest(title=cycle.test.title, state=state, learned=cycle.learned or cycle.results)


def _barrier(barrier: Barrier) -> ToldBarrier:
    return ToldBarrier(text=barrier.text, raised_on=barrier.raised_on, asked=barrier.asked)


def _decisions(authority: Organisation, *, after: date, as_at: date) -> Iterable[str]:
    """What meetings decided, a line each."""
    meetings = Meeting.objects.filter(authority=authority, on__gt=after, on__lte=as_at, called_off_reason="")
    for meeting in meetings.select_related("aim").prefetch_related("items").order_by("on", "pk"):
        for item in meeting.items.all():
            for line in filter(None, map(str.strip, item.decisions.splitlines())):
                yield f"{line} ({meeting})"
