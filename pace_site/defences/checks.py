"""What `manage.py check --deploy` says of the file in which the records lie."""

import stat
from pathlib import Path

from django.core.checks import Tags, Warning, register
from django.db import connection

BESIDE = ("", "-wal", "-shm")


@register(Tags.security, deploy=True)
def database_file_is_its_owners(app_configs, **_kwargs):
    """An SQLite file holds names as text: whoever may read it needs no account here."""
    if connection.vendor != "sqlite":
        return []
    files = [Path(f"{connection.settings_dict['NAME']}{ending}") for ending in BESIDE]
    if not any(file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077 for file in files):
        return []
    return [
        Warning(
            "Others on this machine may read the database file, and names in it.",
            hint="chmod 600 it, and start the web server, workers and commands with UMask=0077.",
            id="pace.W002",
        )
    ]
