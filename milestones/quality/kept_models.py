"""What is kept of data quality: the last look through all records, what was accepted, and the counts of months."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from children.caseload import ScopedQuerySet
from children.models import Child
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.own_organisation import OwnOrganisationQuerySet


class LookThroughQuerySet(OwnOrganisationQuerySet):
    organisation_path = "authority"


class LookThrough(models.Model):
    """The last time that the rules of data quality went through all records of an authority.

    `last_entry` is the newest entry of the audit trail then: whose records changed since is read from the trail.
    """

    authority = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="look_through")
    as_at = models.DateField(help_text="The day of which it speaks.")
    at = models.DateTimeField(default=timezone.now, help_text="When it was made.")
    last_entry = models.BigIntegerField(default=0, help_text="The newest entry of the audit trail then.")
    children = models.PositiveIntegerField(default=0, help_text="How many children were looked at.")

    objects = LookThroughQuerySet.as_manager()

    def __str__(self):
        return f"{self.authority} as at {self.as_at}"


class KeptFinding(models.Model):
    """One finding of the last look through an authority's records: made anew each time, and never edited."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="kept_findings")
    rule = models.PositiveSmallIntegerField(help_text="The number of the rule.")
    severity = models.CharField(max_length=1, help_text="E error, W warning, I information.")
    message = models.TextField(help_text="What is wrong, without a name.")
    key = models.TextField(blank=True, help_text="The records that it is about: model and primary key of each.")
    about = models.JSONField(default=list, help_text="The fields in doubt, with the days that each concerns.")
    fingerprint = models.CharField(
        max_length=64, help_text="The hash of the facts; another as soon as one of them changes."
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["child", "rule", "pk"]

    def __str__(self):
        return f"{self.child}: rule {self.rule}"


class AcceptedFindingQuerySet(ScopedQuerySet):
    def standing(self):
        return self.filter(taken_back_at__isnull=True)


class AcceptedFinding(models.Model):
    """That somebody looked at a finding and says that the record is true as it stands, and why.

    It holds for these facts alone: when one of them changes, so does the `fingerprint`, and the finding is back.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="accepted_findings")
    rule = models.PositiveSmallIntegerField(help_text="The number of the rule.")
    fingerprint = models.CharField(max_length=64, help_text="The hash of the facts as they were accepted.")
    message = models.TextField(help_text="What the finding said then.")
    reason = models.TextField(help_text="Why the record is true as it stands.")
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(default=timezone.now)
    taken_back_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who took it back; empty while it is accepted.",
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = AcceptedFindingQuerySet.as_manager()

    class Meta:
        ordering = ["-accepted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "rule", "fingerprint"],
                condition=Q(taken_back_at__isnull=True),
                name="finding_accepted_once_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="accepted_finding_has_a_reason"),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | Q(taken_back_at__gte=F("accepted_at"), taken_back_by__isnull=False),
                name="accepted_finding_taken_back_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.child}: rule {self.rule} accepted"


class MonthOfFindings(models.Model):
    """How many findings there were at the end of a month, as the records were known on `counted_on`.

    Counted once, soon after the month; months from before the first look were counted then. `counts` has a list of
    team key (None for no team), rule, findings, and how many of them were accepted.
    """

    authority = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="months_of_findings")
    month_end = models.DateField(help_text="The last day of the month.")
    counted_on = models.DateField(default=timezone.localdate, help_text="The day on which it was counted.")
    counts = models.JSONField(
        default=list, help_text="By team and rule: how many findings, and how many of them were accepted."
    )

    objects = LookThroughQuerySet.as_manager()

    class Meta:
        ordering = ["month_end"]
        verbose_name_plural = "months of findings"
        constraints = [
            models.UniqueConstraint(fields=["authority", "month_end"], name="month_of_findings_counted_once"),
        ]

    def __str__(self):
        return f"{self.authority}: {self.month_end}"
