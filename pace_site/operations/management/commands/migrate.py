"""Django's `migrate`, which on PostgreSQL waits for nobody's lock long, and for another one that migrates."""

import os

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections

from pace_site.accounts.command_line import REJECTED

# Any number, the same for all who migrate, that no other advisory lock of this database has.
MIGRATORS_LOCK = 7_022_032
LOCK_NOT_AVAILABLE = "55P03"


class Command(migrate.Command):
    help = (
        f"{migrate.Command.help} On PostgreSQL a table that is in use is waited for no longer than "
        "MIGRATE_LOCK_TIMEOUT (5s), so that nobody's page waits behind it; and two at once go one after another."
    )

    def handle(self, *args, **options):
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            return super().handle(*args, **options)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATORS_LOCK])
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [lock_timeout()])
        try:
            return super().handle(*args, **options)
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) != LOCK_NOT_AVAILABLE:
                raise
            raise CommandError(
                "A table was in use for longer than MIGRATE_LOCK_TIMEOUT. The migration that was under way was undone; "
                "run this again at a quieter moment.",
                returncode=REJECTED,
            ) from error
        finally:
            if connection.is_usable():  # one that was lost has let go of both
                with connection.cursor() as cursor:
                    cursor.execute("RESET lock_timeout")
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATORS_LOCK])


def lock_timeout() -> str:
    """As PostgreSQL reads it, for example 5s; 0 waits for ever."""
    return os.environ.get("MIGRATE_LOCK_TIMEOUT") or "5s"
