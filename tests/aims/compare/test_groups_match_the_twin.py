"""The groups of a comparison against the naive twin, on random histories; and that they part the aim's clocks."""

from random import Random

import pytest
from django.db import transaction

from aims.compare.asking import groups_by
from aims.compare.comparison import FIGURES, compare
from aims.compare.dimensions import DIMENSIONS
from aims.compliance import measure
from aims.figures import journeys_for
from aims.selections import SELECTIONS
from children.models import Child
from tests.aims.stored_histories import store
from tests.builders import team
from tests.naive.groups import naive_groups
from tests.naive.inventions import invent_case

CASES = 60
STATES = {"met": "MET", "overdue": "OVERDUE", "waiting": "WAITING", "due": "due", "all": "all"}
PLACES = ["", "Glen", "Bay", " Bay", "Moor "]
TEAMS = ["", "Team South", "Team North"]


def labels_given(random, refs):
    """A team and a locality for each child, or none."""
    return {ref: (random.choice(TEAMS), random.choice(PLACES)) for ref in refs}


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.parametrize("batch", range(3))
def test_every_group_counts_what_the_naive_twin_counts(batch, authority):
    compared = 0
    for seed in range(batch * CASES, (batch + 1) * CASES):
        random = Random(seed)
        aim, histories, as_at = invent_case(random)
        given = labels_given(random, [history.ref for history in histories])
        with transaction.atomic():
            store(histories, authority=authority)
            for child in Child.objects.filter(authority=authority):
                of_team, locality = given[child.local_ref]
                child.team, child.locality = team(of_team) if of_team else None, locality
                child.save()
            children = Child.objects.filter(authority=authority)
            journeys = journeys_for([aim], children, as_at)
            outcomes = measure(aim, journeys).now.outcomes
            for dimension in DIMENSIONS.values():
                groups = groups_by(dimension, outcomes, journeys, children)
                found = compare(outcomes, dimension, groups)
                place = 0 if dimension.key == "team" else 1
                own = {ref: labels[place].strip() for ref, labels in given.items()}
                expected = naive_groups(aim, histories, as_at, by=dimension.key, given=own)
                # A team's key is a number of the database; the twin knows it by name.
                by_name = dimension.key == "team"
                counted = {
                    each.group.name if by_name and each.group.key else each.group.key: each for each in found.groups
                }

                assert set(counted) == set(expected.index), f"seed {seed}, {dimension.key}"
                for key, each in counted.items():
                    for figure, column in STATES.items():
                        naive = expected.loc[key].get(column, 0)
                        assert each.counts[figure] == naive, f"seed {seed}, {dimension.key} {key}, {figure}"
                for figure in FIGURES:
                    in_groups = sum(each.counts[figure] for each in found.groups)
                    assert in_groups == SELECTIONS[figure].count(outcomes), f"seed {seed}, {dimension.key}, {figure}"
                compared += len(groups)
            transaction.set_rollback(True)
    assert compared > 4 * CASES
