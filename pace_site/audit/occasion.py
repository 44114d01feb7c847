"""On what occasion something is done: by which request and from which address, for the audit trail."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from pace_site.accounts.address import address_of


@dataclass(frozen=True)
class Occasion:
    """Empty when no request is being answered, as in a command."""

    address: str = ""
    request_id: str = ""


NO_REQUEST = Occasion()
_now: ContextVar[Occasion] = ContextVar("occasion", default=NO_REQUEST)


def occasion() -> Occasion:
    """The occasion of what is being done now."""
    return _now.get()


class OccasionMiddleware:
    """Gives every request an id, and remembers it with the address that it came from until it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _now.set(Occasion(address=address_of(request), request_id=uuid4().hex))
        try:
            return self.get_response(request)
        finally:
            _now.reset(token)
