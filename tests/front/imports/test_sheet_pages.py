"""The pages on which a data lead says what the columns of a sheet mean, and corrects what was rejected."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from children.models import default_source
from milestones.extract.mapped_sheets import MappedSheets
from milestones.extract.sheet_actions import receive
from milestones.models import ImportRun, ImportUpload, SheetLooks
from milestones.sheets.days import DayOrder
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.long_work.models import LongWork
from tests.builders import person
from tests.milestones.extracts import CITY, Extract
from tests.milestones.sheets.sheets import HEADER, repacked, workbook

pytestmark = pytest.mark.django_db
DAY = date(2024, 10, 31)
SAID = {"extract_date": DAY.isoformat(), "source": "Tracker", "whole": "some"}


@pytest.fixture
def lead(client):
    lead = person(Role.DATA_LEAD, organisation=Organisation.objects.get(code=CITY))
    client.force_login(lead)
    return lead


def rows(count, *, accommodated="13/01/2024"):
    return [[f"C{n}", f"{n % 28 + 1}/05/2019", accommodated, "", "", ""] for n in range(1, count + 1)]


def received(lead, *rows_of_it, header=HEADER):
    return receive([workbook(header, *rows_of_it)], extract_date=DAY, source="Tracker", whole=True, by=lead)


def answer(client, run, **answers):
    """Send the form as it stands, with some answers changed; an answer's name has _ for -."""
    form = client.get(reverse("import_mapping", args=[run.pk])).context["form"]
    said = {name: form[name].initial or "" for name in form.fields}
    said |= {name.replace("_", "-"): value for name, value in answers.items()}
    said.setdefault("what", "keep")
    return client.post(reverse("import_mapping", args=[run.pk]), said, follow=True)


def test_a_spreadsheet_leads_to_the_page_of_its_columns_whose_reading_is_noted(client, lead):
    upload = workbook(HEADER, *rows(2))
    sent = {"files": [SimpleUploadedFile(upload.name, upload.content)], **SAID}
    page = client.post(reverse("import_new"), sent, follow=True)
    assert "What do the columns mean?" in page.content.decode()
    assert AuditEntry.objects.filter(record_type="importrun", action="view").count() == 1


def test_the_page_asks_the_database_as_often_for_many_rows_as_for_few(client, lead):
    counts = []
    for count in (3, 30):
        run = received(lead, *rows(count))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("import_mapping", args=[run.pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_columns_are_guessed_anew_when_the_sheet_holds_something_else_or_its_names_stand_lower(client, lead):
    run = received(lead, *rows(2))
    page = answer(client, run, s0_kind="children.csv").content.decode()
    assert "Columns of this file" in page
    run = received(lead, ["Ref", "Born", "Away from", "", "", ""], *rows(2))
    page = answer(client, run, s0_header="2")
    assert page.context["form"].looks[0].header_line == 2


def test_what_a_person_says_of_the_order_of_dates_is_kept(client, lead):
    run = received(lead, *rows(1, accommodated="04/13/2024"))
    answer(client, run, s0_c2_order="month-first")
    run.refresh_from_db()
    assert MappedSheets.of(run).mapping.sheets[0].used["accommodated_on"].order is DayOrder.MONTH_FIRST


def test_a_choice_that_was_not_offered_is_refused_and_nothing_said_before_is_lost(client, lead):
    run = received(lead, *rows(1))
    page = answer(client, run, s0_c0="no-such-field", what="confirm").content.decode()
    assert "There is a problem" in page
    run.refresh_from_db()
    assert run.state == ImportRun.State.UPLOADED


def test_what_is_not_settled_leads_to_the_field_that_settles_it(client, lead):
    header = ["Client ID", "Date of birth", "Accommodated", "Route"]
    plan = workbook(header, ["C1", "1/05/2019", "13/01/2024", "Plan B"])
    run = receive([plan], extract_date=DAY, source="Tracker", whole=True, by=lead)
    page = answer(client, run, s0_c3="route", what="keep")
    assert 'name="s0-c3-v0"' in page.content.decode()
    page = answer(client, run, s0_c2="date_of_birth", what="confirm")
    assert "only one can be" in page.content.decode()
    fields = {"id_" + name for name in page.context["form"].fields}
    places = [place for _words, place in page.context["errors"]]
    assert {"id_s0-c2", "id_s0-c3-v0"} <= {*places} <= fields
    assert all(f'<a href="#{place}">' in page.content.decode() for place in places)


def test_confirmed_sheets_are_tried_and_their_rejected_cells_corrected(client, lead):
    run = received(lead, *rows(1), ["C2", "1/05/2019", "31/02/2024", "", "", ""])
    page = answer(client, run, what="confirm").content.decode()
    assert "Correct them here" in page
    address = reverse("import_corrections", args=[run.pk])
    cell = '["Tracker.xlsx", "Sheet1", "C3"]'
    assert "no such day" in client.get(address).content.decode()
    wrong = client.post(address, {"cell-0": '["Tracker.xlsx", "Sheet1", "A2"]', "value-0": "x"}).content.decode()
    assert "A2 is not among the rejected ones" in wrong
    page = client.post(address, {"cell-0": cell, "value-0": "29/02/2024"}, follow=True).content.decode()
    assert "Dry run: nothing has been changed" in page
    assert "Correct them here" not in page


def test_a_row_with_two_wrong_cells_is_one_row(client, lead):
    run = received(lead, *rows(1), ["C2", "1/05/2019", "31/02/2024", "32/02/2024", "", ""])
    page = answer(client, run, what="confirm").content.decode()
    assert "Dry run: nothing has been changed" in page
    assert "1 row is rejected" in page
    assert '<th scope="row">Children</th>' in page
    assert '<td data-label="Rejected">1</td>' in page
    assert '<td data-label="Rejected">2</td>' not in page
    assert "Leave out the 1 rejected row;" in page


def test_a_sheet_of_which_every_row_is_rejected_is_corrected_here(client, lead):
    days = [
        ["31/02/2019", "13/01/2024", "3/06/2024"],
        ["1/05/2019", "31/02/2024", "3/06/2024"],
        ["1/05/2019", "13/01/2024", "x"],
    ]
    run = received(lead, *([f"C{n}", *each, "", ""] for n, each in enumerate(days)))
    page = answer(client, run, what="confirm").content.decode()
    assert "Correct the rejected cells here" in page
    assert "every row of the upload was rejected" in page


def test_the_files_of_an_extract_have_no_columns_to_ask_about(client, lead):
    run = ImportRun.objects.create(
        authority=lead.organisation,
        extract_date=DAY,
        source=default_source(lead.organisation),
        state=ImportRun.State.UPLOADED,
    )
    for name in ("import_mapping", "import_corrections"):
        assert client.get(reverse(name, args=[run.pk])).url == run.get_absolute_url()


def test_rejected_cells_of_the_files_of_an_extract_are_corrected_on_the_page(client, lead, tmp_path):
    folder = Extract(tmp_path / "extract").change("events", 1, date="2018-02-30").write()
    sent = {
        "files": [SimpleUploadedFile(path.name, path.read_bytes()) for path in sorted(folder.glob("*.csv"))],
        "extract_date": "2018-11-01",
    }
    page = client.post(reverse("import_new"), sent, follow=True).content.decode()
    run = ImportRun.objects.get()
    address = reverse("import_corrections", args=[run.pk])
    assert f'href="{address}">Correct them here' in page
    assert "events.csv line 2, date should say" in client.get(address).content.decode()
    asked = {"cell-0": '["events.csv", "", "line 2, date"]', "value-0": "2018-02-28"}
    page = client.post(address, asked, follow=True).content.decode()
    assert "0 rows are rejected" in page
    assert AuditEntry.objects.filter(after__page="rejected cells").count() == 1


def test_dangerous_and_unreadable_files_are_refused_in_words_on_the_form_and_leave_nothing(client, lead):
    good = workbook(HEADER, *rows(1))
    sheet = "xl/worksheets/sheet9.xml"
    refused = (
        ("bomb.xlsx", repacked(good, **{sheet: b"<a>" + b" " * 20_000_000 + b"</a>"}), "unpacked, the file would have"),
        ("tracker.xlsm", good.content, "holds macros and was not opened"),
        ("macros.xlsx", repacked(good, **{"xl/vbaProject.bin": b"x"}), "holds macros and was not opened"),
        ("old.xls", bytes.fromhex("d0cf11e0a1b11ae1"), "this is an old Excel file (.xls)"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0", "no text"),
    )
    for name, content, words in refused:
        sent = {"files": [SimpleUploadedFile(name, content)], **SAID}
        page = client.post(reverse("import_new"), sent)
        assert (page.status_code, words in page.content.decode()) == (200, True), name
    assert not any(model.objects.exists() for model in (ImportRun, ImportUpload, SheetLooks, LongWork))


def test_the_page_of_columns_tells_what_is_odd_about_a_sheet(client, lead):
    def change(book):
        sheet = book.active
        sheet["F2"] = "=TODAY()"
        sheet.merge_cells("A3:B3")
        other = book.create_sheet("Archive")
        other.append(["Client ID", "Date of birth"])
        other.append(["C9", "1/05/2019"])
        other.sheet_state = "hidden"

    upload = workbook([*HEADER, HEADER[1]], *rows(3), change=change)
    sent = {"files": [SimpleUploadedFile(upload.name, upload.content)], **SAID}
    page = client.post(reverse("import_new"), sent, follow=True).content.decode()
    for words in ("Cells are merged (A3:B3)", "This sheet is hidden in the file", "a formula (the first in F2)"):
        assert words in page
    assert "It cannot be read as it is" in page
    assert "are all called “Date of birth”" in page


def test_a_large_sheet_is_read_by_a_worker_at_first_and_when_its_columns_are_named_elsewhere(
    client, lead, settings, run_a_worker
):
    settings.LOOK_AT_ONCE = 1
    upload = workbook(["Ref", "Born", "Away from", "", "", ""], HEADER, *rows(2))
    sent = {"files": [SimpleUploadedFile(upload.name, upload.content)], **SAID}
    page = client.post(reverse("import_new"), sent, follow=True).content.decode()
    run = ImportRun.objects.get()
    assert "Waiting to begin." in page
    assert client.get(reverse("import_mapping", args=[run.pk])).url == run.get_absolute_url()
    run_a_worker()
    columns = reverse("import_mapping", args=[run.pk])
    assert client.get(run.get_absolute_url(), headers={"HX-Request": "true"})["HX-Redirect"] == columns
    assert "Say what the columns mean" in client.get(run.get_absolute_url()).content.decode()
    answer(client, run, s0_header="2")
    run_a_worker()
    (look,) = client.get(columns).context["form"].looks
    run.refresh_from_db()
    assert (look.header_line, look.rows) == (2, 2)
    assert "accommodated_on" in MappedSheets.of(run).mapping.sheets[0].used


def test_a_large_file_that_cannot_be_read_is_told_and_deleted(client, lead, settings, monkeypatch, run_a_worker):
    settings.LOOK_AT_ONCE = 1
    broken = repacked(workbook(HEADER, *rows(1)), **{"xl/worksheets/sheet1.xml": b"<cut"})
    sent = {"files": [SimpleUploadedFile("Aird.xlsx", broken)], **SAID}
    client.post(reverse("import_new"), sent)
    run = ImportRun.objects.get()
    with monkeypatch.context() as failing:
        failing.setattr("pace_site.front.imports.in_background.look_at_run", lambda *_a, **_k: 1 / 0)
        run_a_worker()
    assert "Read the files again" in client.get(run.get_absolute_url()).content.decode()
    client.post(run.get_absolute_url(), {"what": "look"})
    run_a_worker()
    page = client.get(run.get_absolute_url()).content.decode()
    assert "file 1 (.xlsx): the file is damaged" in page
    assert not ImportUpload.objects.exists()
    assert "Aird" not in page
