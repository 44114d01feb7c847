"""Tests of change and their PDSA cycles (`domain.md` 6.2).

Nobody types a state: it follows from what is filled in, and the database holds the order of the four steps.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from aims.models import Aim
from children.models import Child
from improvement.models.change_ideas import ChangeIdea
from improvement.models.editions import EDITION
from improvement.scope import OfChildrenInCyclesQuerySet, OfCyclesQuerySet, OfTestsQuerySet
from pace_site.accounts.models import Organisation, User

TEXT = 4000  # characters; a page and a half, more than any form of a test is worth


class Scale(models.TextChoices):
    """With how many something is tried, growing from cycle to cycle."""

    CHILD = "child", "one child"
    WORKER = "worker", "one worker"
    TEAM = "team", "one team"
    LOCALITY = "locality", "one locality"
    ALL = "all", "everybody"


class Decision(models.TextChoices):
    ADOPT = "adopt", "Adopt it"
    ADAPT = "adapt", "Adapt it and test again"
    SCALE_UP = "scale_up", "Test it on a larger scale"
    ABANDON = "abandon", "Abandon it"


# After these the next cycle follows; the others end the test.
GOES_ON = frozenset({Decision.ADAPT, Decision.SCALE_UP})


class CycleState(models.TextChoices):
    """How far a cycle has come."""

    PLANNING = "planning", "Being planned"
    PLANNED = "planned", "Planned"
    DOING = "doing", "Under way"
    STUDYING = "studying", "To be studied"
    DECIDING = "deciding", "To be decided"
    COMPLETE = "complete", "Complete"


class TestState(models.TextChoices):
    """How far a test has come, by its last cycle."""

    PLANNING = "planning", "Being planned"
    PLANNED = "planned", "Planned"
    DOING = "doing", "Under way"
    STUDYING = "studying", "To be studied"
    DECIDING = "deciding", "To be decided"
    NEXT_CYCLE = "next_cycle", "Next cycle to plan"
    ADOPTED = "adopted", "Adopted"
    ABANDONED = "abandoned", "Abandoned"
    WITHDRAWN = "withdrawn", "Withdrawn"


TestState.__test__ = False  # a word of the domain, not a case for the test runner
ENDED = frozenset({TestState.ADOPTED, TestState.ABANDONED, TestState.WITHDRAWN})


class TestOfChange(models.Model):
    """That some people try one idea for one aim, in cycles; never deleted, but withdrawn with a reason."""

    __test__ = False

    authority = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="tests_of_change",
        help_text="The council whose test it is.",
    )
    aim = models.ForeignKey(
        Aim, on_delete=models.PROTECT, related_name="tests_of_change", help_text="The aim that it serves."
    )
    idea = models.ForeignKey(
        ChangeIdea,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tests",
        help_text="The change idea that is tried.",
    )
    title = models.CharField(max_length=120, help_text="What is tried, in a few words.")
    lead = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tests_led", help_text="Who leads it.")
    members = models.ManyToManyField(
        User, blank=True, related_name="tests_of_change", help_text="Who else fills in its cycles."
    )
    begun_on = models.DateField(help_text="The day on which somebody began to plan it.")
    withdrawn_on = models.DateField(
        null=True, blank=True, help_text="The day on which it was withdrawn; empty while it stands."
    )
    withdrawn_reason = models.CharField(max_length=200, blank=True, help_text="Why it was withdrawn.")
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who withdrew it."
    )
    edition = models.PositiveIntegerField(default=1, help_text=EDITION)

    objects = OfTestsQuerySet.as_manager()

    class Meta:
        ordering = ["aim", "pk"]
        verbose_name_plural = "tests of change"
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="test_has_a_title"),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_reason="", withdrawn_by__isnull=True)
                | (Q(withdrawn_on__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="test_withdrawn_has_day_reason_and_person",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("test_of_change", kwargs={"pk": self.pk})

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_on is not None

    @property
    def ramp(self) -> list["PdsaCycle"]:
        """The cycles in order; read once where they are prefetched."""
        return sorted(self.cycles.all(), key=lambda cycle: cycle.number)

    @property
    def last_cycle(self) -> "PdsaCycle":
        return self.ramp[-1]

    @property
    def state(self) -> TestState:
        if self.is_withdrawn:
            return TestState.WITHDRAWN
        last = self.last_cycle
        if last.state != CycleState.COMPLETE:
            return TestState(last.state.value)
        if last.decision in GOES_ON:
            return TestState.NEXT_CYCLE
        return TestState.ADOPTED if last.decision == Decision.ADOPT else TestState.ABANDONED

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED


class PdsaCycle(models.Model):
    """One turn of Plan, Do, Study and Act.

    `questions` holds `{"question", "prediction", "came_true"}` and `data_items` sentences. Children are kept apart,
    in `ChildInCycle`, and shown by pseudonym alone.
    """

    test = models.ForeignKey(
        TestOfChange, on_delete=models.PROTECT, related_name="cycles", help_text="The test that it is a turn of."
    )
    number = models.PositiveSmallIntegerField(help_text="Counts the cycles of one test from 1.")
    scale = models.CharField(
        max_length=10, choices=Scale.choices, default=Scale.CHILD, help_text="With how many it is tried."
    )
    # Plan
    objective = models.TextField(blank=True, max_length=TEXT, help_text="What this cycle shall show.")
    questions = models.JSONField(
        default=list, blank=True, help_text="The questions, each with its prediction and whether that came true."
    )
    who = models.TextField(blank=True, max_length=TEXT, help_text="Who does it.")
    what = models.TextField(blank=True, max_length=TEXT, help_text="What is done.")
    where = models.TextField(blank=True, max_length=TEXT, help_text="The team or locality.")
    when = models.TextField(blank=True, max_length=TEXT, help_text="When, in words.")
    data_items = models.JSONField("data to collect", default=list, blank=True, help_text="What is collected, and how.")
    planned_start = models.DateField(null=True, blank=True, help_text="The day on which it is meant to begin.")
    planned_end = models.DateField(null=True, blank=True, help_text="The day on which it is meant to end.")
    children = models.ManyToManyField(
        Child,
        through="ChildInCycle",
        related_name="cycles",
        help_text="The children with whom it is tried, shown by pseudonym alone.",
    )
    # Do
    started_on = models.DateField(
        null=True, blank=True, help_text="The day on which it began; from then on its predictions stand."
    )
    ended_on = models.DateField(null=True, blank=True, help_text="The day on which it ended; empty while it goes on.")
    as_planned = models.BooleanField(
        "carried out as planned",
        null=True,
        blank=True,
        help_text="Whether it was carried out as planned; empty until somebody has said.",
    )
    what_happened = models.TextField(blank=True, max_length=TEXT, help_text="What happened when it was carried out.")
    observations = models.TextField(
        blank=True, max_length=TEXT, help_text="What was observed, problems and surprises among it."
    )
    # Study
    results = models.TextField(blank=True, max_length=TEXT, help_text="What the data show.")
    comparison = models.TextField(
        "compared with the prediction", blank=True, max_length=TEXT, help_text="How that compares with the predictions."
    )
    parents_said = models.TextField(blank=True, max_length=TEXT, help_text="What parents said of it.")
    children_said = models.TextField(blank=True, max_length=TEXT, help_text="What children said of it.")
    practitioners_said = models.TextField(blank=True, max_length=TEXT, help_text="What practitioners said of it.")
    learned = models.TextField("what was learned", blank=True, max_length=TEXT, help_text="What was learned.")
    # Act
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True, help_text="What follows from it.")
    decision_reason = models.TextField(blank=True, max_length=TEXT, help_text="Why that follows.")
    next_step = models.TextField(blank=True, max_length=TEXT, help_text="What is done next.")
    decided_on = models.DateField(null=True, blank=True, help_text="The day on which that was decided.")
    edition = models.PositiveIntegerField(default=1, help_text=EDITION)

    objects = OfCyclesQuerySet.as_manager()

    class Meta:
        ordering = ["test", "number"]
        verbose_name = "PDSA cycle"
        constraints = [
            models.UniqueConstraint(fields=["test", "number"], name="cycle_number_once_per_test"),
            models.CheckConstraint(condition=Q(number__gte=1), name="cycle_numbers_start_at_one"),
            models.CheckConstraint(condition=Q(scale__in=Scale.values), name="cycle_scale_is_known"),
            models.CheckConstraint(
                condition=Q(planned_end__isnull=True)
                | Q(planned_start__isnull=True)
                | Q(planned_end__gte=F("planned_start")),
                name="cycle_planned_end_after_start",
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True) | (~Q(questions=[]) & ~Q(data_items=[])),
                name="cycle_do_needs_prediction_and_data",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(started_on__isnull=False, ended_on__gte=F("started_on")),
                name="cycle_ends_after_it_started",
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=False) | Q(what_happened="", observations="", as_planned__isnull=True),
                name="cycle_do_has_a_start",
            ),
            models.CheckConstraint(
                condition=(Q(ended_on__isnull=False) & ~Q(what_happened=""))
                | Q(results="", comparison="", parents_said="", children_said="", practitioners_said="", learned=""),
                name="cycle_study_follows_do",
            ),
            models.CheckConstraint(
                condition=Q(decision="") | (~Q(results="") & ~Q(comparison="")), name="cycle_act_needs_study"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decision_reason="", next_step="", decided_on__isnull=True)
                | (
                    Q(decision__in=Decision.values, decided_on__isnull=False, decided_on__gte=F("ended_on"))
                    & ~Q(decision_reason="")
                ),
                name="cycle_decision_has_day_and_reason",
            ),
        ]

    def __str__(self):
        return f"Cycle {self.number}: {self.test}, {self.get_scale_display()}"

    def get_absolute_url(self):
        return reverse("pdsa_cycle", kwargs={"pk": self.test_id, "number": self.number})

    @property
    def may_begin(self) -> bool:
        """Whether the plan has what Do needs: a prediction, and something to collect."""
        return bool(self.data_items and any(each["prediction"] for each in self.questions))

    @property
    def state(self) -> CycleState:
        if self.decision:
            return CycleState.COMPLETE
        if self.results and self.comparison:
            return CycleState.DECIDING
        if self.ended_on and self.what_happened:
            return CycleState.STUDYING
        if self.started_on:
            return CycleState.DOING
        return CycleState.PLANNED if self.may_begin else CycleState.PLANNING


class ChildInCycle(models.Model):
    """That a cycle is tried with a child."""

    cycle = models.ForeignKey(
        PdsaCycle, on_delete=models.CASCADE, related_name="children_in_it", help_text="The cycle."
    )
    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="+", help_text="The child with whom it is tried."
    )

    objects = OfChildrenInCyclesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "children in cycles"
        constraints = [models.UniqueConstraint(fields=["cycle", "child"], name="child_once_in_a_cycle")]

    def __str__(self):
        return f"{self.child} in {self.cycle}"
