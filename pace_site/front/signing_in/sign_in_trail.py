"""What the audit trail says of signing in: each success and failure, lockout, second factor, password and sign-out.

Never a password, and never the name that was typed when it belongs to no account: people type their password there.
"""

from allauth.account import signals as account_signals
from allauth.mfa import signals as factor_signals
from allauth.mfa.models import Authenticator
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_out, user_login_failed

from pace_site.accounts.authorities import NATIONAL_CODE
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.second_factor import forget_second_factor, mark_second_factor, second_factor_taken
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import NOT_SIGNED_IN, record
from pace_site.front.signing_in.lockout import person_named
from pace_site.front.signing_in.telling import tell_person

Action = AuditEntry.Action
FACTORS = {
    Authenticator.Type.TOTP: "authenticator app",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
}

TOLD_AS = {
    Authenticator.Type.TOTP: "An authenticator app was set up",
    Authenticator.Type.WEBAUTHN: "A passkey was added",
    Authenticator.Type.RECOVERY_CODES: "Recovery codes were made",
}
REMOVED_AS = {
    Authenticator.Type.TOTP: "The authenticator app was removed",
    Authenticator.Type.WEBAUTHN: "A passkey was removed",
    Authenticator.Type.RECOVERY_CODES: "The recovery codes were removed",
}


def record_of_person(action: Action, person: User, *, by: User | None, reason: str = "", **what) -> None:
    """One entry about how `person` signs in; `by` is empty while nobody has shown who they are."""
    record(
        action,
        authority=person.organisation,
        record_type="user",
        record_id=person.pk,
        by=by,
        actor=NOT_SIGNED_IN,
        after=what or None,
        reason=reason,
    )


def record_nameless(action: Action, *, organisation: Organisation | None, **what) -> None:
    """One entry about somebody who named no account. Of no known council, it stands with the national body."""
    record(
        action,
        authority=organisation or Organisation.objects.get(code=NATIONAL_CODE),
        record_type="user",
        record_id="",
        by=None,
        actor=NOT_SIGNED_IN,
        after=what,
    )


def record_refused_council_sign_in(*, organisation, provider: str, why: str, person: User | None) -> None:
    if person:
        record_of_person(Action.SIGN_IN_FAILED, person, by=None, reason=why, provider=provider)
    else:
        record_nameless(Action.SIGN_IN_FAILED, organisation=organisation, provider=provider, why=why)


def signed_in(sender, request, user, sociallogin=None, **_kwargs) -> None:
    way = f"single sign-on of {sociallogin.provider.app.name}" if sociallogin else "password"
    second = second_factor_taken(request, user)
    if second == "passkey alone":
        way = "passkey"
    record_of_person(Action.SIGN_IN, user, by=user, way=way, second_step=second or "none")


def signed_out(sender, request, user, **_kwargs) -> None:
    if user is not None and user.is_authenticated:
        why = getattr(request, "ended_because", "")
        record_of_person(Action.SIGN_OUT, user, by=user, reason=str(why))


def failed(sender, credentials, request=None, step="password", **_kwargs) -> None:
    person = person_named(str(credentials.get("email") or credentials.get("username") or ""))
    if person:
        record_of_person(Action.SIGN_IN_FAILED, person, by=None, step=step)
    else:
        record_nameless(Action.SIGN_IN_FAILED, organisation=None, step=step, note="no account of this name")


def locked_out(sender, request, username, ip_address, **_kwargs) -> None:
    person = person_named(username or "")
    if person:
        record_of_person(Action.LOCKED_OUT, person, by=None)
    else:
        record_nameless(Action.LOCKED_OUT, organisation=None, note="no account of this name")


def factor_used(sender, request, user, authenticator, passwordless=False, **_kwargs) -> None:
    way = "passkey alone" if passwordless else FACTORS[authenticator.type]
    mark_second_factor(request, user, by=way)


def factor_added(sender, request, user, authenticator, **_kwargs) -> None:
    """Whoever has just shown a code or a passkey has taken the second step; recovery codes are made unasked."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        mark_second_factor(request, user, by=FACTORS[authenticator.type])
    record_of_person(Action.MFA_CHANGED, user, by=user, set_up=FACTORS[authenticator.type])
    tell_person(user, f"{TOLD_AS[authenticator.type]} for signing in to the PACE tracker with your account.")


def factor_removed(sender, request, user, authenticator, **_kwargs) -> None:
    if not Authenticator.objects.filter(user=user).exists():
        forget_second_factor(request)
    record_of_person(Action.MFA_CHANGED, user, by=user, removed=FACTORS[authenticator.type])
    tell_person(user, f"{REMOVED_AS[authenticator.type]} from your account of the PACE tracker.")


def codes_renewed(sender, request, user, authenticator, **_kwargs) -> None:
    record_of_person(Action.MFA_CHANGED, user, by=user, renewed=FACTORS[authenticator.type])
    tell_person(user, "New recovery codes were made for your account of the PACE tracker. The old ones no longer work.")


def password_changed(sender, request, user, **_kwargs) -> None:
    record_of_person(Action.CHANGE, user, by=user, password="changed")  # nosec B106 # says that, not which
    tell_person(user, "The password of your account of the PACE tracker was changed.")


def password_reset(sender, request, user, **_kwargs) -> None:
    record_of_person(Action.CHANGE, user, by=user, password="set anew by a link in the mail")  # nosec B106 # likewise
    tell_person(user, "A new password was set for your account of the PACE tracker, by a link in an e-mail.")


def connect() -> None:
    """Once, when the program starts."""
    account_signals.user_logged_in.connect(signed_in, dispatch_uid="trail")
    account_signals.password_changed.connect(password_changed, dispatch_uid="trail")
    account_signals.password_set.connect(password_changed, dispatch_uid="trail")
    account_signals.password_reset.connect(password_reset, dispatch_uid="trail")
    user_logged_out.connect(signed_out, dispatch_uid="trail")
    user_login_failed.connect(failed, dispatch_uid="trail")
    user_locked_out.connect(locked_out, dispatch_uid="trail")
    factor_signals.authenticator_used.connect(factor_used, dispatch_uid="trail")
    factor_signals.authenticator_added.connect(factor_added, dispatch_uid="trail")
    factor_signals.authenticator_removed.connect(factor_removed, dispatch_uid="trail")
    factor_signals.authenticator_reset.connect(codes_renewed, dispatch_uid="trail")
