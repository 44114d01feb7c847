"""Whoever asks what left the site about a child finds every list and file with it, those by pseudonym too."""

from datetime import date

import pytest
from django.core.management import call_command

from aims.national_dataset.sending import send_dataset
from aims.reports import issuing
from aims.reports.actions import FORMATS, export_report
from aims.reports.issuing import hand_out, issue_report
from children.restriction_actions import restrict
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry, MentionedChild
from pace_site.audit.trail import LISTED, record
from pace_site.audit.verifying import verify
from pace_site.front.auditing.entry_words import in_words
from pace_site.front.subject_access.held import held_of
from tests.aims.exports import stored_aim
from tests.aims.storytelling import aim
from tests.audit.lifting import lift_guards
from tests.builders import authority, child, person, team

pytestmark = pytest.mark.django_db

DAY = date(2020, 5, 31)


@pytest.fixture
def version():
    return stored_aim(aim(by_date="2020-12-31"), authority=authority())


@pytest.fixture
def lead():
    return person(Role.PACE_LEAD)


@pytest.fixture
def row():
    return child(of_team=team(), code="QX-SENT", accommodated=date(2019, 6, 3))


def left_with(row) -> list[tuple[str, str]]:
    found = AuditEntry.objects.about_child(row.code, in_authority="S12000019").order_by("pk")
    return [(entry.action, entry.record_type) for entry in found.filter(child_code="")]


def test_every_file_by_pseudonym_is_found_by_each_child_in_it(row, version, lead, monkeypatch, capsys):
    csv = {"csv": FORMATS["csv"]}
    monkeypatch.setattr(issuing, "FORMATS", csv)
    later = child(of_team=team(), code="QX-LATER", accommodated=date(2021, 6, 3))
    export_report([version], as_at=DAY, file_format=csv["csv"], by=lead)
    report = issue_report([version], as_at=DAY, by=lead)
    hand_out(report.files.get(), by=lead)
    send_dataset(authority(), month_end=DAY, by=lead)
    call_command("measure_aims", authority="S12000019", as_at=DAY, json=True, outcomes=True)
    call_command("check_data", authority="S12000019", as_at=DAY)
    capsys.readouterr()
    assert left_with(row) == [
        ("export", "aim"),
        ("issue", "report"),
        ("export", "report"),
        ("export", "national dataset"),
        ("export", "aim outcomes"),
        ("export", "data quality"),
    ]
    assert left_with(later) == []
    assert verify().holds
    trail = held_of(row, to=lead).tables[-1].rows
    assert [line[3] for line in trail][:2] == [
        f"aim {version.aim_id}, with 1 child",
        f"report {report.pk}, with 1 child",
    ]


def test_a_child_whose_record_is_restricted_is_not_found_in_a_file_that_did_not_list_it(row, version, lead):
    restrict(row, reason="A relative of somebody who works in the team", by=person(Role.TEAM_MANAGER))
    export_report([version], as_at=DAY, file_format=FORMATS["csv"], by=lead)
    assert left_with(row) == []


def test_a_long_list_is_one_small_entry_that_each_of_its_children_finds(lead, django_assert_max_num_queries):
    codes = [f"P-{number:05d}" for number in range(20_000)]
    with django_assert_max_num_queries(60):
        record(AuditEntry.Action.EXPORT, authority=authority(), record_type="aim", record_id=1, by=lead, listed=codes)
    entry = AuditEntry.objects.get()
    assert entry.after.keys() == {LISTED, "children_sha256"}
    assert AuditEntry.objects.about_child("P-19999", in_authority="S12000019").get() == entry
    (told,) = in_words([entry], to=lead, people={})
    assert (told.what, [(change.field, change.after) for change in told.changes]) == (
        "aim 1, with 20,000 children",
        [("children listed", "20000")],
    )
    assert verify().holds


@pytest.mark.parametrize("how", ["taken out", "put in"])
def test_a_child_put_into_or_taken_out_of_the_index_of_a_long_list_is_found(lead, how):
    record(
        AuditEntry.Action.EXPORT, authority=authority(), record_type="aim", record_id=1, by=lead, listed=["P-1", "P-2"]
    )
    record(AuditEntry.Action.EXPORT, authority=authority(), record_type="aim", record_id=2, by=lead, listed=[])
    assert verify().fault is None
    lift_guards()
    if how == "taken out":
        MentionedChild.objects.filter(child_code="P-2").delete()
    else:
        MentionedChild.objects.create(entry_id=AuditEntry.objects.latest("pk").pk, child_code="P-3")
    assert verify().fault.kind == "changed"
