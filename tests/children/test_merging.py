"""Two records of one child become one, and two again."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from children.merging import STAYS, merge, pairs_for, relations, tell_apart, undo_merge
from children.models import Allocation, CareEpisode, Child, Family, Kept, Merge, NotTheSame
from children.restriction_actions import restrict
from milestones.models import Milestone
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import allocate, authority, child, milestone, person, team

pytestmark = pytest.mark.django_db
WHY = "The same birth certificate"
START = date(2025, 2, 3)


@pytest.fixture
def lead():
    return person(Role.DATA_LEAD)


def record_of(name=("Eilidh", "Fictitious"), **more) -> Child:
    return child(of_team=team(), accommodated=START, name=name, **more)


@pytest.fixture
def kept():
    row = record_of()
    milestone(row, "REVIEW", START + timedelta(days=30))
    return row


@pytest.fixture
def other():
    """Has the same accommodation and review, and a recommendation that the kept record lacks."""
    row = record_of()
    milestone(row, "REVIEW", START + timedelta(days=30))
    milestone(row, "PERM_REC", START + timedelta(days=90), route="ADOPT")
    return row


def standing(row: Child) -> dict[str, int]:
    return {
        model.__name__: model.objects.standing().filter(child=row).count()
        for model in (each.related_model for each in relations())
        if issubclass(model, Kept)
    }


def test_what_only_the_other_has_moves_and_what_both_have_stands_once(kept, other, lead):
    before = standing(kept)
    done = merge(kept, other, reason=WHY, by=lead)
    assert standing(kept) == before | {"Milestone": 2}
    assert not any(standing(other).values())
    assert {row.void_reason for row in CareEpisode.objects.filter(child=other)} == {f"Recorded already of {kept.code}"}
    assert set(Child.objects.visible_to(lead)) == {kept}
    assert not Child.objects.countable_by(lead).filter(pk=other.pk).exists()
    trail = AuditEntry.objects.filter(record_type="merge", record_id=done.pk)
    assert {entry.child_code for entry in trail} == {kept.code, other.code}
    assert {entry.reason for entry in trail} == {WHY}


def test_an_undo_leaves_both_records_as_they_were(kept, other, lead):
    allocate(lead, other)
    before = standing(kept), standing(other)
    done = merge(kept, other, reason=WHY, by=lead)
    assert Allocation.objects.get().child == kept
    undo_merge(done, reason="Two cousins", by=lead)
    assert (standing(kept), standing(other)) == before
    assert Allocation.objects.get().child == other
    assert set(Child.objects.visible_to(lead)) == {kept, other}
    merge(kept, other, reason="They are one after all", by=lead)


def test_what_the_kept_record_leaves_empty_is_filled_and_emptied_again(lead):
    family = Family.objects.create(authority=authority(), ref="F-1")
    kept, other = record_of(), record_of()
    Child.objects.filter(pk=kept.pk).update(ethnicity="", date_of_birth=date(2019, 1, 1))
    Child.objects.filter(pk=other.pk).update(ethnicity="White Scottish", family=family, date_of_birth=date(2019, 1, 2))
    done = merge(kept, other, reason=WHY, by=lead)
    kept.refresh_from_db()
    assert (kept.ethnicity, kept.family, kept.date_of_birth) == ("White Scottish", family, date(2019, 1, 1))
    undo_merge(done, reason="Two cousins", by=lead)
    kept.refresh_from_db()
    assert (kept.ethnicity, kept.family) == ("", None)


def test_a_merge_is_not_undone_over_what_somebody_changed_since(kept, other, lead):
    done = merge(kept, other, reason=WHY, by=lead)
    Milestone.objects.filter(kind="PERM_REC").update(edition=9)
    with pytest.raises(ValidationError, match="Somebody has changed since.*milestone"):
        undo_merge(done, reason="Two cousins", by=lead)
    assert Milestone.objects.get(kind="PERM_REC").child == kept
    assert Merge.objects.standing().count() == 1


def test_a_merge_is_undone_once(kept, other, lead):
    done = merge(kept, other, reason=WHY, by=lead)
    undo_merge(done, reason="Two cousins", by=lead)
    with pytest.raises(ValidationError, match="undone already"):
        undo_merge(done, reason="Two cousins", by=lead)


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.PACE_LEAD, Role.IG_AUDITOR])
def test_only_data_leads_merge(role, kept, other):
    with pytest.raises(PermissionDenied):
        merge(kept, other, reason=WHY, by=person(role))


def test_a_child_of_another_authority_is_not_merged(kept, lead):
    away = child(of_team=team("Team West", organisation=authority("S12000020")), accommodated=START)
    with pytest.raises(PermissionDenied):
        merge(kept, away, reason=WHY, by=lead)


def test_a_record_is_not_merged_with_itself_nor_without_a_reason(kept, other, lead):
    with pytest.raises(ValidationError, match="the same record"):
        merge(kept, kept, reason=WHY, by=lead)
    with pytest.raises(ValidationError, match="Say why"):
        merge(kept, other, reason="  ", by=lead)


def test_an_adopted_child_is_tied_to_no_other_record(kept, other, lead):
    milestone(other, "ORDER_GRANTED", timezone.localdate(), order_type="AO", route="ADOPT")
    with pytest.raises(ValidationError, match="adopted"):
        merge(kept, other, reason=WHY, by=lead)


def test_a_restricted_record_is_opened_first(kept, other, lead):
    restrict(other, reason="A relative of somebody here", named=[lead], by=person(Role.PACE_LEAD))
    with pytest.raises(ValidationError, match="restricted"):
        merge(kept, other, reason=WHY, by=lead)


def test_who_was_told_apart_is_not_proposed_again(kept, other, lead):
    same, _siblings = pairs_for(lead)
    assert [(pair.first, pair.second) for pair in same] == [(kept.pk, other.pk)]
    tell_apart(other, kept, reason="Cousins of one name", by=lead)
    tell_apart(kept, other, reason="Again", by=lead)
    assert NotTheSame.objects.get().reason == "Cousins of one name"
    assert pairs_for(lead)[0] == []


def test_a_merged_record_is_not_proposed(kept, other, lead):
    merge(kept, other, reason=WHY, by=lead)
    assert pairs_for(lead) == ([], [])


def test_every_relation_of_a_child_moves_or_stays_for_a_reason():
    moving = {
        "allocation",
        "restriction",
        "keptlonger",
        "rightsrequest",
        "childincycle",
        "missinganswer",
        "acceptedfinding",
    }
    for each in relations():
        model = each.related_model
        is_known = issubclass(model, Kept) or model._meta.label_lower in STAYS or model._meta.model_name in moving
        assert is_known, f"Say in children/merging.py whether {model._meta.label} moves with a merge."
