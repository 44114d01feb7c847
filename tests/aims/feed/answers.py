"""What the feed answers to who is refused, and what the trail has of it."""

import json
from datetime import UTC, datetime

import pytest

from pace_site.audit.models import AuditEntry
from tests.aims.feed.asking import ADDRESSES
from tests.aims.feed.shape import check_shape

Action = AuditEntry.Action
NOON = datetime(2027, 3, 1, 12, 0, 10, tzinfo=UTC)
EVERY_ADDRESS = pytest.mark.parametrize("address", ADDRESSES)


def told(response) -> dict:
    """The problem in an answer, which must have the published shape and hold nothing to be kept."""
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "private, no-store"
    problem = json.loads(response.content)
    check_shape(problem, "problem")
    assert problem["status"] == response.status_code
    return problem


def refused(response, words: str) -> bool:
    return response.status_code == 401 and words in told(response)["detail"]


def entries(action=Action.SIGN_IN_FAILED):
    return list(AuditEntry.objects.filter(action=action).order_by("pk"))
