"""To whose records? One answer, from a person's role memberships as they are today.

No membership, no active account or no organisation means nothing, never everything.
"""

from dataclasses import dataclass

from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import Permission, can
from pace_site.accounts.roles import ROLE_GRANTS, Reach


@dataclass(frozen=True)
class Scope:
    """What a person reaches inside their own organisation; every part is empty by default."""

    organisation_id: int | None = None
    user_id: int | None = None
    whole_authority: bool = False
    team_ids: frozenset[int] = frozenset()
    assigned: bool = False
    counts_authority: bool = False
    opens_adopted: bool = False

    @property
    def is_empty(self) -> bool:
        """True when the person may open no child at all."""
        return not (self.whole_authority or self.team_ids or self.assigned)

    @property
    def whole(self) -> int | None:
        """The key of the authority, when all of its children are reached."""
        return self.organisation_id if self.whole_authority else None

    @property
    def counts_more_than_it_opens(self) -> bool:
        """True for whoever sees figures of the authority and may open only some of its children, or none."""
        return self.counts_authority and not self.whole_authority


NOTHING = Scope()


def scope_of(user: User, *, with_identity: bool = False) -> Scope:
    """Return what `user` reaches; `with_identity` keeps only what they may see with names."""
    if not user.is_authenticated or not user.is_active or user.organisation_id is None:
        return NOTHING
    whole_authority = assigned = counts = adopted = False
    team_ids = set()
    for role, team_id, team_organisation in user.memberships.values_list("role", "team_id", "team__organisation_id"):
        grant = ROLE_GRANTS[role]
        if grant.reach is Reach.COUNTS:
            counts = True
        if with_identity and not grant.identity:
            continue
        adopted |= grant.adopted
        if grant.reach is Reach.AUTHORITY:
            whole_authority = True
        if grant.reach in (Reach.ASSIGNED, Reach.TEAM):
            assigned = True
        if grant.reach is Reach.TEAM and team_organisation == user.organisation_id:
            team_ids.add(team_id)
    return Scope(
        organisation_id=user.organisation_id,
        user_id=user.pk,
        whole_authority=whole_authority,
        team_ids=frozenset(team_ids),
        assigned=assigned,
        counts_authority=counts or whole_authority,
        opens_adopted=adopted,
    )


def sees_aggregates(user: User) -> bool:
    """Whether figures of all authorities together may be made for `user`: by permission, and in a national body only.

    It opens no child and no figure of one child: what is made of it goes through disclosure control.
    """
    if not can(user, Permission.VIEW_NATIONAL) or user.organisation_id is None:
        return False
    return user.organisation.kind == Organisation.Kind.NATIONAL


def reach_in_words(user: User, *, to_open: bool = False) -> str:
    """Whose children a person's figures count, or whom they may open: "children of Team North and ..."."""
    scope = scope_of(user)
    if scope.whole_authority or (scope.counts_authority and not to_open):
        return f"all children of {user.organisation}"
    teams = sorted(
        {member.team.name for member in user.memberships.select_related("team") if member.team_id in scope.team_ids}
    )
    parts = [f"children of {' and '.join(teams)}"] if teams else []
    if scope.assigned:
        parts.append("children allocated to you")
    return " and ".join(parts) or "no children"
