"""Restricted records: closed to all but named people, whatever their roles, until somebody ends the restriction.

Nothing is deleted: that a restriction ended, or that somebody is no longer named, is written beside it (ADR 0020).
"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from children.caseload import ScopedQuerySet
from children.models import Child
from pace_site.accounts.models import User
from pace_site.accounts.own_organisation import OwnOrganisationQuerySet
from pace_site.accounts.permissions import Permission, can


class RestrictionQuerySet(ScopedQuerySet):
    def standing(self):
        return self.filter(ended_at__isnull=True)


class AccessQuerySet(ScopedQuerySet):
    child_path = "restriction__child__"

    def standing(self):
        return self.filter(taken_at__isnull=True)


class Restriction(models.Model):
    """That a child's record is closed; `reason` is shown to nobody who may not open the record."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="restrictions")
    reason = models.TextField(help_text="Shown to nobody who may not open the record.")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who ended it; empty while it stands.",
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        ordering = ["-set_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["child"], condition=Q(ended_at__isnull=True), name="restriction_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="restriction_has_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | (Q(ended_at__gte=F("set_at"), ended_by__isnull=False) & ~Q(end_reason="")),
                name="restriction_ended_by_somebody_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.child} restricted since {timezone.localtime(self.set_at):%d %B %Y}"


class RestrictionAccess(models.Model):
    """That a person is named in a restriction, and may open the record as far as their roles reach."""

    restriction = models.ForeignKey(Restriction, on_delete=models.CASCADE, related_name="accesses")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who may open the record.")
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who took the person's name off again; empty while they are named.",
    )
    taken_at = models.DateTimeField(null=True, blank=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        ordering = ["given_at", "pk"]
        verbose_name_plural = "restriction accesses"
        constraints = [
            models.UniqueConstraint(
                fields=["restriction", "user"], condition=Q(taken_at__isnull=True), name="named_once_in_a_restriction"
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, taken_by__isnull=True)
                | Q(taken_at__gte=F("given_at"), taken_by__isnull=False),
                name="access_taken_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.restriction}"


class BreakGlassQuerySet(OwnOrganisationQuerySet):
    organisation_path = "restriction__child__authority"

    def told_to(self, user: User):
        """Those of which `user` is told: of restrictions that they set and, for a PACE lead, of the whole authority."""
        mine = self.visible_to(user)
        return mine if can(user, Permission.ANSWER_BREAK_GLASS) else mine.filter(restriction__set_by=user.pk)


class BreakGlass(models.Model):
    """That somebody opened a restricted record in an emergency, why, until when, and who looked at it afterwards."""

    restriction = models.ForeignKey(Restriction, on_delete=models.CASCADE, related_name="opened")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who opened the record.")
    reason = models.TextField(help_text="Why, in the words of whoever opened it.")
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(help_text="How long the record stays open to them.")
    mailed_at = models.DateTimeField(null=True, blank=True, help_text="Empty while no e-mail about it has left.")
    looked_at_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who looked at it afterwards; empty while nobody has.",
    )
    looked_at = models.DateTimeField(null=True, blank=True)
    looked_words = models.TextField(blank=True, help_text="What they found.")

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "opening by break-glass"
        verbose_name_plural = "openings by break-glass"
        indexes = [models.Index(fields=["user", "until"], name="break_glass_of_person")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason="") & Q(until__gt=F("at")), name="break_glass_reason_and_end"),
            models.CheckConstraint(
                condition=Q(looked_at__isnull=True, looked_at_by__isnull=True, looked_words="")
                | (Q(looked_at__gte=F("at"), looked_at_by__isnull=False) & ~Q(looked_words="")),
                name="break_glass_looked_at_with_words",
            ),
        ]

    def __str__(self):
        return f"{self.user} on {timezone.localtime(self.at):%d %B %Y %H:%M}"
