"""The short form of `python -m tests.reliability.fuzz`: some 200 inputs to some of the pages, and to each command."""

import logging

import pytest

from tests.reliability.fuzz import files, pages
from tests.reliability.fuzz.world import World

SEED = 2026
PAGES = 10


@pytest.fixture
def world(db):
    logging.disable(logging.CRITICAL)
    yield World()
    logging.disable(logging.NOTSET)


@pytest.mark.sweep
def test_whatever_is_sent_breaks_no_page_and_leaves_nothing_half_written(world):
    asked = pages.run(170, number=SEED, most_pages=PAGES, world=world)
    taken = files.run(30, number=SEED, world=world)
    faults = asked.all_faults() + taken.all_faults()
    assert not faults, "\n".join(faults)
    assert asked.inputs >= 150
    assert asked.changes
    assert taken.changes
