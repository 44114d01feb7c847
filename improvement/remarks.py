"""The cycles of an aim's tests as remarks for its charts (`aims.judged_chart.Remark`)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from aims.models import Aim
from improvement.models import PdsaCycle


@dataclass(frozen=True)
class CycleRemark:
    """That a cycle began; `until` is its last day, or None while it goes on. `test_id` lets a page choose by test."""

    on: date
    label: str
    link: str
    until: date | None
    test_id: int
    test_title: str


def remarks_of(aim: Aim, *, of_tests: Collection[int] | None = None) -> list[CycleRemark]:
    """A remark for each cycle that has begun, by day (one query); `of_tests` keeps only those of some tests.

    Cycles of a withdrawn test stay: what was tried may have moved the figures.
    """
    cycles = PdsaCycle.objects.filter(test__aim=aim, started_on__isnull=False).select_related("test")
    if of_tests is not None:
        cycles = cycles.filter(test__in=of_tests)
    return [
        CycleRemark(
            on=cycle.started_on,
            label=str(cycle),
            link=cycle.get_absolute_url(),
            until=cycle.ended_on,
            test_id=cycle.test_id,
            test_title=cycle.test.title,
        )
        for cycle in cycles.order_by("started_on", "pk")
    ]
