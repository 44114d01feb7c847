"""Who is kept out for a while after too many failures, and what they are told (`domain.md` 8, lockout).

Failures are counted by django-axes in the database, so that every process knows of them: of a person at one address, of
an address whoever it tries, and of a person from everywhere. Codes of a second step count like passwords.
"""

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from pace_site.accounts.models import User

MINUTES = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)


class LockoutHandler(AxesDatabaseHandler):
    """Counts with a limit for each thing that is counted, where the packaged handler has one for all."""

    def get_failures(self, request, credentials=None):
        """The most failures of any count, each measured so that the limit of them all is AXES_FAILURE_LIMIT."""
        limits = [
            settings.AXES_FAILURE_LIMIT,
            settings.LOCKOUT_FAILURES_OF_ADDRESS,
            settings.LOCKOUT_FAILURES_OF_PERSON,
        ]
        counted = self.get_user_attempts(request, credentials)
        return max(
            sum(attempts.values_list("failures_since_start", flat=True)) * settings.AXES_FAILURE_LIMIT // limit
            for attempts, limit in zip(counted, limits, strict=True)
        )


def person_named(typed: str) -> User | None:
    """Whose account `typed` names, however it is written."""
    return User.objects.filter(email=typed.strip().lower()).first() if typed else None


def counted_name_of(request: HttpRequest, credentials: dict | None) -> str | None:
    """The name under which failures are counted; what belongs to no account is kept as a digest.

    People type their password into the field of the address, so that it must not be written anywhere.
    """
    typed = str(
        (credentials or {}).get("email") or (credentials or {}).get("username") or request.POST.get("login", "")
    )
    if not typed:
        return None
    known = request.__dict__.setdefault("_counted_names", {})
    if typed not in known:
        person = person_named(typed)
        digest = salted_hmac("counted name", typed.strip().lower(), algorithm="sha256").hexdigest()
        known[typed] = person.email if person else f"nobody:{digest}"
    return known[typed]


def lockout_page(request: HttpRequest, _credentials: dict | None, *_more) -> HttpResponse:
    return render(request, "account/locked_out.html", {"minutes": MINUTES}, status=429)
