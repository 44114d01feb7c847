"""Authorities with children who met, missed or wait for a recommendation, and the analyst who counts them."""

from datetime import date, timedelta

from pace_site.accounts.models import Organisation, User
from pace_site.accounts.roles import Role
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, recommended
from tests.builders import authority, person

MIDLOTHIAN, ABERDEEN, MORAY = "S12000019", "S12000033", "S12000020"
AS_AT = date(2020, 6, 30)
FIRST = date(2017, 1, 1)


def national_body() -> Organisation:
    return Organisation.objects.get(kind=Organisation.Kind.NATIONAL)


def analyst() -> User:
    return person(Role.NATIONAL_ANALYST, organisation=national_body())


def clocks(code: str, *, met: int = 0, late: int = 0, left: int = 0, overdue: int = 0, waiting: int = 0) -> None:
    """Children of an authority, each with one clock of NAT-2 (26 weeks) that ends so, as at `AS_AT`.

    All but those who wait ended so before the earliest quarter end that is offered with it.
    """
    histories = []

    def add(kind: str, number: int, started: date, *, weeks: int | None = None, until: int | None = None):
        day = started + timedelta(days=number)
        decided = [recommended((day + timedelta(weeks=weeks)).isoformat())] if weeks else []
        gone = (day + timedelta(weeks=until)).isoformat() if until else None
        histories.append(accommodated(day.isoformat(), *decided, left=gone, ref=f"{code}-{kind}{number:03d}"))

    for number in range(met):
        add("M", number, FIRST, weeks=20)
    for number in range(late):
        add("L", number, FIRST, weeks=30)
    for number in range(left):
        add("U", number, FIRST, until=40)
    for number in range(overdue):
        add("O", number, FIRST)
    for number in range(waiting):
        add("W", number, date(2020, 3, 1))
    store(histories, authority=authority(code))
