"""What people see when something broke: a fault of ours, or a database that is away, busy or full.

Nothing here asks the database, and nothing of the fault itself is shown.
"""

import sys
from http import HTTPStatus

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.shortcuts import render

from pace_site.config.outages import Outage, outage_of

# Seconds. A restart of PostgreSQL takes some; a disk is made room on by a person.
AGAIN_AFTER = {Outage.AWAY: 15, Outage.BUSY: 5, Outage.FULL: 300}
STATUS = {
    Outage.AWAY: HTTPStatus.SERVICE_UNAVAILABLE,
    Outage.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    Outage.FULL: HTTPStatus.INSUFFICIENT_STORAGE,
}
# Forms with one of these are not given back: what is secret stands in no page.
SECRET = ("password", "login", "code", "credential", "token", "secret")
FORM_MARK = "csrfmiddlewaretoken"
MOST_CHARACTERS = 50_000


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a fault; of an outage one that says so, when to try again, and gives back what was typed."""
    outage = outage_of(sys.exc_info()[1])
    if outage is None:
        return render(None, "500.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)
    context = {
        "says": outage.value,
        "full": outage is Outage.FULL,
        "sent": request.method not in ("GET", "HEAD", "OPTIONS"),
        "address": request.get_full_path(),
        "typed": typed_again(request),
    }
    headers = {"Retry-After": str(AGAIN_AFTER[outage])}
    return HttpResponse(render(None, "503.html", context).content, status=STATUS[outage], headers=headers)


def typed_again(request: HttpRequest) -> list[tuple[str, str]]:
    """Name and value of each field that was sent, to be sent once more; nothing where that cannot or must not be."""
    if request.method != "POST":
        return []
    try:
        pairs = [(name, value) for name, values in request.POST.lists() for value in values]
        has_file = bool(request.FILES)
    except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
        return []
    # The mark of the form is no secret to whoever sent it, and without it the form would not be taken in.
    named = [name for name, _value in pairs if name != FORM_MARK]
    is_secret = any(word in name.lower() for name in named for word in SECRET)
    is_large = sum(len(name) + len(value) for name, value in pairs) > MOST_CHARACTERS
    return [] if has_file or is_secret or is_large or not named else pairs
