"""What an address asks to compare by: the dimension, and one of its groups."""

from collections.abc import Mapping

from django.db.models import QuerySet
from django.http import Http404

from aims.compare.dimensions import DIMENSIONS, Dimension
from aims.compare.groups import Group, groups_of, narrowed
from aims.outcomes import Outcomes
from aims.selections import LeftOutSelection, Selection
from children.models import Child
from milestones.journeys import Journeys


def dimension_asked(asked: Mapping[str, str]) -> Dimension:
    """The dimension that `by` names, teams when nothing is asked."""
    dimension = DIMENSIONS.get(asked.get("by", "team"))
    if dimension is None:
        raise Http404("There is nothing of this name to compare by.")
    return dimension


def groups_by(dimension: Dimension, outcomes: Outcomes, journeys: Journeys, children: QuerySet[Child]) -> list[Group]:
    """The groups of the outcomes' clocks; `children` are those that the journeys were loaded for."""
    return groups_of(outcomes, dimension, dimension.read(outcomes, journeys, children))


def narrowed_as_asked(
    selection: Selection | LeftOutSelection,
    asked: Mapping[str, str],
    outcomes: Outcomes,
    journeys: Journeys,
    children: QuerySet[Child],
) -> tuple[Selection | LeftOutSelection, str]:
    """The selection within the group that `by` and `group` name, and the group's name; as it is when none is asked."""
    if "group" not in asked:
        return selection, ""
    for group in groups_by(dimension_asked(asked), outcomes, journeys, children):
        # What is in no figure has no clock, and is in no group.
        if selection.placed and group.key == asked["group"]:
            return narrowed(selection, group), group.name
    raise Http404("There is no such group.")
