"""E-mails about signing in and about roles: what was done, when, and what to do if it was not meant to be.

They hold no word of a child, no password, no code and no link that signs in, and leave when what they tell of is
committed. A mail server that fails undoes nothing: the audit trail has it all the same.
"""

import logging
from collections.abc import Collection

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from pace_site.accounts.models import User

SUBJECT = "PACE tracker: how you sign in was changed"
logger = logging.getLogger(__name__)


def tell_person(person: User, what: str, *, by_administrator: bool = False, address: str = "") -> None:
    """Tell `person`, at `address` if it is another than their own now, that `what` was done to how they sign in."""
    context = {"what": what, "by_administrator": by_administrator, "at": timezone.localtime(), "account": person.email}
    body = render_to_string("account/email/sign_in_changed.txt", context)
    send_when_committed(SUBJECT, body, to=[address or person.email])


def send_when_committed(subject: str, body: str, *, to: Collection[str]) -> None:
    """Send one e-mail to each address, so that nobody reads in its head who else was told."""
    emails = [EmailMessage(subject=subject, body=body, to=[address]) for address in sorted({*to})]
    transaction.on_commit(lambda: _send(emails))


def _send(emails: list[EmailMessage]) -> None:
    if not emails:
        return
    try:
        get_connection().send_messages(emails)
    except OSError:  # what a mail server or the way to it raises; smtplib's errors are among these
        logger.exception("No e-mail could be sent about signing in or roles")
