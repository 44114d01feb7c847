"""What is said of records that a person's roles reach and that are closed to them: whom to ask, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat

from children.closing import pace_leads
from children.models import Child, Restriction
from pace_site.accounts.models import RoleMembership, User
from pace_site.accounts.permissions import ROLE_PERMISSIONS, Permission
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import audit_entry, record_all


@dataclass(frozen=True)
class ClosedRecord:
    """One closed record: `people` open it or know who does; `key` is its restriction's, None when nobody may break it.

    Nothing of the child is in it.
    """

    people: tuple[str, ...]
    key: int | None

    @property
    def whom_to_ask(self) -> str:
        return " or ".join(self.people) or "your council's PACE lead"


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
