"""Build the people and children that a test needs; everything not said is ordinary."""

from datetime import date
from itertools import count

from children.models import (
    Allocation,
    CareEpisode,
    Child,
    Family,
    Identity,
    Kept,
    Listed,
    Origin,
    Placement,
    default_source,
)
from milestones.models import Milestone
from pace_site.accounts.models import Organisation, RoleMembership, Team, User
from pace_site.accounts.roles import TEAM_ROLES, Role

PASSWORD = "a-long-test-password"
_numbers = count(1)


def authority(code: str = "S12000019") -> Organisation:
    return Organisation.objects.get(code=code)


def team(name: str = "Team North", *, organisation: Organisation | None = None) -> Team:
    return Team.objects.get_or_create(organisation=organisation or authority(), name=name)[0]


def person(
    *roles: Role, organisation: Organisation | None = None, of_team: Team | None = None, email: str = ""
) -> User:
    """A person with some roles; roles that need a team get `of_team`, or Team North."""
    organisation = organisation or (of_team.organisation if of_team else authority())
    number = next(_numbers)
    user = User.objects.create_user(
        email or f"person{number}@council.example",
        PASSWORD,
        organisation=organisation,
        first_name="Person",
        last_name=f"Number {number}",
    )
    for role in roles:
        needs_team = role in TEAM_ROLES
        RoleMembership.objects.create(
            user=user, role=role, team=(of_team or team(organisation=organisation)) if needs_team else None
        )
    return user


def child(
    *,
    of_team: Team | None = None,
    organisation: Organisation | None = None,
    code: str = "",
    name: tuple[str, str] = ("Given", "Family"),
    accommodated: date | None = None,
    born: date = date(2015, 5, 5),
    family: str = "",
) -> Child:
    """A child with a name; in foster care since `accommodated` when that is given."""
    organisation = organisation or (of_team.organisation if of_team else authority())
    number = next(_numbers)
    row = Child.objects.create(
        authority=organisation,
        code=code or f"P-{number:04d}",
        local_ref=f"REF{number:05d}",
        team=of_team,
        date_of_birth=born,
        family=Family.objects.get_or_create(authority=organisation, ref=family)[0] if family else None,
    )
    Identity.objects.create(child=row, given_name=name[0], family_name=name[1])
    if accommodated:
        CareEpisode.objects.create(child=row, start=accommodated)
        Placement.objects.create(child=row, start=accommodated, placement_type_id="FOST_LA")
    return row


def allocate(user: User, row: Child, *, start: date = date(2020, 1, 1), end: date | None = None) -> Allocation:
    return Allocation.objects.create(user=user, child=row, start=start, end=end)


def milestone(row: Child, kind: str, on: date, **more) -> Milestone:
    return Milestone.objects.create(child=row, kind=kind, happened_on=on, **more)


def from_an_extract(*rows: Kept, on: date) -> None:
    """Let rows have come with the extract of a day from the case system, which has their children on its list."""
    for row in rows:
        source = default_source(row.child.authority)
        type(row).objects.filter(pk=row.pk).update(origin=Origin.EXTRACT, extract_source=source)
        Listed.objects.update_or_create(child=row.child, source=source, defaults={"last_on": on})
        Child.objects.filter(pk=row.child_id).update(last_extract_on=on)
