"""What is too large is refused before a byte of it is read."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# The one page that takes more than any other.
EXTRACTS = "/imports/new/"


class BodyLimitMiddleware:
    """Refuses by the length that a request tells. One that tells none has no body here: WSGI reads no further."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit, says = settings.MOST_BYTES_ASKED, {}
        if request.path_info == EXTRACTS:
            limit = max(limit, settings.MOST_BYTES_OF_AN_EXTRACT)
            says = {"megabytes": limit // 1_000_000, "back": EXTRACTS}
        told = request.META.get("CONTENT_LENGTH") or "0"
        if not told.isdecimal() or int(told) > limit:
            return render(None, "413.html", says, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return self.get_response(request)
