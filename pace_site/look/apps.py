"""Look: what every page shares."""

from django.apps import AppConfig


class LookConfig(AppConfig):
    name = "pace_site.look"
    label = "look"
