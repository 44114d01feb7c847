"""Operations: what whoever runs the site asks of it, and what it does without being asked."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "pace_site.operations"
    label = "operations"
