"""Which records are closed to whom, whatever their role reaches: restricted ones, and those of adopted children.

Closed records are counted like all others, so that no figure hides a waiting child (ADR 0020).
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from pace_site.accounts.models import Organisation, User
from pace_site.accounts.permissions import ROLE_PERMISSIONS, Permission
from pace_site.accounts.scope import Scope

ADOPTION_ORDER, ADOPTED = "AO", "ADOPTED"
# What stands of rows by which children were adopted: few of very many, each with an index of their own.
ADOPTION_GRANTED = Q(
    Q(order_type=ADOPTION_ORDER) | Q(order_type="", route="ADOPT"), kind="ORDER_GRANTED", voided_on__isnull=True
)
LEFT_BY_ADOPTION = Q(destination=ADOPTED, voided_on__isnull=True)


def closed_to(scope: Scope, *, path: str = "") -> Q:
    """Rows of children whose records are closed to the person of `scope`; `path` leads to the child."""
    closed = Q(**{f"{path}pk__in": restricted(but_for=scope.user_id)})
    return closed if scope.opens_adopted else closed | adopted(path=path)


def closed_to_somebody(*, path: str = "") -> Q:
    """Rows of children whose records are closed to anybody: for what is handed on to people not known yet."""
    return Q(**{f"{path}pk__in": restricted()}) | adopted(path=path)


def restricted(*, but_for: int | None = None) -> QuerySet:
    """The keys of restricted children, less those who are open to one person: by name, or by break-glass now."""
    from children.models import BreakGlass, Restriction, RestrictionAccess

    rows = Restriction.objects.standing()
    if but_for is not None:
        named = RestrictionAccess.objects.standing().filter(user=but_for)
        broken = BreakGlass.objects.filter(user=but_for, until__gt=timezone.now())
        rows = rows.exclude(pk__in=named.values("restriction")).exclude(pk__in=broken.values("restriction"))
    return rows.order_by().values("child")


def adopted(*, path: str = "") -> Q:
    """Rows of children whom an adoption order made somebody's own, from the day of the order.

    It is read wherever it may stand: the order among the milestones, the legal ground, or where the child went when
    care ended. A row that was voided closes nothing, and what happened later than today nothing yet.
    """
    from children.models import CareEpisode, Child, LegalBasis

    today = timezone.localdate()
    # The milestones' app knows this one, and not the other way round: its model is found along the relation.
    milestones = Child._meta.get_field("milestones").related_model.objects
    granted = milestones.filter(ADOPTION_GRANTED, Q(happened_on__lte=today) | Q(happened_on=None, precision="unknown"))
    grounds = LegalBasis.objects.standing().filter(measure=ADOPTION_ORDER, start__lte=today)
    left = CareEpisode.objects.filter(LEFT_BY_ADOPTION, end__lte=today)
    # Asked of each child, not by a list of all who were adopted: in a nation's database that list is long.
    own = {"child": OuterRef(f"{path}pk")}
    return Q(Exists(granted.filter(**own))) | Q(Exists(grounds.filter(**own))) | Q(Exists(left.filter(**own)))


def pace_leads(authority: Organisation) -> QuerySet[User]:
    """Who answers for restricted records in an authority, and is told when one is opened by break-glass."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if Permission.ANSWER_BREAK_GLASS in held]
    people = User.objects.filter(organisation=authority, is_active=True, memberships__role__in=roles)
    return people.distinct().order_by("last_name", "first_name", "pk")
