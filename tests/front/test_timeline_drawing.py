"""The geometry of timelines: nothing covers anything, at any zoom, and everything lies inside."""

from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milestones.catalogue import RECORDED_CODES, Route
from pace_site.front.timelines.axis import MARGIN, NARROWEST, NEVER, SHORTEST, ZOOMS, Axis, zoom_for
from pace_site.front.timelines.drawing import LEFT, WIDEST_LABEL, Sign, draw, shortened, text_width
from pace_site.front.timelines.histories import Align, accommodation_axis, calendar_axis, history_of
from pace_site.front.timelines.life import Episode, Event, Ground, Life, Stay
from pace_site.front.timelines.plain_wording import PlainWording
from pace_site.front.timelines.story import tell
from pace_site.front.timelines.wording import DueMark, ProfessionalWording

AS_AT = date(2025, 6, 1)
days = st.dates(date(2018, 1, 1), AS_AT)
near = st.dates(date(2025, 1, 1), AS_AT)
WORDINGS = (ProfessionalWording(), PlainWording())


@st.composite
def stretches(draw_, make):
    start = draw_(days)
    end = draw_(st.none() | st.dates(start, AS_AT + timedelta(days=90)))
    return make(start, end)


@st.composite
def events(draw_):
    """Crowded: many lie in the same few months, some on one day, some known by their month only."""
    on = draw_(near | days)
    kind = draw_(st.sampled_from(sorted(RECORDED_CODES)))
    route = draw_(st.sampled_from(["", *Route]))
    if draw_(st.booleans()):
        return Event(kind, on, route=route)
    if draw_(st.booleans()):
        return Event(kind, on.replace(day=1), precision="month", route=route)
    return Event(kind, None, on + timedelta(days=60), route=route)


@st.composite
def lives(draw_):
    kinds = st.sampled_from(["FOST_LA", "KIN", "HOME_PARENT", "RES_LA", "NOT_KNOWN"])
    return Life(
        tuple(draw_(st.lists(stretches(Episode), max_size=2))),
        tuple(
            draw_(
                st.lists(stretches(lambda s, e: Stay(s, e, draw_(kinds), short_break=draw_(st.booleans()))), max_size=6)
            )
        ),
        tuple(draw_(st.lists(stretches(lambda s, e: Ground(s, e, "CSO")), max_size=4))),
        tuple(draw_(st.lists(events(), max_size=25))),
    )


labels = st.text(st.characters(codec="ascii", categories=("L", "N", "Zs")), min_size=1, max_size=70)
dues = st.builds(DueMark, labels, near | days, st.none() | near, st.just("PANEL_PRESENTED"))


def drawings(life: Life, due_marks):
    for wording in WORDINGS:
        story = tell(life, as_at=AS_AT, wording=wording, dues=due_marks)
        yield draw(story, Axis.of_dates(story.first, story.last), wording=wording)


def signs_of(drawing) -> list[list[Sign]]:
    return [list(strip.signs) for strip in drawing.strips if strip.signs]


def extent_of(sign: Sign, times: float) -> tuple[float, float]:
    """From where to where a sign reaches on a drawing `times` as wide as the narrowest: only its days move apart."""
    left, right = sign.extent()
    more = NARROWEST * (times - 1) / 100
    return left + sign.start * more, right + sign.end * more


@settings(max_examples=60, deadline=None)
@given(lives(), st.lists(dues, max_size=12), st.sampled_from(ZOOMS))
def test_no_mark_or_label_covers_another_at_any_zoom(life, due_marks, times):
    for drawing in drawings(life, due_marks):
        for signs in signs_of(drawing):
            for one, other in combinations(signs, 2):
                if one.middle == other.middle:
                    (first, second) = sorted([extent_of(one, times), extent_of(other, times)])
                    assert first[1] < second[0]


@settings(max_examples=60, deadline=None)
@given(lives(), st.lists(dues, max_size=12), st.sampled_from(ZOOMS))
def test_every_mark_and_label_lies_inside_the_drawing(life, due_marks, times):
    for drawing in drawings(life, due_marks):
        for strip in drawing.strips:
            for sign in strip.signs:
                left, right = extent_of(sign, times)
                assert left >= 0
                assert right <= NARROWEST * times
                assert 0 < sign.middle < strip.height


@settings(max_examples=60, deadline=None)
@given(lives())
def test_bars_of_one_lane_do_not_cover_each_other_and_lie_inside(life):
    for drawing in drawings(life, []):
        for strip in drawing.strips:
            assert all(0 <= block.place <= block.end <= 100 for block in strip.blocks)
            assert all(block.top >= 0 and block.top + block.height <= strip.height for block in strip.blocks)
            for one, other in combinations(strip.blocks, 2):
                if one.top == other.top and one.look != "care":
                    first, second = sorted([one, other], key=lambda block: (block.place, block.end))
                    assert first.end <= second.place + 1e-9


@settings(max_examples=60, deadline=None)
@given(lives(), st.lists(dues, max_size=6))
def test_everything_of_the_story_is_drawn(life, due_marks):
    story = tell(life, as_at=AS_AT, wording=WORDINGS[0], dues=due_marks)
    drawing = draw(story, Axis.of_dates(story.first, story.last), wording=WORDINGS[0])
    told = [item.told for strip in drawing.strips for item in (*strip.blocks, *strip.signs)]
    drawn = (*story.episodes, *story.stays, *story.gaps, *story.breaks, *story.grounds, *story.marks, *story.dues)
    assert sorted(told) == sorted(item.told for item in drawn)


def test_a_label_at_the_end_of_the_axis_stands_on_the_left_of_its_mark():
    life = Life(events=(Event("REFERRAL_FIRST", date(2020, 1, 1)), Event("ORDER_GRANTED", AS_AT)))
    (drawing, _plain) = drawings(life, [])
    assert drawing.strips[0].signs[-1].side == LEFT


def test_an_endless_label_is_cut_and_says_so():
    cut = shortened("W" * 200)
    assert cut.endswith("…")
    assert text_width(cut) <= WIDEST_LABEL


# The axis


@given(days, days)
def test_labels_of_years_and_quarters_never_touch(one, other):
    axis = Axis.of_dates(min(one, other), max(one, other))
    ticks = axis.calendar_ticks()
    for number, times in enumerate(ZOOMS, start=1):
        shown = [tick for tick in ticks if tick.label and tick.from_zoom <= number]
        for before, after in pairwise(shown):
            needed = text_width(before.label) + 4
            assert (after.place - before.place) * NARROWEST / 100 * times >= needed, (before, after)


@pytest.mark.parametrize("years", [2, 12, 60, 170, 900, 7900])
def test_however_long_the_axis_its_years_are_few_and_apart(years):
    ticks = Axis.of_dates(date(2020, 5, 1), date(2020 + years, 5, 1)).calendar_ticks()
    majors = [tick.place for tick in ticks if tick.is_major]
    assert 1 <= len(majors) <= 25
    assert len(ticks) <= 100
    assert all((after - before) * NARROWEST / 100 >= text_width("2020") + 4 for before, after in pairwise(majors))


@pytest.mark.parametrize("length", [SHORTEST, 400, 1500, 6000])
def test_labels_of_weeks_never_touch(length):
    shown = [tick for tick in Axis(0, length).week_ticks() if tick.from_zoom == 1]
    assert all(
        (after.place - before.place) * NARROWEST / 100 >= text_width(before.label) + 4
        for before, after in pairwise(shown)
    )


def test_the_first_and_last_day_lie_on_the_margins():
    axis = Axis.of_dates(date(2020, 1, 1), date(2025, 1, 1))
    assert (axis.place(date(2020, 1, 1)), axis.place(date(2025, 1, 1))) == (MARGIN, 100 - MARGIN)


def test_a_label_appears_from_the_first_zoom_with_room_for_it():
    assert [zoom_for(100, room) for room in (100, 101, 150, 600, 601)] == [1, 2, 2, 6, NEVER]


# Placement histories


def two_spells() -> Life:
    return Life(
        episodes=(Episode(date(2020, 1, 1), date(2020, 7, 1)), Episode(date(2024, 1, 1))),
        stays=(
            Stay(date(2020, 1, 1), date(2020, 7, 1), "KIN"),
            Stay(date(2024, 1, 1), date(2024, 3, 1), "FOST_LA"),
            Stay(date(2024, 3, 1), None, "FOST_LA"),
        ),
    )


def a_row(life: Life, begun: date | None, align: Align):
    story = tell(life, as_at=AS_AT, wording=WORDINGS[0])
    is_calendar = align is Align.CALENDAR
    axis = calendar_axis([story], AS_AT) if is_calendar else accommodation_axis([story], [begun])
    return history_of("P-1", story, axis, begun=begun, align=align)


def test_aligned_to_accommodation_a_row_begins_with_the_latest_time_away():
    row = a_row(two_spells(), date(2024, 1, 1), Align.ACCOMMODATION)
    assert row.blocks[0].place == MARGIN
    assert len(row.blocks) == len(row.told) == 2
    assert row.words == "2 placements in 73.9 weeks since 1 January 2024"


def test_along_the_calendar_a_row_has_every_placement():
    assert len(a_row(two_spells(), date(2024, 1, 1), Align.CALENDAR).blocks) == 3


def test_a_child_never_away_has_no_row_from_accommodation_and_says_so():
    life = Life((Episode(date(2024, 1, 1)),), (Stay(date(2024, 1, 1), None, "HOME_PARENT"),))
    row = a_row(life, None, Align.ACCOMMODATION)
    assert (row.blocks, row.words) == ((), "Never accommodated away from home")


def test_a_child_without_a_placement_says_so():
    assert a_row(Life(), None, Align.CALENDAR).words == "No placement is recorded"
