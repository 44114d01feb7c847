"""What goes wrong with backups, in words for whoever runs the command."""

import errno

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class BackupRefused(Exception):
    """A backup was not made, does not hold, or was not restored; the message says why, and nothing was changed."""


def words_of(error: OSError, place: object) -> str:
    """Say what the operating system refused."""
    if error.errno in FULL:
        return f"There is no room left in {place}."
    return f"{place}: {error.strerror or error}."
