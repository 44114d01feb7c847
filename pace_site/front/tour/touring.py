"""Where somebody is on their tour. The session remembers it; a person who signs in anew begins anew."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from django.http import HttpRequest
from django.urls import reverse

from pace_site.accounts.models import User
from pace_site.accounts.permissions import roles_of

FILE = Path(__file__).parent / "stops.yaml"
# Under these keys a session keeps at which stop the person is, from 1, and whether they took or declined the tour.
STOP, ANSWERED = "tour_stop", "tour_answered"
# Where somebody is who has just signed in.
LANDINGS = frozenset({"home", "aims", "national", "admin:index"})


@dataclass(frozen=True)
class Stop:
    """One stop of a tour, as its banner says it."""

    number: int
    of: int
    page: str
    words: str

    @property
    def href(self) -> str:
        return reverse(self.page)

    @property
    def is_last(self) -> bool:
        return self.number == self.of


@lru_cache(maxsize=1)
def tours() -> list[tuple[frozenset[str], tuple[Stop, ...]]]:
    """Each tour: for which roles it is, and its stops."""
    return [
        (
            frozenset(row["roles"]),
            tuple(
                Stop(number, len(row["stops"]), page, words)
                for number, stop in enumerate(row["stops"], start=1)
                for page, words in stop.items()
            ),
        )
        for row in yaml.safe_load(FILE.read_text(encoding="utf-8"))
    ]


def tour_of(user: User) -> tuple[Stop, ...]:
    """The stops for a person's roles; none for whoever holds no role."""
    held = set(roles_of(user))
    return next((stops for roles, stops in tours() if roles & held), ())


def banner(request: HttpRequest) -> dict:
    """For every template: the stop at which the person is, or whether a tour is offered. Writes nothing.

    It is offered where the council is a fictional one, until it is answered.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    match = request.resolver_match
    here = match.view_name if match else ""
    if number := request.session.get(STOP):
        stops = tour_of(user)
        if 0 < number <= len(stops):
            stop = stops[number - 1]
            return {"tour": stop, "tour_is_here": stop.page == here}
    is_offered = here in LANDINGS and user.organisation.fictional and not request.session.get(ANSWERED)
    return {"tour_is_offered": is_offered}
