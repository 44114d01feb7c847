"""Corrections, collisions, double clicks, voids and histories of records."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from milestones.models import Milestone
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry, Receipt
from tests.builders import allocate, child, milestone, person, team

pytestmark = pytest.mark.django_db


@pytest.fixture
def recommended(placed, ago):
    return milestone(placed, "PERM_REC", ago(4), route="PO", source="review minute")


def as_typed(row, **changed):
    """What the form of a milestone sends when only `changed` is touched."""
    said = {
        "happened_on": row.happened_on,
        "precision": "day",
        "route": row.route,
        "source": row.source,
        "edition": row.edition,
    }
    return said | changed


def address(name, row, what="milestone"):
    return reverse(name, kwargs={"code": row.child.code, "what": what, "pk": row.pk})


# Corrections and their history


def test_a_correction_changes_the_row_and_tells_who_when_from_and_to(desk, recommended, worker, ago):
    desk.save("", to=desk.correct_address(recommended), **as_typed(recommended, happened_on=ago(5)))
    recommended.refresh_from_db()
    assert (recommended.happened_on, recommended.edition) == (ago(5), 2)
    entry = AuditEntry.objects.get(action="change", record_type="milestone")
    assert (entry.actor, entry.before, entry.after) == (
        worker.email,
        {"happened_on": ago(4).isoformat()},
        {"happened_on": ago(5).isoformat()},
    )
    page = desk.client.get(address("history", recommended)).content.decode()
    assert f"Changed by {worker}" in page
    assert "Happened on" in page


def test_the_same_said_again_changes_nothing(desk, recommended):
    desk.save("", to=desk.correct_address(recommended), **as_typed(recommended))
    recommended.refresh_from_db()
    assert recommended.edition == 1
    assert not AuditEntry.objects.filter(action="change").exists()


def test_a_correction_says_first_what_it_does_to_the_clocks(desk, recommended, ago):
    words = desk.preview("", to=desk.correct_address(recommended), **as_typed(recommended, happened_on=ago(2)))
    assert "Stops the clock for the recommendation (national guidance)" in words


def test_an_impossible_correction_leaves_everything_as_it_was(desk, recommended, today):
    errors = desk.errors(
        "", to=desk.correct_address(recommended), **as_typed(recommended, happened_on=today + timedelta(days=1))
    )
    assert "happened_on" in errors
    recommended.refresh_from_db()
    assert recommended.edition == 1


@pytest.mark.parametrize(
    ("what", "typed"),
    [
        ("placement", {"placement_type": "KIN"}),
        ("episode", {}),
        ("legal-basis", {"measure": "CSO"}),
    ],
)
def test_stretches_of_care_are_corrected_in_the_same_way(desk, placed, ago, what, typed):
    basis = placed.legal_bases.create(start=ago(20), measure_id="S25")
    row = {"placement": placed.placements.get(), "episode": placed.episodes.get(), "legal-basis": basis}[what]
    desk.save("", to=desk.correct_address(row, what), start=ago(19), edition=1, **typed)
    row.refresh_from_db()
    assert (row.start, row.edition) == (ago(19), 2)


def test_the_birth_of_an_expected_child_is_recorded_by_correction(desk, placed, today):
    placed.date_of_birth, placed.expected_on = None, today
    placed.save()
    placed.episodes.all().delete()
    typed = {"given_name": "Newly", "family_name": "Born", "team": placed.team_id, "expected_on": today}
    desk.save("", to=desk.correct_address(placed, "child"), date_of_birth=today, edition=1, **typed)
    placed.refresh_from_db()
    assert (placed.date_of_birth, str(placed.identity)) == (today, "Newly Born")
    entry = AuditEntry.objects.get(action="change", record_type="child")
    assert entry.after["given_name"] == "(name withheld)"


def test_a_birth_after_the_care_began_is_refused(desk, placed, ago):
    typed = {"given_name": "A", "family_name": "B", "team": placed.team_id}
    assert "date_of_birth" in desk.errors(
        "", to=desk.correct_address(placed, "child"), date_of_birth=ago(1), edition=1, **typed
    )


# Collisions


def test_two_who_correct_one_record_see_both_versions_and_neither_is_lost(desk, recommended, ago):
    colleague = Client()
    colleague.force_login(person(Role.PRACTITIONER, of_team=team()))
    mine, theirs = as_typed(recommended, happened_on=ago(6)), as_typed(recommended, happened_on=ago(7))
    assert (
        colleague.post(desk.correct_address(recommended), {**theirs, "happened_on": ago(7).isoformat()}).status_code
        == 302
    )

    response = desk.send("", to=desk.correct_address(recommended), **mine)
    assert response.status_code == 200
    (difference,) = response.context["differences"]
    assert difference.label == "Date it happened"
    assert difference.theirs != difference.yours
    form = response.context["form"]
    assert form["happened_on"].value() == ago(6).isoformat()
    recommended.refresh_from_db()
    assert recommended.happened_on == ago(7)

    desk.save("", to=desk.correct_address(recommended), **mine | {"edition": form.data["edition"]})
    recommended.refresh_from_db()
    assert (recommended.happened_on, recommended.edition) == (ago(6), 3)


def test_a_record_that_was_voided_meanwhile_is_not_written_over(desk, recommended, ago):
    typed = as_typed(recommended, happened_on=ago(6))
    desk.client.post(address("void", recommended), {"reason": "Another child's", "edition": 1})
    response = desk.send("", to=desk.correct_address(recommended), **typed)
    assert response.status_code == 200
    assert "Somebody has set this record aside meanwhile: Another child&#x27;s" in response.content.decode()
    recommended.refresh_from_db()
    assert recommended.happened_on == ago(4)


def test_a_double_click_records_once(desk, placed, ago):
    token = uuid.uuid4()
    first = desk.send("medical", happened_on=ago(1), token=token)
    second = desk.send("medical", happened_on=ago(1), token=token)
    assert (first.status_code, second.status_code) == (302, 302)
    assert placed.milestones.count() == Receipt.objects.count() == 1


def test_a_form_that_was_refused_can_be_sent_again_with_the_same_token(desk, placed, ago, today):
    token = uuid.uuid4()
    desk.errors("medical", happened_on=today + timedelta(days=1), token=token)
    desk.save("medical", happened_on=ago(1), token=token)
    assert placed.milestones.count() == 1


# Voids


def test_a_void_needs_a_reason_stays_in_the_history_and_counts_nowhere(desk, recommended, worker):
    assert desk.client.post(address("void", recommended), {"reason": " ", "edition": 1}).status_code == 200
    assert (
        desk.client.post(address("void", recommended), {"reason": "Another child's", "edition": 1}).status_code == 302
    )
    recommended.refresh_from_db()
    assert (recommended.is_void, recommended.voided_by) == (True, worker)
    assert Milestone.objects.standing().count() == 0
    assert "Another child&#x27;s" in desk.client.get(address("history", recommended)).content.decode()


def test_two_who_void_one_record_do_so_once(desk, recommended):
    desk.client.post(address("void", recommended), {"reason": "First", "edition": 1})
    assert desk.client.post(address("void", recommended), {"reason": "Second", "edition": 1}).status_code == 200
    recommended.refresh_from_db()
    assert recommended.void_reason == "First"


def test_a_void_placement_places_nobody(desk, placed):
    row = placed.placements.get()
    desk.client.post(address("void", row, "placement"), {"reason": "Never lived there", "edition": 1})
    assert "Foster" not in desk.client.get(placed.get_absolute_url()).context["now"].living


# Who may


@pytest.mark.parametrize(
    ("role", "slug", "status"),
    [
        (Role.IRO, "review", 200),
        (Role.IRO, "court-lodged", 403),
        (Role.IRO, "placement", 403),
        (Role.LEGAL, "court-lodged", 200),
        (Role.LEGAL, "legal-basis", 200),
        (Role.LEGAL, "review", 403),
        (Role.PANEL_ADMINISTRATOR, "panel-presented", 200),
        (Role.PANEL_ADMINISTRATOR, "medical", 403),
        (Role.ADM, "adm-decision", 200),
        (Role.ADM, "perm-rec", 403),
        (Role.PACE_LEAD, "review", 403),
        (Role.CHAMPION, "review", 403),
    ],
)
def test_each_role_records_its_own_part_of_the_story(client, placed, role, slug, status):
    user = person(role)
    allocate(user, placed)
    client.force_login(user)
    assert client.get(reverse("record", kwargs={"code": placed.code, "slug": slug})).status_code == status


def test_a_pace_lead_voids_what_others_recorded(client, recommended):
    client.force_login(person(Role.PACE_LEAD))
    assert client.post(address("void", recommended), {"reason": "Entered twice", "edition": 1}).status_code == 302


def test_whoever_may_not_record_a_kind_may_not_void_it(client, recommended):
    legal = person(Role.LEGAL)
    allocate(legal, recommended.child)
    client.force_login(legal)
    assert client.post(address("void", recommended), {"reason": "Mine", "edition": 1}).status_code == 403
    recommended.refresh_from_db()
    assert not recommended.is_void


def test_a_record_is_found_only_under_its_own_child(desk, recommended, ago):
    other = child(of_team=team(), accommodated=ago(5))
    wrong = reverse("correct", kwargs={"code": other.code, "what": "milestone", "pk": recommended.pk})
    assert desk.client.get(wrong).status_code == 404
