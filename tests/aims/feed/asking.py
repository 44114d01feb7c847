"""Published months, tokens, and a program that asks with one."""

from datetime import date, timedelta

from django.utils import timezone

from aims.feed.actions import make_token, switch_feed
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from tests.builders import authority, person

ADDRESSES = tuple(
    f"/feed/v1/{what}.{file_format}" for what in ("aims", "aims/MID-1", "dictionary") for file_format in ("json", "csv")
)


def lead(of: Organisation | None = None):
    return person(Role.PACE_LEAD, organisation=of or authority())


def token_of(
    of: Organisation | None = None, *, label: str = "Power BI", on: bool = True, expires_on: date | None = None
):
    """A token and its text; the feed is switched on unless said otherwise."""
    by = lead(of)
    if on:
        switch_feed(on=True, by=by)
    return make_token(label=label, expires_on=expires_on or timezone.localdate() + timedelta(days=30), by=by)


def ask(client, address: str, text: str = "", **headers):
    """Ask as a program does: with the token in the header and nothing else."""
    if text:
        headers["Authorization"] = f"Bearer {text}"
    return client.get(address, headers=headers)
