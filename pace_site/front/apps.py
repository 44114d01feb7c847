"""Front: pages and commands that compose several apps."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig

KINDS_OF_LONG_WORK = (
    "pace_site.front.data_quality.export_actions",
    "pace_site.front.data_quality.looking",
    "pace_site.front.imports.in_background",
    "pace_site.front.reports.in_background",
)


class FrontConfig(AppConfig):
    name = "pace_site.front"
    label = "front"

    def ready(self):
        from pace_site.front.signing_in import checks, sign_in_trail  # noqa: F401  (the checks register themselves)
        from pace_site.long_work.kinds import DECLARED_IN
        from pace_site.long_work.workers import ALSO_DELETED

        sign_in_trail.connect()
        DECLARED_IN.extend(KINDS_OF_LONG_WORK)
        ALSO_DELETED.append(delete_old_extracts)


def delete_old_extracts() -> None:
    """Extracts that were sent and not taken in, and what records said before those that were: both have names."""
    from milestones.extract.actions import delete_old_files  # slow to import, and of use to workers alone

    delete_old_files()


class PaceAdminConfig(AdminConfig):
    default_site = "pace_site.front.admin_site.PaceAdminSite"
