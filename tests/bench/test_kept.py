"""No main page asks more of the database, sends more or works more beside its floor than is kept in `kept.json`."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from tests.bench.councils import council_of
from tests.bench.kept import (
    ANEW,
    MOST_BYTES,
    MOST_FIRST_BYTES,
    TRIES,
    WORSE,
    Taken,
    grown,
    is_slower,
    keep,
    kept,
    ratio_of,
    taken_by_pages,
)

THEN = Taken(queries=10, bytes=1_000, first_bytes=9_000, ratio=4.0)


@pytest.mark.sweep
def test_no_main_page_takes_more_than_it_did(db, monkeypatch, request):
    # The day after the made-up data end, whenever this runs: pages tell how many days are left.
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 1, 10, tzinfo=UTC))
    council = council_of("small")
    taken = taken_by_pages(council)
    if request.config.getoption("--keep"):
        keep(taken, council)
    before = kept()
    assert set(taken) == set(before), f"There are other pages than those kept. {ANEW}"
    found = [words for name, (_visit, now) in taken.items() for words in grown(name, now, before[name])]
    for name, (visit, now) in taken.items():
        ratio, tries = now.ratio, 1
        while ratio > before[name].ratio * WORSE and tries < TRIES:
            ratio, tries = min(ratio, ratio_of(visit, council)), tries + 1
        if is_slower(replace(now, ratio=ratio), before[name]):
            found.append(f"{name}: takes {ratio:.1f} times its floor instead of {before[name].ratio:.1f} times")
    assert not found, "\n".join([*found, ANEW])


def test_all_pages_are_small_enough_for_a_slow_line():
    for name, each in kept().items():
        assert each.bytes < MOST_BYTES, name
        assert each.first_bytes < MOST_FIRST_BYTES, name


def test_one_query_more_is_growth_and_marks_of_forms_are_not():
    assert grown("A page", replace(THEN, queries=11), THEN) == ["A page: 11 queries instead of 10"]
    assert grown("A page", replace(THEN, bytes=1_021), THEN) == ["A page: bytes 1,021 instead of 1,000"]
    assert grown("A page", replace(THEN, queries=9, bytes=1_019, first_bytes=9_100), THEN) == []


def test_half_as_much_again_beside_the_floor_is_slower():
    assert is_slower(replace(THEN, ratio=6.1), THEN)
    assert not is_slower(replace(THEN, ratio=5.9), THEN)
