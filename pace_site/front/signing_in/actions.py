"""What is done to how people sign in: end all their sessions, take lost second factors away, open what was closed."""

from collections.abc import Iterable
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from pace_site.accounts.models import SET_UP_DAYS, User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.front.signing_in.lockout import forget_failures
from pace_site.front.signing_in.sign_in_trail import FACTORS, record_of_person
from pace_site.front.signing_in.telling import tell_person


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
    factor that is lost. Raises `PermissionDenied` and `ValidationError`.
    """
    check_manages_another(by, person)
    return take_factors_away(person, reason=said(reason), by=by)


@transaction.atomic
def open_set_up(person: User, *, reason: str, by: User) -> None:
    """Let `person`, who has no second step, set one up by the password alone for some days again.

    Raises `PermissionDenied`, and `ValidationError` for whoever has a factor: that is reset instead.
    """
    check_manages_another(by, person)
    reason = said(reason)
    if Authenticator.objects.filter(user=person).exists():
        raise ValidationError(f"{person} has a second step.")
    open_for_days([person], days=SET_UP_DAYS)
    record_of_person(AuditEntry.Action.MFA_CHANGED, person, by=by, reason=reason, set_up="opened")
    tell_person(
        person,
        f"For the next {SET_UP_DAYS} days a second step can be set up for your account of the PACE tracker.",
        by_administrator=True,
    )


@transaction.atomic
def let_try_again(person: User, *, reason: str, by: User) -> None:
    """Forget the failures of `person` to sign in, who is locked out; whoever knows neither password nor code stays out.

    Raises `PermissionDenied` and `ValidationError`.
    """
    check_manages(by, person)
    reason = said(reason)
    forget_failures(person)
    record_of_person(AuditEntry.Action.CHANGE, person, by=by, reason=reason, failures="forgotten")


def take_factors_away(person: User, *, reason: str, by: User | None) -> int:
    """What `reset_second_factor` does, for commands too, which act as nobody."""
    factors = list(Authenticator.objects.filter(user=person))
    for factor in factors:
        factor.delete()
    end_sessions(person)
    open_for_days([person], days=SET_UP_DAYS)
    record_of_person(
        AuditEntry.Action.MFA_CHANGED,
        person,
        by=by,
        reason=reason,
        reset=sorted(FACTORS[factor.type] for factor in factors),
    )
    tell_person(
        person,
        "The second step of your account of the PACE tracker was taken away. "
        f"You sign in by the password, and set up a new one within {SET_UP_DAYS} days.",
        by_administrator=True,
    )
    return len(factors)


def open_for_days(people: Iterable[User], *, days: int) -> None:
    """Let `people` set up a first second step until so many days from now; nobody for a shorter time than before."""
    until = timezone.now() + timedelta(days=days)
    keys = [person.pk for person in people]
    User.objects.filter(pk__in=keys, set_up_until__lt=until).update(set_up_until=until)


def said(reason: str) -> str:
    if not reason.strip():
        raise ValidationError("Say why, and how you made sure that it is they who ask.")
    return reason.strip()


def end_sessions(person: User) -> None:
    User.objects.filter(pk=person.pk).update(session_edition=F("session_edition") + 1)


def check_manages(by: User, person: User) -> None:
    """Raise `PermissionDenied` unless `by` manages the people of the organisation where `person` is."""
    check_can(by, Permission.MANAGE_PEOPLE)
    if not User.objects.visible_to(by).filter(pk=person.pk).exists():
        raise PermissionDenied("This person is not of your organisation.")


def check_manages_another(by: User, person: User) -> None:
    """Raise `PermissionDenied` also for oneself: who holds an administrator's session gets no further by it."""
    check_manages(by, person)
    if person.pk == by.pk:
        raise PermissionDenied("You cannot reset or open your own second step; ask another administrator.")
