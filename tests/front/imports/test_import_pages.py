"""A data lead brings an extract in by the browser: what the pages say at each step, and who may see them."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aims.models import Aim
from children.models import CareEpisode, Child, LegalBasis
from milestones.models import ImportRun, ImportUpload, LookThrough, Milestone, MissingAnswer, MonthOfFindings
from milestones.quality.known import known_findings
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.long_work.actions import ask_again
from pace_site.long_work.models import LongWork
from tests.builders import allocate, person, team
from tests.improvement.builders import an_aim
from tests.milestones.extracts import CITY, Extract

pytestmark = pytest.mark.django_db
State = ImportRun.State


@pytest.fixture
def extract(tmp_path):
    return Extract(tmp_path / "extract")


@pytest.fixture
def lead(client):
    lead = person(Role.DATA_LEAD, organisation=Organisation.objects.get(code=CITY))
    client.force_login(lead)
    return lead


def send(client, extract, *, day="2018-11-01", follow=True):
    folder = extract.write()
    files = [SimpleUploadedFile(path.name, path.read_bytes(), "text/csv") for path in sorted(folder.glob("*.csv"))]
    asked = {"files": files, "extract_date": day, "source": "Mosaic"}
    return client.post(reverse("import_new"), asked, follow=follow)


def step(client, run, what, **more) -> str:
    return client.post(run.get_absolute_url(), {"what": what, **more}, follow=True).content.decode()


def taken_in(client, extract, *, day="2018-11-01") -> ImportRun:
    send(client, extract, day=day)
    run = ImportRun.objects.first()
    step(client, run, "apply")
    run.refresh_from_db()
    assert run.state == State.APPLIED
    return run


def test_from_upload_to_records_and_back(client, lead, extract):
    page = send(client, extract).content.decode()
    assert "Dry run: nothing has been changed." in page
    assert "10 rows would be new, 0 changed and 0 gone" in page
    assert not Child.objects.exists()
    run = ImportRun.objects.get()
    assert "Undo this import" in step(client, run, "apply")
    assert Child.objects.count() == 2
    assert "10 new, 0 changed, 0 gone" in client.get(reverse("imports")).content.decode()
    assert "Choose what to do with this import." in step(client, run, "")
    assert "Every row says again what it said before" in step(client, run, "undo")
    assert not Child.objects.exists()


def test_a_dry_run_shows_what_it_would_do_to_each_aim(client, lead, extract):
    an_aim("AIM-1")
    Aim.objects.update(authority=lead.organisation)
    page = send(client, extract).content.decode()
    assert "What it would do to the aims" in page
    assert '<td data-label="Met">0 → <strong>' in page


def test_rejected_rows_stand_in_words_and_in_a_file_and_are_left_out_only_when_ticked(client, lead, extract):
    extract.change("events", 1, date="2018-02-30").add("identities", child_ref="A9", family_name="Bain", given_name="M")
    page = send(client, extract).content.decode()
    run = ImportRun.objects.get()
    assert "events.csv, line 2" in page
    assert "there is no such day in the calendar" in page
    file = client.get(reverse("import_rejects", args=[run.pk])).content.decode("utf-8-sig").splitlines()
    assert file[0] == "file,line,column,value,rule,message,place"
    assert any(line.startswith("events.csv,2,date,2018-02-30,date,") for line in file)
    assert AuditEntry.objects.filter(action="export", record_type="importrun").count() == 1
    assert "Tick that the rejected rows are left out" in step(client, run, "apply")
    assert not Child.objects.exists()
    step(client, run, "apply", leave_out_rejects="1")
    assert [*Milestone.objects.values_list("kind", flat=True)] == ["REVIEW"]


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("tracker.xlsx", b"PK\x03\x04", "tracker.xlsx: the file is damaged"),
        ("children.csv", b"", "One of the files is empty"),
        ("children.csv", b"x" * 60, "children.csv has 60 bytes, and must have fewer than 50"),
    ],
)
def test_files_of_no_use_are_refused_on_the_form_and_leave_nothing(client, lead, settings, name, body, words):
    settings.IMPORT_MAX_BYTES = 50
    asked = {"files": [SimpleUploadedFile(name, body)], "extract_date": "2018-11-01"}
    assert words in client.post(reverse("import_new"), asked).content.decode()
    assert not ImportRun.objects.exists()


def test_files_that_are_no_csv_are_told_in_the_dry_run(client, lead, extract):
    (folder := extract.write()).joinpath("events.csv").write_bytes("child_ref".encode("utf-16"))
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in folder.glob("*.csv")]
    page = client.post(reverse("import_new"), {"files": files, "extract_date": "2018-11-01"}, follow=True)
    assert "This extract cannot be taken in." in page.content.decode()
    assert "save it as CSV UTF-8" in page.content.decode()
    assert "Take it in</button>" not in page.content.decode()


def test_a_large_extract_is_tried_and_taken_in_by_a_worker(client, lead, extract, settings, run_a_worker):
    settings.IMPORT_AT_ONCE = settings.UNDO_AT_ONCE = 1
    page = send(client, extract).content.decode()
    run = ImportRun.objects.get()
    assert "Waiting to begin." in page
    assert "It does not stand in the records" in step(client, run, "undo")
    assert client.get(run.get_absolute_url(), headers={"HX-Request": "true"}).status_code == 200
    run_a_worker()
    assert client.get(run.get_absolute_url(), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    step(client, run, "apply")
    assert not Child.objects.exists()
    run_a_worker()
    assert Child.objects.count() == 2
    step(client, run, "undo")
    run_a_worker()
    assert not Child.objects.exists()
    assert {work.state for work in LongWork.objects.all()} == {"done"}


def test_the_records_are_looked_through_after_an_import_and_again_after_its_undoing(
    client, lead, extract, monkeypatch, run_a_worker
):
    run = taken_in(client, extract)
    run_a_worker()
    look = LookThrough.objects.get()
    assert look.children == 2
    assert MonthOfFindings.objects.count() == 12
    assert not known_findings(lead.organisation, Child.objects.all()).taken_in_since
    monkeypatch.setattr("pace_site.front.data_quality.looking.look_through", lambda *_a, **_k: 1 / 0)
    step(client, run, "undo")
    run_a_worker()
    run.refresh_from_db()
    assert (run.state, Child.objects.count()) == (State.UNDONE, 0)
    assert LongWork.objects.filter(kind="look_through").first().state == "failed"
    monkeypatch.undo()
    ask_again(LongWork.objects.filter(kind="look_through").first(), by=lead)
    run_a_worker()
    look.refresh_from_db()
    assert (look.children, MonthOfFindings.objects.count()) == (0, 0)


def test_an_import_that_is_cancelled_before_its_turn_does_nothing(client, lead, extract, settings, run_a_worker):
    settings.IMPORT_AT_ONCE = 1
    send(client, extract)
    run = ImportRun.objects.get()
    assert "The import is cancelled and its files are deleted" in step(client, run, "cancel")
    run_a_worker()
    assert LongWork.objects.get().failure == "Somebody cancelled this import. Nothing was changed."
    run.refresh_from_db()
    assert (run.state, ImportUpload.objects.count()) == (State.CANCELLED, 0)


def test_a_step_whose_worker_failed_can_be_tried_again(client, lead, extract, settings, monkeypatch, run_a_worker):
    settings.IMPORT_AT_ONCE = 1
    send(client, extract)
    monkeypatch.setattr("pace_site.front.imports.in_background.make_preview", lambda *_a, **_k: 1 / 0)
    run_a_worker()
    run = ImportRun.objects.get()
    assert "It did not come to its end." in client.get(run.get_absolute_url()).content.decode()
    monkeypatch.undo()
    settings.IMPORT_AT_ONCE = 1_000_000
    assert "Dry run: nothing has been changed." in step(client, run, "preview")


def test_another_authority_s_imports_are_not_there(client, lead, extract):
    run = taken_in(client, extract)
    client.force_login(person(Role.DATA_LEAD))
    assert client.get(run.get_absolute_url()).status_code == 404
    assert "2018" not in client.get(reverse("imports")).content.decode()


# Children whom the latest extract lacks


@pytest.fixture
def without_a1(client, lead, extract):
    taken_in(client, extract)
    extract.drop_child("A1").add("children", child_ref="A3")
    taken_in(client, extract, day="2018-12-01")
    return Child.objects.get(local_ref="A1")


def say(client, child, what, **more) -> str:
    asked = {"child": child.code, "what": what, **more}
    return client.post(reverse("missing_children"), asked, follow=True).content.decode()


def test_a_child_in_care_whom_the_extract_lacks_is_asked_about_and_one_who_left_is_not(client, without_a1):
    page = client.get(reverse("missing_children")).content.decode()
    assert "1 child missing from the latest extract" in page
    assert without_a1.code in page
    assert "Last in the extract of 1 November 2018; looked after since 1 November 2017." in page


def test_a_missing_child_left_care(client, without_a1):
    assert "Choose where the child went." in say(client, without_a1, "left", on="2018-11-20")
    page = say(client, without_a1, "left", on="2018-11-20", destination="KINSHIP_CARE_ORDER")
    assert "Nobody is missing from the latest extract" in page
    episode = CareEpisode.objects.get(child=without_a1)
    assert (episode.end, episode.destination_id) == (date(2018, 11, 20), "KINSHIP_CARE_ORDER")
    assert not LegalBasis.objects.filter(child=without_a1, end=None).exists()


def test_a_missing_child_was_transferred(client, without_a1):
    assert "Give the day" in say(client, without_a1, "transferred", on="2018-11-31")
    say(client, without_a1, "transferred", on="2018-11-20")
    assert Milestone.objects.get(kind="LA_TRANSFER_OUT").happened_on == date(2018, 11, 20)
    assert CareEpisode.objects.get(child=without_a1).end == date(2018, 11, 20)


def test_an_answer_that_changes_no_record_is_shown_until_the_next_extract(client, without_a1, extract, lead):
    assert "still looked after: the extract lacks the child in error" in say(client, without_a1, "still")
    assert (
        "Still looked after: the extract lacks the child in error ("
        in client.get(reverse("missing_children")).content.decode()
    )
    allocate(lead, without_a1)
    say(client, without_a1, "asked")
    assert MissingAnswer.objects.get().answer == "asked"
    taken_in(client, extract, day="2019-01-01")
    assert "The worker is asked" not in client.get(reverse("missing_children")).content.decode()


def test_who_works_with_a_missing_child_is_asked_on_their_own_page_until_it_is_answered(client, without_a1, lead):
    assert "Nobody is allocated to this child" in say(client, without_a1, "asked")
    assert not MissingAnswer.objects.exists()
    north = team(organisation=lead.organisation)
    Child.objects.update(team=north)
    worker, colleague = (person(Role.PRACTITIONER, of_team=north) for _ in range(2))
    allocate(worker, without_a1)
    asked = "1 of your children is missing from the latest extract"
    assert f"on the page My work of {worker}" in say(client, without_a1, "asked")
    client.force_login(worker)
    page = client.get(reverse("home")).content.decode()
    assert asked in page
    assert f'href="{without_a1.get_absolute_url()}"' in page
    assert "not in the extract of 1 December 2018; asked by" in page
    client.force_login(colleague)
    assert asked not in client.get(reverse("home")).content.decode()
    client.force_login(lead)
    say(client, without_a1, "left", on="2018-11-20", destination="KINSHIP_CARE_ORDER")
    client.force_login(worker)
    assert asked not in client.get(reverse("home")).content.decode()


def test_an_adoption_order_on_record_is_offered_as_the_answer(client, without_a1):
    LegalBasis.objects.create(child=without_a1, start=date(2018, 11, 5), measure_id="AO")
    page = client.get(reverse("missing_children")).content.decode()
    assert "An adoption order is recorded since 5 November 2018." in page
    assert 'value="ADOPTED" selected' in page


def test_the_pages_ask_as_many_queries_for_many_children_as_for_few(client, lead, extract):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("missing_children"))
            client.get(ImportRun.objects.first().get_absolute_url())
        return len(captured)

    taken_in(client, extract)
    kept = [dict(row) for row in extract.rows["children"]]
    for number in range(12):
        extract.add("children", child_ref=f"B{number}").add("episodes", child_ref=f"B{number}", start="2018-01-01")
    taken_in(client, extract, day="2018-11-02")
    extract.rows["episodes"], extract.rows["children"] = [], kept[:1]
    for file in ("placements", "legal", "events"):
        extract.rows[file] = [row for row in extract.rows[file] if row["child_ref"] == "A1"]
    send(client, extract, day="2018-11-03")
    few = ImportRun.objects.first()
    step(client, few, "apply")
    assert Child.objects.filter(last_extract_on=date(2018, 11, 2)).count() == 13
    many = queries()
    CareEpisode.objects.exclude(child__local_ref="B1").update(end=date(2018, 11, 2))
    assert queries() == many
