"""The made-up councils that pages are measured on, in a database each."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db import connection

from aims.definition import AimDefinition
from children.models import Allocation, CareEpisode, Child
from milestones.quality.look_through import look_through
from pace_site.accounts.authorities import NATIONAL_CODE
from pace_site.accounts.models import Organisation, RoleMembership, User
from pace_site.accounts.roles import Role
from pace_site.front.fiction.nation import (
    LARGE,
    SMALL,
    Made,
    authorities_of,
    councils_of_nation,
    make_up,
    nation_recipe,
)
from pace_site.front.fiction.recipe import DEFAULT_AS_AT, Recipe
from tests.bench.statement import AIMS

AS_AT = DEFAULT_AS_AT
CODE, SEED = "S12009900", 1
ORDINARY = 9  # of the nation's councils, the largest first: its size is near the mean
NATION_CODES = tuple(made.code for made in councils_of_nation(code=CODE, seed=SEED))
# The size of a database, and how the table calls the council that is measured in it.
SIZES = {
    "small": "300 children",
    "large": "20,000 children",
    "alone": "a council alone",
    "nation": "the same in a nation",
}


@dataclass(frozen=True)
class Council:
    """A council whose pages are measured, and what it has for them."""

    organisation: Organisation
    size: str

    @property
    def as_at(self) -> date:
        return AS_AT

    def person(self, role: Role) -> User:
        """The first person who holds the role; the analyst of the national body, which every database has."""
        if role == Role.NATIONAL_ANALYST:
            return _analyst()
        return self.organisation.people.filter(memberships__role=role).order_by("pk").first()

    @cached_property
    def child(self) -> Child:
        """A child in care with the longest record of those whom the first social worker has."""
        theirs = Allocation.objects.filter(user=self.person(Role.PRACTITIONER)).values("child")
        in_care = CareEpisode.objects.filter(child__in=theirs, end=None).values("child")
        found = list(Child.objects.filter(pk__in=in_care).order_by("local_ref"))
        return max(found, key=lambda child: child.milestones.count())


def made_for(size: str) -> tuple[list[Made], Recipe]:
    """What is to be made up for a size, and by which recipe."""
    if size in ("small", "large"):
        children = {"small": SMALL, "large": LARGE}[size]
        return authorities_of(children, number=1, code=CODE, seed=SEED), Recipe()
    councils = councils_of_nation(code=CODE, seed=SEED)
    return (councils if size == "nation" else [councils[ORDINARY]]), nation_recipe(Recipe())


def council_of(size: str) -> Council:
    """The council to measure, made up with all that belongs to its size unless it is there."""
    made, recipe = made_for(size)
    code = CODE if size in ("small", "large") else NATION_CODES[ORDINARY]
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        for each in made:
            make_up(each, recipe=recipe, aims=[AimDefinition.from_mapping(mapping) for mapping in AIMS])
        found = Organisation.objects.get(code=code)
        look_through(found, as_at=AS_AT, months=1)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE" if not connection.in_atomic_block else "ANALYZE")
    return Council(found, size)


def _analyst() -> User:
    nation = Organisation.objects.get(code=NATIONAL_CODE)
    user, is_new = User.objects.get_or_create(email="analyst@nation.example", organisation=nation)
    if is_new:
        RoleMembership.objects.create(user=user, role=Role.NATIONAL_ANALYST)
    return user
