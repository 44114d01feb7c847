"""The admin pages: our own permissions, one's own organisation, and every write in the audit trail."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import NoReverseMatch, reverse

from aims.models import Aim, Annotation
from children.models import PlacementType
from milestones.models import ImportRun
from pace_site.accounts.models import Organisation, RoleMembership, Team, User
from pace_site.accounts.permissions import ADMIN_PERMISSIONS, ROLE_PERMISSIONS
from pace_site.accounts.roles import Role
from pace_site.audit.audited_admin import PermittedAdmin
from pace_site.audit.models import AuditEntry
from tests.builders import authority, child, person, team

pytestmark = pytest.mark.django_db

ELSEWHERE = "S12000047"
AIM_TEXT = """- code: LOC-1
  title: Recommendation in time
  start_event: ACCOM_START
  stop_event: [PERM_REC]
  limit: {limit}
"""


@pytest.fixture
def enter(client):
    """Sign in as somebody of the authority with one role."""

    def run(role, **more):
        user = person(role, **more)
        client.force_login(user)
        return user

    return run


def page(name, *args):
    return reverse(f"admin:{name}", args=args)


def person_form(user=None, *, memberships=(), **fields):
    """What the page of a person sends: its fields, and one line for each role, with its key if it is there already."""
    sent = {"email": "new@council.example", "first_name": "New", "last_name": "Person", "is_active": "on"}
    if user is not None:
        sent |= {"email": user.email, "first_name": user.first_name, "last_name": user.last_name}
    kept = [row for row in memberships if row.get("id")]
    sent |= {"memberships-TOTAL_FORMS": len(memberships), "memberships-INITIAL_FORMS": len(kept)}
    for number, row in enumerate([*kept, *(row for row in memberships if not row.get("id"))]):
        sent |= {f"memberships-{number}-{name}": value for name, value in row.items()}
        sent[f"memberships-{number}-user"] = user.pk if user else ""
    return {name: value for name, value in (sent | fields).items() if value is not None}


def trail(**what):
    return AuditEntry.objects.filter(**what)


# What people look after elsewhere, and why it has no admin page.
WITHOUT_ADMIN_PAGES = {
    "children.savedfilter": "a person keeps their own filters above the list that they filter",
    "audit.receipt": "a note to the machine that a form was taken in; nobody reads it",
    "audit.mentionedchild": "an index of the trail, by which its lists are found by the children in them",
    "aims.chartsettings": "set on the chart's own page, where their effect is seen",
    "aims.phase": "set on the chart's own page, where their effect is seen",
    "aims.reportedaim": "part of an issued report, which is read on its own page",
    "aims.reportfile": "part of an issued report, which is read on its own page",
    "aims.nationalfile": "taken in and looked through on the page of national files",
    "aims.nationalclock": "a line of a national file, counted and never shown by itself",
    "aims.pseudonymsecret": "a secret: nobody reads it",
    "aims.feedswitch": "switched on the page of the feed; the trail keeps who did and when",
    "aims.feedtoken": "made and revoked on the page of the feed; the trail keeps who did",
    "aims.feedcount": "how often programs asked, kept for minutes; nobody reads it",
    "aims.remindersent": "a note to the machine that a reminder was sent, so that it is sent once",
    "aims.remindersnooze": "made and ended where the reminder is shown; the trail keeps who did and why",
}


def test_every_model_of_ours_has_admin_pages_that_ask_our_permissions():
    ours = {"accounts", "audit", "children", "milestones", "aims"}
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
        ([{"role": Role.PRACTITIONER, "team": "elsewhere"}], "Select a valid choice."),
        ([{"role": "wizard"}], "Select a valid choice."),
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
    sent = {"name": "Our Council", "code": "S12000099", "fictional": "on", "kind": "national"}
    client.post(page("accounts_organisation_change", by.organisation.pk), sent)
    ours = Organisation.objects.get(pk=by.organisation.pk)
    assert (ours.name, ours.code, ours.fictional, ours.kind) == ("Our Council", "S12000019", False, "local_authority")


CASE_MODELS = ["child", "family", "identity", "allocation", "careepisode", "placement", "legalbasis"]


@pytest.mark.parametrize("model", CASE_MODELS)
@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.IG_AUDITOR, Role.PACE_LEAD])
def test_only_the_data_lead_reads_childrens_records_in_the_admin_pages(client, enter, model, role):
    enter(role)
    assert client.get(page(f"children_{model}_changelist")).status_code == 403


def test_a_pseudonym_is_not_enough_for_childrens_records_in_the_admin_pages(client):
    user = person(Role.CHAMPION, Role.DATA_LEAD)
    row = child(name=("Sweeping", "Fictitious"))
    client.force_login(user)
    assert row.code in client.get(page("children_child_changelist")).content.decode()
    RoleMembership.objects.filter(user=user, role=Role.DATA_LEAD).delete()
    RoleMembership.objects.create(user=user, role=Role.SYSTEM_ADMINISTRATOR)
    assert client.get(page("children_child_change", row.pk)).status_code in (403, 404)


def test_childrens_records_are_for_reading_and_reading_one_is_audited(client, enter):
    by = enter(Role.DATA_LEAD)
    row = child(name=("Morven", "Fictitious"), accommodated=date(2020, 1, 6))
    assert client.post(page("children_child_change", row.pk), {"code": "P-STOLEN"}).status_code == 403
    assert client.get(page("children_child_add")).status_code == 403
    assert not trail().exists()

    shown = client.get(page("children_identity_change", row.identity.pk)).content.decode()
    assert "Morven" in shown
    assert "Morven" not in shown[: shown.index("</title>")]
    entry = trail(action="view").get()
    assert (entry.child_code, entry.actor) == (row.code, by.email)


def test_the_list_of_identities_names_nobody(client, enter):
    enter(Role.DATA_LEAD)
    row = child(name=("Morven", "Fictitious"))
    listed = client.get(page("children_identity_changelist")).content.decode()
    assert row.code in listed
    assert "Morven" not in listed


def test_a_list_is_not_filtered_by_what_it_does_not_offer(client, enter):
    enter(Role.DATA_LEAD)
    child(name=("Morven", "Fictitious"))
    query = {"child__identity__given_name__startswith": "M"}
    assert client.get(page("children_careepisode_changelist"), query).status_code == 400


def test_a_data_lead_gives_a_code_its_place_in_the_statistics_and_changes_no_label(client, enter):
    by = enter(Role.DATA_LEAD)
    sent = {"clas_code": "12", "label": "Other words", "active_from": "2020-01-01"}
    assert client.post(page("children_placementtype_change", "FOST_LA"), sent).status_code == 302
    row = PlacementType.objects.get(code="FOST_LA")
    assert (row.clas_code, row.label) == ("12", "Foster carers provided by the authority")
    entry = trail(record_type="placementtype", record_id="FOST_LA").get()
    assert entry.actor == by.email
    assert entry.after == {"clas_code": "12", "active_from": "2020-01-01"}


def test_a_code_does_not_end_before_it_begins(client, enter):
    enter(Role.DATA_LEAD)
    sent = {"active_from": "2020-01-02", "active_to": "2020-01-01"}
    answer = client.post(page("children_placementtype_change", "FOST_LA"), sent)
    assert "A code cannot end before it begins." in answer.content.decode()


def test_a_data_lead_sees_the_imports_of_their_own_authority(client, enter):
    enter(Role.DATA_LEAD)
    ImportRun.objects.create(authority=authority(), extract_date=date(2020, 6, 1))
    ImportRun.objects.create(authority=authority(ELSEWHERE), extract_date=date(2020, 7, 2))
    listed = client.get(page("milestones_importrun_changelist")).content.decode()
    assert "1 Jun 2020" in listed
    assert "2 Jul 2020" not in listed


def test_a_pace_lead_writes_an_aim_and_each_change_is_a_version(client, enter):
    by = enter(Role.PACE_LEAD)
    inline = {"versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0}
    sent = {"definition": AIM_TEXT.format(limit="26 weeks"), **inline}
    assert client.post(page("aims_aim_add"), sent).status_code == 302
    aim = Aim.objects.get(code="LOC-1")
    assert aim.authority == by.organisation

    shown = client.get(page("aims_aim_change", aim.pk)).content.decode()
    assert "limit: 26 weeks" in shown
    sent["definition"] = AIM_TEXT.format(limit="20 weeks")
    assert client.post(page("aims_aim_change", aim.pk), sent).status_code == 302
    assert [version.data["limit"] for version in aim.versions.all()] == ["26 weeks", "20 weeks"]
    assert list(trail(record_type="aim").values_list("action", flat=True)) == ["change", "create"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (AIM_TEXT.format(limit="soon"), "definition, line 5"),
        (AIM_TEXT.format(limit="26 weeks") * 2, "line 6"),
        (AIM_TEXT.format(limit="26 weeks") + "  colour: red\n", "colour"),
        ("code: [", "this is not YAML"),
        ("", "This field is required."),
        (AIM_TEXT.format(limit="26 weeks").replace("LOC-1", "OLD-1"), "There is an aim OLD-1 already"),
    ],
)
def test_an_aim_that_cannot_be_read_is_refused_by_line(client, enter, text, words):
    by = enter(Role.PACE_LEAD)
    Aim.objects.create(authority=by.organisation, code="OLD-1")
    sent = {"definition": text, "versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0}
    assert words in client.post(page("aims_aim_add"), sent).content.decode()
    assert Aim.objects.count() == 1


def test_an_annotation_is_made_for_ones_own_aims_and_removed_again(client, enter):
    by = enter(Role.PACE_LEAD)
    ours = Aim.objects.create(authority=by.organisation, code="OURS-1")
    theirs = Aim.objects.create(authority=authority(ELSEWHERE), code="THEIRS-1")
    sent = {"aim": theirs.pk, "on": "2020-01-01", "label": "New panel", "link": ""}
    refused = client.post(page("aims_annotation_add"), sent).content.decode()
    assert "THEIRS-1" not in refused
    assert not Annotation.objects.exists()

    client.post(page("aims_annotation_add"), {**sent, "aim": ours.pk})
    made = Annotation.objects.get()
    client.post(page("aims_annotation_delete", made.pk), {"post": "yes"})
    assert not Annotation.objects.exists()
    assert list(trail(record_type="annotation").values_list("action", flat=True)) == ["remove", "create"]


def test_an_auditor_reads_the_trail_of_their_organisation_and_changes_nothing(client, enter):
    enter(Role.IG_AUDITOR)
    for code in (authority().code, ELSEWHERE):
        AuditEntry.objects.create(
            authority_code=code, actor=f"someone@{code}.example", action="view", record_type="aim"
        )
    listed = client.get(page("audit_auditentry_changelist")).content.decode()
    assert "someone@S12000019.example" in listed
    assert ELSEWHERE not in listed
    entry = trail(authority_code=authority().code).get()
    assert client.get(page("audit_auditentry_change", entry.pk)).status_code == 200
    assert client.post(page("audit_auditentry_change", entry.pk), {"actor": "nobody"}).status_code == 403
    assert client.post(page("audit_auditentry_delete", entry.pk), {"post": "yes"}).status_code == 403
    assert client.get(page("audit_auditentry_add")).status_code == 403


def test_the_trail_of_a_child_shows_an_auditor_what_changed_and_not_to_what(client, enter):
    enter(Role.IG_AUDITOR)
    entry = AuditEntry.objects.create(
        authority_code=authority().code,
        actor="someone@council.example",
        action="change",
        record_type="identity",
        child_code="P-0417",
        before={"given_name": "Morven"},
        after={"given_name": "Morvern"},
        reason="Morvern is how she writes it",
    )
    shown = client.get(page("audit_auditentry_change", entry.pk)).content.decode()
    assert "P-0417" in shown
    assert "given_name" in shown
    assert "Morv" not in shown


def test_the_history_of_a_record_is_read_from_the_trail(client, enter):
    by = enter(Role.SYSTEM_ADMINISTRATOR)
    row = team("Team North")
    client.post(page("accounts_team_change", row.pk), {"name": "Team Nord"})
    history = client.get(page("accounts_team_history", row.pk)).content.decode()
    assert "name: Team North" in history
    assert "name: Team Nord" in history
    assert by.email in history
