"""A database that is away, busy or full: people are told so, and what they typed is given back to them."""

import sqlite3
from html.parser import HTMLParser

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from children.models import Child
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import child, person, team

pytestmark = pytest.mark.django_db


def says(code: int) -> OperationalError:
    cause = sqlite3.OperationalError("UPDATE children_identity SET given_name = 'Morven'")
    cause.sqlite_errorcode = code
    error = OperationalError("Morven")
    error.__cause__ = cause
    return error


@pytest.fixture
def visitor(client, caplog):
    client.raise_request_exception = False
    user = person(Role.DATA_LEAD)
    client.force_login(user)
    with caplog.at_level("CRITICAL", logger="django.request"):
        yield client


def broken(*, at: str, code: int):
    """The database refuses each statement that begins like this."""

    def refuse(execute, sql, parameters, many, context):
        if sql.startswith(at):
            raise says(code)
        return execute(sql, parameters, many, context)

    return connection.execute_wrapper(refuse)


class Fields(HTMLParser):
    def __init__(self, html: str):
        super().__init__()
        self.given: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "input":
            self.given[given["name"]] = given["value"]


@pytest.mark.parametrize(
    ("code", "status", "words", "seconds"),
    [
        (sqlite3.SQLITE_BUSY, 503, "busy with other people", "5"),
        (sqlite3.SQLITE_CANTOPEN, 503, "cannot be reached", "15"),
        (sqlite3.SQLITE_FULL, 507, "no room left", "300"),
    ],
)
def test_an_outage_is_told_with_when_to_try_again_and_nothing_of_its_inside(visitor, code, status, words, seconds):
    with broken(at="SELECT", code=code):
        response = visitor.get("/children/?page=2")
    said = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (status, seconds)
    assert words in said
    assert 'href="/children/?page=2"' in said
    assert "Morven" not in said
    assert "no-store" in response["Cache-Control"]
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_a_statement_that_we_wrote_wrongly_is_a_fault_and_no_outage(visitor):
    with broken(at="SELECT", code=sqlite3.SQLITE_ERROR):
        response = visitor.get("/children/")
    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()


def test_what_was_typed_comes_back_and_is_recorded_when_it_is_sent_again(visitor):
    row = child(of_team=team())
    address = f"/children/{row.code}/record/medical/"
    typed = {"happened_on": "2026-01-05", "note": 'Said "<b>well</b>"\nand went home'}
    with broken(at="INSERT", code=sqlite3.SQLITE_FULL):
        response = visitor.post(address, typed)
    assert response.status_code == 507
    given = Fields(response.content.decode()).given
    assert given == typed
    assert not row.milestones.exists()
    assert not AuditEntry.objects.filter(record_type="milestone").exists()
    assert visitor.post(address, given).status_code == 302
    assert row.milestones.get().note.replace("\r", "") == typed["note"]


@pytest.mark.parametrize("typed", [{"login": "a@council.example", "password": "a-secret"}, {"code": "123456"}])
def test_what_is_secret_is_not_given_back(visitor, typed):
    visitor.logout()
    with broken(at="SELECT", code=sqlite3.SQLITE_BUSY):
        response = visitor.post("/accounts/login/", typed)
    said = response.content.decode()
    assert response.status_code == 503
    assert "Go back" in said
    assert not Fields(said).given
    assert not any(value in said for value in typed.values())


def test_a_file_is_not_given_back(visitor, tmp_path):
    with broken(at="SELECT", code=sqlite3.SQLITE_BUSY), (tmp_path / "a.csv").open("w+") as file:
        response = visitor.post("/national/files/", {"file": file, "note": "a note"})
    assert response.status_code == 503
    assert not Fields(response.content.decode()).given


def test_a_command_says_what_is_wrong_and_no_trace(settings):
    with broken(at="SELECT", code=sqlite3.SQLITE_BUSY), pytest.raises(CommandError) as refused:
        call_command("check_data", "--authority=S12000019", "--as-at=2026-01-05")
    assert str(refused.value) == "The database is busy with other people's work. What was not finished was undone."
    assert not Child.objects.exists()
