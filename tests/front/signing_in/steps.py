"""Signing in by the form, step by step, as a person does."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.urls import reverse

from tests.builders import PASSWORD

PERIOD = 30  # seconds


def type_password(client, user, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": user.email, "password": password}, **more)


def with_app(user) -> str:
    """Give `user` an authenticator app; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def recovery_codes_of(user) -> list[str]:
    return RecoveryCodes.activate(user).get_unused_codes()


def code_of(secret: str, *, periods_later: int = 0) -> str:
    """The code that an app with this secret shows now, by the published rule (RFC 6238)."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + periods_later))


def wrong_code(secret: str) -> str:
    right = {code_of(secret, periods_later=later) for later in (-2, -1, 0, 1, 2)}
    return next(code for code in ("123456", "654321", "111111", "222222", "333333", "444444") if code not in right)


def type_code(client, code: str, **more):
    return client.post(reverse("mfa_authenticate"), {"code": code}, **more)


def factors_of(user) -> set[str]:
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
