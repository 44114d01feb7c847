"""Ask every page for everything that it does not expect, each time from the same rows."""

import json
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from unittest.mock import patch
from urllib.parse import urlencode

from django.utils import timezone
from hypothesis import given, seed

from aims.reports.actions import FORMATS
from tests.aims.feed.shape import faults_in
from tests.front.every_page import BY_TOKEN, NEEDS, Page, every_page
from tests.front.what_is_sent import POSTED
from tests.reliability.fuzz.judging import Fault, written_tables
from tests.reliability.fuzz.known_pages import MOST_FORMS, FormReader, Known, Pairs, asked_keys
from tests.reliability.fuzz.sending import Sent, requests
from tests.reliability.fuzz.trying import so_many
from tests.reliability.fuzz.world import World, undone

# Pages whose GET writes, and why: the first file that leaves makes the secret of its authority's pseudonyms.
WRITES_WHEN_READ = ("national_dataset_file",)
# Pages that keep what they tell, and why: an import that could not be taken in says so for as long as it is listed.
KEEPS_ITS_ERROR = ("import",)
# A page that takes forms is sent so many times as much as one that is only read.
FORMS_WEIGH = 4
# Every page is come back to so often, so that a run that is stopped has been everywhere.
ROUNDS = 4
# What to try in a field that is refused.
ELSE = (
    lambda world: world.sides.own.child.code,
    lambda _world: "12",
    lambda _world: timezone.localdate().isoformat(),
    lambda _world: "",
    lambda _world: "https://council.example/",
    lambda _world: (timezone.localdate() + timedelta(days=30)).isoformat(),
)
ERRORS = ("error-summary", "is-invalid", "errorlist")


@dataclass
class Met:
    """What came of it: inputs by kind of answer, and faults in words."""

    answers: Counter = field(default_factory=Counter)
    pages: Counter = field(default_factory=Counter)
    changes: int = 0
    faults: dict[tuple, str] = field(default_factory=dict)  # by kind and place: the first request that shows it
    shown_by: dict[tuple, list[str]] = field(default_factory=dict)

    def note(self, page: str, problem: BaseException) -> None:
        """Keep each fault once, however many pages and requests show it."""
        if isinstance(problem, BaseExceptionGroup):
            for each in problem.exceptions:
                self.note(page, each)
            return
        kind = (type(problem).__name__, str(problem)[:60] if isinstance(problem, Fault) else "", *places(problem)[:2])
        self.shown_by.setdefault(kind, []).append(page)
        self.faults.setdefault(kind, in_words(problem))

    def all_faults(self) -> list[str]:
        return [f"{', '.join(dict.fromkeys(self.shown_by[kind]))}: {words}" for kind, words in self.faults.items()]

    @property
    def inputs(self) -> int:
        return self.answers.total()

    @property
    def in_words(self) -> str:
        answers = ", ".join(f"{count} of {status}" for status, count in sorted(self.answers.items(), key=str))
        to = f"{len(self.pages)} addresses or commands"
        return f"{self.inputs} inputs to {to} ({answers}); {self.changes} changed something"


def run(inputs: int, *, number: int, most_pages: int | None = None, only: str = "", world: World) -> Met:
    """Send some `inputs` to pages, as even as may be; `number` chooses what and to which."""
    met = Met()
    pages = [page for page in every_page() if only in page.name]
    if most_pages:
        pages = pages[number % 7 :: max(1, len(pages) // most_pages)][:most_pages]
    with quick_files(), suppress(KeyboardInterrupt):  # who stops it is told what was met so far
        known = {page: learn(page, world) for page in pages}
        weight = {page: FORMS_WEIGH if each.takes_forms else 1 for page, each in known.items()}
        share = inputs / sum(weight.values()) / ROUNDS
        for turn in range(ROUNDS):
            for place, page in enumerate(pages):
                many = max(1, round(share * weight[page]))
                fuzz(known[page], world, met, inputs=many, number=(number * ROUNDS + turn) * 1000 + place)
    return met


@contextmanager
def quick_files():
    """The files of reports are a few bytes each: what goes into them is fuzzed where they are made."""
    quick = {
        name: type(each)(name, each.label, each.content_type, lambda _report, _progress: b"file")
        for name, each in FORMATS.items()
    }
    with patch.dict(FORMATS, quick):
        yield


def learn(page: Page, world: World) -> Known:
    """Ask for a page as it is meant, and note what it looks for, which forms it shows, and whose it takes."""
    address, known = page.address(world.sides.own), Known(page)
    people = world.may_use(page)
    with asked_keys() as asked:
        blank = {by: _response(world, Sent("post", address, by=by)).status_code for by in people}
        known.takes_forms = HTTPStatus.METHOD_NOT_ALLOWED not in blank.values()
        known.people = tuple(by for by in people if blank[by] != HTTPStatus.FORBIDDEN) or people
        forms: list[Pairs] = []
        keys, files, options = set(), set(), {}
        for by in _some(known.people):
            reader = FormReader(_html(_response(world, Sent("get", address, by=by))))
            filled = reader.filled() if known.takes_forms else ()
            mended = [_mended(world, Sent("post", address, by=by), form) for form in filled]
            forms += [form for form in (*mended, *reader.forms) if form not in forms]
            keys |= reader.keys
            files |= reader.files
            for name, values in reader.options.items():
                options.setdefault(name, set()).update(values)
        forms += [tuple(_pairs(data)) for data in POSTED.get(page.name, []) if data]
        for form in forms[:MOST_FORMS] if known.takes_forms else ():
            body = urlencode(form).encode("utf-8", "replace")
            _response(world, Sent("post", address, body, by=known.people[0]))
    known.keys = tuple(sorted(keys | asked - {""}))
    known.files, known.forms = tuple(sorted(files)), tuple(forms[:MOST_FORMS])
    known.options = {name: tuple(sorted(values)[:30]) for name, values in options.items()}
    return known


def _mended(world: World, sent: Sent, form: Pairs) -> Pairs:
    """The form with something else in each field that the page refuses, until it takes it in or nothing helps."""
    tried: dict[str, int] = {}
    for _time in ELSE:
        answer = _response(world, replace(sent, body=urlencode(form).encode("utf-8", "replace")))
        invalid = FormReader(_html(answer)).invalid if answer.status_code == HTTPStatus.OK else set()
        if not invalid:
            break
        place = {name: tried.setdefault(name, 0) for name in invalid}
        instead = {name: ELSE[index](world) for name, index in place.items() if index < len(ELSE)}
        tried |= {name: index + 1 for name, index in place.items()}
        named = [name for name, _value in form]
        form = tuple((name, instead.get(name, value)) for name, value in form)
        form += tuple((name, value) for name, value in instead.items() if name not in named)
    return form


def _some(people: tuple[str, ...]) -> tuple[str, ...]:
    return people[:: max(1, len(people) // 2)][:2]


def _pairs(data: dict) -> list[tuple[str, str]]:
    return [(name, each) for name, value in data.items() for each in (value if isinstance(value, list) else [value])]


def _response(world: World, sent: Sent):
    with undone():
        return world.send(sent)


def _html(response) -> str:
    is_page = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
    return response.content.decode("utf-8", "replace") if is_page else ""


def fuzz(known: Known, world: World, met: Met, *, inputs: int, number: int) -> None:
    """Send `inputs` to one page; note each kind of fault once, with the smallest request that shows it."""
    page = known.page
    what = requests(known, address=page.address(world.sides.own), people=known.people, plausible=world.plausible)
    sent_so_far = 0
    world.keep_signed_in()

    @seed(number)
    @so_many(inputs)
    @given(what)
    def one(sent: Sent):
        nonlocal sent_so_far
        sent_so_far += 1
        judge(page, world, met, sent, counts=sent_so_far <= inputs)

    try:
        one()
    except Exception as problem:  # noqa: BLE001 - whatever the server raised is what is looked for
        met.note(page.name, problem)


def places(problem: BaseException) -> list[str]:
    """The lines of code that a fault came through, the last of them first."""
    frames, trace = [], problem.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_filename.rpartition('site-packages/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return frames[::-1]


def in_words(problem: BaseException) -> str:
    """A fault with where it happened and the request that shows it."""
    notes = " ".join(getattr(problem, "__notes__", []))
    return f"{type(problem).__name__}: {str(problem)[:500]}\n  at {' < '.join(places(problem)[:8])}\n  {notes[:3000]}"


def judge(page: Page, world: World, met: Met, sent: Sent, *, counts: bool) -> None:
    """Send a request, and raise for what must not have come of it."""
    with undone():
        with written_tables() as written:
            response = world.send(sent)
        changed = world.ledger.changed(written)
        if counts:
            met.answers[response.status_code] += 1
            met.pages[page.name] += 1
            met.changes += bool(changed)
        if response.status_code >= 500:
            raise Fault(f"answers {response.status_code}")
        if NEEDS[page.name] == BY_TOKEN:
            check_feed(response)
            changed.pop("aims_feedtoken", None)  # it notes when a token was last used
        if changed:
            check_answer(page, world, response, sent, changed)


def check_feed(response) -> None:
    """What a program is told in JSON has the published shape."""
    if not response.streaming and "json" in response.headers.get("Content-Type", "") and response.content:
        content = json.loads(response.content)
        what = "aims" if "rows" in content and "authority" in content else "dictionary"
        if faults := faults_in(content, what if response.status_code == HTTPStatus.OK else "problem"):
            raise Fault(f"answers in a shape that is not published: {faults[:3]}")


def check_answer(page: Page, world: World, response, sent: Sent, changed: dict) -> None:
    """A request that was refused has changed nothing; one that was not has left one whole change."""
    if sent.method in ("get", "head", "options") and page.name not in WRITES_WHEN_READ:
        raise Fault(f"a {sent.method} changed {sorted(changed)}")
    if response.status_code >= 400:
        raise Fault(f"answers {response.status_code} and changed {sorted(changed)}")
    if page.name not in KEEPS_ITS_ERROR and any(mark in _html(response) for mark in ERRORS):
        raise Fault(f"shows an error and changed {sorted(changed)}")
    world.ledger.check_change(changed)
