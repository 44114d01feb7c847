"""How often somebody may search or take files away, and how often an address may ask or try to sign in.

The limits lie far above what work needs, also where a whole council comes from one address: they slow down whoever
copies the records out, or floods the site. Failures to sign in are counted in `signing_in/lockout.py`. Pages that watch
long work by themselves are not counted. The feed counts its tokens by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from aims.feed.middleware import PREFIX as FEED
from pace_site.accounts.address import counted_address_of
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.defences.counts import DAY, HOUR, MINUTE, Counted, count
from pace_site.look.words import count_of

GET, POST, BOTH = frozenset({"GET"}), frozenset({"POST"}), frozenset({"GET", "POST"})
# By address: the requests that search, or compute over all children at once.
SEARCHES = {
    "search": POST,
    "audit_trail": BOTH,
    "seen_by": GET,
    "aim_compare": GET,
    "timelines": GET,
    "admin:audit_auditentry_changelist": GET,
}
# The requests that hand out a file, or make one.
EXPORTS = {
    "aim_export": GET,
    "aim_by_name": POST,
    "audit_trail_export": GET,
    "caseload_by_name": POST,
    "caseload_export": GET,
    "import_rejects": GET,
    "improvement_export": BOTH,
    "long_work_file": GET,
    "meeting_hand_on": BOTH,
    "meeting_minutes_pdf": GET,
    "national_dataset_file": GET,
    "national_export": GET,
    "published_file": GET,
    "report_file": GET,
    "report_make": POST,
    "subject_access": POST,
}


@dataclass(frozen=True)
class Limit:
    """So many of something in a stretch of time; the setting says how many, and 0 counts nothing."""

    of: str
    setting: str
    each: timedelta
    action: AuditEntry.Action
    pages: dict[str, frozenset[str]]

    @property
    def most(self) -> int:
        return getattr(settings, self.setting)


SIGNS_IN = frozenset({"account_login", "mfa_login_webauthn"})
# Asked for by whoever, for whomever: so many links an hour to one account, which nobody needs more of.
ASKS_FOR_LINK, LINKS_TO_ONE = "account_reset_password", 5
LIMITS = (
    Limit("searches", "SEARCHES_A_MINUTE", MINUTE, AuditEntry.Action.SEARCH, SEARCHES),
    Limit("exports", "EXPORTS_AN_HOUR", HOUR, AuditEntry.Action.EXPORT, EXPORTS),
)


class RateLimitMiddleware:
    """Stands where it is known whether somebody is signed in, and before anything else looks at what they ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        most = settings.UNSIGNED_REQUESTS_A_MINUTE
        if most and not request.user.is_authenticated and not request.path_info.startswith(FEED):
            now = timezone.now()
            asked = count(f"unsigned {counted_address_of(request)}", most=most, each=MINUTE, now=now)
            if asked.number > most:
                return too_many(request, asked, now)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view, _args, _kwargs) -> HttpResponse | None:
        if request.method == "POST" and (refused := self.of_sign_in(request)):
            return refused
        if not request.user.is_authenticated:
            return None
        for limit in LIMITS:
            if limit.most and request.method in limit.pages.get(request.resolver_match.view_name, ()):
                now = timezone.now()
                asked = count(f"{limit.of} {request.user.pk}", most=limit.most, each=limit.each, now=now)
                if asked.number > limit.most:
                    note_refused(request, limit, now)
                    return too_many(request, asked, now)
        return None

    def of_sign_in(self, request: HttpRequest) -> HttpResponse | None:
        """Passwords take long to compare, by design, and links fill somebody's mailbox: neither without an end."""
        page, address = request.resolver_match.view_name, counted_address_of(request)
        counted = []
        if page in SIGNS_IN:
            counted = [(f"sign-ins {address}", settings.SIGN_INS_A_MINUTE, MINUTE)]
        elif page == ASKS_FOR_LINK and settings.PASSWORD_LINKS_AN_HOUR:
            named = salted_hmac("link to", request.POST.get("email", "").strip().lower(), algorithm="sha256")
            counted = [
                (f"links {address}", settings.PASSWORD_LINKS_AN_HOUR, HOUR),
                (f"link {named.hexdigest()}", LINKS_TO_ONE, HOUR),
            ]
        now = timezone.now()
        for of, most, each in counted:
            if most and (asked := count(of, most=most, each=each, now=now)).number > most:
                return too_many(request, asked, now)
        return None


def note_refused(request: HttpRequest, limit: Limit, now: datetime) -> None:
    """Leave word in the trail once a day that somebody asks for more than they may."""
    if count(f"refused {limit.of} {request.user.pk}", most=1, each=DAY, now=now).number == 1:
        record(
            limit.action,
            authority=request.user.organisation,
            record_type="limit",
            record_id=limit.of,
            by=request.user,
            after={"told": "refused; others of this day are not told of"},
            reason=f"More than {limit.most} {limit.of} in {_in_words(limit.each)}",
        )


def too_many(request: HttpRequest, asked: Counted, now: datetime) -> HttpResponse:
    seconds = asked.seconds_left(now)
    wait = _in_words(timedelta(seconds=seconds))
    response = render(request, "429.html", {"wait": wait}, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(seconds)
    return response


def _in_words(time: timedelta) -> str:
    """Rounded up, as whoever waits that long is let in."""
    seconds = int(time.total_seconds())
    if seconds < 60:
        return count_of(seconds, "second", "seconds")
    return count_of(-(-seconds // 60), "minute", "minutes")
