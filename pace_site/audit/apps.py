"""Audit: who did what to which record, append-only."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "pace_site.audit"
    label = "audit"
    verbose_name = "Audit trail"

    def ready(self):
        from pace_site.audit.guards import seal_and_guard

        post_migrate.connect(seal_and_guard, sender=self)
