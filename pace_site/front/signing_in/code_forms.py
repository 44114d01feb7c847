"""The forms of the second step: codes are counted like passwords, and each code of an app is taken once."""

import hmac
import time
from hashlib import sha256

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db import transaction

LOCKED = "Too many wrong codes. Wait and try again."  # the page of `lockout.py` stands in place of the form
USED = "used_codes"
# Longer than the code of an app can be right, by either clock.
REMEMBERED = 5 * 60


class CountedCodeMixin:
    """A wrong code is a failure like a wrong password; after too many, not even the right one is looked at."""

    def clean_code(self):
        request, credentials = context.request, {"email": self.user.email}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out = True
            raise forms.ValidationError(LOCKED)
        try:
            code = super().clean_code()
        except forms.ValidationError:
            user_login_failed.send(sender=type(self), credentials=credentials, request=request, step="code")
            raise
        return code


class TakenOnceMixin(CountedCodeMixin):
    """Remembers, in the database and so for every process, which codes of an app were taken."""

    def clean_code(self):
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not take_once(self.authenticator, code):
            raise forms.ValidationError("This code has been used. Wait for the next one.")
        return code


def code_field(label: str, **more) -> forms.CharField:
    attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code", **more}
    return forms.CharField(label=label, max_length=12, widget=forms.TextInput(attrs=attributes))


class CodeForm(TakenOnceMixin, AuthenticateForm):
    code = code_field("Code of your app, or a recovery code", autofocus=True)


class ConfirmCodeForm(TakenOnceMixin, ReauthenticateForm):
    code = code_field("Code of your app, or a recovery code", autofocus=True)


class FirstCodeForm(CountedCodeMixin, ActivateTOTPForm):
    code = code_field("Six-figure code that the app shows")


class NewPasskeyForm(AddWebAuthnForm):
    """A passkey is always one that signs in by itself: it is asked for a fingerprint, a face or a PIN each time."""

    name = forms.CharField(label="What is it on?", max_length=40, required=False, help_text="For example: my telephone")
    passwordless = forms.BooleanField(widget=forms.HiddenInput, required=False, initial=True)

    def clean_passwordless(self):
        return True


@transaction.atomic
def take_once(authenticator: Authenticator, code: str) -> bool:
    """Take a code of an app; False when it was taken before."""
    digits = "".join(filter(str.isdigit, code))
    mark = hmac.new(settings.SECRET_KEY.encode(), f"{authenticator.pk}:{digits}".encode(), sha256).hexdigest()
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    now = time.time()
    used = {each: at for each, at in row.data.get(USED, {}).items() if at > now - REMEMBERED}
    if mark in used:
        return False
    row.data[USED] = authenticator.data[USED] = {**used, mark: now}
    row.save(update_fields=["data"])
    return True
