"""No child stands in an address: not in a link, a form that is asked with GET, a redirect, or the name of a file.

A pseudonym may: it is random, and means nothing to whoever cannot sign in (ADR 0023).
"""

import re
from collections import deque
from html.parser import HTMLParser
from urllib.parse import unquote_plus

import pytest
from django.core.cache import cache

from pace_site.accounts.roles import Role
from tests.builders import person
from tests.front.every_page import SIGNS_OUT, every_page
from tests.front.two_authorities import two_authorities
from tests.front.what_is_sent import POSTED

# Attributes by which a page leads somewhere.
LEADS = frozenset(
    {
        "href",
        "src",
        "action",
        "formaction",
        "hx-get",
        "hx-post",
        "hx-put",
        "hx-patch",
        "hx-delete",
        "data-url",
        "content",
    }
)
# What may be typed into an address: by the field's name, why no name of a child is asked for there.
TYPED = {
    "family": "a pseudonym, and the browser sends nothing else (pattern)",
    "person": "not typed: chosen",
    "q": "the list of an admin page, which is searched by code",
}
CHOSEN = frozenset({"hidden", "checkbox", "radio", "date", "month", "number", "submit", "button"})


class Leads(HTMLParser):
    """The addresses on a page, and the fields into which somebody types before a form is asked with GET."""

    def __init__(self, page: str):
        super().__init__()
        self.addresses: set[str] = set()
        self.typed: dict[str, dict] = {}
        self.by_get = False
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        held = dict(attributes)
        self.addresses |= {value for name, value in attributes if name in LEADS and value}
        if tag == "form":
            self.by_get = held.get("method", "get").lower() == "get" and "hx-post" not in held
        if self.by_get and held.get("name"):
            if held.get("type") == "hidden":
                self.addresses.add(held.get("value") or "")
            if tag == "textarea" or (tag == "input" and held.get("type", "text") not in CHOSEN):
                self.typed[held["name"]] = held

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.by_get = False


def somebody(role: Role, world):
    user = person(role, of_team=world.own.team)
    world.allocate_own_to(user)
    return user


def faults_of(page, response, identity: tuple[str, ...]) -> tuple[list[str], dict[str, dict]]:
    """Whatever tells who a child is in what this answer leads to; and what may be typed into an address."""
    leads = {response.get("Location", ""), response.get("Content-Disposition", ""), response.get("HX-Redirect", "")}
    typed = {}
    if response.get("Content-Type", "").startswith("text/html"):
        found = Leads(response.content.decode())
        leads |= found.addresses
        typed = found.typed
    told = {unquote_plus(each).lower() for each in leads}
    return [f"{page}: {word} in {each}" for each in told for word in identity if word.lower() in each], typed


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.PACE_LEAD, Role.PRACTITIONER])
def test_no_address_tells_who_a_child_is(client, settings, role):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    cache.clear()
    client.raise_request_exception = False
    world = two_authorities()
    user = somebody(role, world)
    client.force_login(user)
    name = world.own.child.identity
    searched = [("search", {"term": word}) for word in (name.given_name, name.family_name, world.own.child.local_ref)]
    faults, asked, shown = [], 0, False
    waiting = deque((page, page.address(world.own)) for page in every_page() if page.name not in SIGNS_OUT)
    typed = {}
    while waiting:
        page, address = waiting.popleft()
        sent = [data for data in POSTED.get(page.name, []) if data] + [data for of, data in searched if of == page.name]
        for response in [client.get(address), *(client.post(address, data) for data in sent)]:
            asked += 1
            shown = shown or name.family_name.encode() in response.content
            found, here = faults_of(page, response, world.own.identity)
            faults += found
            typed |= {(page.name, field): held for field, held in here.items()}
    assert asked > 100
    assert shown, "no page showed the name, so that it could not be found in an address"
    assert not faults, "\n".join(faults)
    assert {field for _page, field in typed} <= TYPED.keys(), typed
    for (page, field), held in typed.items():
        if field == "family":
            assert re.fullmatch(held["pattern"], world.own.child.code), page
            assert not re.fullmatch(held["pattern"], name.family_name), page
