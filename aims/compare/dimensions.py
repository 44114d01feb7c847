"""Dimensions: what an aim's clocks may be grouped by, each as it stands on the as-at day unless it says otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet

from aims.outcomes import Outcomes
from children.codes import PLACEMENT_TYPES
from children.models import Child, PlacementType
from milestones.catalogue import Route
from milestones.clocks.day_arrays import birthdays
from milestones.clocks.days import NOT_KNOWN as NOT_KNOWN_DAY
from milestones.journeys import Journeys

NOT_KNOWN = ""  # the key of the clocks of which the dimension is not known

AGE_BANDS = {
    "0": "Under 1",
    "1-4": "1 to 4",
    "5-11": "5 to 11",
    "12-15": "12 to 15",
    "16-17": "16 or 17",
    "18": "18 or over",
}
BAND_STARTS = (1, 5, 12, 16, 18)


@dataclass(frozen=True)
class Labels:
    """The key of each clock's group, in the order of the outcomes' rows, and the groups' names in their fixed order."""

    of_clocks: np.ndarray
    names: Mapping[str, str]


@dataclass(frozen=True)
class Dimension:
    """One way to group clocks; `one` and `many` are its words, `note` says as at when and what to beware of."""

    key: str
    one: str
    many: str
    not_known: str
    note: str
    read: Callable[[Outcomes, Journeys, QuerySet[Child]], Labels]

    @property
    def label(self) -> str:
        return self.one.capitalize()


def _by_team(outcomes: Outcomes, _journeys: Journeys, children: QuerySet[Child]) -> Labels:
    rows = children.order_by().values_list("pk", "team_id", "team__name")
    team_of = {pk: (str(team), name) for pk, team, name in rows if team is not None}
    keys = {pk: key for pk, (key, _name) in team_of.items()}
    return Labels(_of_children(outcomes, keys), _alphabetical(dict(team_of.values())))


def _by_locality(outcomes: Outcomes, _journeys: Journeys, children: QuerySet[Child]) -> Labels:
    keys = {pk: locality.strip() for pk, locality in children.order_by().values_list("pk", "locality")}
    return Labels(_of_children(outcomes, keys), _alphabetical({name: name for name in keys.values() if name}))


def _by_placement(outcomes: Outcomes, journeys: Journeys, _children: QuerySet[Child]) -> Labels:
    latest = journeys.latest_placement_type[outcomes.frame["child"].to_numpy()]
    labels = dict(PlacementType.objects.values_list("code", "label"))
    shipped = [code for code, _label, _group in PLACEMENT_TYPES if code in labels]
    names = {code: labels[code] for code in shipped} | _alphabetical(
        {code: label for code, label in labels.items() if code not in shipped}
    )
    return Labels(latest, names)


def _by_age(outcomes: Outcomes, journeys: Journeys, _children: QuerySet[Child]) -> Labels:
    births = journeys.births[outcomes.frame["child"].to_numpy()]
    start = outcomes.frame["start"].to_numpy()
    band = sum((start >= birthdays(births, age)).astype(np.int64) for age in BAND_STARTS)
    keys = np.array(list(AGE_BANDS), dtype=object)[band]
    return Labels(np.where(births == NOT_KNOWN_DAY, NOT_KNOWN, keys), AGE_BANDS)


def _by_route(outcomes: Outcomes, journeys: Journeys, _children: QuerySet[Child]) -> Labels:
    own = outcomes.frame["route"].to_numpy(dtype=object)
    latest = journeys.latest_route[outcomes.frame["child"].to_numpy()]
    return Labels(np.where(own == "", latest, own), {str(route): str(route.label) for route in Route})


def _of_children(outcomes: Outcomes, keys: Mapping[int, str]) -> np.ndarray:
    """The key of each clock's child."""
    ids = outcomes.children["id"].to_numpy()[outcomes.frame["child"].to_numpy()]
    return np.array([keys.get(pk, NOT_KNOWN) for pk in ids.tolist()], dtype=object)


def _alphabetical(names: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(names.items(), key=lambda item: (item[1].casefold(), item[0])))


DIMENSIONS = {
    dimension.key: dimension
    for dimension in (
        Dimension(
            "team",
            "team",
            "teams",
            "No team recorded",
            "The team is the child's team today, which may not be the one that did the work.",
            _by_team,
        ),
        Dimension(
            "locality",
            "locality",
            "localities",
            "No locality recorded",
            "The locality is the one recorded for the child today.",
            _by_locality,
        ),
        Dimension(
            "placement",
            "placement type",
            "placement types",
            "No placement recorded",
            "The placement is the latest one begun by the as-at day, short breaks aside. It may have begun after the "
            "decision, or because of it: a difference need not come from the placement.",
            _by_placement,
        ),
        Dimension(
            "age",
            "age band",
            "age bands",
            "Age not known",
            "The age is that on the day the clock started; of a child not yet born then, under 1.",
            _by_age,
        ),
        Dimension(
            "route",
            "route",
            "routes",
            "No route yet",
            "The route is the clock's own or, where its start has none, the child's latest. It often comes with the "
            "very decision that is waited for, so that whoever still waits has no route yet: compare the routes with "
            "one another, not with those who have none.",
            _by_route,
        ),
    )
}
