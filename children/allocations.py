"""Who works with which children, and to whom somebody may give them."""

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from children.models import Allocation, Child
from pace_site.accounts.models import RoleMembership, User
from pace_site.accounts.roles import ROLE_GRANTS, TEAM_ROLES, Reach
from pace_site.accounts.scope import scope_of

# These see a child because it is allocated to them, and not before.
ASSIGNED_ROLES = tuple(role for role, grant in ROLE_GRANTS.items() if grant.reach is Reach.ASSIGNED)


def in_force_on(day: date) -> Q:
    """Allocations of a day; their last day is one of them."""
    return Q(start__lte=day) & (Q(end__isnull=True) | Q(end__gte=day))


def cases_of(worker: User, *, of: User, day: date) -> QuerySet[Allocation]:
    """The allocations of `worker` on a day, of children whom `of` may see with names."""
    return Allocation.objects.identifiable_to(of).filter(in_force_on(day), user=worker)


def closed_cases_of(worker: User, *, of: User, day: date) -> QuerySet[Child]:
    """The children allocated to `worker` on a day whom `of` reaches by name and may not open."""
    held = Allocation.objects.filter(in_force_on(day), user=worker)
    return Child.objects.closed_to(of, with_identity=True).filter(pk__in=held.values("child"))


def people_with_cases(of: User, *, day: date) -> QuerySet[User]:
    """People, those who left included, to whom children whom `of` reaches by name are allocated on a day.

    Closed records count: a leaver whose only case is closed to `of` still has a case that somebody must take over.
    """
    closed = Child.objects.closed_to(of, with_identity=True)
    held = Allocation.objects.filter(in_force_on(day), child__in=closed.values("pk"))
    held |= Allocation.objects.identifiable_to(of).filter(in_force_on(day))
    return _with_roles(User.objects.visible_to(of).filter(pk__in=held.values("user")))


def people_to_allocate(of: User) -> QuerySet[User]:
    """People of the own organisation to whom `of` may allocate a child: of one's teams, or of roles without a team."""
    scope = scope_of(of, with_identity=True)
    fitting = Q(role__in=ASSIGNED_ROLES)
    fitting |= Q(role__in=TEAM_ROLES) if scope.whole_authority else Q(role__in=TEAM_ROLES, team__in=scope.team_ids)
    members = RoleMembership.objects.visible_to(of).filter(fitting)
    if scope.is_empty:
        members = members.none()
    return _with_roles(User.objects.visible_to(of).filter(is_active=True, pk__in=members.values("user")))


def described(person: User) -> str:
    """The name with the roles, to tell people of one name apart; expects them from one of the lists above."""
    held = sorted(
        f"{member.get_role_display()}, {member.team}" if member.team else member.get_role_display()
        for member in person.memberships.all()
    )
    left = "" if person.is_active else ", account closed"
    return f"{person} ({'; '.join(held) or 'no role'}{left})"


def _with_roles(people: QuerySet[User]) -> QuerySet[User]:
    members = RoleMembership.objects.select_related("team").order_by("pk")
    return people.prefetch_related(Prefetch("memberships", queryset=members))
