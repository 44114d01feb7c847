"""What is done to how people sign in: end all their sessions, take away second factors that they lost."""

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F

from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.front.signing_in.sign_in_trail import FACTORS, record_of_person


@transaction.atomic
def sign_out_everywhere(person: User, *, by: User, reason: str = "") -> None:
    """End every session of `person` on its next request; oneself, or by whoever manages the people there."""
    if person.pk != by.pk:
        check_manages(by, person)
    end_sessions(person)
    record_of_person(AuditEntry.Action.SIGN_OUT, person, by=by, reason=reason, which="everywhere")


@transaction.atomic
def reset_second_factor(person: User, *, reason: str, by: User) -> int:
    """Take all second factors of `person` away, who signs in by password and sets up new ones; how many there were.

    Whoever asks must have been recognised first: the reason says how. Sessions end too, as somebody else may hold the
    factor that is lost.
    """
    check_manages(by, person)
    if person.pk == by.pk:
        raise PermissionDenied("You cannot reset your own second step; ask another administrator.")
    if not reason.strip():
        raise ValidationError("Say why, and how you made sure that it is they who ask.")
    factors = list(Authenticator.objects.filter(user=person))
    for factor in factors:
        factor.delete()
    end_sessions(person)
    record_of_person(
        AuditEntry.Action.MFA_CHANGED,
        person,
        by=by,
        reason=reason.strip(),
        reset=sorted(FACTORS[factor.type] for factor in factors),
    )
    return len(factors)


def end_sessions(person: User) -> None:
    User.objects.filter(pk=person.pk).update(session_edition=F("session_edition") + 1)


def check_manages(by: User, person: User) -> None:
    """Raise `PermissionDenied` unless `by` manages the people of the organisation where `person` is."""
    check_can(by, Permission.MANAGE_PEOPLE)
    if not User.objects.visible_to(by).filter(pk=person.pk).exists():
        raise PermissionDenied("This person is not of your organisation.")
