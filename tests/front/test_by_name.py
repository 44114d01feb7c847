"""Children exported by name: who may, what is asked first, what the file says on every page, and what is kept of it."""

import random
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO

import pikepdf
import pymupdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from children.models import Child
from pace_site.accounts.models import RoleMembership
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.front.caseload.cases import cases_in_scope
from pace_site.front.caseload.choosing_forms import ChoosingForm
from pace_site.front.identified.actions import Asked, export_by_name
from pace_site.front.identified.asking import Purpose
from pace_site.front.identified.caseload_by_name import CaseloadByName
from pace_site.front.identified.mark import MARKING
from tests.aims.exports import stored_aim
from tests.aims.storytelling import aim
from tests.builders import authority, child, milestone, person, team
from tests.pdf_reading import errors_of, tags_of, words_of

pytestmark = pytest.mark.django_db
DAY = date(2020, 6, 1)
ELSEWHERE = "S12000033"
WHY = {"purpose": "court", "reason": "Papers for the hearing of 8 June", "file_format": "xlsx"}
MAY = {Role.DATA_LEAD, Role.PACE_LEAD}
ASKED = Asked(Purpose.COURT, WHY["reason"])


@pytest.fixture
def lead():
    return person(Role.PACE_LEAD, email="pace.lead@council.example")


@pytest.fixture
def cohort():
    """An aim of 26 weeks: on the day one child is overdue, one waits, one decision was late, one in time."""
    version = stored_aim(aim(by_date="2020-12-31"), authority=authority())
    rows = {
        "overdue": child(name=("Ovra", "Due"), accommodated=date(2019, 6, 3)),
        "waiting": child(name=("Wai", "Ting"), accommodated=date(2020, 5, 4)),
        "missed": child(name=("Miss", "Late"), accommodated=date(2019, 4, 1)),
        "met": child(name=("Met", "Timely"), accommodated=date(2019, 4, 1)),
    }
    milestone(rows["missed"], "PERM_REC", date(2020, 5, 11), route="PO")
    milestone(rows["met"], "PERM_REC", date(2019, 5, 6), route="PO")
    return version, rows


def of_aim(code: str = "TEST") -> str:
    return reverse("aim_by_name", args=[code])


CASELOAD = "/caseload/by-name/"


@pytest.fixture
def ask(client):
    """Open the page as somebody, then post what it asks for; `told` is taken from the page as a browser would."""

    def run(user, address: str, **typed):
        client.force_login(user)
        page = client.get(f"{address}{'&' if '?' in address else '?'}as_at={DAY.isoformat()}")
        if page.status_code != 200:
            return client.post(address, typed)
        shown = {"shown": page.context["source"].keys} if page.context["source"].keys else {}
        return client.post(address, {"as_at": DAY.isoformat(), "told": page.context["told"]} | shown | WHY | typed)

    return run


def exports():
    return AuditEntry.objects.filter(action=AuditEntry.Action.EXPORT)


def sheet_of(response, name: str = "Children"):
    return load_workbook(BytesIO(response.content))[name]


def listed_in(response) -> list[dict]:
    """The rows of the list by heading."""
    rows = list(sheet_of(response).iter_rows(min_row=3, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


# Who may


@pytest.mark.parametrize("role", Role.values)
def test_only_data_leads_and_pace_leads_export_by_name(ask, cohort, role):
    user = person(role)
    for address in (of_aim(), CASELOAD):
        response = ask(user, address)
        assert response.status_code == (200 if role in MAY else 403)
    assert exports().filter(record_type="identified_export").count() == (2 if role in MAY else 0)


def test_a_role_that_may_export_and_one_that_may_not_are_asked_by_the_action_too(cohort):
    manager = person(Role.TEAM_MANAGER)
    source = CaseloadByName(ChoosingForm({}, cases=cases_in_scope(manager, day=DAY)), as_at=DAY, to=manager)
    with pytest.raises(PermissionDenied):
        export_by_name(source, shown=(), asked=ASKED, file_format="xlsx", by=manager)


@pytest.mark.parametrize(("role", "offered"), [(Role.PACE_LEAD, True), (Role.TEAM_MANAGER, False)])
def test_the_way_to_it_is_shown_to_those_who_may(client, cohort, role, offered):
    north = team("Team North")
    Child.objects.update(team=north)
    client.force_login(person(role, of_team=north))
    for page, link in (("aim", of_aim()), ("caseload", CASELOAD)):
        address = reverse(page, args=["TEST"] if page == "aim" else [])
        sent = client.get(address, {"as_at": DAY.isoformat()}).content.decode()
        assert (link in sent) == offered


def test_an_aim_of_another_authority_is_not_there(ask, lead):
    stored_aim(aim(), authority=authority(ELSEWHERE))
    assert ask(lead, of_aim()).status_code == 404


def test_opening_the_page_exports_nothing_whatever_its_address_says(client, cohort, lead):
    client.force_login(lead)
    response = client.get(of_aim(), {"as_at": DAY.isoformat(), "shown": "met"} | WHY)
    assert response["Content-Type"].startswith("text/html")
    assert not exports().exists()


def test_a_form_without_its_token_exports_nothing(cohort, lead):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lead)
    assert strict.post(CASELOAD, WHY).status_code == 403
    assert not exports().exists()


# What is asked


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"purpose": ""}, "Choose what the file is for."),
        ({"purpose": "curiosity"}, "Choose one of those offered."),
        ({"reason": ""}, "Say what the file is needed for."),
        ({"reason": "audit"}, "Say a little more: at least 10 characters."),
        ({"reason": "  audit      "}, "Say a little more: at least 10 characters."),
        ({"file_format": ""}, "Choose Excel or PDF."),
        ({"file_format": "csv"}, "Choose Excel or PDF."),
        ({"as_at": ""}, "Choose the day that the list speaks of."),
        ({"as_at": "1 June"}, "This is not a date."),
        ({"as_at": "1066-10-14"}, "This date is out of range."),
        ({"as_at": (timezone.localdate() + timedelta(days=1)).isoformat()}, "This day has not come yet"),
        ({"shown": []}, "Tick at least one."),
        ({"shown": ["everybody"]}, "everybody is not a figure of this aim."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(ask, cohort, lead, typed, words):
    response = ask(lead, of_aim(), **typed)
    page = response.content.decode()
    assert response["Content-Type"].startswith("text/html")
    assert words in page
    for name, value in (WHY | typed).items():
        if name in ("as_at", "reason"):
            assert value in page
    if "purpose" not in typed:
        assert '<option value="court" selected>' in page
    assert not exports().exists()


def test_the_page_says_how_many_children_and_how_the_file_is_kept(client, cohort, lead):
    client.force_login(lead)
    page = client.get(of_aim(), {"as_at": DAY.isoformat()}).content.decode()
    for words in (
        "Export 4 children by name",
        "Overdue: 1 child",
        "1 June 2020",
        "confidential waste",
        "It is recorded",
    ):
        assert words in page


@pytest.mark.parametrize(("address", "page"), [(of_aim(), "/aims/TEST/"), (CASELOAD, "/caseload/")])
def test_the_way_back_leads_to_the_same_day(client, cohort, lead, address, page):
    client.force_login(lead)
    assert client.get(address, {"as_at": DAY.isoformat()}).context["back"] == f"{page}?as_at=2020-06-01"


def test_another_day_is_told_before_it_leaves_and_leaves_when_it_is_sent_again(ask, client, cohort, lead):
    earlier = date(2019, 9, 2)
    response = ask(lead, of_aim(), as_at=earlier.isoformat())
    page = response.content.decode()
    assert "As at 2 September 2019 the list holds 3 children" in page
    assert WHY["reason"] in page
    assert not exports().exists()
    again = client.post(
        of_aim(),
        WHY | {"as_at": earlier.isoformat(), "shown": ["overdue", "met"], "told": response.context["told"]},
    )
    assert again["Content-Disposition"].endswith('.xlsx"')


def test_a_child_recorded_while_the_page_was_open_does_not_leave_unsaid(ask, client, cohort, lead):
    client.force_login(lead)
    told = client.get(CASELOAD, {"as_at": DAY.isoformat()}).context["told"]
    child(accommodated=date(2020, 1, 6))
    assert "Nothing was exported" in ask(lead, CASELOAD, told=told).content.decode()


def test_a_list_of_nobody_is_not_exported(ask, lead):
    assert "There is no child to export." in ask(lead, CASELOAD).content.decode()
    assert not exports().exists()


def test_a_reason_that_says_nothing_is_refused_by_the_action_too(cohort, lead):
    source = CaseloadByName(ChoosingForm({}, cases=cases_in_scope(lead, day=DAY)), as_at=DAY, to=lead)
    with pytest.raises(ValidationError):
        export_by_name(source, shown=(), asked=Asked(Purpose.OTHER, " " * 20), file_format="xlsx", by=lead)


# What is in it


def test_the_children_behind_the_figures_stand_in_the_file_by_name(ask, cohort, lead):
    _version, rows = cohort
    listed = listed_in(ask(lead, of_aim()))
    assert [(row["Name"], row["State"]) for row in listed] == [
        ("Ovra Due", "Overdue"),
        ("Wai Ting", "Waiting in time"),
        ("Miss Late", "Missed"),
        ("Met Timely", "Met"),
    ]
    assert listed[0]["Council reference"] == rows["overdue"].local_ref
    assert listed[0]["Date of birth"].date() == rows["overdue"].date_of_birth
    assert listed[3]["Decided"].date() == date(2019, 5, 6)


def test_only_the_figures_that_were_ticked_leave(ask, cohort, lead):
    listed = listed_in(ask(lead, of_aim(), shown=["waiting"]))
    assert [row["Name"] for row in listed] == ["Wai Ting"]


def test_an_aim_without_a_limit_calls_nobody_late(ask, lead):
    stored_aim(aim(limit=None, target_pct=None), authority=authority())
    child(name=("Wai", "Ting"), accommodated=date(2019, 6, 3))
    assert [row["State"] for row in listed_in(ask(lead, of_aim()))] == ["Waiting"]


def test_the_caseload_leaves_narrowed_as_it_was_on_the_page(ask, lead):
    north = team("Team North")
    there = child(of_team=north, accommodated=date(2020, 1, 6))
    child(of_team=team("Team South"), accommodated=date(2020, 1, 6))
    response = ask(lead, f"{CASELOAD}?team={north.pk}")
    assert [row["Pseudonym"] for row in listed_in(response)] == [there.code]
    about = {row[0]: row[1] for row in sheet_of(response, "About this file").iter_rows(values_only=True)}
    assert about["Children"] == "1 looked after; team: Team North"
    assert about["Reason given"] == WHY["reason"]


def test_a_choice_that_is_no_longer_there_widens_nothing(ask, cohort, lead):
    assert "There is no child to export." in ask(lead, f"{CASELOAD}?team=987654").content.decode()


def test_a_row_is_as_high_as_its_longest_words(ask, lead):
    child(name=("Given", "Short"), accommodated=date(2020, 1, 6))
    child(name=("Given", "Familyname " * 6), accommodated=date(2020, 1, 7))
    sheet = sheet_of(ask(lead, CASELOAD))
    heights = {sheet.cell(row, 1).value.strip(): sheet.row_dimensions[row].height for row in (4, 5)}
    assert heights.pop("Given Short") < min(heights.values())


@pytest.mark.parametrize("seed", range(5))
def test_no_child_outside_scope_is_ever_inside(ask, seed):
    """Children of three authorities, in any team or none; whoever exports holds other roles beside."""
    chance = random.Random(seed)
    codes = ["S12000019", ELSEWHERE, "S12000036"]
    teams = [team(f"Team {name}", organisation=authority(code)) for code in codes for name in ("A", "B")]
    stored_aim(aim(), authority=authority())
    for _ in range(25):
        of_team = chance.choice(teams)
        child(
            of_team=of_team if chance.random() < 0.7 else None,
            organisation=of_team.organisation,
            accommodated=DAY - timedelta(days=chance.randrange(1, 400)),
        )
    user = person(chance.choice(sorted(MAY)), organisation=authority())
    foreign = chance.choice(teams[2:])
    RoleMembership.objects.create(user=user, role=Role.TEAM_MANAGER, team=foreign)
    inside = set(Child.objects.identifiable_to(user).values_list("code", flat=True))
    assert {row["Pseudonym"] for row in listed_in(ask(user, CASELOAD))} == inside
    assert {row["Pseudonym"] for row in listed_in(ask(user, of_aim()))} <= inside
    assert set(exports().exclude(child_code="").values_list("child_code", flat=True)) <= inside


def test_children_of_somebody_else_s_list_are_left_out_of_one_s_own(cohort, lead):
    stranger = person(Role.PACE_LEAD, organisation=authority(ELSEWHERE))
    source = CaseloadByName(ChoosingForm({}, cases=cases_in_scope(lead, day=DAY)), as_at=DAY, to=stranger)
    assert source.child_count(()) == 0
    with pytest.raises(ValidationError, match="There is no child to export"):
        export_by_name(source, shown=(), asked=ASKED, file_format="xlsx", by=stranger)


@pytest.mark.parametrize("given", ["=1+1", "+44", "-2", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_a_name_is_never_a_formula(ask, lead, given):
    child(name=(given, "Family"), accommodated=date(2020, 1, 6))
    cell = sheet_of(ask(lead, CASELOAD))["A4"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (f"{given} Family", "s", None)


@pytest.mark.parametrize("given", ["=1+1", "#strong[x]", "*a*", "$x$", "李明"])
def test_a_name_is_never_markup_of_the_pdf(ask, lead, given):
    child(name=(given, "Family"), accommodated=date(2020, 1, 6))
    assert f"{given} Family" in words_of(ask(lead, CASELOAD, file_format="pdf").content)


# What it says of who took it


@pytest.fixture
def many(lead):
    for number in range(60):
        child(name=("Given", f"Number {number}"), accommodated=DAY - timedelta(days=number + 1))


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
        assert page.context["cl"].result_count == 1


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
