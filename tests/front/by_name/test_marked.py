"""What a file of children by name says of who took it, and what is kept of it."""

from datetime import date
from hashlib import sha256
from io import BytesIO

import pikepdf
import pymupdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from pace_site.accounts.roles import Role
from pace_site.front.identified.mark import MARKING
from tests.builders import child, person, team
from tests.front.by_name.asking import CASELOAD, DAY, WHY, exports, of_aim, sheet_of
from tests.pdf_reading import errors_of, tags_of

pytestmark = pytest.mark.django_db


# What it says of who took it


@pytest.mark.usefixtures("many")
def test_every_page_of_the_pdf_says_who_took_it_and_when(ask, lead, tmp_path):
    before = timezone.localtime()
    response = ask(lead, CASELOAD, file_format="pdf")
    number = exports().get(record_type="identified_export").record_id
    with pymupdf.open(stream=response.content, filetype="pdf") as pages:
        assert len(pages) > 2
        for page in pages:
            words = " ".join(page.get_text().split())
            assert words.count(MARKING) == 2, "above the text, and across it"
            for mark in (str(lead), lead.email, number, f"on {before.day} {before:%B %Y} at "):
                assert mark in words
    with pikepdf.open(BytesIO(response.content)) as pdf, pdf.open_metadata() as properties:
        assert str(lead) in str(properties["dc:creator"])
        assert number in properties["dc:description"]
        assert MARKING in properties["pdf:Keywords"]
    assert errors_of(response.content, tmp_path) == []


def in_artifacts(page: pikepdf.Page) -> tuple[int, int]:
    """How many pieces of text lie in artifacts, and how many are read out."""
    stack, apart, read = [], 0, 0
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) in ("BDC", "BMC"):
            stack.append(str(operands[0]))
        elif str(operator) == "EMC":
            stack.pop()
        elif str(operator) in ("Tj", "TJ"):
            apart, read = apart + ("/Artifact" in stack), read + ("/Artifact" not in stack)
    return apart, read


@pytest.mark.usefixtures("many")
def test_the_mark_is_not_read_out_between_the_children(ask, lead):
    body = ask(lead, CASELOAD, file_format="pdf").content
    with pikepdf.open(BytesIO(body)) as pdf:
        # Four lines across, at least one above and one below, on each page.
        assert all(in_artifacts(page)[0] >= 6 and in_artifacts(page)[1] > 0 for page in pdf.pages)
    assert tags_of(body).count("/Table") == 1
    assert tags_of(body).count("/H1") == 1


@pytest.mark.parametrize("name", ["Children", "About this file"])
def test_every_sheet_says_who_took_it_and_when_on_the_screen_and_in_print(ask, cohort, lead, name):
    lead.last_name = "O'Neil & Sons &G"
    lead.save()
    response = ask(lead, CASELOAD)
    number = exports().get(record_type="identified_export").record_id
    sheet = sheet_of(response, name)
    for mark in (MARKING, str(lead), lead.email, number):
        assert mark in sheet["A1"].value
    assert sheet.freeze_panes.endswith("4")
    assert sheet.print_title_rows == "$1:$3"
    assert (sheet.oddHeader.left.text, sheet.oddHeader.right.text) == (MARKING, f"Export {number}")
    assert sheet.oddFooter.left.text.startswith(f"Exported by Person O'Neil and Sons andG, {lead.email}, on ")


def test_the_properties_of_the_workbook_say_who_took_it(ask, cohort, lead):
    properties = load_workbook(BytesIO(ask(lead, CASELOAD).content)).properties
    assert lead.email in properties.creator
    assert properties.subject == MARKING
    assert exports().get(record_type="identified_export").record_id in properties.keywords


@pytest.mark.parametrize("file_format", ["xlsx", "pdf"])
def test_a_name_and_an_address_of_any_length_fit_the_mark(ask, cohort, lead, file_format, tmp_path):
    lead.first_name, lead.last_name, lead.email = "A" * 150, "&" * 150, f"{'e' * 200}@council.example"
    lead.save()
    response = ask(lead, CASELOAD, file_format=file_format)
    if file_format == "xlsx":
        assert sheet_of(response).oddFooter.left.text.startswith("Exported by AAA")
    else:
        assert errors_of(response.content, tmp_path) == []


@pytest.mark.parametrize("file_format", ["xlsx", "pdf"])
def test_the_name_of_the_file_tells_no_child_and_nobody_keeps_it_on_the_way(ask, cohort, lead, file_format):
    response = ask(lead, CASELOAD, file_format=file_format)
    number = exports().get(record_type="identified_export").record_id
    assert response["Content-Disposition"] == f'attachment; filename="by_name_{number}.{file_format}"'
    assert response["Cache-Control"] == "private, no-store"


# What is kept of it


def test_the_trail_finds_the_file_by_its_number_with_its_reason_and_its_fingerprint(ask, cohort, lead):
    response = ask(lead, of_aim(), shown=["overdue", "met"])
    entry = exports().get(record_type="identified_export")
    assert entry.record_id in sheet_of(response)["A1"].value
    assert (entry.actor, entry.reason) == (lead.email, f"Court or panel preparation: {WHY['reason']}")
    assert entry.after == {
        "list": f"Aim TEST: {cohort[0].definition.title}",
        "aim": "TEST",
        "version": 1,
        "as_at": "2020-06-01",
        "shown": ["overdue", "met"],
        "purpose": "court",
        "format": "xlsx",
        "rows": 2,
        "children": 2,
        "sha256": sha256(response.content).hexdigest(),
    }


def test_the_trail_of_each_child_says_that_it_left_and_nobody_else_s_does(ask, cohort, lead):
    _version, rows = cohort
    ask(lead, of_aim(), shown=["overdue", "met"])
    number = exports().get(record_type="identified_export").record_id
    of_children = exports().exclude(child_code="")
    assert {entry.child_code for entry in of_children} == {rows["overdue"].code, rows["met"].code}
    for entry in of_children:
        assert entry.after["export"] == number
        # The person's own words may speak of another child.
        assert entry.reason == "Court or panel preparation"


def test_an_auditor_finds_it_by_number_and_by_child(ask, client, cohort, lead):
    _version, rows = cohort
    ask(lead, of_aim(), shown=["met"])
    number = exports().get(record_type="identified_export").record_id
    client.force_login(person(Role.IG_AUDITOR))
    for sought in (number, rows["met"].code):
        page = client.get(reverse("admin:audit_auditentry_changelist"), {"q": sought})
        found = page.context["cl"].queryset.filter(record_type="identified_export")
        assert [entry.record_id for entry in found] == [number]


def test_what_the_trail_does_not_take_does_not_leave(ask, cohort, lead, monkeypatch):
    def refuse(_entries):
        raise ConnectionError("the trail is closed")

    monkeypatch.setattr("pace_site.front.identified.actions.record_all", refuse)
    with pytest.raises(ConnectionError):
        ask(lead, CASELOAD)
    assert not exports().exists()


@pytest.mark.parametrize("address", [of_aim, lambda: CASELOAD], ids=["aim", "caseload"])
def test_the_number_of_queries_does_not_depend_on_the_children(ask, client, cohort, lead, address):
    def queries(request) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert request().status_code == 200
        return len(asked)

    def both():
        client.force_login(lead)
        return (
            queries(lambda: client.get(address(), {"as_at": DAY.isoformat()})),
            queries(lambda: ask(lead, address())),
        )

    few = both()
    for _ in range(27):
        child(of_team=team(), accommodated=date(2020, 1, 6))
    assert both() == few
