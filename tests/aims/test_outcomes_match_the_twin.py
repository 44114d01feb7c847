"""The vectorised outcomes against the naive twin, on random histories and random aims."""

from random import Random

import pytest
from django.db import transaction

from pace_site.accounts.models import Organisation
from tests.aims.stored_histories import measured
from tests.naive.inventions import invent_case
from tests.naive.outcomes import naive_outcomes

CASES_A_BATCH = 60


def as_rows(result):
    return [
        (row.child_ref, str(row.state), row.route, row.start, row.due, row.stop, row.exit, row.days, row.left_undecided)
        for row in result.rows
    ]


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.parametrize("batch", range(6))
def test_the_engine_says_what_the_naive_twin_says(batch):
    authority = Organisation.objects.get(code="S12000019")
    for seed in range(batch * CASES_A_BATCH, (batch + 1) * CASES_A_BATCH):
        aim, histories, as_at = invent_case(Random(seed))
        expected = naive_outcomes(aim, histories, as_at)
        with transaction.atomic():
            found = measured(aim, histories, as_at=as_at, authority=authority).now.outcomes
            transaction.set_rollback(True)
        assert as_rows(found) == as_rows(expected), f"seed {seed}"
        assert (len(found.unplaced), len(found.excluded)) == (expected.unknown, expected.excluded), f"seed {seed}"
