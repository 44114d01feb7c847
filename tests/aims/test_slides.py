"""The report as slides: readable by everybody, native charts of the same figures, and nothing that does not fit."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from lxml import etree
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Pt

from aims.models import Aim, Annotation
from aims.plain_figure import in_weeks
from aims.reports.assembling import highlight_of
from aims.reports.slides.build_template import TEMPLATE, build
from aims.reports.slides.deck import slides
from aims.reports.slides.text import Line, fitted, row_count, shortened
from aims.reports.told import Barrier, Told, ToldOfAim, ToldTest
from children.models import Child, Identity
from tests.acceptance_extracts import exported_report, printed_measures, take_in
from tests.aims.exports import stored_aim
from tests.aims.reported_aims import AS_AT, BACKLOG, DRAFT
from tests.aims.slide_reading import (
    aim_slides,
    alternatives_on,
    charts_on,
    deck_of,
    every_part,
    faults_of,
    notes_of,
    sheet_behind,
    table_on,
    values_of,
    words_on,
)
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, aim, recommended

pytestmark = pytest.mark.django_db
TALKATIVE = Told(
    {
        "TEST": ToldOfAim(
            tests=(ToldTest("Agenda", "Cycle 3, adopted", "It saves two weeks"),),
            barriers=(Barrier("No reporter", date(2020, 5, 4), "Write to the reporter"),),
        )
    },
    decisions=("Adopt the agenda",),
    barriers=(Barrier("No solicitor", date(2020, 4, 1), ""),),
)


@pytest.mark.parametrize(
    ("folder", "code"),
    [("midlothian", "MID-1"), ("north_lanarkshire", "NL-1")],
)
def test_the_slide_says_and_draws_what_measure_aims_prints(tmp_path, folder, code):
    authority, as_at = take_in(folder)
    (measured,) = printed_measures(authority, as_at, f"--aim={code}")["aims"]
    body = exported_report(authority, as_at, code, out=tmp_path / "report.pptx")
    deck, counts = Presentation(BytesIO(body)), measured["counts"]
    (slide,) = aim_slides(deck)
    words, charts = words_on(slide), charts_on(slide)
    drawn, bars = values_of(charts["Run chart"]), values_of(charts["Still waiting"])

    def shown(values):
        return sum(value is not None for value in values)

    assert faults_of(deck) == []
    assert (
        f"{counts['MET']} met, {counts['MISSED']} missed, {counts['OVERDUE']} overdue, "
        f"{counts['WAITING']} waiting in time."
    ) in words
    assert f"In time, of those decided {measured['pct_decided'] + 1e-9:.0f} %" in words
    assert f"In time, of those decided or overdue {measured['pct_decided_or_overdue'] + 1e-9:.0f} %" in words
    stopped = [row for row in measured["outcomes"] if row["days"] is not None]
    assert sorted(value for name in ("Decided in time", "Decided late") for value in drawn.get(name, []) if value) == (
        sorted(in_weeks(row["days"]) for row in stopped if row["days"])
    )
    assert shown(bars["Overdue"]) == counts["OVERDUE"]
    assert shown(bars["Waiting in time"]) == counts["WAITING"]


def test_the_chart_data_are_the_points_of_the_chart_in_the_order_of_the_decision(reported):
    report = reported()
    (slide,) = aim_slides(deck_of(report))
    charts = charts_on(slide)
    points = report.aims[0].judged.points
    in_order = values_of(charts["Run chart"])

    assert in_order["Weeks to decision"] == [in_weeks(row.days) for row in points]
    assert in_order["Decided in time"] == [13, None]
    assert in_order["Decided late"] == [None, 35]
    assert in_order["Median 24.0 weeks"] == [24, 24]
    assert in_order["Limit 26 weeks"] == [26, 26]
    assert list(charts["Run chart"].plots[0].categories) == ["Sep 2019", "Feb 2020"]
    bars = values_of(charts["Still waiting"])
    assert bars["Overdue"] == [65, None]
    assert bars["Waiting in time"] == [None, 8]
    assert bars["Limit 26 weeks"] == [26, 26]


def test_whoever_edits_the_data_finds_the_same_values(reported):
    (slide,) = aim_slides(deck_of(reported()))
    header, first, second = sheet_behind(charts_on(slide)["Still waiting"])
    assert header[1:] == ("Overdue", "Waiting in time", "Limit 26 weeks")
    assert first == ("P-REF-A", 65, None, 26)
    assert second == ("P-REF-D", None, 8, 26)


def test_both_charts_stand_on_one_scale(reported):
    (slide,) = aim_slides(deck_of(reported()))
    axes = [chart.value_axis for chart in charts_on(slide).values()]
    assert [(axis.minimum_scale, axis.maximum_scale, axis.major_unit) for axis in axes] == [(0, 80, 20)] * 2


@pytest.fixture
def with_a_long_wait(reported, authority):
    """The dots are at most 35 weeks high, and one child has waited 150."""
    store([accommodated("2017-07-17", ref="REF-LONG")], authority=authority)
    return reported()


def test_one_long_wait_does_not_press_the_dots_flat_and_its_cut_bar_tells_its_weeks(with_a_long_wait):
    (slide,) = aim_slides(deck_of(with_a_long_wait))
    charts = charts_on(slide)
    assert [(chart.value_axis.minimum_scale, chart.value_axis.maximum_scale) for chart in charts.values()] == [
        (0, 60)
    ] * 2
    header, first, *_rest = sheet_behind(charts["Still waiting"])
    assert first[:2] == ("P-REF-LONG", 150)  # whoever edits the data finds the wait itself
    assert charts["Still waiting"].chart_title.text_frame.text == "Weeks, cut at 60: 3 waiting"
    labelled = [
        [each.get("val") for each in series._element.iter(qn("c:idx")) if each.getparent().tag == qn("c:dLbl")]
        for series in charts["Still waiting"].plots[0].series
    ]
    assert labelled == [["0", "1"], []]  # both that are overdue, at 150 and 65 weeks; not the one in time
    said = alternatives_on(slide)
    assert all("Bars of more than 60 weeks are cut" in said[name] for name in ("Run chart", "Still waiting"))


def test_a_wait_up_to_three_times_the_highest_dot_is_drawn_whole(reported):
    # 65 weeks beside a dot of 35.
    assert reported().aims[0].cut_at is None


def test_months_are_named_where_they_change_and_few_of_them(reported, authority):
    days = [f"2019-{month:02}-{day:02}" for month in range(5, 11) for day in range(1, 9)]
    many = [accommodated("2019-03-04", recommended(day), ref=f"N{number}") for number, day in enumerate(days)]
    store(many, authority=authority)
    (slide,) = aim_slides(deck_of(reported()))
    # "None" is how python-pptx reads a place without a name.
    names = [each for each in charts_on(slide)["Run chart"].plots[0].categories if each != "None"]
    assert 4 <= len(names) <= 8
    assert len(set(names)) == len(names)


def test_a_backlog_burns_down_in_steps_to_its_deadline(reported):
    (slide,) = aim_slides(deck_of(reported(BACKLOG)))
    assert values_of(charts_on(slide)["Burn-down"]) == {
        "Still waiting": [2, 2, 1, 1],
        "Deadline 31 March 2020": [0, 2],
    }
    assert "Run chart" not in charts_on(slide)


def test_every_chart_and_table_has_a_text_alternative(reported):
    slides = deck_of(reported(aim(), BACKLOG, DRAFT)).slides
    assert sum(len(alternatives_on(slide)) for slide in slides) == 1 + 4 + 4 + 3
    assert all(all(alternatives_on(slide).values()) for slide in slides)


def test_a_text_alternative_says_what_is_shown(reported):
    slide = aim_slides(deck_of(reported()))[0]
    said = alternatives_on(slide)
    assert set(said) == {"Run chart", "Still waiting", "Percentages", "Longest waits"}
    assert "2 decided; half of them within 24.0 weeks" in said["Run chart"]
    assert "1 overdue, 1 waiting in time. The highest is 65.0 weeks." in said["Still waiting"]
    assert "P-REF-A has waited 65.0 weeks" in said["Longest waits"]
    assert "50 %, 1 in time of 2 decided" in said["Percentages"]


def test_every_slide_has_a_title_of_its_own_that_is_read_first(reported):
    deck = deck_of(reported(aim(), aim(code="OTHER"), BACKLOG, told=TALKATIVE))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert all(titles)
    assert len(set(titles)) == len(titles)
    assert all(next(iter(slide.shapes)).shape_id == slide.shapes.title.shape_id for slide in deck.slides)
    assert "TEST: 1 child has waited longer than 26 weeks." in titles


def test_every_slide_is_marked_and_numbered_in_british_english(reported):
    report = reported(aim(), BACKLOG, told=TALKATIVE)
    deck = deck_of(report)
    assert deck.core_properties.language == "en-GB"
    for slide in deck.slides:
        marking, number = list(slide.shapes)[-2:]
        assert marking.text_frame.text.startswith("OFFICIAL-SENSITIVE. Midlothian")
        assert number._element.xpath('.//a:fld[@type="slidenum"]')
        assert {run.get("lang") for run in slide._element.xpath(".//a:rPr")} == {"en-GB"}


def test_the_longest_waits_are_listed_by_pseudonym(reported):
    (slide,) = aim_slides(deck_of(reported()))
    assert table_on(slide, "Longest waits")[1:] == [
        ["P-REF-A", "4 March 2019", "65.0", "2 September 2019, 273 days over"],
        ["P-REF-D", "6 April 2020", "8.0", "5 October 2020, 126 days left"],
    ]


def test_the_notes_say_what_is_counted_what_is_left_out_and_what_was_learned(reported):
    reported()
    left = accommodated("2019-08-01", left="2019-09-01", ref="REF-L")
    store([left], authority=Aim.objects.get().authority)
    report = highlight_of(list(Aim.objects.current_versions()), as_at=AS_AT, by=None, told=TALKATIVE)
    notes = notes_of(aim_slides(deck_of(report))[0])
    for heading, words in report.aims[0].definition:
        assert f"{heading}: {' '.join(words.split())}" in notes
    assert "1 clock ended in time without a decision" in notes
    assert "Agenda: Cycle 3, adopted. Learned: It saves two weeks" in notes
    assert "No reporter (since 4 May 2020). Leaders are asked: Write to the reporter" in notes


def test_several_aims_begin_with_a_table_of_all_and_what_leaders_are_asked(reported):
    deck = deck_of(reported(aim(), BACKLOG, DRAFT, told=TALKATIVE))
    _cover, overview, told, *_aims = deck.slides
    assert [row[0] for row in table_on(overview, "All aims")] == ["Aim", "TEST", "LOG", "DRAFT"]
    assert table_on(overview, "All aims")[3][3:5] == ["–", "–"]
    assert "Adopt the agenda" in words_on(told)
    assert "No solicitor (since 1 April 2020)." in words_on(told)


def test_very_many_aims_take_as_many_tables_as_they_need(reported):
    title = "A title so long that it takes two lines of the table even on a wide slide, and then some more"
    deck = deck_of(reported(*[aim(code=f"AIM-{number:02d}", title=title) for number in range(20)]))
    tables = [slide for slide in deck.slides if slide.slide_layout.name == "Table"]
    assert len(tables) == 2
    assert [row[0] for slide in tables for row in table_on(slide, "All aims")[1:]] == [
        f"AIM-{number:02d}" for number in range(20)
    ]
    assert faults_of(deck) == []


@pytest.mark.parametrize("definition", [aim(), aim(by_date="2020-12-31"), BACKLOG, DRAFT])
def test_nothing_leaves_the_slide_or_lies_on_anything_else(reported, definition):
    assert faults_of(deck_of(reported(definition, told=TALKATIVE))) == []


@pytest.mark.parametrize("definition", [aim(), BACKLOG, DRAFT])
def test_an_aim_without_a_child_has_a_slide_without_charts(authority, definition):
    version = stored_aim(definition, authority=authority)
    deck = deck_of(highlight_of([version], as_at=AS_AT, by=None))
    (slide,) = aim_slides(deck)
    assert charts_on(slide) == {}
    assert "No child is in this aim's cohort." in slide.shapes.title.text_frame.text
    assert not [shape.name for shape in slide.placeholders if shape.has_text_frame and not shape.text_frame.text]
    assert faults_of(deck) == []


def test_an_aim_without_a_limit_claims_no_percentage(reported):
    (slide,) = aim_slides(deck_of(reported(DRAFT)))
    assert "claims no percentage" in words_on(slide)
    assert "Percentages" not in alternatives_on(slide)
    assert set(values_of(charts_on(slide)["Still waiting"])) == {"Waiting"}


def test_what_does_not_fit_stands_in_the_notes_and_the_slide_says_so(reported):
    long = "What we learned takes a while to tell. " * 120
    told = Told({}, decisions=("Go on", long.strip()))
    slide = next(each for each in deck_of(reported(told=told)).slides if each.slide_layout.name == "Words")
    assert "More in the notes." in words_on(slide)
    assert long.strip() not in words_on(slide)
    assert long.strip() in notes_of(slide)


def test_a_title_too_long_is_cut_and_stands_whole_in_the_notes(reported, authority):
    authority.name = "A council that shares its name with two islands"
    title = "WWWWWW MMMMMMM " * 13
    deck = deck_of(reported(aim(title=title.strip())))
    cover = deck.slides[0]
    assert len(deck.core_properties.title) == 255  # the format allows no more
    assert cover.shapes.title.text_frame.text.endswith("…")
    assert title.strip() in notes_of(cover)


def test_no_word_or_pseudonym_becomes_a_formula(reported):
    report = reported(aim(title="=1+1"))
    Child.objects.filter(code="P-REF-A").update(code="=2+2")
    versions = list(Aim.objects.current_versions())
    deck = deck_of(highlight_of(versions, as_at=AS_AT, by=None))
    (slide,) = aim_slides(deck)
    assert "=1+1" in words_on(slide)
    assert sheet_behind(charts_on(slide)["Still waiting"])[1][0] == "'=2+2"
    assert "<f>" not in every_part(_body(report))


def test_control_characters_and_markup_do_no_harm(reported):
    told = Told({}, decisions=("Tick\x0b & <tock>",))
    deck = deck_of(reported(aim(title="A <b>bold</b> title"), told=told))
    said = "\n".join(words_on(slide) for slide in deck.slides)
    assert "Tick & <tock>" in said
    assert "<b>bold</b> title" in said


def test_no_name_birth_date_or_council_reference_is_anywhere_in_the_file(reported):
    report = reported()
    Child.objects.filter(local_ref="REF-A").update(local_ref="COUNCIL-7731", date_of_birth="2013-02-17")
    Identity.objects.create(child=Child.objects.get(local_ref="COUNCIL-7731"), given_name="Morag", family_name="Zett")
    report = highlight_of(list(Aim.objects.current_versions()), as_at=AS_AT, by=None)
    text = every_part(_body(report))
    assert "P-REF-A" in text
    for secret in ("COUNCIL-7731", "Morag", "Zett", "2013-02-17", "17 February 2013"):
        assert secret not in text


def test_a_child_who_may_not_be_listed_has_a_bar_without_a_pseudonym(reported):
    report = reported()
    (only,) = report.aims
    closed = replace(only, content=replace(only.content, rows=only.content.rows[1:]))
    (slide,) = aim_slides(deck_of(replace(report, aims=(closed,))))
    assert list(charts_on(slide)["Still waiting"].plots[0].categories) == ["1", "P-REF-D"]


def test_only_the_longest_waits_are_named_on_the_slide_and_behind_its_chart(reported, authority):
    store([accommodated("2020-05-04", ref=f"NEW-{number:02d}") for number in range(10)], authority=authority)
    (slide,) = aim_slides(deck_of(reported()))
    names = list(charts_on(slide)["Still waiting"].plots[0].categories)
    assert names[:10] == [row[0] for row in table_on(slide, "Longest waits")[1:]]
    assert names[10:] == ["11", "12"]
    assert "2 more wait less long." in words_on(slide)


def test_remarks_mark_the_first_decision_after_them(reported):
    reported()
    Annotation.objects.create(aim=Aim.objects.get(), on=date(2019, 12, 2), label="PACE start")
    report = highlight_of(list(Aim.objects.current_versions()), as_at=AS_AT, by=None)
    (slide,) = aim_slides(deck_of(report))
    assert values_of(charts_on(slide)["Run chart"])["Remark"] == [None, 80]
    assert "2 December 2019: PACE start" in notes_of(slide)


def test_the_shipped_template_is_what_its_script_builds():
    file = BytesIO()
    build().save(file)
    assert _layouts(Presentation(file)) == _layouts(Presentation(TEMPLATE))


def test_text_that_fits_at_no_size_leaves_out_from_the_end_and_never_ends_with_a_heading():
    lines = [Line("One"), Line("Heading", bold=True), Line("Two " * 40)]
    text = fitted(lines, width=Pt(100), height=Pt(60), sizes=(12, 10))
    assert [line.words for line in text.lines] == ["One", "More in the notes."]
    assert [line.words.strip() for line in text.left_over] == ["Heading", ("Two " * 40).strip()]


def test_a_word_wider_than_its_box_is_counted_in_rows():
    assert row_count("i", width=100, size=10) == 1
    assert row_count("W" * 100, width=100, size=10) >= 9
    assert shortened("W" * 100, width=Pt(100), rows=2, sizes=(10,))[1].endswith("…")


def _body(report) -> bytes:
    return slides(report)


def _layouts(deck) -> list[bytes]:
    return [etree.tostring(layout._element) for layout in (deck.slide_master, *deck.slide_layouts)]
