"""The story that a timeline draws and tells: what is in it, and in which words."""

from datetime import date

import pytest

from children.codes import LEGAL_MEASURES, PLACEMENT_TYPES
from milestones.catalogue import RECORDED_CODES, AdmOutcome, PanelOutcome, ReviewOutcome, Route
from pace_site.front.timelines import plain_wording
from pace_site.front.timelines.life import Episode, Event, Ground, Life, Stay
from pace_site.front.timelines.plain_wording import PlainWording
from pace_site.front.timelines.story import LOOK_OF_KIND, tell
from pace_site.front.timelines.wording import SHORT_EVENTS, DueMark, ProfessionalWording

AS_AT = date(2025, 6, 1)
JARGON = (
    "LAC", "CSO", "ICSO", "CPO", "PPM", "ADM", "POA", "KCO", "CAPR", "S25", "permanence", "looked-after",
    "looked after", "accommodat", "placement", "kinship", "statutory", "agency", "decision maker", "recommendation",
    "supervision order", "panel", "rehab", "assessment", "section", "lodged", "route",
)  # fmt: skip


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def in_care(start: str, end: str | None = None, **more) -> Episode:
    return Episode(day(start), day(end), **more)


def stay(start: str, end: str | None = None, kind: str = "FOST_LA", **more) -> Stay:
    return Stay(day(start), day(end), kind, "Foster carers", "Community", **more)


def event(kind: str, on: str | None = None, **more) -> Event:
    planned = more.pop("planned", None)
    return Event(kind, day(on), day(planned), **more)


def story(*parts, as_at: date = AS_AT, wording=None, dues=()):
    def of(kind):
        return tuple(part for part in parts if isinstance(part, kind))

    life = Life(of(Episode), of(Stay), of(Ground), of(Event))
    return tell(life, as_at=as_at, wording=wording or ProfessionalWording(), dues=dues)


def texts(told) -> list[str]:
    return [line.text for line in told.lines]


# Placements and gaps


def test_a_time_in_care_without_a_placement_is_a_gap():
    told = story(in_care("2024-01-01"), stay("2024-01-01", "2024-03-01"), stay("2024-03-20"))
    assert [(gap.start, gap.end) for gap in told.gaps] == [(date(2024, 3, 1), date(2024, 3, 20))]
    assert "No placement is recorded" in texts(told)


def test_a_placement_that_begins_the_day_after_leaves_no_gap():
    assert not story(in_care("2024-01-01"), stay("2024-01-01", "2024-03-01"), stay("2024-03-02")).gaps


def test_a_short_break_does_not_fill_a_gap_and_stands_apart():
    told = story(
        in_care("2024-01-01"),
        stay("2024-01-01", "2024-03-01"),
        stay("2024-03-01", "2024-03-20", short_break=True),
        stay("2024-03-20"),
    )
    assert len(told.gaps) == len(told.breaks) == 1
    assert len(told.stays) == 2


def test_a_gap_that_lasts_has_no_end():
    (gap,) = story(in_care("2024-01-01"), stay("2024-01-01", "2024-03-01")).gaps
    assert (gap.end, gap.until) == (None, AS_AT)


def test_the_time_between_two_episodes_is_no_gap():
    assert not story(
        in_care("2020-01-01", "2020-06-01"), stay("2020-01-01", "2020-06-01"), in_care("2024-01-01"), stay("2024-01-01")
    ).gaps


def test_what_begins_after_the_day_is_left_out_and_what_ends_after_it_still_lasts():
    told = story(in_care("2024-01-01"), stay("2024-01-01", "2025-07-01"), stay("2025-07-01"))
    assert [(bar.start, bar.end) for bar in told.stays] == [(date(2024, 1, 1), None)]


# Marks


def test_a_planned_meeting_is_hollow_and_is_said_to_be_planned():
    (mark,) = story(event("REVIEW", planned="2025-07-01")).marks
    assert not mark.held
    assert mark.words.endswith(": planned")


def test_a_planned_meeting_of_which_nothing_came_says_so():
    (mark,) = story(event("REVIEW", planned="2025-05-01")).marks
    assert mark.words.endswith("nothing is recorded of it")


def test_a_meeting_held_after_the_day_was_planned_on_it():
    (mark,) = story(event("REVIEW", "2025-07-02", planned="2025-07-01")).marks
    assert (mark.on, mark.held) == (date(2025, 7, 1), False)


def test_a_meeting_held_after_the_day_and_never_planned_is_not_in_the_story():
    assert story(event("REVIEW", "2025-07-02")).is_empty


def test_a_review_that_was_put_off_is_hollow():
    (mark,) = story(event("REVIEW", planned="2025-05-01", outcome=ReviewOutcome.POSTPONED)).marks
    assert not mark.held
    assert "put off" in mark.words


def test_a_milestone_known_by_its_month_spans_the_month_and_says_about():
    (mark,) = story(event("MEDICAL", "2024-02-01", precision="month")).marks
    assert (mark.on, mark.until) == (date(2024, 2, 1), date(2024, 2, 29))
    assert mark.when == "About February 2024"


def test_a_milestone_of_this_month_reaches_no_further_than_the_day():
    (mark,) = story(event("MEDICAL", "2025-06-01", precision="month")).marks
    assert mark.until == AS_AT


def test_a_milestone_without_a_date_is_told_and_not_drawn():
    told = story(event("MEDICAL", precision="unknown"))
    assert not told.marks
    assert told.undated == ("Permanence medical",)


# Due dates


def test_a_due_date_stands_against_the_day_on_which_it_happened():
    (due,) = story(dues=[DueMark("Panel", day("2025-01-01"), day("2025-01-13"), "PANEL_PRESENTED")]).dues
    assert (due.state, due.short) == ("MISSED", "Panel: 12 days late")


def test_what_happened_on_its_due_date_was_on_time():
    (due,) = story(dues=[DueMark("Panel", day("2025-01-01"), day("2025-01-01"))]).dues
    assert due.state == "MET"


@pytest.mark.parametrize(("due_on", "state"), [("2025-05-31", "OVERDUE"), ("2025-06-01", "WAITING")])
def test_what_has_not_happened_is_overdue_only_after_its_due_date(due_on, state):
    (due,) = story(dues=[DueMark("Panel", day(due_on))]).dues
    assert due.state == state


def test_what_happened_after_the_day_of_the_story_has_not_happened_in_it():
    (due,) = story(dues=[DueMark("Panel", day("2025-05-01"), day("2025-06-02"))]).dues
    assert due.state == "OVERDUE"


def test_what_happened_on_a_day_that_nobody_knows_is_not_said_to_be_overdue():
    panel = event("PANEL_PRESENTED", "2025-03-01", precision="month")
    (due,) = story(panel, dues=[DueMark("Panel", day("2025-01-01"), None, "PANEL_PRESENTED")]).dues
    assert due.state == "UNKNOWN"
    assert "over" not in due.short


# The whole


def test_the_story_runs_from_the_first_referral_to_the_last_thing_known():
    told = story(
        event("REFERRAL_FIRST", "2023-01-10"), in_care("2024-01-01", "2024-12-01"), stay("2024-01-01", "2024-12-01")
    )
    assert (told.first, told.last) == (date(2023, 1, 10), date(2024, 12, 1))


def test_the_finding_tells_how_long_it_took_from_referral_to_order():
    told = story(event("REFERRAL_FIRST", "2023-01-01"), event("ORDER_GRANTED", "2024-01-01"), in_care("2023-03-01"))
    assert "order granted on 1 January 2024, 52.1 weeks later" in told.summary


def test_the_text_tells_everything_that_is_drawn_in_order_of_time():
    told = story(
        event("PERM_REC", "2024-06-01", route="PO"),
        in_care("2024-01-01", "2025-01-01", destination_label="Adopted"),
        stay("2024-01-01", "2025-01-01"),
        Ground(day("2024-01-01"), day("2025-01-01"), "S25", "Voluntary accommodation"),
        dues=[DueMark("Recommendation", day("2024-05-01"), day("2024-06-01"))],
    )
    drawn = [*told.stays, *told.grounds, *told.marks, *told.dues]
    assert {item.words for item in drawn} <= set(texts(told))
    assert [line.on for line in told.lines] == sorted(line.on for line in told.lines)
    assert texts(told)[-1] == "Ceased to be looked after; left to: Adopted"


def test_a_child_of_whom_nothing_is_recorded_has_an_empty_story():
    assert story().is_empty


# Words


def test_every_recorded_kind_has_a_look_a_short_name_and_plain_words():
    assert set(LOOK_OF_KIND) == set(SHORT_EVENTS) == set(plain_wording.KINDS) == RECORDED_CODES


def test_every_placement_type_and_legal_basis_has_plain_words():
    assert {code for code, *_words in PLACEMENT_TYPES} - set(plain_wording.STAYS) == {"NOT_KNOWN"}
    assert {code for code, *_words in LEGAL_MEASURES} - set(plain_wording.GROUNDS) == {"OTHER"}


def everything_plainly() -> list[str]:
    """Every sentence of the plain version, over every kind, outcome, route, placement and legal basis."""
    plain = PlainWording()
    outcomes = ["", "somebody's own words", "in", "out", *AdmOutcome, *PanelOutcome, *ReviewOutcome]
    events = [
        Event(kind, AS_AT, outcome=outcome, route=route, review_kind="6wk", order_type="POA", reason="A reason")
        for kind in sorted(RECORDED_CODES)
        for outcome in outcomes
        for route in ("", *Route)
    ]
    said = [plain.event(each) for each in events] + [plain.short_event(each) for each in events]
    said += [plain.expected(each, is_past=past) for each in events for past in (True, False)]
    stays = [Stay(AS_AT, None, code, label, "", is_break) for code, label, _ in PLACEMENT_TYPES for is_break in (0, 1)]
    said += [words for each in stays for words in (plain.stay(each), plain.short_stay(each))]
    grounds = [Ground(AS_AT, None, code, label) for code, label, _basis in LEGAL_MEASURES]
    said += [words for each in grounds for words in (plain.ground(each), plain.short_ground(each))]
    said += [plain.due(DueMark("LAC review", AS_AT, kind=kind)) for kind in sorted(RECORDED_CODES)]
    said += [plain.began(in_care("2024-01-01")), plain.GAP, plain.LOOKED_AFTER, *plain.ROWS.values()]
    said += [plain.ended(in_care("2024-01-01", destination=code)) for code in ("", *plain_wording.DESTINATIONS)]
    return sorted(set(said))


def test_the_plain_version_has_no_word_of_the_trade():
    said = everything_plainly()
    assert [
        words for words in said if any(jargon.lower() in words.lower() for jargon in JARGON if not jargon.isupper())
    ] == []
    assert [words for words in said if any(code in words.split() for code in JARGON if code.isupper())] == []


def test_the_plain_version_repeats_nobodys_own_words():
    assert [words for words in everything_plainly() if "own words" in words or "A reason" in words] == []


def test_the_plain_version_tells_which_plan_a_meeting_decided_on():
    words = PlainWording().event(Event("PERM_REC", AS_AT, route="KINSHIP"))
    assert words == "A meeting decided that the long-term plan should be living with relatives or friends."


def test_a_refused_plan_is_not_told_as_agreed():
    words = PlainWording().event(Event("ADM_DECISION", AS_AT, route="PO", outcome="refused"))
    assert words == "The council decided not to go ahead with the long-term plan."
