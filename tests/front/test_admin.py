"""The admin pages: our own permissions, one's own organisation, and every write in the audit trail."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import NoReverseMatch

from pace_site.accounts.models import Organisation, Team, User
from pace_site.accounts.permissions import ADMIN_PERMISSIONS, ROLE_PERMISSIONS
from pace_site.accounts.roles import Role
from pace_site.audit.audited_admin import PermittedAdmin
from tests.builders import authority, person, team
from tests.front.admin_pages import page, person_form, trail

pytestmark = pytest.mark.django_db

ELSEWHERE = "S12000047"


# What people look after elsewhere, and why it has no admin page.
WITHOUT_ADMIN_PAGES = {
    "long_work.longwork": "its owner's alone, watched on its own page",
    "long_work.finishedfile": "handed out to its owner alone, and deleted after a day",
    "long_work.workerseen": "a note from worker to worker; the page of a piece of work says when none is alive",
    "operations.scheduledrun": "a note of the clock to itself; figures for Prometheus say when a job last succeeded",
    "children.restriction": "set, changed and ended on the child's own page, by who can open the record",
    "children.restrictionaccess": "a name in a restriction, given and taken on the child's own page",
    "children.breakglass": "made by opening a record, and looked at on the page of what was opened",
    "children.merge": "made and undone on the page of records that may be of one child",
    "children.notthesame": "said on the page of records that may be of one child",
    "children.savedfilter": "a person keeps their own filters above the list that they filter",
    "children.referencekey": "a secret: nobody reads it",
    "children.forgottenreference": "a mark that nobody can read; it is taken away on the page of retention",
    "children.keptlonger": "decided on the page of retention",
    "children.pseudonymisation": "proposed and decided on the page of retention",
    "children.rightsrequest": "kept in the log of requests",
    "children.extractsource": "named, and said to have all children or some, where an extract is uploaded",
    "children.listed": "a note to the machine of which source has which child; the page of missing children reads it",
    "milestones.importupload": "shut up, and deleted when its import is taken in or cancelled",
    "milestones.importpreview": "read on the page of its import",
    "milestones.sheetlooks": "shut up, and read on the page where columns are mapped",
    "milestones.columnmapping": "confirmed on the page where columns are mapped, with the sheet before one's eyes",
    "milestones.importundo": "shut up, until its import is undone on its page",
    "milestones.missinganswer": "given on the page of children whom the last extract lacks",
    "aims.nationalcounts": "what was counted for the national view, nothing of it withheld yet",
    "audit.receipt": "a note to the machine that a form was taken in; nobody reads it",
    "audit.mentionedchild": "an index of the trail, by which its lists are found by the children in them",
    "milestones.revisionmark": "a note of the database to the machine: which revision of an authority's rows it is",
    "milestones.lookthrough": "a note to the machine; the page of data quality says when it was",
    "milestones.keptfinding": "made anew by each look through the records, and read on the page of data quality",
    "milestones.acceptedfinding": "accepted and taken back on the child's own page",
    "milestones.monthoffindings": "counted by the program, and read on the page of data quality",
    "aims.chartsettings": "set on the chart's own page, where their effect is seen",
    "aims.phase": "set on the chart's own page, where their effect is seen",
    "aims.reportedaim": "part of an issued report, which is read on its own page",
    "aims.reportfile": "part of an issued report, which is read on its own page",
    "aims.nationalfile": "taken in and looked through on the page of national files",
    "aims.nationalclock": "a line of a national file, counted and never shown by itself",
    "aims.pseudonymsecret": "a secret: nobody reads it",
    "aims.publishedmonth": "published, read and withdrawn on the pages of published figures",
    "aims.publishedaim": "part of a published month; what is hidden of it is for nobody",
    "aims.feedswitch": "switched on the page of the feed; the trail keeps who did and when",
    "aims.feedtoken": "made and revoked on the page of the feed; the trail keeps who did",
    "defences.usecount": "how often somebody asked, kept for minutes or a day; nobody reads it",
    "aims.remindersent": "a note to the machine that a reminder was sent, so that it is sent once",
    "aims.remindersnooze": "made and ended where the reminder is shown; the trail keeps who did and why",
}


def test_every_model_of_ours_has_admin_pages_that_ask_our_permissions():
    ours = {"accounts", "audit", "long_work", "children", "milestones", "aims"}
    models = {model for model in apps.get_models() if model._meta.app_label in ours}
    shown = {model for model in models if model._meta.label_lower not in WITHOUT_ADMIN_PAGES}
    assert set(admin.site._registry) == shown
    assert all(isinstance(pages, PermittedAdmin) for pages in admin.site._registry.values())


@pytest.mark.parametrize("role", Role)
def test_only_roles_with_work_there_enter(client, enter, role):
    enter(role)
    expected = 200 if ADMIN_PERMISSIONS & ROLE_PERMISSIONS[role] else 302
    assert client.get(page("index")).status_code == expected


def test_django_flags_open_nothing(client, enter):
    user = enter(Role.PRACTITIONER)
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    assert client.get(page("accounts_user_changelist")).status_code == 302


def test_no_page_jumps_to_a_record_of_any_model():
    with pytest.raises(NoReverseMatch):
        page("view_on_site", 1, 1)


def test_an_administrator_adds_a_person_to_their_own_organisation_and_gives_a_role(client, enter):
    by = enter(Role.SYSTEM_ADMINISTRATOR)
    north = team("Team North")
    fields = {"password1": "a-long-new-password", "password2": "a-long-new-password", "email": "New@Council.example"}
    fields |= {"organisation": authority(ELSEWHERE).pk}
    sent = person_form(memberships=[{"role": Role.PRACTITIONER, "team": north.pk}], **fields)
    response = client.post(page("accounts_user_add"), sent)
    assert response.status_code == 302, response.context["errors"]

    added = User.objects.get(email="new@council.example")
    assert added.organisation == by.organisation
    assert added.check_password("a-long-new-password")
    assert added.memberships.get().team == north
    entry = trail(record_type="user", record_id=added.pk).get()
    assert (entry.action, entry.actor, entry.authority_code) == ("create", by.email, by.organisation.code)
    assert "password" not in entry.after
    assert trail(record_type="rolemembership", action="create").get().after["role"] == Role.PRACTITIONER
    assert not LogEntry.objects.exists()


def test_a_changed_person_is_in_the_trail_with_what_was_before(client, enter):
    by = enter(Role.SYSTEM_ADMINISTRATOR)
    user = person(Role.PACE_LEAD)
    held = {"id": user.memberships.get().pk, "role": Role.PACE_LEAD}
    sent = person_form(user, memberships=[held], last_name="Renamed", is_active=None)
    assert client.post(page("accounts_user_change", user.pk), sent).status_code == 302

    user.refresh_from_db()
    assert (user.last_name, user.is_active) == ("Renamed", False)
    entry = trail(record_type="user", record_id=user.pk).get()
    assert entry.actor == by.email
    assert entry.before == {"last_name": f"Number {user.email[6:-16]}", "is_active": True}
    assert entry.after == {"last_name": "Renamed", "is_active": False}


def test_nothing_changed_leaves_no_trace(client, enter):
    enter(Role.SYSTEM_ADMINISTRATOR)
    user = person(Role.PACE_LEAD)
    held = {"id": user.memberships.get().pk, "role": Role.PACE_LEAD}
    assert client.post(page("accounts_user_change", user.pk), person_form(user, memberships=[held])).status_code == 302
    assert not trail().exists()


def test_a_role_is_taken_away_and_the_trail_keeps_it(client, enter):
    enter(Role.SYSTEM_ADMINISTRATOR)
    user = person(Role.PACE_LEAD)
    held = {"id": user.memberships.get().pk, "role": Role.PACE_LEAD, "DELETE": "on"}
    assert client.post(page("accounts_user_change", user.pk), person_form(user, memberships=[held])).status_code == 302
    assert not user.memberships.exists()
    assert trail(record_type="rolemembership", action="remove").get().before["role"] == Role.PACE_LEAD


@pytest.mark.parametrize(
    ("memberships", "words"),
    [
        ([{"role": Role.PRACTITIONER}], "This role works in a team: choose which."),
        ([{"role": Role.PACE_LEAD, "team": "north"}], "This role is not held in a team: leave it empty."),
        ([{"role": Role.PACE_LEAD}, {"role": Role.PACE_LEAD}], "The same role is given twice."),
        ([{"role": Role.PRACTITIONER, "team": "elsewhere"}], "Choose one of those offered."),
        ([{"role": "wizard"}], "Choose one of those offered."),
    ],
)
def test_a_role_that_cannot_be_held_is_refused_in_plain_words(client, enter, memberships, words):
    enter(Role.SYSTEM_ADMINISTRATOR)
    teams = {"north": team("Team North"), "elsewhere": team("Team West", organisation=authority(ELSEWHERE))}
    rows = [{**row, "team": teams[row["team"]].pk} if "team" in row else row for row in memberships]
    fields = {"password1": "a-long-new-password", "password2": "a-long-new-password"}
    response = client.post(page("accounts_user_add"), person_form(memberships=rows, **fields))
    assert words in response.content.decode()
    assert not User.objects.filter(email="new@council.example").exists()


def test_an_administrator_can_neither_close_their_own_account_nor_drop_their_own_role(client, enter):
    by = enter(Role.SYSTEM_ADMINISTRATOR)
    held = {"id": by.memberships.get().pk, "role": Role.SYSTEM_ADMINISTRATOR, "DELETE": "on"}
    sent = person_form(by, memberships=[held], is_active=None)
    errors = client.post(page("accounts_user_change", by.pk), sent).content.decode()
    assert "You cannot close your own account" in errors
    assert "You cannot take the role of system administrator from yourself" in errors
    by.refresh_from_db()
    assert by.is_active
    assert by.memberships.exists()


def test_an_administrator_sets_a_password_and_the_trail_says_so_without_it(client, enter):
    enter(Role.SYSTEM_ADMINISTRATOR)
    user = person(Role.PACE_LEAD)
    sent = {"password1": "a-long-new-password", "password2": "a-long-new-password", "usable_password": "true"}
    assert client.post(page("auth_user_password_change", user.pk), sent).status_code == 302
    user.refresh_from_db()
    assert user.check_password("a-long-new-password")
    assert trail(record_type="user", record_id=user.pk).get().after == {"password": "set anew"}


def test_people_and_teams_of_another_authority_are_not_there(client, enter):
    enter(Role.SYSTEM_ADMINISTRATOR)
    west = team("Team West", organisation=authority(ELSEWHERE))
    stranger = person(Role.PRACTITIONER, of_team=west, email="stranger@elsewhere.example")
    assert stranger.email not in client.get(page("accounts_user_changelist")).content.decode()
    assert west.name not in client.get(page("accounts_user_add")).content.decode()
    for name, row in (
        ("accounts_user_change", stranger),
        ("accounts_team_change", west),
        ("accounts_organisation_change", west.organisation),
        ("auth_user_password_change", stranger),
    ):
        assert client.get(page(name, row.pk)).status_code == 404
        assert client.post(page(name, row.pk), {"name": "Taken"}).status_code == 404
    west.refresh_from_db()
    assert west.name == "Team West"


def test_a_team_is_made_in_ones_own_organisation_under_a_name_of_its_own(client, enter):
    by = enter(Role.SYSTEM_ADMINISTRATOR)
    team("Team West", organisation=authority(ELSEWHERE))
    client.post(page("accounts_team_add"), {"name": "Team West"})
    assert Team.objects.filter(organisation=by.organisation, name="Team West").count() == 1
    again = client.post(page("accounts_team_add"), {"name": "team west"})
    assert "There is a team of this name already." in again.content.decode()


@pytest.mark.parametrize("model", ["accounts_user", "accounts_team", "accounts_organisation"])
def test_people_teams_and_organisations_are_never_deleted(client, enter, model):
    by = enter(Role.SYSTEM_ADMINISTRATOR)
    rows = {"accounts_user": person(Role.ADM), "accounts_team": team(), "accounts_organisation": by.organisation}
    assert client.post(page(f"{model}_delete", rows[model].pk), {"post": "yes"}).status_code == 403


def test_an_organisation_keeps_its_code_and_its_demo_mark(client, enter):
    by = enter(Role.SYSTEM_ADMINISTRATOR)
    sent = {
        "name": "Our Council",
        "smallest_count_shown": "8",
        "retention_years": "4",
        "code": "S12000099",
        "fictional": "on",
        "kind": "national",
    }
    client.post(page("accounts_organisation_change", by.organisation.pk), sent)
    ours = Organisation.objects.get(pk=by.organisation.pk)
    assert (ours.name, ours.code, ours.fictional, ours.kind) == ("Our Council", "S12000019", False, "local_authority")
    assert (ours.smallest_count_shown, ours.retention_years) == (8, 4)


def test_a_smallest_count_out_of_its_bounds_is_refused_in_words(client, enter):
    by = enter(Role.SYSTEM_ADMINISTRATOR)
    sent = {"name": "Our Council", "smallest_count_shown": "2"}
    answer = client.post(page("accounts_organisation_change", by.organisation.pk), sent)
    assert "The smallest count shown must be from 3 to 20." in answer.content.decode()
    assert Organisation.objects.get(pk=by.organisation.pk).smallest_count_shown == 5
