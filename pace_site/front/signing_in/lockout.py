"""Who is kept out for a while after too many failures, and what they are told (`domain.md` 8, lockout).

Failures are counted by django-axes in the database, so that every process knows of them: of a person at one address, of
a person from everywhere, and how many people failed at an address and have not got in from there since. A whole council
may sit behind one address, so that a few people who mistype hold up nobody else; whoever tries one password on
everybody is held up all the same. Codes of a second step count like passwords.
"""

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from pace_site.accounts.models import User

MINUTES = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)


class LockoutHandler(AxesDatabaseHandler):
    """Counts with a limit for each thing that is counted, where the packaged handler has one for all."""

    def get_failures(self, request, credentials=None):
        """The most failures of any count, each measured so that the limit of them all is AXES_FAILURE_LIMIT."""
        of_person_here, of_address, of_person = self.get_user_attempts(request, credentials)
        failures, people = Sum("failures_since_start", default=0), Count("username", distinct=True)
        counted = [
            (of_person_here.aggregate(n=failures), settings.AXES_FAILURE_LIMIT),
            (of_address.aggregate(n=people), settings.LOCKOUT_PEOPLE_OF_ADDRESS),
            (of_person.aggregate(n=failures), settings.LOCKOUT_FAILURES_OF_PERSON),
        ]
        return max(found["n"] * settings.AXES_FAILURE_LIMIT // limit for found, limit in counted)

    def reset_user_attempts(self, request, credentials=None):
        """Whoever has got in is no longer counted there: their own failures at this address, and nobody else's."""
        of_person_here, *_others = self.filter_user_attempts(request, credentials)
        return of_person_here.delete()[0]


def failures_of(person: User) -> int:
    """How often signing in as `person` failed in the last minutes that count, from everywhere."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    attempts = AccessAttempt.objects.filter(username=person.email, attempt_time__gte=since)
    return attempts.aggregate(n=Sum("failures_since_start", default=0))["n"]


def forget_failures(person: User) -> None:
    """Let `person` try again at once."""
    AccessAttempt.objects.filter(username=person.email).delete()


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
