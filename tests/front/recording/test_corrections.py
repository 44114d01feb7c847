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

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]


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
    typed["local_ref"] = placed.local_ref
    desk.save("", to=desk.correct_address(placed, "child"), date_of_birth=today, edition=1, **typed)
    placed.refresh_from_db()
    assert (placed.date_of_birth, str(placed.identity)) == (today, "Newly Born")
    entry = AuditEntry.objects.get(action="change", record_type="child")
    assert entry.after["given_name"] == "(name withheld)"


def test_a_birth_after_the_care_began_is_refused(desk, placed, ago):
    typed = {"given_name": "A", "family_name": "B", "team": placed.team_id, "local_ref": placed.local_ref}
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
    desk.save("", to=address("void", row, "placement"), reason="Never lived there", edition=1)
    assert "Foster" not in desk.client.get(placed.get_absolute_url()).context["now"].living


def test_a_void_episode_takes_what_hangs_on_it_along_and_can_be_recorded_anew(desk, placed, ago):
    placed.legal_bases.create(start=ago(20), measure_id="S25")
    words = desk.preview("", to=address("void", placed.episodes.get(), "episode"), reason="Wrong day", edition=1)
    assert "Takes away the clock for the recommendation (national guidance)" in words
    desk.save("", to=address("void", placed.episodes.get(), "episode"), reason="Wrong day", edition=1)
    assert not placed.placements.standing().exists()
    assert not placed.legal_bases.standing().exists()
    desk.save("looked-after", start=ago(19), placement_type="KIN", measure="S25")
    assert placed.placements.standing().get().start == ago(19)


def test_a_void_move_lets_the_placement_before_it_go_on(desk, placed, ago):
    desk.save("placement", start=ago(2), placement_type="KIN")
    moved = placed.placements.get(placement_type="KIN")
    desk.save("", to=address("void", moved, "placement"), reason="Never moved", edition=1)
    (stays,) = placed.placements.standing()
    assert (stays.placement_type_id, stays.end) == ("FOST_LA", None)


def test_what_was_decided_on_the_same_day_is_named_when_a_review_is_set_aside(desk, placed, ago):
    review = milestone(placed, "REVIEW", ago(3))
    recommended = milestone(placed, "PERM_REC", ago(3), route="PO")
    page = desk.client.get(address("void", review)).content.decode()
    assert "Of the same day, and not changed with this" in page
    assert address("correct", recommended) in page


# What was planned, and two who say what came of it


def test_two_who_say_what_came_of_a_planned_review_lose_no_recommendation(desk, placed, ago):
    planned = placed.milestones.create(kind="REVIEW", planned_on=ago(1))
    form = desk.client.get(desk.correct_address(planned)).context["form"]
    mine = {"happened_on": ago(1), "route": "PO", "edition": 1, "held": form["held"].value()}
    colleague = Client()
    colleague.force_login(person(Role.PRACTITIONER, of_team=team()))
    theirs = {"happened_on": ago(1).isoformat(), "outcome": "plan continues", "edition": 1, "held": "yes"}
    assert colleague.post(desk.correct_address(planned), theirs).status_code == 302
    response = desk.send("", to=desk.correct_address(planned), **mine)
    yours = {each.label: each.yours for each in response.context["differences"]}
    assert yours["Recommendation for permanence"] == "Permanence order"
    desk.save("", to=desk.correct_address(planned), **mine | {"edition": 2})
    assert placed.milestones.get(kind="PERM_REC").route == "PO"


def test_what_came_of_a_planned_panel_is_one_record_with_its_recommendation(desk, placed, ago):
    milestone(placed, "PERM_REC", ago(9), route="PO")
    planned = placed.milestones.create(kind="PANEL_PRESENTED", planned_on=ago(1))
    desk.save("", to=desk.correct_address(planned), happened_on=ago(1), route="PO", edition=1, held="yes")
    planned.refresh_from_db()
    assert planned.happened_on == ago(1)
    assert placed.milestones.get(kind="PANEL_REC").route == "PO"


# Episodes


def test_an_episode_is_not_reopened_over_the_one_that_follows(desk, placed, ago):
    placed.episodes.update(end=ago(10), destination="HOME_PARENTS")
    placed.placements.update(end=ago(10))
    desk.save("looked-after", start=ago(2), placement_type="KIN", measure="S25")
    first = placed.episodes.order_by("start").first()
    assert "start" in desk.errors("", to=desk.correct_address(first, "episode"), start=ago(20), edition=1)


def test_an_episode_that_is_ended_by_correction_asks_where_the_child_went_and_ends_the_rest(desk, placed, ago):
    episode = placed.episodes.get()
    ended = {"start": ago(20), "end": ago(1), "edition": 1}
    assert "destination" in desk.errors("", to=desk.correct_address(episode, "episode"), **ended)
    desk.save("", to=desk.correct_address(episode, "episode"), **ended, destination="HOME_PARENTS")
    assert placed.placements.get().end == ago(1)


# Whose child


def test_correcting_a_child_of_another_team_leaves_it_there(desk, placed, worker):
    south = team("Team South")
    placed.team = south
    placed.save()
    allocate(worker, placed)
    form = desk.client.get(desk.correct_address(placed, "child")).context["form"]
    assert form["team"].value() == south.pk
    typed = {"given_name": "Mended", "family_name": "Name", "team": south.pk, "local_ref": placed.local_ref}
    desk.save("", to=desk.correct_address(placed, "child"), date_of_birth="2018-03-03", edition=1, **typed)
    placed.refresh_from_db()
    assert placed.team == south


def test_two_children_become_siblings_and_each_has_it_in_its_trail(desk, placed):
    placed.family = None
    placed.save()
    other = child(of_team=team())
    typed = {"given_name": "A", "family_name": "B", "team": placed.team_id, "local_ref": "MENDED-1"}
    desk.save(
        "",
        to=desk.correct_address(placed, "child"),
        date_of_birth="2018-03-03",
        edition=1,
        sibling_code=other.code,
        **typed,
    )
    placed.refresh_from_db()
    other.refresh_from_db()
    assert placed.family == other.family is not None
    assert (placed.local_ref, other.edition) == ("MENDED-1", 2)
    assert AuditEntry.objects.filter(record_type="child", action="change").count() == 2


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
