"""Who may read the feed: whoever sends a token of an authority whose feed is on, and not too often."""

from datetime import datetime
from http import HTTPStatus

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from aims.feed.actions import SWITCH, TOKEN
from aims.feed.problems import FeedProblem
from aims.feed.tokens import digest
from aims.models import FeedSwitch, FeedToken
from pace_site.accounts.address import counted_address_of
from pace_site.accounts.models import Organisation
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.defences.counts import DAY, FIVE_MINUTES, MINUTE, Counted, count
from pace_site.look.words import british_date

REQUESTS_A_MINUTE = 60
# What fails because of its token, from one address.
FAILURES_IN_FIVE_MINUTES = 10
CHALLENGE = 'Bearer realm="PACE tracker feed"'
SENT_NONE = "Send a token of the feed in the header “Authorization: Bearer TOKEN”, and nowhere else."
UNKNOWN = "This token is not known here."
SWITCHED_OFF = "The feed of this authority is switched off."
ANY_PROGRAM = "a program without a token that is known"


def let_in(request: HttpRequest) -> FeedToken:
    """The token by which the request is let in; raises `FeedProblem` with why it is not.

    Failures are counted by the caller's address, but a token that is good is let in from any: several programs may
    share an address, and 256 random bits cannot be guessed.
    """
    now = timezone.now()
    text = _token_sent(request)
    token = FeedToken.objects.select_related("authority").filter(sha256=digest(text)).first()
    if token is None:
        _note_unknown(now)
        raise _unauthorised(UNKNOWN, request, now)
    if why := _no_longer(token, now):
        _note_refused(token, why, now)
        raise _unauthorised(why, request, now)
    asked = count(f"token {token.pk}", most=REQUESTS_A_MINUTE, each=MINUTE, now=now)
    if asked.number > REQUESTS_A_MINUTE:
        raise _too_many(f"This token may ask {REQUESTS_A_MINUTE} times a minute.", asked, now)
    if not FeedSwitch.objects.filter(authority=token.authority, is_on=True).exists():
        _note_refused(token, SWITCHED_OFF, now)
        raise FeedProblem(HTTPStatus.FORBIDDEN, SWITCHED_OFF)
    if token.last_used_at is None or token.last_used_at < asked.until - MINUTE:
        _note_used(token, now)
    return token


def _token_sent(request: HttpRequest) -> str:
    scheme, _space, text = request.headers.get("Authorization", "").strip().partition(" ")
    # Whoever sends no token guesses none, so this is not counted as a failure.
    if scheme.lower() != "bearer" or not text.strip():
        raise FeedProblem(HTTPStatus.UNAUTHORIZED, SENT_NONE, WWW_Authenticate=CHALLENGE)
    return text.strip()


def _no_longer(token: FeedToken, now: datetime) -> str:
    """Why a token that was made here lets nobody in any more, or nothing."""
    if token.is_revoked:
        return f"This token was revoked on {british_date(timezone.localdate(token.revoked_at))}."
    if token.has_expired(timezone.localdate(now)):
        return f"This token ended with {british_date(token.expires_on)}."
    return ""


def _unauthorised(why: str, request: HttpRequest, now: datetime) -> FeedProblem:
    whose = f"failed {counted_address_of(request)}"
    failed = count(whose, most=FAILURES_IN_FIVE_MINUTES, each=FIVE_MINUTES, now=now)
    if failed.number > FAILURES_IN_FIVE_MINUTES:
        return _too_many(f"{why} Too many requests failed; wait before you try again.", failed, now)
    challenge = f'{CHALLENGE}, error="invalid_token"'
    return FeedProblem(HTTPStatus.UNAUTHORIZED, why, WWW_Authenticate=challenge)


def _too_many(why: str, counted: Counted, now: datetime) -> FeedProblem:
    return FeedProblem(HTTPStatus.TOO_MANY_REQUESTS, why, Retry_After=str(counted.seconds_left(now)))


@transaction.atomic
def _note_used(token: FeedToken, now: datetime) -> None:
    """Keep when it was last used, to the minute, and in the trail that it was used on this day."""
    row = FeedToken.objects.filter(pk=token.pk)
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    is_first_today = row.filter(Q(last_used_at=None) | Q(last_used_at__lt=midnight)).update(last_used_at=now)
    if is_first_today:
        record(
            AuditEntry.Action.EXPORT, **_of(token), after={"label": token.label, "told": "first use of the token today"}
        )
    else:
        row.update(last_used_at=now)


def _note_refused(token: FeedToken, why: str, now: datetime) -> None:
    """Leave word that a token was refused, once a day for each reason."""
    if count(f"refused {token.pk} {why}"[:80], most=1, each=DAY, now=now).number == 1:
        record(AuditEntry.Action.SIGN_IN_FAILED, **_of(token), after={"label": token.label}, reason=why)


def _note_unknown(now: datetime) -> None:
    """Leave word of the day's first token that is not known. It may be meant for any authority whose feed is on."""
    if count("refused unknown", most=1, each=DAY, now=now).number > 1:
        return
    for authority in Organisation.objects.filter(feed_switch__is_on=True):
        record(
            AuditEntry.Action.SIGN_IN_FAILED,
            authority=authority,
            record_type=SWITCH,
            record_id=authority.code,
            by=None,
            actor=ANY_PROGRAM,
            after={"told": "the first of the day; others are not told of"},
            reason=UNKNOWN,
        )


def _of(token: FeedToken) -> dict:
    return {
        "authority": token.authority,
        "record_type": TOKEN,
        "record_id": token.pk,
        "by": None,
        "actor": f"feed token {token}",
    }
