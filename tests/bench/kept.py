"""What each main page takes of a small council: kept in a file, so that a page that grows is seen to grow."""

import json
import statistics
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tests.bench.councils import Council
from tests.bench.pages import PAGES
from tests.bench.visits import Visit, change_something, floor_of, open_page, own_milliseconds

KEPT = Path(__file__).with_name("kept.json")
NOISE = 1.02  # marks of forms differ from visit to visit, and so does what they are compressed to
WORSE = 1.5
# The least of several rounds, of more where a page is quick; and anew where that is too much, as other work on the
# machine may have fallen on it. A floor is a few milliseconds or less: each round takes it several times.
ROUNDS, MOST_ROUNDS, ENOUGH_MS, FLOORS_A_ROUND = 3, 15, 300, 10
TRIES = 4
MOST_BYTES, MOST_FIRST_BYTES = 100_000, 600_000  # of a page, and with all that a first visit brings
ANEW = "Where that is meant, write it down anew by `make bench-keep`, and say why in the commit."


@dataclass(frozen=True)
class Taken:
    """`bytes` are compressed; `ratio` is own processor time beside that of the page's floor, in one run."""

    queries: int
    bytes: int
    first_bytes: int
    ratio: float


def taken_by_pages(council: Council) -> dict[str, tuple[Visit, Taken]]:
    """What each page takes, as it was opened; the counts of all come before anything is timed."""
    visits = [open_page(page, council) for page in PAGES]
    return {
        visit.page.name: (
            visit,
            Taken(visit.queries, visit.bytes, visit.first_bytes, round(ratio_of(visit, council), 2)),
        )
        for visit in visits
    }


def ratio_of(visit: Visit, council: Council) -> float:
    """The least own processor time of several rounds, beside the floor's, turn about."""
    floor = floor_of(visit, council)
    pages: list[float] = []
    floors: list[float] = []
    while len(pages) < ROUNDS or (len(pages) < MOST_ROUNDS and sum(pages) < ENOUGH_MS):
        change_something(council)
        pages.append(own_milliseconds(visit.again))
        floors.append(own_milliseconds(lambda: [floor() for _ in range(FLOORS_A_ROUND)]) / FLOORS_A_ROUND)
    return min(pages) / min(floors)


def keep(taken: dict[str, tuple[Visit, Taken]], council: Council) -> None:
    """Write down what the pages take: of the ratio the middle of three, as one alone may be low by chance."""
    rows = {}
    for name, (visit, each) in taken.items():
        ratio = statistics.median([each.ratio, ratio_of(visit, council), ratio_of(visit, council)])
        rows[name] = asdict(replace(each, ratio=round(ratio, 2)))
    KEPT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def kept() -> dict[str, Taken]:
    return {name: Taken(**row) for name, row in json.loads(KEPT.read_text(encoding="utf-8")).items()}


def grown(name: str, now: Taken, then: Taken) -> list[str]:
    """In words, what of a page has grown of what is the same in every run."""
    found = []
    if now.queries > then.queries:
        found.append(f"{name}: {now.queries} queries instead of {then.queries}")
    for what in ("bytes", "first_bytes"):
        if getattr(now, what) > getattr(then, what) * NOISE:
            found.append(f"{name}: {what} {getattr(now, what):,} instead of {getattr(then, what):,}")
    return found


def is_slower(now: Taken, then: Taken) -> bool:
    return now.ratio > then.ratio * WORSE
