"""What somebody typed before their session ended: kept until they have signed in again, and given back to them alone.

The form says, signed, who was typing. What comes back after a sign-in as somebody else is thrown away.
"""

from functools import partial

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import resolve
from django.views.csrf import csrf_failure as plain_csrf_failure

from pace_site.look.pages import view_class_of

SESSION_KEY = "kept_form"
TYPED_BY = "typed_by"
SALT = "typed by"
MOST_CHARACTERS = 50_000
# Longer than anybody leaves a form, shorter than a working day.
LONGEST = 8 * 60 * 60


def typed_by(request: HttpRequest) -> str:
    """The signed mark that a form carries of who is typing."""
    return signing.dumps(request.user.pk, salt=SALT)


class KeptFormMiddleware:
    """Keeps a form that is sent after its session has ended. Stands before the sign-in is asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # For pages of the apps below, which know nothing of this one.
        request.typed_by = partial(typed_by, request)
        request.take_kept_form = partial(kept_form, request)
        return self.get_response(request)

    def process_view(self, request, view, _args, _kwargs):
        if not request.user.is_authenticated:
            keep(request, view)


def keep(request: HttpRequest, view) -> bool:
    """Keep what was sent, where its page gives such things back and it says who typed it."""
    if request.method != "POST" or not getattr(view_class_of(view), "keeps_what_was_typed", False):
        return False
    typed = request.POST.urlencode()
    # Only what somebody typed who was signed in here: else anybody could fill the database with sessions.
    if typist(request.POST) is None or len(typed) > MOST_CHARACTERS:
        return False
    request.session[SESSION_KEY] = {"path": request.path, "typed": typed}
    return True


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before a new sign-in, perhaps in another tab: show it again with what was typed, to be sent anew."""
    is_page = request.headers.get("HX-Request") != "true"
    if is_page and request.user.is_authenticated and keep(request, resolve(request.path_info).func):
        return redirect(request.get_full_path())
    return plain_csrf_failure(request, reason=reason)


def kept_form(request: HttpRequest) -> QueryDict | None:
    """What this person typed into this page before they had to sign in again; asked once."""
    kept = request.session.get(SESSION_KEY)
    if kept is None or kept["path"] != request.path:
        return None
    del request.session[SESSION_KEY]
    typed = QueryDict(kept["typed"])
    return typed if typist(typed) == request.user.pk else None


def typist(typed: QueryDict) -> int | None:
    """The key of who typed a form, by its signed mark; None where there is none that is whole and not too old."""
    try:
        return signing.loads(typed.get(TYPED_BY, ""), salt=SALT, max_age=LONGEST)
    except signing.BadSignature:
        return None
