"""Figures of several aims from one reading of the journeys."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from aims.definition import AimDefinition
from aims.outcomes import clock_rule
from children.models import Child
from milestones.journeys import Journeys, load_journeys


def journeys_for(
    definitions: Collection[AimDefinition],
    children: QuerySet[Child],
    as_at: date,
    *,
    also: frozenset[str] = frozenset(),
    within: int | None = None,
) -> Journeys:
    """Load the journeys of `children` with the milestones that these aims' clocks read, those in `also`, no others."""
    kinds = also.union(*(clock_rule(definition).kinds for definition in definitions))
    return load_journeys(children, as_at, kinds=kinds, within=within)
