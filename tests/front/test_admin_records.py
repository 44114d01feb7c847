"""What the admin pages show and keep of children, codes, aims and the audit trail."""

from datetime import date

import pytest
from django.utils import timezone

from aims.models import Aim, Annotation
from children.models import PlacementType, default_source
from milestones.models import ImportRun
from pace_site.accounts.models import RoleMembership
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import authority, child, person, team
from tests.front.admin_pages import page, trail

pytestmark = pytest.mark.django_db

ELSEWHERE = "S12000047"
AIM_TEXT = """- code: LOC-1
  title: Recommendation in time
  start_event: ACCOM_START
  stop_event: [PERM_REC]
  limit: {limit}
"""
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
    client.force_login(user)  # losing a role has ended the session
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
    for council, day in ((authority(), date(2020, 6, 1)), (authority(ELSEWHERE), date(2020, 7, 2))):
        ImportRun.objects.create(
            authority=council, extract_date=day, source=default_source(council), applied_at=timezone.now()
        )
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
        ("", "Fill this in."),
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
    entry = trail(authority_code=authority().code, record_type="aim").get()
    assert client.get(page("audit_auditentry_change", entry.pk)).status_code == 200
    assert client.post(page("audit_auditentry_change", entry.pk), {"actor": "nobody"}).status_code == 403
    assert client.post(page("audit_auditentry_delete", entry.pk), {"post": "yes"}).status_code == 403
    assert client.get(page("audit_auditentry_add")).status_code == 403


def test_whoever_reads_the_trail_in_the_admin_pages_stands_in_it(client, enter):
    auditor = enter(Role.IG_AUDITOR)
    entry = AuditEntry.objects.create(
        authority_code=authority().code, actor="someone@council.example", action="view", child_code="P-0417"
    )
    client.get(page("audit_auditentry_changelist"), {"action__exact": "view"})
    client.get(page("audit_auditentry_change", entry.pk))
    listed, opened = AuditEntry.objects.filter(actor=auditor.email, action="search").order_by("pk")
    assert (listed.child_code, listed.after["action__exact"]) == ("", "view")
    assert (opened.child_code, opened.after["entry"]) == ("P-0417", str(entry.pk))


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


def test_a_made_up_address_with_an_empty_field_leads_to_the_record_by_its_key(client, enter):
    enter(Role.PACE_LEAD)
    aim = Aim.objects.create(authority=authority(), code="LOC-1")
    address = page("aims_aim_delete", aim.pk)
    assert client.post(address, {"_to_field": ""}).status_code == client.post(address).status_code == 403
