"""The vectorised outcomes against the naive twin, on random histories and random aims."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pace_site.accounts.models import Organisation
from tests.aims.stored_histories import measured
from tests.naive.outcomes import naive_outcomes
from tests.naive.strategies import aims, as_at_dates, child_histories

pytestmark = pytest.mark.django_db


def as_rows(result):
    return [
        (row.child_ref, str(row.state), row.route, row.start, row.due, row.stop, row.exit, row.days, row.left_undecided)
        for row in result.rows
    ]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(aim=aims(), histories=st.lists(child_histories(), max_size=6, unique_by=lambda h: h.ref), as_at=as_at_dates())
def test_the_engine_says_what_the_naive_twin_says(aim, histories, as_at):
    expected = naive_outcomes(aim, histories, as_at)
    with transaction.atomic():
        authority = Organisation.objects.get(code="S12000019")
        found = measured(aim, histories, as_at=as_at, authority=authority).now.outcomes
        transaction.set_rollback(True)
    assert as_rows(found) == as_rows(expected)
    assert len(found.unplaced) == expected.unknown
    assert len(found.excluded) == expected.excluded
