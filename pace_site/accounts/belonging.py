"""What a session knows of its person: where they belonged when they signed in, and when they last did something.

A session ends when the person leaves, changes organisation, loses a role or is signed out everywhere, when it has not
been used for twenty minutes, and twelve hours after the sign-in, so that a copied cookie is of no use the next day.
What the server knows decides; the age of a cookie does not. What has run out is deleted at the next sign-in of anybody:
it may hold words that somebody typed of a child.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from pace_site.accounts.models import User

STAMP = "belongs"
USED_AT = "used_at"
SIGNED_IN_AT = "signed_in_at"
ENDED = "ended"
IDLE_LIMIT = 20 * 60  # seconds
LONGEST = 12 * 60 * 60  # seconds, however much it is used
WARNED_BEFORE = 2 * 60  # seconds
NOTED_EVERY = 30  # seconds: to note each request would be a write for each page that is read
# A page that asks by itself says so, and does not keep its person signed in by that.
BY_ITSELF = "PACE-By-Itself"


class Ending(StrEnum):
    """Why a session ended that its person had not ended."""

    IDLE = "idle"
    LONG = "long"
    LEFT = "left"
    MOVED = "moved"
    EVERYWHERE = "everywhere"


@dataclass(frozen=True)
class Belonging:
    """Organisation, what it asks for, roles, and the count of how often the person was signed out everywhere."""

    organisation_id: int
    session_edition: int
    roles: frozenset[tuple[str, int | None]]
    all_by_two_steps: bool = False  # the organisation asks everybody for a second step

    def as_stamp(self) -> dict:
        """As a session keeps it, in JSON."""
        roles = sorted(([role, team] for role, team in self.roles), key=str)
        return {"organisation": self.organisation_id, "edition": self.session_edition, "roles": roles}

    def ends(self, stamp: dict | None) -> Ending | None:
        """Why a session with this stamp ends now, or None. A role gained ends nothing; a session without stamp ends."""
        if not self.roles:
            return Ending.LEFT
        if stamp is None or stamp["organisation"] != self.organisation_id:
            return Ending.MOVED
        if stamp["edition"] != self.session_edition:
            return Ending.EVERYWHERE
        return None if self.has_all_of(stamp) else Ending.MOVED

    def has_all_of(self, stamp: dict) -> bool:
        """Whether the person is where they were when this was stamped, and holds every role that they held then."""
        held_then = {(role, team) for role, team in stamp["roles"]}
        return stamp["organisation"] == self.organisation_id and held_then <= self.roles


def belonging_of(user: User) -> Belonging:
    """Where `user` belongs now; one query."""
    held = list(user.memberships.values_list("role", "team_id", "user__organisation__second_step_for_everybody"))
    return Belonging(
        organisation_id=user.organisation_id,
        session_edition=user.session_edition,
        roles=frozenset((role, team) for role, team, _all in held),
        all_by_two_steps=any(everybody for _role, _team, everybody in held),
    )


def now_in_seconds() -> int:
    return int(timezone.now().timestamp())


def is_by_itself(request: HttpRequest) -> bool:
    """Whether a page asks without its person having done anything."""
    return BY_ITSELF in request.headers


def seconds_left(request: HttpRequest) -> int:
    """How long the session still lasts without being used; 0 when it has run out, or never said when it was used."""
    unused = request.session.get(USED_AT, 0) + IDLE_LIMIT
    return max(0, min(unused, request.session.get(SIGNED_IN_AT, 0) + LONGEST) - now_in_seconds())


def ran_out(request: HttpRequest) -> Ending | None:
    """Why the session has run out by the clock, or None."""
    if seconds_left(request):
        return None
    is_long = request.session.get(SIGNED_IN_AT, 0) + LONGEST <= now_in_seconds()
    return Ending.LONG if is_long else Ending.IDLE


def mark_used(request: HttpRequest) -> None:
    """Note that the session is in use, to within half a minute: it ends that much early, never late."""
    if now_in_seconds() - request.session.get(USED_AT, 0) >= NOTED_EVERY:
        request.session[USED_AT] = now_in_seconds()


def stamp_session(sender, request, user, **_kwargs) -> None:
    """On each sign-in, by whatever way: note where the person belongs, and that they are here."""
    user.refresh_from_db(fields=["session_edition"])  # it may have been counted on since `user` was read
    request.session[STAMP] = belonging_of(user).as_stamp()
    request.session[SIGNED_IN_AT] = now_in_seconds()
    request.session.pop(ENDED, None)
    mark_used(request)
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def connect() -> None:
    user_logged_in.connect(stamp_session, dispatch_uid="stamp_session")
