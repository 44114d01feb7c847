"""What a page can be asked: the keys that it looks for, and the forms that it shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from tests.front.every_page import Page

Pairs = tuple[tuple[str, str], ...]
MOST_FORMS = 16
MOST_PAIRS = 200
# By kind of a field of HTML: what somebody types there.
WORDS = "Typed at some length by a fuzzer"
TYPED = {"date": "2026-01-05", "month": "2026-01", "number": "1", "email": "fuzz@council.example", "hidden": "1"}


@dataclass
class Known:
    """A page and everything that it was seen to take."""

    page: Page
    takes_forms: bool = True
    people: tuple[str, ...] = ()  # of those who may open it, those whose forms it takes
    keys: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    forms: tuple[Pairs, ...] = ()
    options: dict[str, tuple[str, ...]] = field(default_factory=dict)


class FormReader(HTMLParser):
    """The forms of a page as a browser would send them untouched, and the queries of its links."""

    def __init__(self, html: str):
        super().__init__()
        self.forms: list[Pairs] = []
        self.options: dict[str, set[str]] = {}
        self.files: set[str] = set()
        self.keys: set[str] = set()
        self.kinds: dict[str, str] = {}
        self.invalid: set[str] = set()
        self._ticks: list[tuple[str, str]] = []
        self.ticks: dict[Pairs, Pairs] = {}
        self._pairs: list[tuple[str, str]] | None = None
        self._select = self._area = ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        name = given.get("name", "")
        if tag == "form":
            self._pairs, self._ticks = [], []
        elif tag == "a":
            self.keys |= {key for key, _value in parse_qsl(urlsplit(given.get("href", "")).query)}
        elif tag == "select":
            self._select = name
            self._add(name, "")
        elif tag == "option":
            self.options.setdefault(self._select, set()).add(given.get("value", ""))
            if "selected" in given and self._pairs:
                self._pairs[-1] = (self._select, given.get("value", ""))
        elif tag == "textarea":
            self._area = name
            self._add(name, "")
        if "is-invalid" in given.get("class", "") and name:
            self.invalid |= {name}
        if tag in ("input", "button") and name and name != "csrfmiddlewaretoken":
            self._input(name, given)

    def _input(self, name: str, given: dict[str, str]) -> None:
        kind, value = given.get("type", ""), given.get("value", "on" if given.get("type") == "checkbox" else "")
        self.kinds[name] = kind
        if kind == "file":
            self.files |= {name}
            return
        if kind in ("checkbox", "radio", "submit"):
            self.options.setdefault(name, set()).add(value)
            self.keys |= {name}
            self._ticks.append((name, value))
        if kind not in ("checkbox", "radio") or "checked" in given:
            self._add(name, value)

    def handle_data(self, data):
        if self._area and self._pairs is not None:
            self._pairs[-1] = (self._area, data.removeprefix("\n"))

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form" and self._pairs is not None:
            if self._pairs:
                self.forms.append(tuple(self._pairs[:MOST_PAIRS]))
                self.ticks[self.forms[-1]] = tuple(self._ticks)
            self._pairs = None

    def filled(self) -> Iterator[Pairs]:
        """The forms as somebody might fill them in: something of its kind in each empty field, with a box ticked."""
        for form in self.forms:
            yield tuple((name, value or self._typed(name)) for name, value in form)
            if ticks := [tick for tick in self.ticks[form] if tick not in form]:
                named = dict(ticks)
                rest = tuple((name, value or self._typed(name)) for name, value in form if name not in named)
                yield (*rest, *named.items())

    def _typed(self, name: str) -> str:
        chosen = sorted(value for value in self.options.get(name, ()) if value)
        return chosen[0] if chosen else TYPED.get(self.kinds.get(name, ""), WORDS)

    def _add(self, name: str, value: str) -> None:
        self.keys |= {name}
        if self._pairs is not None:
            self._pairs.append((name, value))


@contextmanager
def asked_keys() -> Iterator[set[str]]:
    """The keys for which queries and forms are asked meanwhile."""
    asked: set[str] = set()

    def listening(name: str):
        plain = getattr(MultiValueDict, name)

        def listen(self, key, *more):
            if isinstance(self, QueryDict) and isinstance(key, str):
                asked.add(key)
            return plain(self, key, *more)

        return patch.object(MultiValueDict, name, listen)

    with listening("__getitem__"), listening("get"), listening("getlist"), _contains(asked):
        yield asked
    asked.discard("csrfmiddlewaretoken")


def _contains(asked: set[str]):
    def listen(self, key):
        if isinstance(key, str):
            asked.add(key)
        return dict.__contains__(self, key)

    return patch.object(QueryDict, "__contains__", listen, create=True)
