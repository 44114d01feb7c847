"""Open a page as its person does: what it asks of the database, what it sends, and its time turn about with its floor.

Each opening comes after a change of the council's records, so that nothing kept from an earlier one helps it.
"""

import gzip
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from children.models import Child
from pace_site.accounts.models import User
from pace_site.accounts.second_factor import MARK
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from tests.bench.councils import Council
from tests.bench.floors import Floor
from tests.bench.pages import MainPage

STATIC = re.compile(r'(?:href|src)="/static/([^"?]+)"')
# Of style sheets: what else they have the browser fetch.
IN_STYLE = re.compile(r"url\([\"']?(?!data:)([^\"')]+)")


@dataclass(frozen=True)
class Visit:
    """What one opening of a page took and brought."""

    page: MainPage
    client: Client
    address: str
    queries: int
    body: bytes

    @cached_property
    def bytes(self) -> int:
        """As sent, without the bytes that are added by chance."""
        return len(gzip.compress(self.body, 6, mtime=0))

    @cached_property
    def first_bytes(self) -> int:
        """With all style sheets, scripts and pictures that somebody's first visit brings."""
        return self.bytes + sum(map(_sent_once, sorted(set(STATIC.findall(self.body.decode())))))

    def again(self) -> None:
        self.client.get(self.address)


def open_page(page: MainPage, council: Council) -> Visit:
    """Open a page twice, as what a program does once in its life is no part of any page; tell of the second time."""
    client = signed_in(council.person(page.role) if page.role else None)
    address = page.address(council)
    client.get(address)
    change_something(council)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    if response.status_code != 200:
        raise AssertionError(f"{page.name}: {address} answered {response.status_code}.")
    return Visit(page, client, address, len(captured), gzip.decompress(response.content))


def signed_in(user: User | None) -> Client:
    """A browser in which somebody signed in by two steps, or nobody."""
    client = Client(headers={"host": "localhost", "accept-encoding": "gzip"})
    if user is not None:
        client.force_login(user)
        session = client.session
        session[MARK] = {"user": user.pk, "by": "a benchmark"}
        session.save()
    return client


def change_something(council: Council) -> None:
    """Let something of the council's records be other than before."""
    Child.objects.filter(pk=council.child.pk).update(edition=F("edition") + 1)
    record(
        AuditEntry.Action.CHANGE,
        authority=council.organisation,
        record_type="child",
        record_id=council.child.pk,
        child_code=council.child.code,
        by=None,
    )


def floor_of(visit: Visit, council: Council) -> Floor:
    return Floor(visit.page.floor(council), visit.body)


def own_milliseconds(action: Callable[[], object]) -> float:
    """What this process itself worked, whatever else the machine did meanwhile."""
    begun = time.process_time()
    action()
    return (time.process_time() - begun) * 1000


def milliseconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return (time.perf_counter() - begun) * 1000


def _sent_once(name: str) -> int:
    """The bytes of a static file as it is sent, and of what a style sheet fetches."""
    path = Path(finders.find(name) or Path(settings.BASE_DIR) / "static" / name)
    content = path.read_bytes()
    fetched = IN_STYLE.findall(content.decode()) if path.suffix == ".css" else []
    return len(gzip.compress(content, 6)) + sum(len((path.parent / each).read_bytes()) for each in set(fetched))
