"""Long work: what a person asked for, how far it is, and what came of it."""

from django.apps import AppConfig


class LongWorkConfig(AppConfig):
    name = "pace_site.long_work"
    label = "long_work"
    verbose_name = "Long work"

    def ready(self):
        from pace_site.long_work import carrying_out  # noqa: F401 - it listens for work that failed
