"""A page breaks while a child's name is in its hands: neither the answer, the log nor the mail says a word of it."""

import io
import json
import logging
import smtplib

import pytest
from django.core import mail
from django.db import IntegrityError
from django.urls import reverse
from django.views.debug import ExceptionReporter

import pace_site.audit.trail
from pace_site.accounts.roles import Role
from pace_site.audit.occasion import occasion
from pace_site.defences.fault_mail import FaultMailHandler
from pace_site.defences.log_lines import JsonLine, LogLine
from tests.builders import PASSWORD, allocate, child, person

GIVEN, FAMILY, REFERENCE, TYPED = "Morvenna", "Fictitious", "REF00417", "hears voices at night"
CODE = "PX-417"
UNTOLD = (GIVEN, FAMILY, REFERENCE, TYPED, CODE, PASSWORD, "2015-05-05", "morag@council.example", "csrfmiddlewaretoken")


@pytest.fixture
def log(monkeypatch):
    """What the handlers of the settings write."""
    written = io.StringIO()
    streams = [each for each in logging.getLogger().handlers if isinstance(each.formatter, LogLine)]
    for handler in streams:
        if isinstance(handler, logging.StreamHandler):
            monkeypatch.setattr(handler, "stream", written)
        if isinstance(handler, FaultMailHandler):
            monkeypatch.setattr(handler, "told_at", {})
    return written


@pytest.fixture
def told_to_administrators(settings):
    settings.ADMINS = [("Administrator", "admin@council.example")]
    mail.outbox = []
    return lambda: "\n".join(f"{each.subject}\n{each.message()}" for each in mail.outbox)


@pytest.fixture
def morvenna(db):
    row = child(name=(GIVEN, FAMILY), code=CODE)
    row.local_ref = REFERENCE
    row.save()
    return row


@pytest.fixture
def broken(monkeypatch):
    """Whatever writes the audit trail breaks, as a database does that tells the values it refuses."""

    def refuse(entries):
        given_name, local_ref = GIVEN, REFERENCE
        raise IntegrityError(
            f"Key (local_ref, given_name)=({local_ref}, {given_name}) already exists. {entries[0].after}"
        )

    monkeypatch.setattr(pace_site.audit.trail, "record_all", refuse)


FAULTS = {
    "a child's page": ("get", "/children/{code}/?as-at=2026-01-01&note={typed}", {}, "/children/<str:code>/"),
    "a search by name": ("post", "/search/", {"term": FAMILY}, "/search/"),
    "recording a review": (
        "post",
        "/children/{code}/record/review/",
        {"happened_on": "2026-01-05", "note": f"{GIVEN} {TYPED}", "accepted": "yes"},
        "/children/<str:code>/record/<slug:slug>/",
    ),
}


def ask(client, method: str, address: str, data: dict):
    client.raise_request_exception = False
    return getattr(client, method)(address.format(code=CODE, typed=TYPED.replace(" ", "+")), data)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_tells_its_place_and_nothing_of_the_child(client, morvenna, broken, log, told_to_administrators, fault):
    method, address, data, route = FAULTS[fault]
    lead = person(Role.PRACTITIONER, Role.PACE_LEAD, email="morag@council.example")
    allocate(lead, morvenna)
    client.force_login(lead)
    response = ask(client, method, address, data)
    assert response.status_code == 500
    lines, mails = log.getvalue(), told_to_administrators()
    for told in (lines, mails):
        assert "django.db.utils.IntegrityError" in told
        assert "tests/defences/test_what_faults_tell.py:" in told
        assert route in told
    for words in UNTOLD:
        for where, told in (("answer", response.content.decode()), ("log", lines), ("mail", mails)):
            assert words not in told, f"the {where} tells {words}"


def test_in_production_a_fault_is_an_object_of_json_with_its_request_and_nothing_of_the_child(
    client, morvenna, broken, log, told_to_administrators, monkeypatch
):
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and isinstance(handler.formatter, LogLine):
            monkeypatch.setattr(handler, "formatter", JsonLine())
    monkeypatch.setattr(logging.getLogger("pace_site.requests"), "level", logging.INFO)
    logging.getLogger("pace_site.requests").manager._clear_cache()
    lead = person(Role.PRACTITIONER, Role.PACE_LEAD, email="morag@council.example")
    allocate(lead, morvenna)
    client.force_login(lead)
    for fault in FAULTS.values():
        assert ask(client, *fault[:3]).status_code == 500
    told = log.getvalue()
    lines = [json.loads(line) for line in told.splitlines()]
    asked = [line for line in lines if line["logger"] == "pace_site.requests"]
    assert [(line["method"], line["route"], line["status_code"]) for line in asked] == [
        ("GET" if fault[0] == "get" else "POST", fault[3], 500) for fault in FAULTS.values()
    ]
    assert all(line["milliseconds"] >= 0 and line["request_id"] for line in asked)
    broke = [line for line in lines if "fault" in line]
    assert [line["request_id"] for line in broke] == [line["request_id"] for line in asked]
    assert all("django.db.utils.IntegrityError" in line["fault"] for line in broke)
    assert [words for words in UNTOLD if words in told] == []


def test_the_log_and_the_trail_have_the_id_of_the_request_in_common(client, morvenna, monkeypatch, log):
    ids = []

    def refuse(_entries):
        ids.append(occasion().request_id)
        raise IntegrityError

    monkeypatch.setattr(pace_site.audit.trail, "record_all", refuse)
    client.force_login(person(Role.PACE_LEAD))
    ask(client, *FAULTS["a search by name"][:3])
    assert ids[0]
    assert f" ERROR django.request {ids[0]} POST /search/ 500" in log.getvalue()


def test_a_fault_while_signing_in_tells_neither_address_nor_password(
    client, db, monkeypatch, log, told_to_administrators
):
    def fall(*_args, **_kwargs):
        raise RuntimeError(PASSWORD)

    monkeypatch.setattr("allauth.account.forms.LoginForm.clean", fall)
    response = ask(client, "post", reverse("account_login"), {"login": "morag@council.example", "password": PASSWORD})
    assert response.status_code == 500
    told = response.content.decode() + log.getvalue() + told_to_administrators()
    assert "builtins.RuntimeError" in told
    assert [words for words in UNTOLD if words in told] == []


def test_an_address_that_leads_nowhere_is_not_written_down(client, db, log):
    client.force_login(person(Role.PACE_LEAD))
    client.get(f"/children/{GIVEN}/{FAMILY}/nothing/?q={REFERENCE}")
    assert "GET an address that leads nowhere 404" in log.getvalue()
    assert [words for words in UNTOLD if words in log.getvalue()] == []


def test_a_host_that_is_not_ours_is_not_written_down(client, db, log):
    client.get("/", headers={"host": f"{GIVEN.lower()}.example"})
    assert "DisallowedHost" in log.getvalue()
    assert GIVEN.lower() not in log.getvalue()


def line(name: str, message: str, *args, **more) -> str:
    record = logging.LogRecord(name, logging.INFO, __file__, 1, message, args, None)
    record.__dict__.update(more)
    return LogLine().format(record)


def test_the_server_of_the_demo_writes_no_query_string():
    written = line("django.server", '"%s" %s %s', f"GET /children/?q={GIVEN} HTTP/1.1", "200", "512", status_code=200)
    assert "GET /children/ 200" in written
    assert GIVEN not in written


def test_of_a_librarys_message_the_words_and_numbers_stay():
    assert line("library", "Refused %s after %d tries", GIVEN, 3).endswith("Refused … after 3 tries")
    assert line("library", "Refused %(who)s", {"who": GIVEN}).endswith("Refused …")
    assert GIVEN not in line("library", "Refused %d", GIVEN)


def test_a_line_stays_one_line_so_that_nobody_can_write_another():
    assert "\n" not in line("aims.news", "One\nERROR two")


def test_our_own_messages_are_told_whole():
    assert line("pace_site.long_work.workers", "Took up %s", "work 7").endswith("Took up work 7")


def test_an_exceptions_causes_are_told_by_kind_and_place():
    try:
        try:
            raise KeyError(GIVEN)
        except KeyError as error:
            raise ValueError(FAMILY) from error
    except ValueError as error:
        record = logging.LogRecord(
            "aims", logging.ERROR, __file__, 1, "Fell", (), (ValueError, error, error.__traceback__)
        )
    written = LogLine().format(record)
    assert written.index("builtins.ValueError") < written.index("builtins.KeyError")
    assert written.count("in test_an_exceptions_causes_are_told_by_kind_and_place") == 2
    assert GIVEN not in written
    assert FAMILY not in written


def test_the_same_fault_is_mailed_once_in_ten_minutes(told_to_administrators, monkeypatch):
    now = 1_000.0
    monkeypatch.setattr("pace_site.defences.fault_mail.monotonic", lambda: now)
    handler = FaultMailHandler()
    record = logging.LogRecord("aims", logging.ERROR, __file__, 1, "Fell", (), None)
    for _ in range(3):
        handler.emit(record)
    assert len(mail.outbox) == 1
    now += 601
    handler.emit(record)
    assert len(mail.outbox) == 2


def test_a_mail_server_that_is_away_breaks_nothing(settings, monkeypatch):
    def away(*_args, **_kwargs):
        raise smtplib.SMTPServerDisconnected

    settings.ADMINS = [("Administrator", "admin@council.example")]
    monkeypatch.setattr("pace_site.defences.fault_mail.mail_admins", away)
    FaultMailHandler().emit(logging.LogRecord("aims", logging.ERROR, __file__, 1, "Fell", (), None))


def test_without_administrators_no_mail_is_made(settings):
    settings.ADMINS = []
    FaultMailHandler().emit(logging.LogRecord("aims", logging.ERROR, __file__, 1, "Fell", (), None))
    assert mail.outbox == []


def test_a_report_of_an_exception_holds_no_variable_setting_or_form(rf):
    request = rf.post(f"/children/?q={GIVEN}", {"term": FAMILY})
    try:
        given_name = GIVEN.upper()
        raise RuntimeError(len(given_name))
    except RuntimeError as error:
        data = ExceptionReporter(request, RuntimeError, error, error.__traceback__).get_traceback_data()
    assert [frame["vars"] for frame in data["frames"]] == [[]]
    assert (data["settings"], data["filtered_POST_items"], data["request_meta"]) == ({}, [], {})
