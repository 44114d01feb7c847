"""Front: pages and commands that compose several apps."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class FrontConfig(AppConfig):
    name = "pace_site.front"
    label = "front"

    def ready(self):
        from pace_site.front.reports import in_background  # noqa: F401 - a worker must know what it is to make
        from pace_site.front.signing_in import checks, sign_in_trail  # noqa: F401  (the checks register themselves)

        sign_in_trail.connect()


class PaceAdminConfig(AdminConfig):
    default_site = "pace_site.front.admin_site.PaceAdminSite"
