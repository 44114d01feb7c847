"""Pages of reports: making, issuing, reading and withdrawing; and what each role gets of them."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pptx import Presentation

from aims.models import Aim, Report, ReportFile
from aims.reports.actions import FORMATS
from aims.reports.assembling import highlight_of
from aims.reports.issuing import withdraw_report
from aims.reports.told import Barrier as ToldBarrier
from aims.reports.told import ToldTest
from improvement.models import Barrier, Meeting
from pace_site.accounts.roles import Role
from pace_site.front.reports.telling import told_of
from tests.aims.exports import sheets
from tests.aims.slide_reading import words_on
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, recommended
from tests.builders import authority, child, person
from tests.improvement.builders import ACT, DO, PLAN, STUDY, a_cycle, a_test, an_aim
from tests.pdf_reading import words_of

pytestmark = pytest.mark.django_db
AS_AT = "2020-06-01"
READS = (
    Role.PACE_LEAD,
    Role.DATA_LEAD,
    Role.ADMINISTRATIVE_LEAD,
    Role.AIM_GROUP_LEAD,
    Role.SENIOR_LEADER,
)


@pytest.fixture
def aim():
    made = an_aim("AIM-1")
    store(
        [accommodated("2019-03-04", ref="A"), accommodated("2019-06-03", recommended("2019-09-02"), ref="B")],
        authority=authority(),
    )
    return made


@pytest.fixture
def ask(client):
    def run(role, name, method="get", *, data=None, **kwargs):
        client.force_login(role if not isinstance(role, Role) else person(role))
        return getattr(client, method)(reverse(name, kwargs=kwargs or None), data or {}, follow=method == "post")

    return run


@pytest.fixture
def issued(aim, quick, ask):
    ask(Role.PACE_LEAD, "report_make", "post", data={"as_at": AS_AT})
    return Report.objects.get()


def test_what_a_report_would_say_is_shown_before_it_is_issued(aim, ask):
    page = ask(Role.PACE_LEAD, "report_make", data={"as_at": AS_AT}).content.decode()
    assert "1 child has waited longer than 26 weeks." in page
    assert "no report was issued before" in page
    assert not Report.objects.exists()


def test_issuing_keeps_it_and_shows_it(aim, quick, ask):
    response = ask(Role.PACE_LEAD, "report_make", "post", data={"as_at": AS_AT})
    report = Report.objects.get()
    assert response.redirect_chain == [(f"/reports/{report.pk}/", 302)]
    page = response.content.decode()
    assert "The report is issued." in page
    digests = report.files.values_list("sha256", flat=True)
    assert digests
    assert [digest for digest in digests if digest not in page] == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"as_at": ""}, "Choose the day"),
        ({"as_at": "yesterday"}, "This is not a date."),
        ({"as_at": "2199-01-01"}, "a day that has come"),
        ({"as_at": "1989-12-31"}, "too long ago: 1 January 1990 is the earliest day"),
        ({"as_at": AS_AT, "aims": ["NONE"]}, "NONE is not one of your open aims."),
    ],
)
def test_what_cannot_be_reported_is_said_in_words(aim, quick, ask, data, words):
    response = ask(Role.PACE_LEAD, "report_make", "post", data=data)
    assert words in response.content.decode()
    assert not Report.objects.exists()


def test_an_aim_of_another_authority_cannot_be_chosen(aim, quick, ask):
    an_aim("ELSEWHERE", organisation=authority("S12000033"))
    response = ask(Role.PACE_LEAD, "report_make", "post", data={"as_at": AS_AT, "aims": ["ELSEWHERE"]})
    assert "ELSEWHERE is not one of your open aims." in response.content.decode()


def test_without_an_open_aim_there_is_nothing_to_report(quick, ask):
    assert "There is no open aim" in ask(Role.PACE_LEAD, "report_make", "post", data={"as_at": AS_AT}).content.decode()


def test_a_draft_can_be_taken_along_and_is_not_kept(aim, quick, ask):
    for name in FORMATS:
        response = ask(Role.PACE_LEAD, "report_make", "post", data={"as_at": AS_AT, "what": name})
        assert response["Content-Disposition"] == f'attachment; filename="AIM-1_2020-06-01.{name}"'
    assert not Report.objects.exists()
    assert ask(Role.PACE_LEAD, "report_make", "post", data={"as_at": AS_AT, "what": "exe"}).status_code == 404


PLANNED = "Test the checklist in two teams\n\n  Ask for a second reporter \n"


def test_what_is_planned_is_shown_before_it_is_issued_and_kept_as_it_was_typed(aim, ask):
    page = ask(Role.PACE_LEAD, "report_make", "post", data={"as_at": AS_AT, "what": "show", "plan": PLANNED})
    said = page.content.decode()
    assert page.context["content"]["next_period"] == ["Test the checklist in two teams", "Ask for a second reporter"]
    assert "<li>Ask for a second reporter</li>" in said
    # In the field to be changed, and in the two forms that issue it and take a draft along.
    assert len(re.findall("<textarea[^>]*>\\s*Test the checklist in two teams", said)) == 3


def test_what_is_planned_is_issued_in_every_file_that_holds_words(aim, ask):
    ask(Role.PACE_LEAD, "report_make", "post", data={"as_at": AS_AT, "plan": PLANNED})
    report = Report.objects.get()
    assert report.content["next_period"] == ["Test the checklist in two teams", "Ask for a second reporter"]
    files = {file.format: bytes(file.body) for file in report.files.all()}
    cells = [value for rows in sheets(files["xlsx"]).values() for row in rows for value in row]
    slide_words = [words_on(slide) for slide in Presentation(BytesIO(files["pptx"])).slides]
    assert "Plan for the next period" in words_of(files["pdf"])
    for planned in report.content["next_period"]:
        assert planned in words_of(files["pdf"])
        assert planned in cells
        assert any(planned in words for words in slide_words)


def test_a_plan_that_names_a_child_is_refused_and_stays_in_its_field(aim, quick, ask):
    typed = "Ask about P-A again"
    for what in ("show", "issue", "pdf"):
        response = ask(Role.PACE_LEAD, "report_make", "post", data={"as_at": AS_AT, "what": what, "plan": typed})
        said = response.content.decode()
        assert "This names a child." in said
        assert typed in said
        assert "What next" not in said
    assert not Report.objects.exists()


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_reports(issued, ask, role):
    expected = 200 if role in READS else 403
    assert ask(role, "reports").status_code == expected
    assert ask(role, "report", pk=issued.pk).status_code == expected
    assert ask(role, "report_file", pk=issued.pk, file_format="pdf").status_code == expected


@pytest.mark.parametrize("role", [Role.SENIOR_LEADER, Role.AIM_GROUP_LEAD])
def test_lists_of_children_are_only_for_who_may_export_them(issued, ask, role):
    for name in ("csv", "xlsx"):
        assert ask(role, "report_file", pk=issued.pk, file_format=name).status_code == 404
        assert f"/reports/{issued.pk}/{name}/" not in ask(role, "report", pk=issued.pk).content.decode()


def test_a_senior_leader_sees_issued_reports_and_makes_none(issued, ask):
    page = ask(Role.SENIOR_LEADER, "reports").content.decode()
    assert "As at 1 June 2020" in page
    assert "/reports/make/" not in page
    assert ask(Role.SENIOR_LEADER, "report_make").status_code == 403


def test_who_opens_no_child_reads_no_pseudonym_on_the_page(issued, ask):
    assert "P-A" in ask(Role.PACE_LEAD, "report", pk=issued.pk).content.decode()
    assert "P-A" not in ask(Role.SENIOR_LEADER, "report", pk=issued.pk).content.decode()


@pytest.mark.parametrize("trace", ["code", "name", "local_ref"])
def test_a_text_that_names_a_child_is_left_out_of_the_report(aim, quick, ask, trace):
    row = child(name=("Morag", "Madeup"))
    named = "Morag Madeup" if trace == "name" else getattr(row, trace)
    said, lead = f"The panel of {named} is brought forward", person(Role.PACE_LEAD)
    meeting = Meeting.objects.create(authority=authority(), on=date(2020, 5, 20))
    meeting.items.create(position=1, title="Decisions", decisions=f"{said}\nPanels meet weekly")
    Barrier.objects.create(authority=authority(), text=said, asked=said, raised_on=date(2020, 5, 1), owner=lead)
    test = a_test(aim=aim, lead=lead, title=said, begun_on=date(2020, 4, 1))
    days = {"started_on": date(2020, 5, 4), "ended_on": date(2020, 5, 18), "decided_on": date(2020, 5, 25)}
    a_cycle(test, 2, **PLAN | DO | STUDY | ACT | days | {"learned": said})
    ask(lead, "report_make", "post", data={"as_at": AS_AT})
    page = ask(Role.SENIOR_LEADER, "report", pk=Report.objects.get().pk).content.decode()
    assert page.count("left out, as it speaks of a single child") == 5
    assert "Panels meet weekly" in page
    assert named not in page


def test_a_report_of_another_authority_is_not_found(issued, ask):
    lead = person(Role.PACE_LEAD, organisation=authority("S12000033"))
    assert ask(lead, "report", pk=issued.pk).status_code == 404
    assert ask(lead, "report_file", pk=issued.pk, file_format="pdf").status_code == 404


def test_a_withdrawn_report_says_so_and_can_still_be_read(issued, ask):
    assert "Say why" in ask(Role.PACE_LEAD, "report", "post", data={"reason": ""}, pk=issued.pk).content.decode()
    page = ask(Role.PACE_LEAD, "report", "post", data={"reason": "A wrong extract"}, pk=issued.pk).content.decode()
    assert "A wrong extract" in page
    assert "Withdraw it" not in page
    assert "Withdrawn" in ask(Role.SENIOR_LEADER, "reports").content.decode()
    assert ask(Role.SENIOR_LEADER, "report", pk=issued.pk).status_code == 200


def test_files_of_a_withdrawn_report_are_given_to_who_may_issue_reports_alone(issued, ask, client):
    withdraw_report(issued, reason="A wrong extract", by=issued.issued_by)
    pdf = {"pk": issued.pk, "file_format": "pdf"}
    assert ask(issued.issued_by, "report_file", **pdf)["Content-Type"] == "application/pdf"
    assert f"/reports/{issued.pk}/pdf/" in ask(issued.issued_by, "report", pk=issued.pk).content.decode()

    for role in (Role.SENIOR_LEADER, Role.DATA_LEAD):
        client.force_login(person(role))
        refused = client.get(reverse("report_file", kwargs=pdf), follow=True)
        assert refused.redirect_chain == [(f"/reports/{issued.pk}/", 302)]
        said = refused.content.decode()
        assert "its files are no longer given out" in said
        assert f"/reports/{issued.pk}/pdf/" not in said


def test_a_senior_leader_cannot_withdraw(issued, ask):
    assert ask(Role.SENIOR_LEADER, "report", "post", data={"reason": "No"}, pk=issued.pk).status_code == 403
    issued.refresh_from_db()
    assert not issued.is_withdrawn


def test_a_file_that_was_changed_is_not_given_out(issued, client):
    ReportFile.objects.filter(format="pdf").update(body=b"another")
    client.force_login(person(Role.SENIOR_LEADER))
    address = reverse("report_file", kwargs={"pk": issued.pk, "file_format": "pdf"})
    response = client.get(address, follow=True)
    assert response.redirect_chain == [(f"/reports/{issued.pk}/", 302)]
    assert "is not the file that was issued" in response.content.decode()


def test_queries_of_the_list_do_not_grow(issued, ask):
    who, counts = person(Role.SENIOR_LEADER), []
    ask(who, "reports")
    for more in (0, 5):
        for number in range(more):
            Report.objects.create(
                authority=issued.authority, as_at=date(2019, 1, 1 + number), content={}, issued_by=issued.issued_by
            )
        with CaptureQueriesContext(connection) as queries:
            ask(who, "reports")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# What improvement work says in a report


def told(since=date(2026, 3, 1), as_at=date(2026, 6, 1)):
    return told_of(authority(), as_at=as_at, since=since)


@pytest.mark.parametrize(("since", "count"), [(date(2026, 3, 24), 1), (date(2026, 3, 25), 0)])
def test_a_cycle_decided_since_the_last_report_is_told(since, count):
    a_cycle(a_test(), 2, **PLAN | DO | STUDY | ACT)
    assert len(told(since=since).of("AIM-1").tests) == count


def test_what_was_learned_is_told_or_else_what_came_out():
    test = a_test()
    a_cycle(test, 2, **PLAN | DO | STUDY | ACT)
    a_cycle(test, 3, **PLAN | DO | STUDY | ACT | {"learned": "Shorter is better", "decision": "adopt"})
    assert told().of("AIM-1").tests == (
        ToldTest("72-hour agenda", "cycle 2, one child, adapted, and tested again", "Four of five"),
        ToldTest("72-hour agenda", "cycle 3, one child, adopted", "Shorter is better"),
    )


def test_a_cycle_decided_after_the_day_is_not_told():
    a_cycle(a_test(), 2, **PLAN | DO | STUDY | ACT)
    assert told(as_at=date(2026, 3, 24)).of("AIM-1").tests == ()


def test_barriers_that_stand_are_told_with_their_aim_or_for_all():
    aim = an_aim("AIM-1")
    owner = person(Role.PACE_LEAD)
    make = {"authority": authority(), "raised_on": date(2026, 2, 1), "asked": "Write to them", "owner": owner}
    Barrier.objects.create(text="No reporter", aim=aim, **make)
    Barrier.objects.create(text="No solicitor", **make)
    Barrier.objects.create(text="Gone", resolved_on=date(2026, 5, 1), resolution="Done", **make)
    Barrier.objects.create(text="To come", **make | {"raised_on": date(2026, 6, 2)})
    found = told()
    assert found.of("AIM-1").barriers == (ToldBarrier("No reporter", date(2026, 2, 1), "Write to them"),)
    assert found.barriers == (ToldBarrier("No solicitor", date(2026, 2, 1), "Write to them"),)


def test_decisions_of_meetings_are_told_a_line_each():
    meeting = Meeting.objects.create(authority=authority(), on=date(2026, 5, 4))
    meeting.items.create(position=1, title="Data", decisions="Adopt the agenda\n\nTest the checklist")
    later = Meeting.objects.create(authority=authority(), on=date(2026, 6, 2))
    later.items.create(position=1, title="Data", decisions="Too late")
    assert told().decisions == (
        "Adopt the agenda (Champions' Group, 4 May 2026)",
        "Test the checklist (Champions' Group, 4 May 2026)",
    )


def test_decisions_of_a_group_for_one_aim_are_told_with_that_aim_alone():
    for code in ("AIM-1", "AIM-2"):
        meeting = Meeting.objects.create(
            authority=authority(), kind=Meeting.Kind.AIM_GROUP, aim=an_aim(code), on=date(2026, 5, 4)
        )
        meeting.items.create(position=1, title="Data", decisions=f"Decided for {code}")
    champions = Meeting.objects.create(authority=authority(), on=date(2026, 5, 5))
    champions.items.create(position=1, title="Data", decisions="Decided for all")
    (version,) = Aim.objects.filter(code="AIM-2").current_versions()
    report = highlight_of([version], as_at=date(2026, 6, 1), by=None, told=told())
    assert [line.partition(" (")[0] for line in report.decisions] == ["Decided for all", "Decided for AIM-2"]


def test_another_authority_is_told_nothing():
    a_cycle(a_test(), 2, **PLAN | DO | STUDY | ACT)
    assert told_of(authority("S12000033"), as_at=date(2026, 6, 1), since=None).of_aims == {}
