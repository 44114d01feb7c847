"""Answers to programs that watch over the site, and figures of what it answers."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import resolve

from pace_site.operations.urls import urlpatterns

PROBES = frozenset(f"/{pattern.pattern}" for pattern in urlpatterns)


class ProbesMiddleware:
    """Answers probes before host, TLS, session, limits and sign-in are looked at, and before anything is logged.

    A probe comes from inside, often by an address and without TLS, so that `ALLOWED_HOSTS` and the redirect to TLS
    would turn it away; what it is told names no host and nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info not in PROBES:
            return self.get_response(request)
        try:
            response = resolve(request.path_info).func(request)
        except Http404:
            response = HttpResponseNotFound("There is nothing here.\n", content_type="text/plain")
        # Django's own mark: else each “not ready” would be a line of the log and a mail to the administrators.
        response._has_been_logged = True
        return response
