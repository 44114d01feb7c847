"""What is said of records that a person's roles reach and that are closed to them: whom to ask, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat

from children.closing import pace_leads
from children.models import Child, Restriction
from pace_site.accounts.models import Organisation, RoleMembership, User
from pace_site.accounts.permissions import ROLE_PERMISSIONS, Permission
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import audit_entry, record_all
from pace_site.look.words import count_of

NOBODY_TO_ASK = "your council's PACE lead"
# Of whom to ask so many are named.
NAMED = 3


@dataclass(frozen=True)
class ClosedRecord:
    """One closed record: `people` open it or know who does; `key` is its restriction's, None when nobody may break it.

    Nothing of the child is in it.
    """

    people: tuple[str, ...]
    key: int | None

    @property
    def whom_to_ask(self) -> str:
        return " or ".join(self.people) or NOBODY_TO_ASK


@dataclass(frozen=True)
class Withheld:
    """How many records a list leaves out because they are closed to its reader, and whom to ask about them."""

    count: int = 0
    people: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.count)

    def __str__(self) -> str:
        asked = " or ".join(self.people) or NOBODY_TO_ASK
        return f"{count_of(self.count, 'record is', 'records are')} restricted; ask {asked}"


def withheld(children: QuerySet[Child], *, of: Organisation, to: User | None) -> Withheld:
    """Say of closed records of one council how many they are and whom to ask; one query where there is none.

    `to` is None of a command. Whoever restricted a record is asked; of adopted children, and where the account of
    whoever restricted it is closed, the PACE leads.
    """
    keys = {*children.order_by().values_list("pk", flat=True)}
    if not keys:
        return Withheld()
    standing = Restriction.objects.standing().filter(child__in=keys, set_by__is_active=True).select_related("set_by")
    setters = {restriction.child_id: restriction.set_by for restriction in standing}
    people = {person.pk: str(person) for person in setters.values()}
    if keys - setters.keys():
        people |= {lead.pk: str(lead) for lead in pace_leads(of) if to is None or lead.pk != to.pk}
    return Withheld(len(keys), tuple([*people.values()][:NAMED]))


def closed_fitting(term: str, user: User) -> QuerySet[Child]:
    """The closed records that `term` names in full, by pseudonym, reference or name, of children whom roles reach."""
    whole = " ".join(term.split())
    given, family = "identity__given_name", "identity__family_name"
    rows = Child.objects.closed_to(user, with_identity=True).annotate(
        called=Concat(given, Value(" "), family), listed_as=Concat(family, Value(" "), given)
    )
    called = Q(called__iexact=whole) | Q(listed_as__iexact=whole.replace(",", "")) if " " in whole else Q()
    return rows.filter(Q(code__iexact=whole) | Q(local_ref__iexact=whole) | called)


def closed_records(children: Sequence[Child], *, to: User) -> list[ClosedRecord]:
    """Tell of each closed record whom to ask; what was found stands in the trail. Queries do not grow with them."""
    if not children:
        return []
    keys = [child.pk for child in children]
    breakable = set(Child.objects.filter(pk__in=keys).not_adopted().values_list("pk", flat=True))
    standing = Restriction.objects.standing().filter(child__in=keys).select_related("set_by")
    by_child = {restriction.child_id: restriction for restriction in standing}
    leads = [lead for lead in pace_leads(to.organisation_id) if lead.pk != to.pk]
    record_all(
        [
            audit_entry(
                AuditEntry.Action.SEARCH,
                authority=to.organisation,
                record_type="closed record",
                record_id=child.pk,
                child_code=child.code,
                by=to,
            )
            for child in children
        ]
    )
    found = []
    for child in children:
        restriction = by_child.get(child.pk)
        people = {lead.pk: str(lead) for lead in leads}
        if restriction is not None and restriction.set_by.is_active:
            people = {restriction.set_by_id: str(restriction.set_by)} | people
        can_break = restriction is not None and child.pk in breakable
        found.append(ClosedRecord(tuple(people.values()), restriction.pk if can_break else None))
    return found


def people_to_name(of: User) -> QuerySet[User]:
    """People of the own organisation whose roles open children's records."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if Permission.VIEW_CHILDREN in held]
    members = RoleMembership.objects.visible_to(of).filter(role__in=roles).values("user")
    people = User.objects.visible_to(of).filter(is_active=True, pk__in=members)
    return people.order_by("last_name", "first_name", "pk")
