"""Reports as they are issued: over several aims, with their files. No page issued any before, so none is carried over."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("aims", "0004_aim_groups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.DeleteModel(name="Report"),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", ID.clone()),
                ("as_at", models.DateField()),
                ("content", models.JSONField()),
                ("issued_at", models.DateTimeField(auto_now_add=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issued_reports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="following",
                        to="aims.report",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-as_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True), ("withdrawn_reason", "")
                        )
                        | (
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False))
                            & ~models.Q(("withdrawn_reason", ""))
                        ),
                        name="report_withdrawn_has_time_person_and_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportedAim",
            fields=[
                ("id", ID.clone()),
                ("figures", models.JSONField()),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="aims", to="aims.report"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reported", to="aims.aimversion"
                    ),
                ),
            ],
            options={
                "ordering": ["report", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=["report", "version"], name="version_once_in_a_report")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportFile",
            fields=[
                ("id", ID.clone()),
                ("format", models.CharField(max_length=8)),
                ("name", models.CharField(max_length=80)),
                ("content_type", models.CharField(max_length=100)),
                ("body", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="aims.report"
                    ),
                ),
            ],
            options={
                "ordering": ["report", "format"],
                "constraints": [
                    models.UniqueConstraint(fields=["report", "format"], name="format_once_in_a_report"),
                    models.CheckConstraint(
                        condition=~models.Q(("sha256", "")), name="report_file_has_a_checksum"
                    ),
                ],
            },
        ),
    ]
