"""Everything leaves in the layout of an extract, and taken in to an empty authority it gives the same figures."""

import json
import zipfile
from datetime import date
from io import BytesIO, StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from aims.actions import save_definition
from aims.aim_file import read_aim_file
from children.models import Child, Identity
from children.restriction_actions import restrict
from milestones.models import Milestone
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.front.data_quality import export_actions
from pace_site.front.fiction.authority import open_fictional, write_authority
from pace_site.front.fiction.demo import AIMS_FILE
from pace_site.front.fiction.recipe import Recipe
from pace_site.long_work.models import LongWork
from tests.builders import child, milestone, person

pytestmark = pytest.mark.django_db
FROM, TO = "S12009901", "S12009902"
RECIPE = Recipe()


def with_aims(code: str) -> Organisation:
    organisation = open_fictional(code=code, name=f"{code} (fictional)")
    for definition in read_aim_file(AIMS_FILE):
        save_definition(definition, authority=organisation, by=None)
    return organisation


def figures(code: str) -> list:
    out = StringIO()
    call_command("measure_aims", f"--authority={code}", f"--as-at={RECIPE.as_at}", "--outcomes", "--json", stdout=out)
    return json.loads(out.getvalue())["aims"]


def test_the_demos_children_exported_and_taken_in_elsewhere_give_the_same_figures(tmp_path):
    organisation = with_aims(FROM)
    write_authority(organisation, children=80, seed=7, recipe=RECIPE)
    rng, by = Random(3), person(Role.DATA_LEAD, organisation=organisation)
    for row in rng.sample(list(Child.objects.filter(authority=organisation)), 12):
        day = date.fromordinal(RECIPE.as_at.toordinal() - rng.randrange(5, 400))
        milestone(row, "PERM_REC", day, route="PO", note="=2+2\nand a second line", recorded_by=by)
        milestone(row, "REVIEW", day, void_reason="Another child's", voided_on=day)
        milestone(row, "PANEL_PRESENTED", day.replace(day=1), precision="month")
        milestone(row, "ADM_DECISION", None, precision="unknown", outcome="approved", route="PO")
    assert Milestone.objects.filter(child__authority=organisation).exclude(precision="day").exists()
    out, err = StringIO(), StringIO()
    day = f"--extract-date={RECIPE.as_at}"
    call_command("export_extract", str(tmp_path / "out"), f"--authority={FROM}", day, stdout=out, stderr=err)
    assert err.getvalue() == ""
    with_aims(TO)
    call_command("import_extract", str(tmp_path / "out"), f"--authority={TO}", day, stdout=StringIO())
    before, after = figures(FROM), figures(TO)
    assert sum(aim["clocks"] for aim in before) > 100
    assert after == before
    counts = [
        (
            Identity.objects.filter(child__authority__code=code).count(),
            Milestone.objects.filter(child__authority__code=code, voided_on=None).count(),
            Milestone.objects.filter(child__authority__code=code).count(),
        )
        for code in (FROM, TO)
    ]
    assert counts[0] == counts[1]
    assert Milestone.objects.filter(child__authority__code=TO, note="'=2+2\nand a second line").count() == 12
    with pytest.raises(CommandError, match="has files of an extract already"):
        call_command("export_extract", str(tmp_path / "out"), f"--authority={FROM}", stdout=StringIO())


def test_a_restricted_record_is_left_out_unless_it_is_a_move(tmp_path):
    shut, opened = child(), child()
    restrict(shut, reason="A relative of somebody who works here", by=person(Role.PACE_LEAD))
    told = StringIO()
    call_command("export_extract", str(tmp_path / "some"), "--authority=S12000019", stdout=told)
    listed = (tmp_path / "some" / "children.csv").read_text() + (tmp_path / "some" / "identities.csv").read_text()
    assert opened.local_ref in listed
    assert shut.local_ref not in listed
    assert "1 child whose record is restricted" in told.getvalue()
    call_command(
        "export_extract", str(tmp_path / "all"), "--authority=S12000019", "--with-restricted", stdout=StringIO()
    )
    assert shut.local_ref in (tmp_path / "all" / "children.csv").read_text()


def test_what_no_extract_may_say_is_told(tmp_path):
    row = child()
    milestone(row, "REVIEW", date(2024, 3, 2))
    err = StringIO()
    options = (str(tmp_path), "--authority=S12000019", "--extract-date=2024-03-01")
    call_command("export_extract", *options, stdout=StringIO(), stderr=err)
    assert "events.csv line 2, date “2024-03-02”: this is after the extract date" in err.getvalue()


def test_a_data_lead_exports_everything_with_a_reason_and_the_trail_knows_of_each_child(client):
    row = child(name=("Uniquegiven", "Uniquefamily"), accommodated=date(2024, 1, 8))
    lead = person(Role.DATA_LEAD)
    client.force_login(lead)
    address = reverse("extract_export")
    assert "Why they are exported by name" in client.get(address).content.decode()
    refused = client.post(address, {"purpose": "other", "reason": "short"})
    assert refused.status_code == 200
    assert not AuditEntry.objects.filter(action="export").exists()
    answer = client.post(address, {"purpose": "other", "reason": "A move to another system"})
    assert answer["Content-Type"] == "application/zip"
    packed = zipfile.ZipFile(BytesIO(answer.content))
    assert sorted(packed.namelist()) == [
        "READ ME.txt", "children.csv", "episodes.csv", "events.csv", "identities.csv", "legal.csv", "placements.csv",
    ]  # fmt: skip
    assert "Uniquefamily" in packed.read("identities.csv").decode()
    assert "OFFICIAL-SENSITIVE" in packed.read("READ ME.txt").decode()
    assert "Uniquefamily" not in answer["Content-Disposition"]
    entry = AuditEntry.objects.get(action="export")
    assert entry in AuditEntry.objects.about_child(row.code, in_authority="S12000019")
    assert "A move to another system" in entry.reason


def test_many_children_are_written_in_the_background(client, monkeypatch):
    child(accommodated=date(2024, 1, 8))
    lead = person(Role.DATA_LEAD)
    client.force_login(lead)
    monkeypatch.setattr("pace_site.front.data_quality.export_page.AT_ONCE", 0)
    client.post(reverse("extract_export"), {"purpose": "other", "reason": "A move to another system"})
    work = LongWork.objects.get()
    assert work.kind == "extract"
    outcome = export_actions.make_extract.carry_out(work.asked, lead, export_actions.UNWATCHED)
    assert zipfile.ZipFile(BytesIO(outcome.file.body)).testzip() is None
