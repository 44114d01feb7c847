from datetime import date, timedelta

import pytest

from pace_site.accounts.roles import Role
from tests.aims.exports import stored_aim
from tests.aims.storytelling import aim
from tests.builders import authority, child, milestone, person
from tests.front.by_name.asking import DAY, WHY


@pytest.fixture
def lead():
    return person(Role.PACE_LEAD, email="pace.lead@council.example")


@pytest.fixture
def cohort():
    """An aim of 26 weeks: on the day one child is overdue, one waits, one decision was late, one in time."""
    version = stored_aim(aim(by_date="2020-12-31"), authority=authority())
    rows = {
        "overdue": child(name=("Ovra", "Due"), accommodated=date(2019, 6, 3)),
        "waiting": child(name=("Wai", "Ting"), accommodated=date(2020, 5, 4)),
        "missed": child(name=("Miss", "Late"), accommodated=date(2019, 4, 1)),
        "met": child(name=("Met", "Timely"), accommodated=date(2019, 4, 1)),
    }
    milestone(rows["missed"], "PERM_REC", date(2020, 5, 11), route="PO")
    milestone(rows["met"], "PERM_REC", date(2019, 5, 6), route="PO")
    return version, rows


@pytest.fixture
def ask(client):
    """Open the page as somebody, then post what it asks for; `told` is taken from the page as a browser would."""

    def run(user, address: str, **typed):
        client.force_login(user)
        page = client.get(f"{address}{'&' if '?' in address else '?'}as_at={DAY.isoformat()}")
        if page.status_code != 200:
            return client.post(address, typed)
        shown = {"shown": page.context["source"].keys} if page.context["source"].keys else {}
        return client.post(address, {"as_at": DAY.isoformat(), "told": page.context["told"]} | shown | WHY | typed)

    return run


@pytest.fixture
def many(lead):
    for number in range(60):
        child(name=("Given", f"Number {number}"), accommodated=DAY - timedelta(days=number + 1))
