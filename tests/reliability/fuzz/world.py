"""Two authorities, somebody of each role who has signed in, and the rows as they are before anything is sent."""

from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone

from aims.feed.actions import make_token, switch_feed
from pace_site.accounts.belonging import USED_AT
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.roles import Role
from pace_site.accounts.second_factor import MARK
from pace_site.accounts.sessions import SessionStore
from tests.builders import person
from tests.front.every_page import BY_TOKEN, NEEDS, PUBLIC, Page
from tests.front.two_authorities import TwoAuthorities, two_authorities
from tests.reliability.fuzz.judging import Ledger
from tests.reliability.fuzz.sending import Sent

# A program that reads the feed, by its token.
PROGRAM = "a program"


class World:
    """What there is before anything is sent."""

    def __init__(self):
        self.sides: TwoAuthorities = two_authorities()
        self.people = {role: self._somebody(role) for role in Role.values}
        self.cookies = {role: self._signed_in(user) for role, user in self.people.items()}
        lead = self.people[Role.PACE_LEAD]
        switch_feed(on=True, by=lead)
        _row, self.token = make_token(label="Fuzz", expires_on=timezone.localdate() + timedelta(days=30), by=lead)
        self.ledger = Ledger.opened()
        self.plausible = tuple(sorted(self._plausible()))

    def _somebody(self, role: str) -> User:
        if role == Role.NATIONAL_ANALYST:
            return person(role, organisation=Organisation.objects.get(kind=Organisation.Kind.NATIONAL))
        user = person(role, of_team=self.sides.own.team)
        self.sides.allocate_own_to(user)
        return user

    def _signed_in(self, user: User) -> dict[str, str]:
        client = Client()
        client.force_login(user)
        session = client.session
        session[MARK] = {"user": user.pk, "by": "a test"}
        session.save()
        return {name: morsel.value for name, morsel in client.cookies.items()}

    def _plausible(self) -> set[str]:
        """Keys, pseudonyms and codes, of one's own and of others, and what they are called where forms choose."""
        found = {"1", "on", "2026-01-05", "2025-06-30", "2026-01"}
        for side in (self.sides.own, self.sides.other_team, self.sides.elsewhere):
            found |= {side.child.code, side.shut.code, side.adopted.code, side.aim.code, side.child.local_ref}
            found |= {str(row.pk) for row in side.rows.values()}
        return found | {f"person-{self.people[Role.PACE_LEAD].pk}"}

    def may_use(self, page: Page) -> tuple[str, ...]:
        if NEEDS[page.name] == BY_TOKEN:
            return (PROGRAM, PROGRAM, "")
        if NEEDS[page.name] == PUBLIC:
            return ("", Role.PACE_LEAD.value)
        return tuple(role for role, user in self.people.items() if page.is_allowed_for(user)) or ("",)

    def keep_signed_in(self) -> None:
        """Say of every session that it was used just now: what is undone cannot say so, and a run takes long."""
        for cookies in self.cookies.values():
            session = SessionStore(cookies[settings.SESSION_COOKIE_NAME])
            session[USED_AT] = int(timezone.now().timestamp())
            session.save()

    def client(self, by: str) -> Client:
        client = Client()
        for name, value in self.cookies.get(by, {}).items():
            client.cookies[name] = value
        return client

    def send(self, sent: Sent):
        """The answer to a request, of whoever sends it."""
        parts = urlsplit(sent.address)
        headers = {"HTTP_AUTHORIZATION": f"Bearer {self.token}"} if sent.by == PROGRAM else {}
        client = self.client("" if "HTTP_COOKIE" in sent.headers else sent.by)
        return client.generic(
            sent.method.upper(),
            parts.path or "/",
            sent.body,
            content_type=sent.content_type,
            **{"QUERY_STRING": parts.query} | headers | sent.headers,
        )


@contextmanager
def undone():
    """Whatever is written inside is taken back."""
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
