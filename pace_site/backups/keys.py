"""Keys of backups, as the program `age` writes them: public ones on the server, private ones with whoever restores."""

from pathlib import Path

import pyrage
from django.conf import settings

from pace_site.backups.refusal import BackupRefused, words_of

PRIVATE = "AGE-SECRET-KEY-"


def recipients() -> list[pyrage.x25519.Recipient]:
    """The public keys of BACKUP_RECIPIENTS: whoever holds the private key of one can read the backup."""
    if not settings.BACKUP_RECIPIENTS:
        raise BackupRefused("Set BACKUP_RECIPIENTS to the public keys (age1...) of those who may restore a backup.")
    found = []
    for text in settings.BACKUP_RECIPIENTS:
        if text.strip().upper().startswith(PRIVATE):
            raise BackupRefused("BACKUP_RECIPIENTS has a private key. It takes public keys (age1...) alone.")
        try:
            found.append(pyrage.x25519.Recipient.from_str(text.strip()))
        except pyrage.RecipientError:
            raise BackupRefused(f"{text.strip()!r} in BACKUP_RECIPIENTS is not a public key (age1...).") from None
    return found


def identities(path: Path | str) -> list[pyrage.x25519.Identity]:
    """The private keys in a file as `age-keygen` writes it; comments and empty lines are passed over."""
    if not path:
        raise BackupRefused("Name the file with the private key: --identity FILE, or BACKUP_IDENTITY_FILE.")
    try:
        lines = [line.strip() for line in Path(path).read_text(encoding="utf-8").splitlines()]
        keys = [line for line in lines if line and not line.startswith("#")]
        found = [pyrage.x25519.Identity.from_str(key) for key in keys]
    except OSError as error:
        raise BackupRefused(words_of(error, path)) from None
    except (UnicodeDecodeError, pyrage.IdentityError):
        raise BackupRefused(f"{path} is not a file of private keys ({PRIVATE}...).") from None
    if not found:
        raise BackupRefused(f"{path} has no private key.")
    return found
