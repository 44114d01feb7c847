"""The page of one aim, with the tests of change that were run for it marked on its charts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from aims.doubt import Doubts
from aims.judged_chart import Remark
from aims.models import Aim
from aims.views import AimView
from improvement.diagram_page import diagrams_of
from improvement.models import Measure, TestOfChange
from improvement.remarks import CycleRemark, remarks_of

CHOSEN = "chosen"


@dataclass(frozen=True)
class TestChoice:
    """One test of change whose cycles may stand on the charts, and whether they do."""

    __test__ = False

    pk: int
    title: str
    cycles: int
    is_shown: bool

    @property
    def href(self) -> str:
        return reverse("test_of_change", kwargs={"pk": self.pk})


class AimPageView(AimView):
    """`?tests=chosen&test=3&test=5` marks the cycles of those tests alone; without it those of all are marked."""

    template_name = "front/aim.html"

    def remarks(self, aim: Aim) -> Sequence[Remark]:
        cycles = [cycle for cycle in remarks_of(aim) if cycle.on <= self.as_at.day]
        self.choices = choices_of(cycles, chosen=self._chosen())
        shown = {choice.pk for choice in self.choices if choice.is_shown}
        return [cycle for cycle in cycles if cycle.test_id in shown]

    def get_context_data(self, **context):
        self.choices: list[TestChoice] = []
        whole = super().get_context_data(**context)
        aim = whole["card"].version.aim
        tests = TestOfChange.objects.visible_to(self.request.user).filter(aim=aim).prefetch_related("cycles")
        measures = Measure.objects.visible_to(self.request.user).filter(aim=aim, retired_on__isnull=True)
        doubts = Doubts(aim.authority, self.counted.children)
        outcomes = whole["card"].now.outcomes
        doubtful = doubts.of(outcomes)
        return whole | {
            "doubt": doubts.words_of(doubtful, outcomes),
            "doubtful": len(doubtful),
            "choices": self.choices,
            "tests": [test for test in tests if not test.has_ended],
            "diagrams": diagrams_of(aim),
            "measures": measures,
        }

    def _chosen(self) -> set[str] | None:
        """The tests asked for, or None for all."""
        return set(self.request.GET.getlist("test")) if self.request.GET.get("tests") == CHOSEN else None


def choices_of(cycles: Sequence[CycleRemark], *, chosen: set[str] | None) -> list[TestChoice]:
    """The tests of these cycles in the order in which they began."""
    titles = {cycle.test_id: cycle.test_title for cycle in cycles}
    counts = {pk: sum(cycle.test_id == pk for cycle in cycles) for pk in titles}
    return [
        TestChoice(pk, title, counts[pk], is_shown=chosen is None or str(pk) in chosen) for pk, title in titles.items()
    ]
