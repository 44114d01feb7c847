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
from pace_site.accounts.models import Organisation, RoleMembership, User
from pace_site.accounts.permissions import ADMIN_PERMISSIONS, ROLE_PERMISSIONS, Permission, check_can
from pace_site.accounts.roles import ROLE_GRANTS
from pace_site.audit.actions import remove_record, save_record
from pace_site.front.signing_in.actions import check_manages, open_for_days
from pace_site.front.signing_in.telling import send_when_committed

OWN_ROLE = "You cannot give yourself a role; ask another administrator."
# How long everybody has to set up a second step once it is asked of all: a holiday long.
DAYS_FOR_EVERYBODY = 14


def is_told_of(role: str) -> bool:
    """Whether PACE leads are told when somebody is given `role`: it opens children by name, or admin pages."""
    return ROLE_GRANTS[role].identity or bool(ADMIN_PERMISSIONS & ROLE_PERMISSIONS[role])


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
    told = [row for row in given if is_told_of(row.role)]
    if told:
        context = {"person": person, "roles": told, "by": by, "at": timezone.localtime()}
        body = render_to_string("front/people/email/roles_given.txt", context)
        send_when_committed("PACE tracker: a role was given", body, to=leads)


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
