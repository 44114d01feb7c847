"""How people get in: accounts are made by an administrator, nobody signs up."""

import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.urls import reverse

from pace_site.accounts.address import address_of

FRESH_SIGN_INS = ("password", "socialaccount")
NO_MAIL = ("django.core.mail.backends.console.EmailBackend", "django.core.mail.backends.dummy.EmailBackend")


class ClosedSignUpAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This e-mail address and password do not go together. "  # nosec B105 # words
        "Check both and try again.",
    }

    def is_open_for_signup(self, request):
        return False

    def get_password_change_redirect_url(self, request):
        return reverse("home")

    def get_client_ip(self, request):
        """Never by a header that the visitor wrote, and never an error where a proxy was passed by."""
        return address_of(request)

    def is_reauthentication_required(self, *, app, **kwargs):
        """Not of somebody who signed in a moment ago: they are led from there to set up a second step."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(self.request, self.request.user)
        return not any(record["method"] in FRESH_SIGN_INS and record["at"] > since for record in records)


def sends_mail() -> bool:
    """Whether mail leaves this installation."""
    return settings.EMAIL_BACKEND not in NO_MAIL
