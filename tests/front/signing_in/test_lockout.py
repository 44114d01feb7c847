"""Too many failures lock out for a while: of a person at an address, of a person, of many people at an address."""

from datetime import timedelta

import pytest
from allauth.account import app_settings as account_settings
from allauth.mfa import app_settings as mfa_settings
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import person
from tests.front.signing_in.steps import code_of, type_code, type_password, with_app, wrong_code

pytestmark = pytest.mark.django_db
LIMIT = 10
HERE, ELSEWHERE = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def champion():
    return person(Role.CHAMPION)


def fail(user, times: int, *, at: str = HERE, client=None, **headers):
    for _ in range(times):
        response = type_password(client or Client(), user, "not the password", REMOTE_ADDR=at, headers=headers)
    return response


def gets_in(user, *, at: str = HERE, **headers) -> bool:
    client = Client()
    type_password(client, user, REMOTE_ADDR=at, headers=headers)
    return client.get("/aims/").status_code == 200


def test_after_nine_failures_the_right_password_still_gets_in(champion):
    fail(champion, LIMIT - 1)
    assert gets_in(champion)


def test_after_ten_failures_not_even_the_right_password_is_tried(champion):
    refused = fail(champion, LIMIT)
    assert refused.status_code == 429
    assert "Wait 15 minutes" in refused.content.decode()
    assert not gets_in(champion)


def test_the_same_person_gets_in_from_another_address(champion):
    fail(champion, LIMIT)
    assert gets_in(champion, at=ELSEWHERE)


def test_an_address_where_many_people_fail_is_locked_out_for_all(champion, settings):
    settings.LOCKOUT_PEOPLE_OF_ADDRESS = 3
    tried = [person(Role.CHAMPION) for _ in range(3)]
    fail(tried[0], LIMIT - 1)
    fail(tried[1], 1)
    assert gets_in(champion)
    fail(tried[2], 1)
    assert not gets_in(champion)
    assert gets_in(champion, at=ELSEWHERE)


def test_a_council_behind_one_address_mistypes_and_gets_in(settings):
    """On a Monday morning each fails once or more; whoever has got in counts no longer against the others."""
    settings.LOCKOUT_PEOPLE_OF_ADDRESS = 3
    for number in range(4):
        user = person(Role.CHAMPION)
        fail(user, 1)
        assert gets_in(user), number
    assert not AccessAttempt.objects.exists()


def test_by_default_fifty_people_fail_at_an_address_before_it_is_locked(champion):
    now = timezone.now()
    rows = [AccessAttempt(username=f"nobody:{n}", ip_address=HERE, attempt_time=now) for n in range(49)]
    for row in rows:
        row.failures_since_start = 9
    AccessAttempt.objects.bulk_create(rows)
    assert gets_in(champion)
    fail(champion, 1)
    assert not gets_in(champion)


def test_nothing_else_counts_sign_ins_in_the_memory_of_one_process():
    assert not any({**account_settings.RATE_LIMITS, **mfa_settings.RATE_LIMITS}.values())


def test_a_person_tried_from_everywhere_is_locked_out_in_the_end(champion):
    for number in range(2):
        fail(champion, 9, at=f"198.51.100.{number + 20}")
    fail(champion, 1, at="198.51.100.30")
    assert gets_in(champion, at=ELSEWHERE)
    fail(champion, 1, at="198.51.100.31")
    assert not gets_in(champion, at=ELSEWHERE)


def test_a_header_changes_nothing_where_no_proxy_is_trusted(champion):
    for number in range(LIMIT):
        fail(champion, 1, **{"X-Forwarded-For": f"10.0.0.{number}", "X-Real-IP": f"10.0.0.{number}"})
    assert not gets_in(champion)
    assert not gets_in(champion, **{"X-Forwarded-For": ELSEWHERE})


def test_behind_a_proxy_visitors_are_told_apart_and_cannot_say_who_they_are(champion, settings):
    settings.TRUSTED_PROXIES = 1
    proxy = "10.0.0.1"
    for number in range(LIMIT):
        fail(champion, 1, at=proxy, **{"X-Forwarded-For": f"10.9.9.{number}, {HERE}"})
    assert not gets_in(champion, at=proxy, **{"X-Forwarded-For": f"10.9.9.99, {HERE}"})
    assert gets_in(champion, at=proxy, **{"X-Forwarded-For": ELSEWHERE})


def test_other_programs_of_the_same_visitor_do_not_count_apart(champion):
    for number in range(LIMIT):
        fail(champion, 1, **{"User-Agent": f"Browser {number}"})
    assert not gets_in(champion)


def test_after_fifteen_minutes_it_is_over_even_for_who_kept_trying(champion):
    fail(champion, LIMIT + 3)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    fail(champion, 1)
    assert not gets_in(champion)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert gets_in(champion)


def test_a_success_does_not_wipe_the_failures_of_an_address(champion):
    mine = person(Role.CHAMPION)
    fail(champion, LIMIT - 1)
    assert gets_in(mine)
    fail(champion, 1)
    assert not gets_in(champion)


def test_a_name_without_account_locks_out_like_any_other():
    class Nobody:
        email = "nobody@council.example"

    assert fail(Nobody, LIMIT).status_code == 429


def test_wrong_codes_lock_out_like_wrong_passwords():
    lead = person(Role.PACE_LEAD)
    secret = with_app(lead)
    client = Client()
    type_password(client, lead, REMOTE_ADDR=HERE)
    for _ in range(LIMIT):
        refused = type_code(client, wrong_code(secret), REMOTE_ADDR=HERE)
    assert refused.status_code == 429
    assert type_code(client, code_of(secret), REMOTE_ADDR=HERE).status_code == 429
    assert client.get("/aims/").status_code == 302
    assert AuditEntry.objects.filter(action="sign_failed", after__step="code").count() == LIMIT


def test_wrong_codes_and_wrong_passwords_are_counted_together():
    lead = person(Role.PACE_LEAD)
    secret = with_app(lead)
    fail(lead, 5)
    client = Client()
    type_password(client, lead, REMOTE_ADDR=HERE)
    for _ in range(5):
        refused = type_code(client, wrong_code(secret), REMOTE_ADDR=HERE)
    assert refused.status_code == 429


def test_wrong_passwords_typed_to_confirm_count_too(champion):
    client = Client()
    client.force_login(champion)
    for _ in range(LIMIT):
        client.post(reverse("account_reauthenticate"), {"password": "not the password"}, REMOTE_ADDR=HERE)
    assert not gets_in(champion)


def test_nothing_typed_is_kept_of_who_has_no_account():
    class Slip:
        email = "my-secret-password-1"

    fail(Slip, 2)
    client = Client()
    client.post(reverse("account_login"), {"login": "hunter2@council.example", "password": "pass-word-of-mine"})
    kept = str(list(AccessAttempt.objects.values())) + str(list(AuditEntry.objects.values()))
    for typed in ("my-secret-password-1", "hunter2", "not the password", "pass-word-of-mine"):
        assert typed not in kept, typed


def test_nothing_typed_is_logged(champion, caplog):
    with caplog.at_level("DEBUG"):
        fail(champion, LIMIT)
    assert "not the password" not in caplog.text
    assert champion.email not in caplog.text
