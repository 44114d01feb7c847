"""The measurement plan of an aim (`domain.md` 6.4), and the values that people type in month by month."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse

from aims.models import Aim
from improvement.models.editions import EDITION
from improvement.scope import OfMeasuresQuerySet, OfMeasureValuesQuerySet
from pace_site.accounts.models import Organisation, User

NAME, SENTENCE, TEXT = 120, 500, 2000  # characters
FEWEST_BASELINE, MOST_BASELINE = 10, 36  # points
NUMBER = {"max_digits": 12, "decimal_places": 3}


class MeasureKind(models.TextChoices):
    """What a measure is there for."""

    OUTCOME = "outcome", "Outcome: do we reach what we aim at?"
    PROCESS = "process", "Process: do we do what should bring it about?"
    BALANCING = "balancing", "Balancing: does it do harm elsewhere?"

    @property
    def word(self) -> str:
        """Its name without the question."""
        return self.label.partition(":")[0]


class Unit(models.TextChoices):
    """In what a measure is counted; a percentage and a rate are a numerator out of a denominator."""

    PERCENT = "percent", "Percentage"
    RATE = "rate", "Rate: so many for so many"
    NUMBER = "number", "Number"
    DAYS = "days", "Days"


# These are typed as two numbers, the others as one.
OUT_OF = frozenset({Unit.PERCENT, Unit.RATE})


class ChartKind(models.TextChoices):
    """Which limits of chance a chart shows about its run chart."""

    RUN = "run", "Run chart"
    P = "p", "Run chart with the limits of a p chart (percentages)"
    U = "u", "Run chart with the limits of a u chart (rates)"
    C = "c", "Run chart with the limits of a c chart (counts)"
    XMR = "i", "Run chart with the limits of an XmR chart"


class Better(models.TextChoices):
    HIGHER = "higher", "The higher the better"
    LOWER = "lower", "The lower the better"
    NEITHER = "neither", "Neither way"


class Frequency(models.TextChoices):
    """How often data are collected. Values are by month all the same, those of a quarter in its last one."""

    WEEK = "week", "Every week"
    MONTH = "month", "Every month"
    QUARTER = "quarter", "Every quarter"


class Measure(models.Model):
    """One measure of one aim; never deleted, but retired with a reason.

    `rule` says how it is computed from milestones, in the words of the register (`improvement.measure_definition`);
    without one, people type its values. Its history is that of the audit trail.
    """

    authority = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="measures", help_text="The council whose measure it is."
    )
    aim = models.ForeignKey(
        Aim, on_delete=models.PROTECT, related_name="measures", help_text="The aim whose plan it belongs to."
    )
    name = models.CharField(max_length=NAME, help_text="What is measured, in a few words.")
    kind = models.CharField(
        "type",
        max_length=10,
        choices=MeasureKind.choices,
        default=MeasureKind.PROCESS,
        help_text="What it is there for.",
    )
    definition = models.TextField(
        "operational definition", max_length=TEXT, help_text="So exact that two people would count the same."
    )
    numerator = models.CharField(max_length=SENTENCE, blank=True, help_text="What is counted.")
    denominator = models.CharField(
        max_length=SENTENCE, blank=True, help_text="Out of what it is counted; for percentages and rates."
    )
    exclusions = models.CharField(max_length=SENTENCE, blank=True, help_text="What is left out.")
    source = models.CharField("data source", max_length=200, blank=True, help_text="Where the data come from.")
    collector = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="measures_collected",
        help_text="Who types the values in; empty for nobody yet, and where it is computed.",
    )
    frequency = models.CharField(
        max_length=8, choices=Frequency.choices, default=Frequency.MONTH, help_text="How often data are collected."
    )
    unit = models.CharField(
        max_length=8, choices=Unit.choices, default=Unit.PERCENT, help_text="What its values are counted in."
    )
    per = models.PositiveIntegerField(default=100, help_text="A rate is so many for each this many.")
    chart = models.CharField(
        "chart type",
        max_length=4,
        choices=ChartKind.choices,
        default=ChartKind.RUN,
        help_text="Which limits of chance its chart shows.",
    )
    better = models.CharField(
        "what is better",
        max_length=8,
        choices=Better.choices,
        default=Better.HIGHER,
        help_text="Which way its values should go.",
    )
    counts_from = models.DateField(
        null=True, blank=True, help_text="The first month that is counted, by its first day; all where it is empty."
    )
    baseline_points = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The median is that of the first so many months."
    )
    baseline_until = models.DateField(
        null=True, blank=True, help_text="The median is that of the months that end by this day."
    )
    target = models.DecimalField(
        null=True, blank=True, **NUMBER, help_text="The value that is to be reached, in its unit."
    )
    register_code = models.CharField(max_length=40, blank=True, help_text="What it was called in the register.")
    rule = models.JSONField(
        null=True, blank=True, help_text="How it is computed from milestones; empty where people type its values."
    )
    retired_on = models.DateField(
        null=True, blank=True, help_text="The day on which it was retired; empty while it is kept."
    )
    retired_reason = models.CharField(max_length=200, blank=True, help_text="Why it was retired.")
    edition = models.PositiveIntegerField(default=1, help_text=EDITION)

    objects = OfMeasuresQuerySet.as_manager()

    class Meta:
        ordering = ["aim", "name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(definition=""), name="measure_is_defined"),
            models.CheckConstraint(condition=Q(kind__in=MeasureKind.values), name="measure_kind_is_known"),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="measure_unit_is_known"),
            models.CheckConstraint(condition=Q(chart__in=ChartKind.values), name="measure_chart_is_known"),
            models.CheckConstraint(condition=Q(better__in=Better.values), name="measure_better_is_known"),
            models.CheckConstraint(condition=Q(frequency__in=Frequency.values), name="measure_frequency_is_known"),
            models.CheckConstraint(
                condition=Q(counts_from__isnull=True) | Q(counts_from__day=1), name="measure_counts_from_a_first_day"
            ),
            models.CheckConstraint(condition=Q(per__gte=1), name="measure_rate_is_for_some"),
            models.CheckConstraint(
                condition=Q(baseline_points__isnull=True)
                | Q(
                    baseline_until__isnull=True,
                    baseline_points__gte=FEWEST_BASELINE,
                    baseline_points__lte=MOST_BASELINE,
                ),
                name="measure_has_one_baseline",
            ),
            models.CheckConstraint(
                condition=Q(retired_on__isnull=True, retired_reason="")
                | (Q(retired_on__isnull=False) & ~Q(retired_reason="")),
                name="measure_retired_has_day_and_reason",
            ),
            models.UniqueConstraint(
                fields=["aim", "register_code"],
                condition=~Q(register_code="") & Q(retired_on__isnull=True),
                name="measure_taken_from_register_once",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("measure", kwargs={"pk": self.pk})

    @property
    def kind_word(self) -> str:
        return MeasureKind(self.kind).word

    @property
    def is_retired(self) -> bool:
        return self.retired_on is not None

    @property
    def is_computed(self) -> bool:
        return self.rule is not None

    @property
    def is_out_of(self) -> bool:
        """Whether a value of it is a numerator out of a denominator."""
        return self.unit in OUT_OF


class MeasureValue(models.Model):
    """What was typed for one month: a numerator and a denominator, or a value; all empty when it was taken out."""

    measure = models.ForeignKey(
        Measure, on_delete=models.PROTECT, related_name="values", help_text="The measure whose value it is."
    )
    month = models.DateField(help_text="Its first day.")
    numerator = models.DecimalField(
        null=True, blank=True, **NUMBER, help_text="What was counted; for percentages and rates."
    )
    denominator = models.DecimalField(
        null=True, blank=True, **NUMBER, help_text="Out of what it was counted; for percentages and rates."
    )
    value = models.DecimalField(null=True, blank=True, **NUMBER, help_text="The value of any other measure.")
    note = models.CharField(max_length=200, blank=True, help_text="What whoever reads the value should know.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who typed it last.")
    edition = models.PositiveIntegerField(default=1, help_text=EDITION)

    objects = OfMeasureValuesQuerySet.as_manager()

    class Meta:
        ordering = ["measure", "month"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "month"], name="measure_value_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="measure_value_month_is_its_first_day"),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__isnull=False, denominator__isnull=False, value__isnull=True),
                name="measure_value_is_one_number_or_two",
            ),
            models.CheckConstraint(
                condition=(Q(numerator__isnull=True) | Q(numerator__gte=0))
                & (Q(denominator__isnull=True) | Q(denominator__gte=0))
                & (Q(value__isnull=True) | Q(value__gte=0)),
                name="measure_value_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True) | Q(denominator__gt=0) | Q(numerator=0),
                name="measure_value_is_out_of_something",
            ),
        ]

    def __str__(self):
        return f"{self.measure}, {self.month:%B %Y}"

    @property
    def is_taken_out(self) -> bool:
        return self.numerator is None and self.value is None

    @property
    def numbers(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        return self.numerator, self.denominator, self.value
