"""What every command of the contract shares: the authority it speaks of, dates, and its exit codes (`design.md` 4)."""

import os
import pwd
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError

from pace_site.accounts.models import Organisation
from pace_site.config.outages import outage_of

REJECTED = 1
USAGE = 2


def iso_date(text: str) -> date:
    """Read 2018-11-01, and no other form, for argparse."""
    try:
        if len(text) != len("2018-11-01"):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date like 2018-11-01") from None


_acting: ContextVar[str] = ContextVar("acting_command", default="")


def acting_command() -> str:
    """The command that is running and who runs it on the machine, for the audit trail; empty where nothing says so."""
    return _acting.get()


@contextmanager
def acting_as(who: str) -> Iterator[None]:
    """Let the audit trail say `who` of what is done inside, where nobody is signed in."""
    token = _acting.set(who)
    try:
        yield
    finally:
        _acting.reset(token)


def machine_user() -> str:
    """The operating-system user of this process, and whoever became that by sudo."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = f"user {os.getuid()}"
    asked = os.environ.get("SUDO_USER", "")
    return f"{name} for {asked}" if asked and asked != name else name


class NamedCommand(BaseCommand):
    """A command whose name stands in the audit trail for whatever it does."""

    def execute(self, *args, **options):
        try:
            with acting_as(f"command {type(self).__module__.rpartition('.')[2]} ({machine_user()})"):
                return super().execute(*args, **options)
        except (DatabaseError, InterfaceError) as error:
            if (outage := outage_of(error)) is None:
                raise
            raise CommandError(f"{outage.value} What was not finished was undone.", returncode=REJECTED) from error


class AuthorityCommand(NamedCommand):
    """A command about one authority, named by `--authority`."""

    def add_arguments(self, parser):
        parser.add_argument("--authority", required=True, metavar="CODE", help="Official code, for example S12000019.")

    def authority(self, code: str, **more) -> Organisation:
        """Find the authority (`more` narrows what it may be); refuse a code that nobody has."""
        try:
            return Organisation.objects.get(code=code, **more)
        except Organisation.DoesNotExist:
            raise CommandError(f"There is no authority with the code {code!r}.", returncode=REJECTED) from None
