"""Which pages there are: every address of the URL configuration, met by following links as each person of the demo."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

from tests.front.every_page import every_page

HREF = re.compile(r'<a\b[^>]*\bhref="([^"#]+)')
# Of each address so many with other words after "?" are looked at, as they are often pages of another shape.
MOST_QUERIES = 2
# Of addresses with a child, an aim or a row in them so many are followed, so that rarer links behind them are met.
MOST_OF_A_NAME = 2


@dataclass(frozen=True)
class Met:
    """A page that somebody's links lead to."""

    name: str
    address: str
    email: str


def pages_met(get: Callable[[str], str | None], *, email: str, start: str = "/") -> Iterator[Met]:
    """Follow links from the start page; `get` gives the HTML of an address, or None of what is no page."""
    waiting, seen, asked = deque([start]), {start}, {}
    while waiting:
        address = waiting.popleft()
        name = name_of(address)
        if name is None or "logout" in name:
            continue
        kept = asked.setdefault(name, [])
        plain = [each for each in kept if "?" not in each]
        if len(kept) - len(plain) >= MOST_QUERIES and "?" in address or len(plain) >= MOST_OF_A_NAME:
            continue
        html = get(address)
        if html is None:
            continue
        kept.append(address)
        yield Met(name, address, email)
        for href in HREF.findall(html):
            target = urljoin(address, href.replace("&amp;", "&"))
            if urlsplit(target).netloc == "" and target not in seen:
                seen.add(target)
                waiting.append(target)


def name_of(address: str) -> str | None:
    """The name of an address in the URL configuration."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return None


def never_met(met: set[str]) -> list[str]:
    """Names of the URL configuration that no link leads to: addresses of files, fragments, forms and machines."""
    return sorted({page.name for page in every_page()} - met)
