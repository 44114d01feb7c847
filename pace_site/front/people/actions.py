"""Give and take roles, and ask everybody of an organisation for a second step.

Whoever manages people opens no child, but could let anybody open them. So nobody gives themselves a role, and whoever
answers for the children's records is told of each role that opens them by name or the administration.
"""

from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from children.closing import pace_leads
from pace_site.accounts.models import SET_UP_DAYS, Organisation, RoleMembership, User
from pace_site.accounts.permissions import ADMIN_PERMISSIONS, ROLE_PERMISSIONS, Permission, check_can
from pace_site.accounts.roles import ROLE_GRANTS, Role
from pace_site.audit.actions import remove_record, save_record, state_of
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.front.signing_in.actions import check_manages, open_for_days
from pace_site.front.signing_in.telling import send_when_committed

OWN_ROLE = "You cannot give yourself a role; ask another administrator."
# How long everybody has to set up a second step once it is asked of all: a holiday long.
DAYS_FOR_EVERYBODY = 14


def opened_by(role: str) -> list[str]:
    """What `role` opens of which PACE leads are told: children by name, admin pages, both or nothing."""
    opens = {
        "children by name": ROLE_GRANTS[role].identity,
        "administration": ADMIN_PERMISSIONS & ROLE_PERMISSIONS[role],
    }
    return [words for words, is_open in opens.items() if is_open]


@transaction.atomic
def change_roles(
    person: User, *, given: Sequence[RoleMembership] = (), taken: Sequence[RoleMembership] = (), by: User
) -> None:
    """Take and give roles of `person`; `given` are rows not stored yet. Raises `PermissionDenied` for one's own."""
    check_manages(by, person)
    if given and person.pk == by.pk:
        raise PermissionDenied(OWN_ROLE)
    # Asked before, so that a PACE lead who loses the role in the same go is told too.
    leads = [lead.email for lead in pace_leads(person.organisation) if lead.pk not in (person.pk, by.pk)]
    for row in taken:
        remove_record(row, by=by)
    for row in given:
        save_record(row, by=by)
    told = [row for row in given if opened_by(row.role)]
    if told:
        _tell_of_roles(person, told, by=by, to=leads)


class NotOfAuthority(Exception):
    """The person belongs to another organisation."""


@transaction.atomic
def make_administrator(
    email: str, *, organisation: Organisation, password: str | None = None, **names: str
) -> tuple[User, bool]:
    """Make whoever has this address a system administrator, where nobody is signed in; whether the account is new.

    `password`, `first_name` and `last_name` are those of a new account. An administrator gives all other
    roles. PACE leads are told. Raises `NotOfAuthority`.
    """
    person = User.objects.filter(email=email).select_related("organisation").first()
    is_new = person is None
    if is_new:
        person = User.objects.create_user(email, password, organisation=organisation, **names)
        _note_made(person)
    elif person.organisation_id != organisation.pk:
        raise NotOfAuthority(f"{email} belongs to {person.organisation}.")
    role, is_given = RoleMembership.objects.get_or_create(user=person, role=Role.SYSTEM_ADMINISTRATOR, team=None)
    if is_given:
        _note_made(role)
        open_for_days([person], days=SET_UP_DAYS)
        person.refresh_from_db()
        leads = [lead.email for lead in pace_leads(organisation) if lead.pk != person.pk]
        _tell_of_roles(person, [role], by="Somebody at the server", to=leads)
    return person, is_new


def _note_made(row: User | RoleMembership) -> None:
    person = row if isinstance(row, User) else row.user
    record(
        AuditEntry.Action.CREATE,
        authority=person.organisation,
        record_type=row._meta.model_name,
        record_id=row.pk,
        by=None,
        after=state_of(row),
    )


def _tell_of_roles(person: User, roles: Sequence[RoleMembership], *, by: User | str, to: Sequence[str]) -> None:
    context = {"person": person, "roles": roles, "by": by, "at": timezone.localtime()}
    body = render_to_string("front/people/email/roles_given.txt", context)
    send_when_committed("PACE tracker: a role was given", body, to=to)


@transaction.atomic
def ask_everybody(organisation: Organisation, *, on: bool, by: User) -> None:
    """Ask everybody of one's own organisation for a second step from their next request on, or stop asking.

    Whoever has none yet may set one up by the password within `DAYS_FOR_EVERYBODY`. Raises `PermissionDenied`.
    """
    check_can(by, Permission.ASK_EVERYBODY)
    if organisation.pk != by.organisation_id:
        raise PermissionDenied("This is not your organisation.")
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.second_step_for_everybody == on:
        return
    organisation.second_step_for_everybody = on
    save_record(organisation, by=by)
    if on:
        open_for_days(people_without_second_step(organisation), days=DAYS_FOR_EVERYBODY)
    body = render_to_string(
        "front/people/email/second_step.txt", {"organisation": organisation, "by": by, "at": timezone.localtime()}
    )
    leads = [lead.email for lead in pace_leads(organisation) if lead.pk != by.pk]
    send_when_committed("PACE tracker: the second step at sign-in", body, to=leads)


def people_with_roles(organisation: Organisation):
    """Whoever may sign in there."""
    return User.objects.filter(organisation=organisation, is_active=True, memberships__isnull=False).distinct()


def people_without_second_step(organisation: Organisation):
    """Whoever may sign in there and has set up nothing; a council's own sign-in may ask them for two steps itself."""
    return people_with_roles(organisation).exclude(pk__in=Authenticator.objects.values("user"))
