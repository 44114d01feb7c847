from datetime import timedelta

import pytest

from tests.aims.feed.answers import NOON
from tests.aims.feed.published_months import publish
from tests.builders import authority


@pytest.fixture
def clock(monkeypatch):
    """A day on which time stands still until it is moved on."""
    at = [NOON]
    monkeypatch.setattr("django.utils.timezone.now", lambda: at[0])

    def forward(**by):
        at[0] += timedelta(**by)
        return at[0]

    return forward


@pytest.fixture
def mid_1(db):
    publish(authority(), "MID-1")
