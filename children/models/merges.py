"""That two records are of one child, or that somebody looked and they are not (ADR 0026).

Nothing is deleted: the record that was given up stays, empty and pointing to the one that was kept, until somebody
undoes the merge.
"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from children.caseload import ScopedQuerySet
from children.models.records import Child
from pace_site.accounts.models import User


class MergeQuerySet(ScopedQuerySet):
    child_path = "kept__"

    def standing(self):
        return self.filter(undone_at__isnull=True)


class Merge(models.Model):
    """That the record `other` became part of `kept`, what moved, and what was set aside as said already."""

    kept = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="merges", help_text="The record that goes on."
    )
    other = models.ForeignKey(
        Child,
        on_delete=models.CASCADE,
        related_name="merged",
        help_text="The record that was given up, and points to the kept one.",
    )
    moved = models.JSONField(
        default=dict,
        help_text="The rows that moved to the kept record: by model, key and edition as the merge left them.",
    )
    set_aside = models.JSONField(
        default=dict,
        help_text="The rows that said only what the kept record says, and were voided: by model, key and edition.",
    )
    filled = models.JSONField(default=list, help_text="The fields of the kept record that were empty before.")
    reason = models.TextField(help_text="Why both are of one child.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who merged them.")
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who took the merge back; empty while it stands.",
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_reason = models.TextField(blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["other"], condition=Q(undone_at__isnull=True), name="merged_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(kept=F("other")) & ~Q(reason=""), name="merge_of_two_with_a_reason"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undone_reason="")
                | (Q(undone_at__gte=F("at"), undone_by__isnull=False) & ~Q(undone_reason="")),
                name="merge_undone_by_somebody_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.other} into {self.kept}"


class NotTheSameQuerySet(ScopedQuerySet):
    child_path = "first__"


class NotTheSame(models.Model):
    """That two records look alike and somebody said that they are of two children; `first` has the lower key."""

    first = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="told_apart_first", help_text="The record with the lower key."
    )
    second = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="told_apart_second", help_text="The record with the higher key."
    )
    reason = models.TextField(help_text="How somebody knows that they are two children.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who says so.")
    at = models.DateTimeField(default=timezone.now)

    objects = NotTheSameQuerySet.as_manager()

    class Meta:
        verbose_name = "pair told apart"
        verbose_name_plural = "pairs told apart"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="told_apart_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")) & ~Q(reason=""), name="told_apart_in_order"),
        ]

    def __str__(self):
        return f"{self.first} is not {self.second}"
