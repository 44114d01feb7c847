"""What improvement work says in a report: tests and what they taught, decisions of meetings, barriers.

Leaders who may know no child read reports, so a text that names one, be it by pseudonym, is left out of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from aims.reports.since_last import last_report
from aims.reports.told import Barrier as ToldBarrier
from aims.reports.told import Told, ToldOfAim, ToldTest
from improvement.models import Barrier, Meeting, PdsaCycle
from improvement.models.tests_of_change import Decision
from improvement.named_children import sayable
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
    cycles = list(
        PdsaCycle.objects.filter(test__authority=authority, decided_on__gt=begun, decided_on__lte=as_at)
        .select_related("test__aim")
        .order_by("decided_on", "pk")
    )
    standing = list(
        Barrier.objects.filter(authority=authority, raised_on__lte=as_at)
        .exclude(resolved_on__lte=as_at)
        .select_related("aim")
        .order_by("raised_on", "pk")
    )
    decisions = list(_decisions(authority, after=begun, as_at=as_at))
    words = sayable(
        authority,
        [
            *(text for cycle in cycles for text in (cycle.test.title, _learned(cycle))),
            *(text for barrier in standing for text in (barrier.text, barrier.asked)),
            *(line for line, _meeting in decisions),
        ],
    )
    of_aim = defaultdict(list)
    for barrier in standing:
        if barrier.aim is not None:
            of_aim[barrier.aim.code].append(_barrier(barrier, words))
    tests = defaultdict(list)
    for cycle in cycles:
        tests[cycle.test.aim.code].append(_test(cycle, words))
    decided = defaultdict(list)  # by the aim of the group that met, if it is one's
    for line, meeting in decisions:
        decided[meeting.aim.code if meeting.aim else ""].append(f"{words(line)} ({meeting})")
    of_all = tuple(decided.pop("", ()))
    return Told(
        of_aims={
            code: ToldOfAim(tuple(tests[code]), tuple(of_aim[code]), tuple(decided[code]))
            for code in {*tests, *of_aim, *decided}
        },
        decisions=of_all,
        barriers=tuple(_barrier(barrier, words) for barrier in standing if barrier.aim is None),
    )


def told_since_last_report(authority: Organisation, *, as_at: date) -> Told:
    """`told_of` since the last issued report."""
    previous = last_report(authority, before=as_at)
    return told_of(authority, as_at=as_at, since=previous and previous.as_at)


def _test(cycle: PdsaCycle, words: Callable[[str], str]) -> ToldTest:
    state = f"cycle {cycle.number}, {cycle.get_scale_display()}, {DECIDED[Decision(cycle.decision)]}"
    return ToldTest(title=words(cycle.test.title), state=state, learned=words(_learned(cycle)))


def _learned(cycle: PdsaCycle) -> str:
    return cycle.learned or cycle.results


def _barrier(barrier: Barrier, words: Callable[[str], str]) -> ToldBarrier:
    return ToldBarrier(text=words(barrier.text), raised_on=barrier.raised_on, asked=words(barrier.asked))


def _decisions(authority: Organisation, *, after: date, as_at: date) -> Iterable[tuple[str, Meeting]]:
    """What meetings decided, a line each, with the meeting."""
    meetings = Meeting.objects.filter(authority=authority, on__gt=after, on__lte=as_at, called_off_reason="")
    for meeting in meetings.select_related("aim").prefetch_related("items").order_by("on", "pk"):
        for item in meeting.items.all():
            for line in filter(None, map(str.strip, item.decisions.splitlines())):
                yield line, meeting
