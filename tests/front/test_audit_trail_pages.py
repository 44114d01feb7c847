"""The audit trail is searched by person, child, action and period, told by pseudonym, and each search stands in it."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import audit_entry, record, record_all, record_view
from pace_site.front.auditing import views
from tests.audit.lifting import lift_guards
from tests.builders import allocate, authority, child, person, team

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]

Action = AuditEntry.Action


@pytest.fixture
def auditor(client):
    user = person(Role.IG_AUDITOR, email="ig@council.example")
    client.force_login(user)
    return user


@pytest.fixture
def lead():
    return person(Role.DATA_LEAD, email="dana@council.example")


@pytest.fixture
def row():
    return child(of_team=team(), code="P-0417", name=("Ailsa", "Fictional"))


def search(client, **filters):
    return client.get(reverse("audit_trail"), filters)


def told(response) -> list[tuple]:
    return [(each.did, each.what, each.child_code) for each in response.context["told"]]


def note(**more) -> None:
    what = {
        "action": Action.CHANGE,
        "authority": authority(),
        "record_type": "team",
        "record_id": 7,
        "by": None,
        **more,
    }
    record(what.pop("action"), **what)


def about(client, typed: str, query: str = ""):
    return client.post(reverse("audit_trail") + query, {"child": typed}, follow=True)


def test_entries_are_told_in_plain_words_newest_first(client, auditor, lead):
    note(by=lead, before={"name": "North"}, after={"name": "North-East"}, reason="Renamed by the council")
    note(action=Action.EXPORT, record_type="caseload", record_id="", by=lead, after={"children": ["P-1", "P-2"]})
    page = search(client)
    assert told(page) == [("Exported", "caseload, with 2 children", ""), ("Changed", "team 7", "")]
    sent = page.content.decode()
    assert "North → North-East" in sent
    assert "Reason: Renamed by the council" in sent
    assert "Person Number" in sent


def test_the_search_itself_stands_in_the_trail(client, auditor, lead):
    search(client, person=lead.pk, action="view")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.record_type, entry.actor) == ("search", "audit trail", "ig@council.example")
    assert entry.after == {"person": str(lead.pk), "action": "view", "found": 0}


def test_entries_are_found_by_person(client, auditor, lead):
    note(by=lead)
    note(by=person(Role.DATA_LEAD))
    assert len(told(search(client, person=lead.pk))) == 1


def test_entries_of_commands_and_of_whoever_was_not_signed_in_are_found(client, auditor):
    note(actor="command import_extract (root)", record_id=1)
    note(actor="not signed in", record_id=2)
    assert told(search(client, person="commands")) == [("Changed", "team 1", "")]
    assert told(search(client, person="others")) == [("Changed", "team 2", "")]


def test_entries_are_found_by_action(client, auditor):
    note(action=Action.ISSUE)
    note()
    assert told(search(client, action="issue")) == [("Issued", "team 7", "")]


def test_entries_are_found_by_period_with_its_first_and_last_day(client, auditor):
    today = timezone.localdate()
    note(record_id=1)
    note(record_id=2)
    lift_guards()
    AuditEntry.objects.filter(record_id="1").update(at=timezone.now() - timedelta(days=10))
    assert [what for _did, what, _code in told(search(client, since=today, until=today))] == ["team 2"]
    assert [what for _d, what, _c in told(search(client, until=today - timedelta(days=10)))] == ["team 1"]


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"since": "2026-02-30"}, "“From” is not a date."),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "“To” is before “From”."),
        ({"person": "987654"}, "Choose one of those offered"),
    ],
)
def test_a_wrong_choice_is_told_and_shows_nothing(client, auditor, filters, words):
    note()
    page = search(client, **filters)
    assert words in page.content.decode()
    assert told(page) == []
    assert not AuditEntry.objects.filter(action="search").exists()


@pytest.mark.parametrize("typed", ["P-0417", "p-0417", "{ref}"])
def test_entries_are_found_by_a_child_s_pseudonym_or_reference_and_the_address_names_no_child(
    client, auditor, row, lead, typed
):
    record_view(row, by=lead)
    note(action=Action.VIEW, record_type="caseload", record_id="", by=lead, after={"children": ["P-0417"]})
    note()
    page = about(client, typed.format(ref=row.local_ref), "?action=view")
    assert sorted(told(page)) == [("Viewed", "caseload, with 1 child", ""), ("Viewed", "child", "P-0417")]
    address = page.redirect_chain[-1][0]
    assert "P-0417" not in address
    assert row.local_ref not in address
    assert "action=view" in address


def test_the_search_about_a_child_is_found_by_that_child(client, auditor, row):
    about(client, "P-0417")
    assert AuditEntry.objects.get(action="search").child_code == "P-0417"


def test_a_child_removed_from_the_records_is_found_by_what_the_trail_has(client, auditor):
    note(child_code="P-GONE")
    assert told(about(client, "p-gone")) == [("Changed", "team 7", "P-GONE")]


@pytest.mark.parametrize("typed", ["Fictional", "041", "REF"])
def test_an_auditor_finds_nobody_by_name_or_part_of_a_reference(client, auditor, row, typed):
    page = about(client, typed)
    assert "has this pseudonym or reference. Type it in full." in page.content.decode()
    assert "P-0417" not in page.content.decode()
    assert AuditEntry.objects.get().after == {"found": 0}


def test_a_child_of_another_authority_is_not_found(client, auditor):
    child(organisation=authority("S12000033"), code="P-AWAY")
    assert "has this pseudonym or reference" in about(client, "P-AWAY").content.decode()


def test_whoever_may_see_names_finds_by_name(client, row):
    client.force_login(person(Role.IG_AUDITOR, Role.DATA_LEAD))
    note(child_code="P-0417")
    assert told(about(client, "Fictional")) == [("Changed", "team 7", "P-0417")]


def test_a_name_of_several_children_asks_which(client, row):
    child(of_team=team(), code="P-0500", name=("Bruce", "Fictional"))
    client.force_login(person(Role.IG_AUDITOR, Role.DATA_LEAD))
    assert "Type one of these: P-0417, P-0500." in about(client, "Fictional").content.decode()


def test_another_authority_s_entries_are_not_shown(client, auditor):
    note(authority=authority("S12000033"))
    assert told(search(client)) == []


def test_what_an_entry_keeps_of_a_child_is_not_told_to_an_auditor(client, auditor, row):
    note(child_code="P-0417", before={"note": "Lived with Gran"}, after={"note": "Moved"}, reason="Gran is ill")
    sent = search(client).content.decode()
    assert "Gran" not in sent
    assert "Note: values not shown" in sent


def test_what_an_entry_keeps_of_a_child_is_told_to_whoever_may_see_the_child(client, row):
    client.force_login(person(Role.IG_AUDITOR, Role.DATA_LEAD))
    note(child_code="P-0417", before={"note": "Lived with Gran"}, after={"note": "Moved"}, reason="Gran is ill")
    sent = search(client).content.decode()
    assert "Lived with Gran → Moved" in sent
    assert "Gran is ill" in sent


def test_the_number_of_queries_does_not_grow_with_the_entries(client, auditor, row):
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            search(client)
        return len(counted)

    note(child_code="P-0417")
    few = queries()
    record_all(
        [
            audit_entry(
                Action.CHANGE,
                authority=authority(),
                record_type="team",
                record_id=n,
                by=None,
                child_code="P-0417" if n % 2 else f"P-{n}",
            )
            for n in range(60)
        ]
    )
    assert queries() == few


def test_more_than_can_be_leafed_through_says_so(client, auditor, monkeypatch):
    monkeypatch.setattr(views, "MOST_COUNTED", 5)
    record_all(
        [audit_entry(Action.CHANGE, authority=authority(), record_type="team", record_id=n, by=None) for n in range(8)]
    )
    page = search(client)
    assert "more than 5 entries" in page.content.decode()
    assert "Narrow the period" in page.content.decode()


# Files


def test_what_was_found_goes_into_a_file_without_formulas(client, auditor, lead):
    note(by=lead, after={"name": "x"}, reason="=HYPERLINK(1)")
    note(action=Action.VIEW)
    answer = client.get(reverse("audit_trail_export", args=["csv"]), {"action": "change"})
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [(line["who"], line["did"], line["reason"]) for line in rows] == [
        ("dana@council.example", "Changed", "'=HYPERLINK(1)")
    ]
    assert answer["Content-Disposition"] == f'attachment; filename="audit_trail_{timezone.localdate()}.csv"'
    export = AuditEntry.objects.get(action="export")
    assert (export.record_type, export.after) == ("audit trail", {"action": "change", "format": "csv", "rows": 1})


def test_a_workbook_holds_text_and_no_formula(client, auditor):
    note(reason="=1+1")
    answer = client.get(reverse("audit_trail_export", args=["xlsx"]))
    sheet = load_workbook(BytesIO(answer.content)).active
    header = [cell.value for cell in sheet[1]]
    cell = sheet.cell(2, header.index("reason") + 1)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_file_of_an_auditor_names_a_child_by_pseudonym_alone(client, auditor, row):
    note(child_code="P-0417", before={"note": "Lived with Gran"}, after={"note": "Moved"}, reason="Gran is ill")
    about(client, "P-0417")
    answer = client.get(reverse("audit_trail_export", args=["csv"]), {"about": "child"}).content.decode()
    assert "P-0417" in answer
    assert "Gran" not in answer
    assert AuditEntry.objects.get(action="export").child_code == "P-0417"


def test_there_is_no_file_of_another_kind_or_of_a_wrong_choice(client, auditor):
    assert client.get(reverse("audit_trail_export", args=["pdf"])).status_code == 404
    assert client.get(reverse("audit_trail_export", args=["csv"]), {"since": "soon"}).status_code == 404


# Who has seen one child


def test_who_has_seen_a_child_is_told_by_person_and_each_time(client, row, lead):
    manager = person(Role.TEAM_MANAGER)
    record_view(row, by=lead)
    record_view(row, by=lead)
    note(action=Action.EXPORT, record_type="caseload", record_id="", by=manager, after={"children": ["P-0417"]})
    note(by=lead, child_code="P-0417")
    client.force_login(lead)
    page = client.get(reverse("seen_by", args=["P-0417"]))
    assert [(each["name"], each["times"]) for each in page.context["by_person"]] == [(str(lead), 3), (str(manager), 1)]
    assert [each.did for each in page.context["told"]] == ["Viewed", "Exported", "Viewed", "Viewed"]


def test_who_has_seen_a_child_of_another_team_is_not_told(client):
    row = child(of_team=team("Team South"), code="P-SOUTH")
    client.force_login(person(Role.TEAM_MANAGER, of_team=team()))
    assert client.get(reverse("seen_by", args=[row.code])).status_code == 404


def test_a_worker_is_not_told_who_has_seen_a_child(client, row):
    worker = person(Role.PRACTITIONER)
    allocate(worker, row)
    client.force_login(worker)
    assert client.get(reverse("seen_by", args=["P-0417"])).status_code == 403
    assert "Who has seen this record" not in client.get(reverse("child", args=["P-0417"])).content.decode()
