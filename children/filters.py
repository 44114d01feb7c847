"""Narrow a list of children; every choice lies inside the person's scope."""

import django_filters
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from children.codes import HOME_PARENT
from children.models import CareEpisode, Child, Placement, PlacementType

NOW_AWAY, NOW_HOME, CEASED = "away", "home", "ceased"
CARE = [
    (NOW_AWAY, "Looked after away from home"),
    (NOW_HOME, "Looked after at home"),
    (CEASED, "No longer looked after"),
]


def with_care_now(children: QuerySet[Child]) -> QuerySet[Child]:
    """Annotate `is_looked_after` and `living` (code of the open placement, short breaks aside) as recorded now."""
    open_episode = CareEpisode.objects.filter(child=OuterRef("pk"), end__isnull=True)
    placement = Placement.objects.filter(child=OuterRef("pk"), end__isnull=True, short_break=False).order_by(
        "-start", "-pk"
    )
    return children.annotate(
        is_looked_after=Exists(open_episode), living=Subquery(placement.values("placement_type_id")[:1])
    )


class ChildFilter(django_filters.FilterSet):
    """Team, locality, and where the child lives now. Expects children `with_care_now`."""

    team = django_filters.ChoiceFilter(label="Team", empty_label="All teams", field_name="team_id")
    locality = django_filters.ChoiceFilter(label="Locality", empty_label="All localities")
    care = django_filters.ChoiceFilter(label="Care now", empty_label="All", choices=CARE, method="filter_care")
    living = django_filters.ChoiceFilter(label="Placement now", empty_label="All placements")

    class Meta:
        model = Child
        fields = ["team", "locality"]

    def __init__(self, *args, visible: QuerySet[Child], **kwargs):
        super().__init__(*args, **kwargs)
        teams = (
            visible.filter(team__isnull=False).order_by("team__name").values_list("team_id", "team__name").distinct()
        )
        localities = visible.exclude(locality="").order_by("locality").values_list("locality", flat=True).distinct()
        self.filters["team"].extra["choices"] = list(teams)
        self.filters["locality"].extra["choices"] = [(name, name) for name in localities]
        self.filters["living"].extra["choices"] = list(PlacementType.objects.values_list("code", "label"))

    def filter_care(self, children: QuerySet[Child], _name: str, care: str) -> QuerySet[Child]:
        if care == CEASED:
            return children.filter(is_looked_after=False)
        children = children.filter(is_looked_after=True)
        return children.filter(living=HOME_PARENT) if care == NOW_HOME else children.exclude(living=HOME_PARENT)
