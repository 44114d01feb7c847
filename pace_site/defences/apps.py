"""Defences: what every answer carries and no record holds: headers, limits of use, and logs that tell no names."""

from django.apps import AppConfig


class DefencesConfig(AppConfig):
    name = "pace_site.defences"
    label = "defences"

    def ready(self):
        from pace_site.defences import checks  # noqa: F401  (they register themselves)
