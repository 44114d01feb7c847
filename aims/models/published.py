"""Published months: counts of each aim at the end of a month, as they may leave the authority. Never changed."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from aims.models.aims import AimVersion
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.own_organisation import OwnOrganisationQuerySet


class PublishedMonthQuerySet(OwnOrganisationQuerySet):
    organisation_path = "authority"

    def standing(self):
        """Those that nobody withdrew."""
        return self.filter(withdrawn_at__isnull=True)


class PublishedAimQuerySet(OwnOrganisationQuerySet):
    organisation_path = "month__authority"


class PublishedMonth(models.Model):
    """That an authority's figures as at the end of a month were published, and under which threshold."""

    authority = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="published_months",
        help_text="The council whose figures they are.",
    )
    month_end = models.DateField(help_text="The last day of the month, as at which the figures are.")
    smallest_shown = models.PositiveSmallIntegerField(help_text="Counts from 1 to below this were hidden.")
    published_at = models.DateTimeField(auto_now_add=True, help_text="When it was published.")
    published_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who published it; empty where a command did.",
    )
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was withdrawn; empty while it stands."
    )
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who withdrew it."
    )
    withdrawn_reason = models.CharField(max_length=200, blank=True, help_text="Why it was withdrawn.")

    objects = PublishedMonthQuerySet.as_manager()

    class Meta:
        ordering = ["-month_end"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "month_end"], name="month_published_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="month_withdrawn_has_time_person_and_reason",
            ),
        ]

    def __str__(self):
        return f"{self.month_end:%B %Y}"

    def get_absolute_url(self):
        return reverse("published_month", kwargs={"month": f"{self.month_end:%Y-%m}"})

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class PublishedAim(models.Model):
    """One aim of a published month: its true counts by column, for the next month's choice, and which are hidden.

    `counts` never leaves this table but through `aims.published.figures`, which leaves out what is hidden.
    """

    month = models.ForeignKey(
        PublishedMonth, on_delete=models.CASCADE, related_name="aims", help_text="The month that it belongs to."
    )
    version = models.ForeignKey(
        AimVersion,
        on_delete=models.PROTECT,
        related_name="published",
        help_text="The version of the aim that its figures follow.",
    )
    counts = models.JSONField(help_text="The true counts by column.")
    hidden = models.JSONField(help_text="The columns whose counts are hidden.")

    objects = PublishedAimQuerySet.as_manager()

    class Meta:
        ordering = ["month", "version__aim__code"]
        constraints = [models.UniqueConstraint(fields=["month", "version"], name="version_once_in_a_published_month")]

    def __str__(self):
        return f"{self.version} in {self.month}"
