"""Narrow a list of children; every choice lies inside the person's scope."""

from datetime import date

import django_filters
from django import forms
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When

from children.closing import adopted
from children.codes import HOME_PARENT
from children.models import CareEpisode, Child, Placement, PlacementType

LOOKED_AFTER, AWAY, HOME, CEASED = "looked_after", "away", "home", "ceased"
CARE = [
    (LOOKED_AFTER, "Looked after"),
    (AWAY, "Looked after away from home"),
    (HOME, "Looked after at home"),
    (CEASED, "Not looked after"),
]

CHOICE = forms.Select(attrs={"class": "form-select form-select-sm"})
# This form is asked with GET: the pattern keeps the browser from sending a name, which would stand in the address.
PSEUDONYM = forms.TextInput(
    attrs={
        "class": "form-control form-control-sm",
        "autocomplete": "off",
        "size": 10,
        "pattern": r"\s*[Pp][A-Za-z]?-[A-Za-z0-9]+\s*",
        "title": "A pseudonym, such as P-0417; never a name",
    }
)


def with_care_on(day: date, children: QuerySet[Child]) -> QuerySet[Child]:
    """Annotate `is_looked_after`, and `living`: the code of the placement of a looked-after child on `day`.

    Short breaks aside. A stretch of care that ends on the day is over (`design.md` 3).
    """
    episode = CareEpisode.objects.standing().in_force_on(day).filter(child=OuterRef("pk"))
    placement = Placement.objects.standing().in_force_on(day).filter(child=OuterRef("pk"), short_break=False)
    latest = Subquery(placement.order_by("-start", "-pk").values("placement_type_id")[:1])
    return children.annotate(is_looked_after=Exists(episode)).annotate(
        living=Case(When(is_looked_after=True, then=latest))
    )


class ChildFilter(django_filters.FilterSet):
    """Team, locality, care, placement and family. Expects children `with_care_on` a day."""

    team = django_filters.ChoiceFilter(label="Team", empty_label="All teams", field_name="team_id", widget=CHOICE)
    locality = django_filters.ChoiceFilter(label="Locality", empty_label="All localities", widget=CHOICE)
    care = django_filters.ChoiceFilter(
        label="Care now", empty_label="All", choices=CARE, method="filter_care", widget=CHOICE
    )
    living = django_filters.ChoiceFilter(label="Placement now", empty_label="All placements", widget=CHOICE)
    family = django_filters.CharFilter(
        label="Family of (pseudonym)", max_length=16, method="filter_family", widget=PSEUDONYM
    )

    class Meta:
        model = Child
        fields = ["team", "locality"]

    def __init__(self, *args, visible: QuerySet[Child], **kwargs):
        super().__init__(*args, **kwargs)
        self.visible = visible
        teams = (
            visible.filter(team__isnull=False).order_by("team__name").values_list("team_id", "team__name").distinct()
        )
        localities = visible.exclude(locality="").order_by("locality").values_list("locality", flat=True).distinct()
        self.filters["team"].extra["choices"] = list(teams)
        self.filters["locality"].extra["choices"] = [(name, name) for name in localities]
        self.filters["living"].extra["choices"] = list(PlacementType.objects.values_list("code", "label"))

    @property
    def qs(self) -> QuerySet[Child]:
        """The children who fit; none while a choice is not one of those offered, so that a mistake never widens."""
        return super().qs if not self.errors else self.queryset.none()

    def filter_care(self, children: QuerySet[Child], _name: str, care: str) -> QuerySet[Child]:
        children = children.filter(is_looked_after=care != CEASED)
        if care == AWAY:
            # A looked-after child whose placement nobody recorded is neither away nor at home.
            return children.filter(living__isnull=False).exclude(living=HOME_PARENT)
        return children.filter(living=HOME_PARENT) if care == HOME else children

    def filter_family(self, children: QuerySet[Child], _name: str, code: str) -> QuerySet[Child]:
        """A child and its siblings: a family is named by a child, not by the council's reference."""
        named = self.visible.filter(code__iexact=code)
        family = Q(family__in=named.not_adopted().values("family")) & ~adopted()
        return children.filter(Q(pk__in=named.values("pk")) | family)
