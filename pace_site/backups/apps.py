"""Backups: the whole database in one encrypted file, and back (ADR 0021)."""

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "pace_site.backups"
    label = "backups"
    verbose_name = "Backups"
