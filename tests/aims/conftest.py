import pytest
from django.urls import reverse

from aims.models import Annotation
from aims.reports.assembling import highlight_of
from aims.reports.told import NOTHING_TOLD
from pace_site.accounts.roles import Role
from tests.aims.exports import stored_aim
from tests.aims.reported_aims import AS_AT, PARTS
from tests.aims.stored_histories import measured, store
from tests.aims.storytelling import aim, day
from tests.builders import person


@pytest.fixture
def measure_children(authority):
    """Measure an aim over some children as at a day."""

    def run(definition, *histories, as_at):
        return measured(definition, list(histories), as_at=day(as_at), authority=authority)

    return run


@pytest.fixture
def clocks(measure_children):
    """The outcome rows of an aim over some children as at a day."""

    def run(definition, *histories, as_at):
        return measure_children(definition, *histories, as_at=as_at).now.outcomes.rows

    return run


@pytest.fixture
def clock(clocks):
    """The only outcome row of an aim over one child."""

    def run(definition, history, *, as_at):
        (row,) = clocks(definition, history, as_at=as_at)
        return row

    return run


@pytest.fixture
def see(client, authority):
    """The aim's page over some children, as somebody sees it."""

    def run(histories, *roles, who=None, annotations=(), definition=None, as_at="2020-06-01", **query):
        if histories:
            store(histories, authority=authority)
            made = {"by_date": "2020-10-05", "target_pct": 75} if definition is None else {}
            version = stored_aim(definition or aim(**made), authority=authority)
            for on, label in annotations:
                Annotation.objects.create(aim=version.aim, on=on, label=label)
        client.force_login(who or person(*(roles or [Role.PACE_LEAD])))
        return client.get(reverse("aim", kwargs={"code": "TEST"}), {"as_at": as_at, **query})

    return run


@pytest.fixture
def reported(authority):
    """The report of aims over a few children."""
    store(PARTS, authority=authority)

    def run(*definitions, told=NOTHING_TOLD):
        versions = [stored_aim(each, authority=authority) for each in definitions or [aim(by_date="2020-12-31")]]
        return highlight_of(versions, as_at=AS_AT, by=None, told=told)

    return run


@pytest.fixture
def lead(db, client):
    """A PACE lead who is signed in."""
    user = person(Role.PACE_LEAD)
    client.force_login(user)
    return user


@pytest.fixture
def managed(authority):
    """An active aim of the authority, judged far ahead."""
    return stored_aim(aim(from_date="2019-01-01", by_date="2030-01-01"), authority=authority).aim
