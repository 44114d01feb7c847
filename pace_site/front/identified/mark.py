"""What stands on every page and every sheet of a file of children by name: how it is protected, who took it, when."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from pace_site.accounts.models import User
from pace_site.look.words import british_moment

MARKING = "OFFICIAL-SENSITIVE: PERSONAL"
# Digits and capitals that nobody mistakes for one another when a number is read out from paper.
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
# A name or an address of any length would push the list off its own page; the trail has them whole.
LONGEST = 60


@dataclass(frozen=True)
class Mark:
    """`number` is that of the export, by which the audit trail finds it."""

    number: str
    name: str
    email: str
    at: datetime

    @property
    def when(self) -> str:
        return british_moment(self.at)

    @property
    def exported(self) -> str:
        return f"Exported by {self.name}, {self.email}, on {self.when}"

    @property
    def numbered(self) -> str:
        return f"Export {self.number}"

    @property
    def line(self) -> str:
        """All of it in one line."""
        return f"{MARKING}. {self.exported}. {self.numbered}."


def mark_of(by: User, *, at: datetime) -> Mark:
    """A mark with a number of its own."""
    return Mark(number=_new_number(), name=_shortened(str(by)), email=_shortened(by.email), at=at)


def _new_number() -> str:
    """Eight signs by chance, as 7K4M-9QPT: nobody guesses a number from another."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(8))
    return f"{signs[:4]}-{signs[4:]}"


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
