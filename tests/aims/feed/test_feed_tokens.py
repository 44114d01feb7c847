"""Who opens the feed, what is kept of a token, and what the trail says."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from aims.feed.actions import make_token, revoke_token, switch_feed
from aims.models import FeedSwitch, FeedToken
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.aims.feed.asking import lead, token_of
from tests.builders import authority, person

pytestmark = pytest.mark.django_db

Action = AuditEntry.Action


def in_days(days: int):
    return timezone.localdate() + timedelta(days=days)


def test_a_token_has_256_random_bits_and_none_is_like_another():
    texts = {token_of(label=f"Program {number}", on=False)[1] for number in range(20)}
    assert len(texts) == 20
    assert {len(text.removeprefix("pace_")) for text in texts} == {43}


def test_of_a_token_only_its_digest_and_its_beginning_are_kept():
    token, text = token_of()
    kept = FeedToken.objects.values().get(pk=token.pk)
    assert text not in str(kept)
    assert text[10:] not in str(kept)
    assert (kept["begins_with"], len(kept["sha256"])) == (text[:10], 64)


def test_making_and_revoking_and_switching_are_told_in_the_trail_without_the_token():
    by = lead()
    switch_feed(on=True, by=by)
    token, text = make_token(label="Power BI", expires_on=in_days(10), by=by)
    revoke_token(token, by=by)
    switch_feed(on=False, by=by)
    entries = list(AuditEntry.objects.order_by("pk"))
    assert [(entry.action, entry.record_type) for entry in entries] == [
        (Action.CHANGE, "feed"),
        (Action.CREATE, "feed token"),
        (Action.VOID, "feed token"),
        (Action.CHANGE, "feed"),
    ]
    assert {(entry.actor, entry.authority_code) for entry in entries} == {(by.email, "S12000019")}
    assert entries[0].after == {"on": True}
    assert entries[1].after["label"] == "Power BI"
    assert text not in str([(entry.before, entry.after) for entry in entries])


def test_switching_on_what_is_on_leaves_no_second_word():
    by = lead()
    switch_feed(on=True, by=by)
    switch_feed(on=True, by=lead())
    assert AuditEntry.objects.count() == 1
    assert FeedSwitch.objects.get().switched_by == by


def test_revoking_twice_keeps_who_did_it_first():
    token, _text = token_of()
    first = lead()
    revoke_token(token, by=first)
    revoke_token(token, by=lead())
    token.refresh_from_db()
    assert token.revoked_by == first
    assert AuditEntry.objects.filter(action=Action.VOID).count() == 1


@pytest.mark.parametrize(("days", "said"), [(-1, "past"), (366, "a year at most")])
def test_a_token_ends_within_a_year_and_not_before_today(days, said):
    with pytest.raises(ValidationError, match=said):
        make_token(label="Power BI", expires_on=in_days(days), by=lead())
    assert not FeedToken.objects.exists()


@pytest.mark.parametrize("days", [0, 365])
def test_a_token_may_end_today_or_in_a_year(days):
    assert make_token(label="Power BI", expires_on=in_days(days), by=lead())[0].expires_on == in_days(days)


def test_a_token_says_what_it_is_for():
    with pytest.raises(ValidationError, match="which program"):
        make_token(label="  ", expires_on=in_days(1), by=lead())


def test_two_tokens_that_stand_have_two_names():
    token, _text = token_of(label="Power BI")
    with pytest.raises(ValidationError, match="There is a token of this name"):
        make_token(label=" Power BI ", expires_on=in_days(1), by=lead())
    token_of(authority("S12000033"), label="Power BI")
    revoke_token(token, by=lead())
    assert make_token(label="Power BI", expires_on=in_days(1), by=lead())[0].label == "Power BI"


def test_the_database_holds_one_standing_token_of_a_name():
    token, _text = token_of(label="Power BI")
    with pytest.raises(IntegrityError), transaction.atomic():
        FeedToken.objects.create(
            authority=token.authority, label="Power BI", sha256="0", expires_on=in_days(1), made_by=token.made_by
        )


@pytest.mark.parametrize("role", sorted({*Role.values} - {Role.PACE_LEAD, Role.DATA_LEAD}))
def test_no_other_role_opens_the_feed(role):
    token, _text = token_of()
    user = person(role)
    with pytest.raises(PermissionDenied):
        switch_feed(on=False, by=user)
    with pytest.raises(PermissionDenied):
        make_token(label="Mine", expires_on=in_days(1), by=user)
    with pytest.raises(PermissionDenied):
        revoke_token(token, by=user)
    assert (FeedSwitch.objects.get().is_on, FeedToken.objects.filter(revoked_at=None).count()) == (True, 1)


def test_a_token_is_not_revoked_from_another_authority():
    token, _text = token_of()
    with pytest.raises(PermissionDenied, match="another authority's"):
        revoke_token(token, by=lead(authority("S12000033")))
    assert not FeedToken.objects.get().is_revoked


def test_a_national_body_has_no_feed():
    body = Organisation.objects.get(kind=Organisation.Kind.NATIONAL)
    with pytest.raises(PermissionDenied, match="Only a local authority"):
        switch_feed(on=True, by=lead(body))
