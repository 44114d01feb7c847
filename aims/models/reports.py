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

    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reports")
    as_at = models.DateField()
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="following")
    content = models.JSONField()
    issued_at = models.DateTimeField(auto_now_add=True)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="issued_reports")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_reason = models.CharField(max_length=200, blank=True)

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

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="aims")
    version = models.ForeignKey("aims.AimVersion", on_delete=models.PROTECT, related_name="reported")
    figures = models.JSONField()
    clocks = models.BinaryField(null=True)

    objects = OfReportQuerySet.as_manager()

    class Meta:
        ordering = ["report", "pk"]
        constraints = [models.UniqueConstraint(fields=["report", "version"], name="version_once_in_a_report")]

    def __str__(self):
        return f"{self.version} in {self.report}"


class ReportFile(models.Model):
    """One file of a report, with the checksum that it had when it was issued."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(max_length=8)
    name = models.CharField(max_length=80)
    content_type = models.CharField(max_length=100)
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)

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
