"""What must never be false of a programme, its groups and its scores is refused by the database itself."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from improvement.models import GroupMember, ProgressScore
from tests.builders import authority, person
from tests.improvement.builders import an_aim
from tests.improvement.meeting_builders import a_member, a_programme, a_score

pytestmark = pytest.mark.django_db


def test_an_authority_has_one_programme():
    a_programme()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(a_programme()).objects.create(authority=authority())


def test_a_programme_ends_after_it_starts():
    with pytest.raises(IntegrityError, match="programme_ends_after_it_starts"), transaction.atomic():
        a_programme(starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("broken", "constraint"),
    [
        ({"name": "Mo"}, "member_is_a_user_or_a_name"),
        ({"user": None}, "member_is_a_user_or_a_name"),
        ({"role": "king"}, "member_role_is_known"),
        ({"left_on": date(2026, 1, 4)}, "member_leaves_after_joining"),
        ({"left_on": date(2026, 2, 4), "leads": True}, "member_leads_the_champions_while_there"),
    ],
)
def test_a_member_cannot_be_stored_against_what_a_group_is(broken, constraint):
    member = a_member()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        GroupMember.objects.filter(pk=member.pk).update(**broken)


def test_an_aim_group_has_its_lead_at_the_aim_and_not_among_its_members():
    with pytest.raises(IntegrityError, match="member_leads_the_champions_while_there"), transaction.atomic():
        a_member(aim=an_aim(), leads=True)


def test_the_champions_group_has_one_lead():
    a_member(leads=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        a_member(leads=True)


def test_somebody_is_in_a_group_once_at_a_time():
    user, aim = person(), an_aim()
    a_member(user, left_on=date(2026, 2, 1))
    a_member(user)
    a_member(user, aim=aim)
    for group in (None, aim):
        with pytest.raises(IntegrityError), transaction.atomic():
            a_member(user, aim=group)


@pytest.mark.parametrize("score", ["0.0", "0.4", "5.5", "2.2"])
def test_a_score_goes_from_a_half_to_five_in_steps_of_a_half(score):
    with pytest.raises(IntegrityError, match="score_in_steps_of_a_half"), transaction.atomic():
        a_score(score)


def test_every_score_of_the_table_can_be_given():
    for halves in range(1, 11):
        a_score(str(Decimal(halves) / 2))
    assert ProgressScore.objects.count() == 10


def test_a_score_is_only_ever_added():
    score = a_score()
    score.reason = "Better"
    for change in (score.save, score.delete, ProgressScore.objects.all().delete):
        with pytest.raises(TypeError):
            change()
    with pytest.raises(TypeError):
        ProgressScore.objects.update(reason="Better")


def test_a_score_is_kept_by_the_database_from_who_goes_past_the_models():
    score = a_score()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE improvement_progressscore SET reason = 'Better' WHERE id = %s", [score.pk])
    assert ProgressScore.objects.get().reason == "Planning begun"
