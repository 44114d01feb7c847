"""What happened, and what is planned: milestones; imports and findings stand in files of their own."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from children.caseload import KeptQuerySet
from children.closing import ADOPTION_GRANTED
from children.models import Child, Kept
from milestones.catalogue import KIND_CHOICES, ChangePrompt, Precision, Route
from milestones.extract.run_models import (
    ColumnMapping,
    ImportPreview,
    ImportRun,
    ImportUndo,
    ImportUpload,
    MissingAnswer,
    SheetLooks,
)
from milestones.quality.kept_models import AcceptedFinding, KeptFinding, LookThrough, MonthOfFindings
from milestones.revision_mark import RevisionMark
from pace_site.accounts.models import User

__all__ = [
    "AcceptedFinding",
    "ColumnMapping",
    "ImportPreview",
    "ImportRun",
    "ImportUndo",
    "ImportUpload",
    "KeptFinding",
    "LookThrough",
    "Milestone",
    "MissingAnswer",
    "MonthOfFindings",
    "RevisionMark",
    "SheetLooks",
]


class Milestone(Kept):
    """One milestone of one child; voided with a reason, never deleted."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=24, choices=KIND_CHOICES)
    planned_on = models.DateField(null=True, blank=True, help_text="The day for which it is planned.")
    happened_on = models.DateField(
        null=True,
        blank=True,
        help_text="The day on which it happened; the first of the month where only the month is known.",
    )
    precision = models.CharField(
        max_length=8,
        choices=Precision.choices,
        default=Precision.DAY,
        help_text="How exactly the day is known; only an exact day stops a clock.",
    )
    route = models.CharField(
        max_length=8,
        choices=Route.choices,
        blank=True,
        help_text="The plan for permanence that it recommends or decides.",
    )
    outcome = models.CharField(
        max_length=60, blank=True, help_text="What came of it: a code of its kind, or words where the kind has none."
    )
    review_kind = models.CharField(max_length=20, blank=True, help_text="For a review: which one.")
    order_type = models.CharField(max_length=20, blank=True, help_text="For an application or an order: which.")
    pre_birth = models.BooleanField(default=False, help_text="Made before the child was born.")
    first_accommodated_on = models.DateField(
        null=True, blank=True, help_text="Transfers in: when the child was first accommodated, wherever that was."
    )
    source = models.CharField(
        max_length=40, blank=True, help_text="Where the date was read: review minute, panel minute ..."
    )
    note = models.TextField(blank=True, help_text="Anything else that a colleague should know.")
    change_reason = models.CharField(max_length=200, blank=True, help_text="Why the plan changed.")
    change_prompt = models.CharField(
        max_length=20, choices=ChangePrompt.choices, blank=True, help_text="What led to the change of plan."
    )
    concurrent_route = models.CharField(
        "concurrent plan", max_length=8, choices=Route.choices, blank=True, help_text="Planned for at the same time."
    )
    recorded_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recorded_milestones",
        help_text="Who typed it in; empty of an extract.",
    )
    recorder = models.CharField(max_length=80, blank=True, help_text="Who recorded it, as the extract names them.")
    recorded_on = models.DateField(default=timezone.localdate, help_text="The day on which it came into the program.")

    objects = KeptQuerySet.as_manager()

    class Meta:
        ordering = ["child", "happened_on", "pk"]
        indexes = [
            models.Index(fields=["kind", "child"]),
            models.Index(fields=["child"], condition=ADOPTION_GRANTED, name="milestone_adoption_granted"),
        ]
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                condition=Q(happened_on__isnull=True) | Q(happened_on__lte=F("recorded_on")),
                name="milestone_not_in_the_future",
            ),
            models.CheckConstraint(
                condition=~Q(precision=Precision.UNKNOWN) | Q(happened_on__isnull=True),
                name="milestone_unknown_date_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(precision=Precision.UNKNOWN) | Q(happened_on__isnull=False) | Q(planned_on__isnull=False),
                name="milestone_has_a_date_or_says_unknown",
            ),
        ]

    def __str__(self):
        return f"{self.child} {self.get_kind_display()}"
