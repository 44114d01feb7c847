"""A line of the log for each request: the pattern of its address, what came of it, how long it took, and not whose."""

import logging
from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("pace_site.requests")


class RequestLinesMiddleware:
    """Stands inside the occasion, whose id the line shares with the audit trail: there it stands who it was.

    Stands behind whatever hands out static files, which are not worth a line.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not logger.isEnabledFor(logging.INFO):
            return self.get_response(request)
        began = perf_counter()
        response = self.get_response(request)
        milliseconds = round((perf_counter() - began) * 1000)
        logger.info("", extra={"request": request, "status_code": response.status_code, "milliseconds": milliseconds})
        return response
