"""Issued reports: what was said, by which versions of which aims, in which files. Never changed, only withdrawn."""

from hashlib import sha256

from django.db import models
from django.db.models import Q
from django.urls import reverse

from pace_site.accounts.models import Organisation, User
from pace_site.accounts.own_organisation import OwnOrganisationQuerySet


class ReportQuerySet(OwnOrganisationQuerySet):
    organisation_path = "authority"


class OfReportQuerySet(OwnOrganisationQuerySet):
    """What hangs on a report of the person's own organisation."""

    organisation_path = "report__authority"


class Report(models.Model):
    """A frozen issue of the highlight report. `content` holds its words and figures as they were shown."""

    authority = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="reports", help_text="The council whose report it is."
    )
    as_at = models.DateField(help_text="The day as at which its figures are.")
    previous = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="following",
        help_text="The report whose figures it says the changes from.",
    )
    content = models.JSONField(help_text="Its words and figures as they were shown.")
    issued_at = models.DateTimeField(auto_now_add=True, help_text="When it was issued.")
    issued_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="issued_reports", help_text="Who issued it."
    )
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was withdrawn; empty while it stands."
    )
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who withdrew it."
    )
    withdrawn_reason = models.CharField(max_length=200, blank=True, help_text="Why it was withdrawn.")

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-as_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="report_withdrawn_has_time_person_and_reason",
            ),
        ]

    def __str__(self):
        return f"Report as at {self.as_at.day} {self.as_at:%B %Y}"

    def get_absolute_url(self):
        return reverse("report", kwargs={"pk": self.pk})

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class ReportedAim(models.Model):
    """One aim of a report: the version that defined it, and its figures in the shape of `measure_aims`.

    `clocks` are those that it counted, in the form of `aims.reports.frozen_clocks`; None where none were kept yet.
    """

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="aims", help_text="The report that speaks of the aim."
    )
    version = models.ForeignKey(
        "aims.AimVersion",
        on_delete=models.PROTECT,
        related_name="reported",
        help_text="The version of the aim that its figures follow.",
    )
    figures = models.JSONField(help_text="The figures, in the shape of `measure_aims`.")
    clocks = models.BinaryField(
        null=True, help_text="The clocks that it counted, compressed; empty in reports of before they were kept."
    )

    objects = OfReportQuerySet.as_manager()

    class Meta:
        ordering = ["report", "pk"]
        constraints = [models.UniqueConstraint(fields=["report", "version"], name="version_once_in_a_report")]

    def __str__(self):
        return f"{self.version} in {self.report}"


class ReportFile(models.Model):
    """One file of a report, with the checksum that it had when it was issued."""

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="files", help_text="The report that it is a file of."
    )
    format = models.CharField(max_length=8, help_text="The ending of its name.")
    name = models.CharField(max_length=80, help_text="The name under which it is handed out.")
    content_type = models.CharField(max_length=100, help_text="What a browser is told that it is.")
    body = models.BinaryField(help_text="The file itself.")
    sha256 = models.CharField(max_length=64, help_text="Checksum of the file when it was issued.")

    objects = OfReportQuerySet.as_manager()

    class Meta:
        ordering = ["report", "format"]
        constraints = [
            models.UniqueConstraint(fields=["report", "format"], name="format_once_in_a_report"),
            models.CheckConstraint(condition=~Q(sha256=""), name="report_file_has_a_checksum"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_whole(self) -> bool:
        """Whether the file is still the one that was issued."""
        return sha256(bytes(self.body)).hexdigest() == self.sha256
