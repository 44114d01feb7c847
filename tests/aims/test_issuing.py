"""Issued reports: frozen, compared with the next, and withdrawn with a reason."""

from datetime import date
from hashlib import sha256

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError
from django.utils import timezone

from aims.manage_actions import change_definition
from aims.models import Report, ReportFile
from aims.reports.actions import FORMATS
from aims.reports.issuing import FileChanged, hand_out, issue_report, withdraw_report
from aims.reports.since_last import last_report, report_with_changes
from children.models import Child
from milestones.models import Milestone
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.aims.exports import stored_aim
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, aim, recommended
from tests.builders import milestone, person
from tests.pdf_reading import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]
MARCH, JUNE = date(2020, 3, 2), date(2020, 6, 1)
PARTS = [
    accommodated("2019-03-04", ref="A"),
    accommodated("2019-06-03", recommended("2019-09-02"), ref="B"),
    accommodated("2019-09-02", ref="C"),  # due on 2 March 2020
]


@pytest.fixture
def versions(authority):
    store(PARTS, authority=authority)
    return [stored_aim(aim(), authority=authority)]


def change_of(versions, *, as_at=JUNE, by=None):
    report, _previous = report_with_changes(versions, as_at=as_at, by=by)
    return [aim.change for aim in report.aims]


def test_issuing_freezes_figures_versions_and_files_with_their_checksums(versions, lead):
    report = issue_report(versions, as_at=MARCH, by=lead)
    (aim_of,) = report.aims.all()
    assert aim_of.version == versions[0]
    assert (aim_of.figures["counts"]["OVERDUE"], aim_of.figures["counts"]["WAITING"]) == (1, 1)
    assert {file.format for file in report.files.all()} == set(FORMATS)
    for file in report.files.all():
        assert file.sha256 == sha256(bytes(file.body)).hexdigest()
    assert "1 child has waited longer than 26 weeks." in words_of(bytes(report.files.get(format="pdf").body))


def test_a_later_correction_does_not_change_it(versions, lead, authority):
    report = issue_report(versions, as_at=MARCH, by=lead)
    content, body = report.content, bytes(report.files.get(format="pdf").body)
    milestone(authority.children.get(local_ref="A"), "PERM_REC", date(2019, 5, 6), route="PO")
    report = Report.objects.get(pk=report.pk)
    assert report.content == content
    assert bytes(report.files.get(format="pdf").body) == body


@pytest.mark.usefixtures("quick")
def test_the_next_report_says_what_changed(versions, lead):
    issue_report(versions, as_at=MARCH, by=lead)
    assert change_of(versions) == [
        ("Overdue 1 then, 2 now; waiting in time 1 then, 0 now; of those decided or overdue 50 % then, 33.33 % now.",)
    ]


@pytest.mark.usefixtures("quick")
def test_the_next_report_tells_corrections_of_the_past_from_what_happened(versions, lead, authority):
    issue_report(versions, as_at=MARCH, by=lead)
    milestone(authority.children.get(local_ref="A"), "PERM_REC", date(2019, 5, 6), route="PO")
    (said,) = change_of(versions)
    assert said[1] == (
        "Corrections since then have changed what was reported as at 2 March 2020: met 1 as reported, 2 by today's "
        "records; overdue 1 as reported, 0 by today's records."
    )
    assert said[2:] == ("Since then 1 outcome was corrected, of those up to 2 March 2020: 1 reads otherwise now.",)


@pytest.mark.usefixtures("quick")
def test_corrections_that_cancel_out_are_told_though_no_figure_changed(versions, lead, authority):
    day = date(2020, 3, 3)
    issue_report(versions, as_at=day, by=lead)
    milestone(authority.children.get(local_ref="A"), "PERM_REC", date(2019, 5, 6), route="PO")
    Milestone.objects.filter(child__local_ref="B").delete()
    (said,) = change_of(versions, as_at=date(2020, 3, 4))
    assert said == (
        "No figure has changed.",
        "Since then 2 outcomes were corrected, of those up to 3 March 2020: 2 read otherwise now.",
    )


@pytest.mark.usefixtures("quick")
def test_clocks_added_and_taken_away_since_are_told_apart(versions, lead, authority):
    day = date(2020, 3, 3)
    issue_report(versions, as_at=day, by=lead)
    store([accommodated("2019-03-04", ref="D")], authority=authority)
    Child.objects.filter(local_ref="A").delete()
    (said,) = change_of(versions, as_at=date(2020, 3, 4))
    assert said[-1] == (
        "Since then 2 outcomes were corrected, of those up to 3 March 2020: 1 was added, 1 was taken away."
    )


@pytest.mark.usefixtures("quick")
def test_a_report_that_kept_no_clocks_is_followed_by_what_its_counts_tell(versions, lead, authority):
    report = issue_report(versions, as_at=date(2020, 3, 3), by=lead)
    report.aims.update(clocks=None)
    Child.objects.filter(local_ref="A").delete()
    store([accommodated("2019-03-04", ref="D")], authority=authority)
    assert change_of(versions, as_at=date(2020, 3, 4)) == [("No figure has changed.",)]


@pytest.mark.usefixtures("quick")
def test_nothing_changed_is_said_too(versions, lead):
    issue_report(versions, as_at=date(2020, 3, 3), by=lead)
    assert change_of(versions, as_at=date(2020, 3, 4)) == [("No figure has changed.",)]


@pytest.mark.usefixtures("quick")
def test_an_aim_that_is_defined_anew_is_said_to_be(versions, lead):
    issue_report(versions, as_at=date(2020, 3, 3), by=lead)
    changed = change_definition(versions[0].aim, aim(limit="30 weeks"), opened_at=1, reason="Agreed", by=lead)
    (said,) = change_of([changed], as_at=date(2020, 3, 4))
    assert said[-1] == (
        "The aim is defined anew: version 1 then, version 2 now. The two reports do not count the same."
    )
    # What the last report said is measured by the version that it said it of.
    assert not any("Corrections" in sentence for sentence in said)


@pytest.mark.usefixtures("quick")
def test_an_aim_that_was_not_in_the_last_report_says_so(versions, lead, authority):
    issue_report(versions, as_at=MARCH, by=lead)
    other = stored_aim(aim(code="OTHER"), authority=authority)
    assert change_of([*versions, other])[1] == ("This aim was not in the last report.",)


@pytest.mark.usefixtures("quick")
def test_a_withdrawn_report_is_not_the_last_one(versions, lead, authority):
    first = issue_report(versions, as_at=date(2020, 2, 3), by=lead)
    second = issue_report(versions, as_at=MARCH, by=lead)
    assert second.previous == first
    withdraw_report(second, reason="A wrong extract", by=lead)
    assert last_report(authority, before=JUNE) == first


@pytest.mark.usefixtures("quick")
def test_figures_of_one_team_are_not_set_beside_those_of_the_authority(versions, lead):
    issue_report(versions, as_at=MARCH, by=lead)
    manager = person(Role.TEAM_MANAGER)
    assert change_of(versions, by=manager) == [()]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("role", [role for role in Role if role != Role.PACE_LEAD])
def test_only_a_pace_lead_issues(versions, role):
    with pytest.raises(PermissionDenied):
        issue_report(versions, as_at=MARCH, by=person(role))
    assert not Report.objects.exists()


@pytest.mark.usefixtures("quick")
def test_a_day_to_come_is_refused(versions, lead):
    with pytest.raises(ValidationError, match="a day that has come"):
        issue_report(versions, as_at=timezone.localdate() + (JUNE - MARCH), by=lead)


@pytest.mark.usefixtures("quick")
def test_a_day_too_long_ago_is_refused(versions, lead):
    with pytest.raises(ValidationError, match="1 January 1990 is the earliest day"):
        issue_report(versions, as_at=date(1989, 12, 31), by=lead)
    assert issue_report(versions, as_at=date(1990, 1, 1), by=lead).as_at == date(1990, 1, 1)


@pytest.mark.usefixtures("quick")
def test_one_report_stands_for_a_day(versions, lead):
    report = issue_report(versions, as_at=MARCH, by=lead)
    with pytest.raises(ValidationError, match="is issued already"):
        issue_report(versions, as_at=MARCH, by=lead)
    withdraw_report(report, reason="A wrong extract", by=lead)
    assert issue_report(versions, as_at=MARCH, by=lead).pk != report.pk


@pytest.mark.usefixtures("quick")
def test_no_aim_is_no_report(versions, lead):
    with pytest.raises(ValidationError, match="at least one aim"):
        issue_report([], as_at=MARCH, by=lead)


@pytest.mark.usefixtures("quick")
def test_withdrawing_needs_a_reason_and_is_done_once(versions, lead):
    report = issue_report(versions, as_at=MARCH, by=lead)
    with pytest.raises(ValidationError, match="Say why"):
        withdraw_report(report, reason="  ", by=lead)
    withdraw_report(report, reason="A wrong extract", by=lead)
    with pytest.raises(ValidationError, match="withdrawn already"):
        withdraw_report(report, reason="Again", by=lead)
    with pytest.raises(PermissionDenied):
        withdraw_report(report, reason="Me too", by=person(Role.SENIOR_LEADER))


@pytest.mark.usefixtures("quick")
def test_issuing_withdrawing_and_handing_out_leave_their_lines_in_the_trail(versions, lead):
    report = issue_report(versions, as_at=MARCH, by=lead)
    hand_out(report.files.first(), by=lead)
    withdraw_report(report, reason="A wrong extract", by=lead)
    trail = AuditEntry.objects.filter(record_type="report", record_id=report.pk).order_by("pk")
    assert [entry.action for entry in trail] == ["issue", "export", "void"]
    assert trail[0].after["aims"] == ["TEST version 1"]
    assert trail[2].reason == "A wrong extract"


@pytest.mark.usefixtures("quick")
def test_a_file_that_was_changed_is_not_handed_out(versions, lead):
    report = issue_report(versions, as_at=MARCH, by=lead)
    ReportFile.objects.filter(report=report, format="pdf").update(body=b"another")
    with pytest.raises(FileChanged, match="checksum"):
        hand_out(report.files.get(format="pdf"), by=lead)


@pytest.mark.usefixtures("quick")
def test_a_version_that_was_reported_cannot_be_removed(versions, lead):
    issue_report(versions, as_at=MARCH, by=lead)
    with pytest.raises(ProtectedError):
        versions[0].aim.delete()
