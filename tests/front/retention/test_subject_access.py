"""The file of subject access: all that is held of one child, and nothing of anybody else."""

import json
import re
from datetime import date

import pymupdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from children.models import CareEpisode, LegalBasis, Placement
from milestones.models import Milestone
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record, record_view
from pace_site.front.subject_access.actions import export_held
from pace_site.front.subject_access.held import held_of
from tests.builders import allocate, authority, child, milestone, person
from tests.pdf_reading import errors_of, words_of

pytestmark = pytest.mark.django_db
OTHERS = ("Sisterly", "P-0099", "REFSISTER", "Otherchild", "P-0098", "CARER-7", "FAMILYREF")


@pytest.fixture
def row(lead):
    """A child about whom something of every kind is held, with a sister and another child beside."""
    one = child(code="P-0042", name=("Ailsa", "Brae"), born=date(2014, 3, 17), family="FAMILYREF")
    sister = child(code="P-0099", name=("Sisterly", "Brae"), family="FAMILYREF")
    sister.local_ref = "REFSISTER"
    sister.save()
    other = child(code="P-0098", name=("Otherchild", "Else"))
    CareEpisode.objects.create(child=one, start=date(2020, 1, 9), end=date(2022, 2, 2), destination_id="ADOPTED")
    Placement.objects.create(
        child=one, start=date(2020, 1, 9), placement_type_id="FOST_LA", provider="Braeburn", carer="CARER-7"
    )
    LegalBasis.objects.create(child=one, start=date(2020, 1, 9), measure_id="CSO")
    milestone(one, "PERM_REC", date(2020, 6, 1), route="PO", note="Talked it over", source="review minute")
    milestone(sister, "REVIEW", date(2020, 6, 1), note="Sisterly is well")
    allocate(lead, one)
    record_view(one, by=lead)
    record_view(other, by=lead)
    record(
        AuditEntry.Action.EXPORT,
        authority=authority(),
        record_type="caseload",
        record_id="",
        by=lead,
        after={"children": ["P-0042", "P-0098", "P-0099"]},
        reason="For Otherchild",
    )
    return one


def a_file(row, file_format="json", *, by, **said):
    words = {"reference": "SAR 2026/17", "reason": "Asked by the child"} | said
    return export_held(row, file_format=file_format, by=by, **words)


def test_it_holds_what_is_held(row, lead):
    document = json.loads(a_file(row, by=lead).body)
    assert document["child"]["Given name"] == "Ailsa"
    assert document["child"]["Council reference"] == row.local_ref
    # After an adoption nothing leads to the former family, not even its number (ADR 0020).
    assert document["child"]["Brothers and sisters on record"].startswith("0;")
    (episode,) = document["care"]
    assert (episode["From"], episode["Went to"]) == ("9 January 2020", "Adopted")
    (home,) = document["placements"]
    assert (home["Provider"], home["From"]) == ("Braeburn", "9 January 2020")
    (legal,) = document["legal_bases"]
    assert legal["Basis"] == "Compulsory supervision order"
    (recommended,) = document["milestones"]
    assert "Note: Talked it over" in recommended["More"]
    (worker,) = document["workers"]
    assert worker["Name"] == str(lead)
    assert [(entry["Who"], entry["Did"]) for entry in document["audit_trail"]] == [
        (str(lead), "Viewed"),
        (str(lead), "Exported"),
    ]
    assert document["asked"]["Reference of the request"] == "SAR 2026/17"


def test_nobody_elses_data_is_in_it(row, lead):
    said = a_file(row, by=lead).body.decode()
    assert [word for word in OTHERS if word in said] == []


def test_every_field_of_the_childs_rows_is_in_it_or_left_out_on_purpose(row, lead):
    """A new field of a child's rows is thought of before it is held without being told."""
    machine = {"id", "child", "origin", "extract_source", "edition", "extract_said", "voided_by"}
    told = {
        CareEpisode: {"start", "end", "destination", "voided_on", "void_reason"},
        LegalBasis: {"start", "end", "measure", "voided_on", "void_reason"},
        Placement: {"start", "end", "placement_type", "provider", "short_break", "voided_on", "void_reason"},
        Milestone: {field.name for field in Milestone._meta.concrete_fields} - machine,
    }
    left_out = {Placement: {"carer"}}
    for model, names in told.items():
        fields = {field.name for field in model._meta.concrete_fields}
        assert names | left_out.get(model, set()) | machine == fields


def test_the_pdf_is_readable_by_everybody_and_says_who_took_it_on_every_page(row, lead, tmp_path):
    body = a_file(row, "pdf", by=lead).body
    assert errors_of(body, tmp_path) == []
    with pymupdf.open(stream=body, filetype="pdf") as pages:
        for page in pages:
            assert "OFFICIAL-SENSITIVE: PERSONAL" in page.get_text()
            assert lead.email in page.get_text()
    assert "Ailsa" in words_of(body)
    assert [word for word in OTHERS if word in words_of(body)] == []


def test_its_name_tells_nothing_of_the_child(row, lead):
    assert re.fullmatch(r"subject_access_[2-9A-Z]{4}-[2-9A-Z]{4}\.json", a_file(row, by=lead).name)


def test_it_stands_in_the_trail_of_the_child_with_its_reference_and_reason(row, lead):
    a_file(row, by=lead)
    entry = AuditEntry.objects.filter(record_type="subject_access").get()
    assert (entry.child_code, entry.reason) == ("P-0042", "Asked by the child")
    assert entry.after["reference"] == "SAR 2026/17"


@pytest.mark.parametrize("said", [{"reference": " "}, {"reason": "no"}])
def test_without_a_reference_and_a_reason_there_is_no_file(row, lead, said):
    with pytest.raises(ValidationError):
        a_file(row, by=lead, **said)
    assert not AuditEntry.objects.filter(record_type="subject_access").exists()


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.TEAM_MANAGER, Role.IG_AUDITOR, Role.CHAMPION])
def test_no_other_role_makes_it(row, role):
    with pytest.raises(PermissionDenied):
        a_file(row, by=person(role))


def test_a_lead_of_another_authority_makes_none(row):
    with pytest.raises(PermissionDenied):
        a_file(row, by=person(Role.DATA_LEAD, organisation=authority("S12000033")))


def test_of_a_pseudonymised_child_there_is_none(row, lead):
    row.pseudonymised_on = date(2026, 1, 1)
    row.save()
    with pytest.raises(PermissionDenied):
        a_file(row, by=lead)


def test_the_page_says_what_is_held_and_only_a_reason_makes_the_file(client, row, lead):
    client.force_login(lead)
    address = reverse("subject_access", kwargs={"code": row.code})
    assert "Milestones: 1 row" in client.get(address).content.decode()
    refused = client.post(address, {"reference": "SAR 1", "reason": "", "file_format": "json"})
    assert "Say what the file is needed for" in refused.content.decode()
    made = client.post(address, {"reference": "SAR 1", "reason": "Asked by the child", "file_format": "json"})
    assert made["Content-Type"] == "application/json"
    assert "no-store" in made["Cache-Control"]


def test_reading_what_is_held_costs_the_same_for_30_milestones_as_for_3(row, lead, django_assert_max_num_queries):
    for number in range(30):
        milestone(row, "REVIEW", date(2021, 1, 1 + number))
    with django_assert_max_num_queries(22):
        held_of(row, to=lead)
