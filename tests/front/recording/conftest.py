"""A worker at a form: what they see, send and are told."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from children.models import Child
from pace_site.accounts.roles import Role
from tests.builders import child, person, team


@dataclass
class Desk:
    """Opens and sends the forms of one child, as one person."""

    client: object
    row: Child

    def address(self, slug: str) -> str:
        return reverse("record", kwargs={"code": self.row.code, "slug": slug})

    def correct_address(self, record, what: str = "milestone") -> str:
        return reverse("correct", kwargs={"code": self.row.code, "what": what, "pk": record.pk})

    def send(self, slug: str, *, to: str = "", **typed):
        return self.client.post(to or self.address(slug), sent(typed))

    def save(self, slug: str, *, to: str = "", **typed):
        """Send, and where something is unusual save it all the same."""
        response = self.send(slug, to=to, **typed)
        if response.status_code == 200 and response.context["warnings"]:
            typed["accepted"] = response.context["form"].data["accepted"]
            response = self.send(slug, to=to, **typed)
        assert response.status_code == 302, response.context["form"].errors
        return response

    def preview(self, slug: str, *, to: str = "", **typed) -> str:
        response = self.client.post(to or self.address(slug), sent(typed), headers={"HX-Request": "true"})
        assert response.status_code == 200
        return response.content.decode()

    def errors(self, slug: str, *, to: str = "", **typed) -> dict[str, list[str]]:
        response = self.send(slug, to=to, **typed)
        assert response.status_code == 200
        return dict(response.context["form"].errors)


def sent(typed: dict) -> dict:
    """What a browser sends: dates as ISO text, ticks as "on"."""
    return {
        name: "on" if value is True else value.isoformat() if isinstance(value, date) else value
        for name, value in typed.items()
        if value is not None and value is not False
    }


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def ago(today):
    """The day so many weeks ago."""
    return lambda weeks: today - timedelta(weeks=weeks)


@pytest.fixture
def worker(client):
    user = person(Role.PRACTITIONER, of_team=team())
    client.force_login(user)
    return user


@pytest.fixture
def placed(worker, ago):
    """A child in foster care for twenty weeks, with a brother or sister to come."""
    return child(of_team=team(), accommodated=ago(20), family="F1", born=date(2018, 3, 3))


@pytest.fixture
def desk(client, placed):
    return Desk(client, placed)
