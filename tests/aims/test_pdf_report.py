"""The report as PDF: tagged, with its words, its charts and their alternatives, and the numbers of `measure_aims`."""

from datetime import date

import pytest

from aims.models import Aim, Annotation
from aims.reports.assembling import highlight_of
from aims.reports.pdf_file import pdf_file
from aims.reports.printed_charts import chart_svg
from aims.reports.report_words import chart_alternative
from aims.reports.told import Barrier, Told, ToldOfAim, ToldTest
from tests.acceptance_extracts import exported_report, printed_measures, take_in
from tests.aims.exports import stored_aim
from tests.aims.reported_aims import AS_AT, BACKLOG
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, aim
from tests.pdf_reading import elements_of, errors_of, tags_of, words_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("folder", "code"),
    [("midlothian", "MID-1"), ("north_lanarkshire", "NL-1")],
)
def test_the_pdf_says_what_measure_aims_prints(tmp_path, folder, code):
    authority, as_at = take_in(folder)
    (measured,) = printed_measures(authority, as_at, f"--aim={code}")["aims"]
    body = exported_report(authority, as_at, code, out=tmp_path / "report.pdf")
    words, counts = words_of(body), measured["counts"]
    assert (
        f"{counts['MET']} met, {counts['MISSED']} missed, {counts['OVERDUE']} overdue, "
        f"{counts['WAITING']} waiting in time."
    ) in words
    assert f"In time, of those decided {measured['pct_decided'] + 1e-9:.0f} %" in words
    assert f"In time, of those decided or overdue {measured['pct_decided_or_overdue'] + 1e-9:.0f} %" in words


def test_two_checkers_find_no_error(reported, tmp_path):
    body = pdf_file(reported(aim(by_date="2020-12-31"), BACKLOG))
    assert errors_of(body, tmp_path) == []


def test_one_long_wait_does_not_press_the_dots_flat(reported, authority):
    store([accommodated("2017-07-17", ref="REF-LONG")], authority=authority)  # 150 weeks beside a dot of 35
    (report,) = reported().aims
    assert report.cut_at == 53
    drawn = chart_svg(report).decode()
    assert "cut at 53, with their weeks" in drawn
    assert all(f">{shown}<" in drawn for shown in ("150", "65"))
    assert "Bars of more than 53 weeks are cut: the number on each is its weeks." in chart_alternative(report)


def test_the_days_of_a_backlog_are_british(reported):
    drawn = chart_svg(reported(BACKLOG).aims[0]).decode()
    assert "March 2020" in drawn
    assert "2020-0" not in drawn
    assert "Children still waiting" in drawn


def test_every_chart_has_a_text_alternative_that_says_what_it_shows(reported):
    alternatives = [element.alt for element in elements_of(pdf_file(reported())) if element.tag == "/Figure"]
    alternatives = [alt for alt in alternatives if alt]
    assert len(alternatives) == 1
    assert "2 decided; half of them within" in alternatives[0]
    assert "2 children still waiting" in alternatives[0]


def test_headings_go_down_by_one_and_header_cells_have_a_scope(reported):
    body = pdf_file(reported(aim(), BACKLOG, told=Told({}, decisions=("Go on",))))
    levels = [int(tag[2:]) for tag in tags_of(body) if tag[:2] == "/H" and tag[2:].isdigit()]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in zip(levels, levels[1:], strict=False))
    cells = [element for element in elements_of(body) if element.tag == "/TH"]
    assert cells
    assert all("/Scope" in cell.attributes for cell in cells)


def test_what_people_said_stands_in_it_as_they_said_it(reported):
    told = Told(
        {
            "TEST": ToldOfAim(
                tests=(ToldTest("*Agenda* #1", "Cycle 3, adopted", "It saves $2 weeks$"),),
                barriers=(Barrier("No reporter", date(2020, 5, 4), "Write to the reporter"),),
            )
        },
        decisions=("Adopt the agenda",),
        barriers=(Barrier("No solicitor", date(2020, 4, 1), ""),),
    )
    words = words_of(pdf_file(reported(told=told)))
    assert "*Agenda* #1: Cycle 3, adopted. Learned: It saves $2 weeks$" in words
    assert "No reporter (since 4 May 2020). Leaders are asked: Write to the reporter" in words
    assert "No solicitor (since 1 April 2020)." in words
    assert "Adopt the agenda" in words


def test_children_appear_by_pseudonym_and_never_by_reference_or_name(reported):
    report = reported()
    words = words_of(pdf_file(report))
    for row in report.aims[0].waits:
        assert row.child_code in words
    assert " REF-" not in words


def test_several_aims_begin_with_a_table_of_all(reported):
    body = pdf_file(reported(aim(), aim(code="OTHER"), BACKLOG))
    words = words_of(body)
    assert "All aims Aim Title Status" in words
    assert "PACE highlight report" in words


def test_an_aim_without_a_limit_claims_no_percentage(reported):
    words = words_of(pdf_file(reported(aim(limit=None, target_pct=None))))
    assert "claims no percentage" in words
    assert "In time, of those decided" not in words


def test_an_aim_without_a_clock_has_no_chart(authority):
    version = stored_aim(aim(), authority=authority)
    report = highlight_of([version], as_at=AS_AT, by=None)
    assert chart_svg(report.aims[0]) is None
    assert "Nobody has been decided yet." in words_of(pdf_file(report))


def test_the_drawing_holds_the_points_of_the_chart_and_its_words_as_text(reported):
    drawing = chart_svg(reported().aims[0]).decode()
    for words in ("Decided in time", "Decided late", "Overdue", "Waiting in time", "Limit", "Still waiting (2)"):
        assert words in drawing


def test_remarks_stand_on_the_printed_chart(reported):
    report = reported()
    Annotation.objects.create(aim=Aim.objects.get(code="TEST"), on=date(2019, 12, 2), label="PACE start")
    version = Aim.objects.filter(code="TEST").current_versions().get()
    assert "PACE start" not in chart_svg(report.aims[0]).decode()
    assert "PACE start" in chart_svg(highlight_of([version], as_at=AS_AT, by=None).aims[0]).decode()
