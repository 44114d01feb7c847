"""A definition survives being written down, and says in words everything its figures rest on."""

from dataclasses import fields as fields_of
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aims import version_words
from aims.definition import KINDS, PROVENANCES, STATUSES, AimDefinition, AimError
from aims.definition_words import definition_in_words
from milestones.catalogue import AIM_EVENT_CODES, Route
from tests.aims.storytelling import aim

EARLIER, LATER = st.dates(date(2010, 1, 1), date(2019, 12, 31)), st.dates(date(2020, 1, 1), date(2030, 12, 31))
LIMITS = st.builds(
    "{} {}".format,
    st.one_of(st.integers(1, 360), st.decimals("0.01", 360, places=2)),
    st.sampled_from(["days", "working_days", "working days", "weeks", "months", "month"]),
)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=60)
ANY_FIELD = {
    "text": WORDS,
    "source": WORDS,
    "note": WORDS,
    "national_aim": st.integers(1, 4),
    "status": st.sampled_from(["draft", "active", "closed"]),
    "limit": st.one_of(LIMITS, st.just("X")),
    "from_date": st.one_of(EARLIER, EARLIER.map(str), st.just("X")),
    "by_date": st.one_of(LATER, LATER.map(str), st.just("X")),
    "target_pct": st.one_of(
        st.integers(0, 100), st.decimals(0, 100, places=2), st.sampled_from([75.5, "33.3", "X", None])
    ),
    "reminder_fraction": st.one_of(st.decimals("0.01", "0.99", places=2), st.sampled_from([0.5, 0.25, "0.3", ".75"])),
    "age_min": st.integers(0, 5),
    "age_max_exclusive": st.integers(6, 26),
    "placements_excluded": st.sampled_from([[], ["KIN"], "KIN", ["FOST_LA", "RES_LA"]]),
    "pathways_excluded": st.lists(st.sampled_from(Route.values), unique=True),
    "exit_rule": st.sampled_from(["exclude", "count_as_met", "count_as_missed"]),
    "accommodation_basis": st.sampled_from(["current_spell", "first_ever"]),
    "provenance": st.sampled_from(["sourced", "inferred", "local"]),
}


@settings(max_examples=200, deadline=None)
@given(st.fixed_dictionaries({}, optional=ANY_FIELD))
def test_a_definition_written_down_and_read_again_is_the_same(fields):
    definition = aim(**fields)
    assert AimDefinition.from_mapping(definition.to_mapping()) == definition


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "deadline", "limit": None, "before_date": "2017-04-01", "deadline": "2017-10-31"},
        {"start_event": "AT_HOME_2Y", "stop_event": "AT_HOME_AUDIT", "threshold": "2 years", "strict": True},
        {"start_event": "AT_HOME_2Y", "stop_event": "AT_HOME_AUDIT", "population": "snapshot"},
        {"start_event": "PLAN_AGREED", "stop_event": "PANEL_PRESENTED", "routes": ["PO", "POA"]},
        {"kind": "milestone_review", "limit": "18 weeks"},
        {"limit": "X", "from_date": "X", "target_pct": "X"},
    ],
    ids=["backlog", "at home", "snapshot", "plan agreed", "review", "draft"],
)
def test_every_kind_of_aim_survives_being_stored(fields):
    definition = aim(**fields)
    assert AimDefinition.from_mapping(definition.to_mapping()) == definition


def test_every_choice_of_an_aim_has_words():
    assert set(version_words.KINDS) == set(KINDS)
    assert set(version_words.STATUSES) == set(STATUSES)
    assert set(version_words.PROVENANCES) == set(PROVENANCES)
    assert set(version_words.LABELS) == {field.name for field in fields_of(AimDefinition)}


@pytest.mark.parametrize("code", sorted(AIM_EVENT_CODES - {"ACCOM_START", "LAC_END", "ACCOM_END", "AT_HOME_CSO_END"}))
def test_every_event_that_may_start_a_clock_can_be_said_in_words(code):
    words = dict(definition_in_words(aim(start_event=code, stop_event="LAC_END")))
    assert words["The clock starts"]
    assert code not in str(words)


@pytest.mark.parametrize("code", ["LAC_END", "ACCOM_END", "AT_HOME_CSO_END"])
def test_what_ends_something_starts_no_clock(code):
    with pytest.raises(AimError, match="cannot start a clock") as refused:
        aim(start_event=code)
    assert refused.value.field == "start_event"


@pytest.mark.parametrize("raw", [0, 1, "0.00", "1.0", 0.333, "-0.5", "50%", "half", "X", True, "0.5 weeks"])
def test_a_first_reminder_comes_after_a_part_of_the_time_neither_none_nor_all(raw):
    with pytest.raises(AimError, match="above 0 and below 1") as refused:
        aim(reminder_fraction=raw)
    assert refused.value.field == "reminder_fraction"


def test_the_first_reminder_comes_halfway_unless_the_area_says_otherwise():
    assert aim().reminder_fraction * 2 == 1
    assert "reminder_fraction" not in aim(reminder_fraction="0.50").to_mapping()
    assert aim(reminder_fraction=0.3).to_mapping()["reminder_fraction"] == 0.3


def words_of(**fields):
    return dict(definition_in_words(aim(**fields)))


class TestInWords:
    def test_who_is_counted_names_dates_ages_and_routes(self):
        words = words_of(
            start_event="PERM_REC",
            stop_event="PANEL_PRESENTED",
            from_date="2018-02-01",
            age_min=2,
            age_max_exclusive=12,
            routes=["PO", "POA", "ADOPT"],
        )
        assert words["Who is counted"] == (
            "Each child once for each plan, that is for each unbroken run of one route in a spell, that starts, on or"
            " after 1 February 2018, aged 2 or over on that day, under 12 on that day, with the route Permanence order,"
            " Permanence order with authority to adopt or Adoption."
        )

    def test_who_is_left_out_is_said_with_what_a_pathway_is(self):
        words = words_of(pathways_excluded=["KINSHIP", "HOME"], placements_excluded=["PROSP_ADOPT"])
        assert "pathway Kinship or Home with parents and placement Prospective adopters" in words["Who is counted"]
        assert "without one it is kinship" in words["Who is counted"]

    def test_a_backlog_names_its_cohort_and_its_day(self):
        words = words_of(kind="deadline", limit=None, before_date="2017-04-01", deadline="2017-10-31")
        assert "before 1 April 2017, and neither decided nor gone before 1 April 2017" in words["Who is counted"]
        assert words["Allowed"] == "Until 31 October 2017, the same day for every child."

    @pytest.mark.parametrize(
        ("population", "days"),
        [("rolling", "on any day from 1 June 2018 to 30 September 2018"), ("snapshot", "on 1 June 2018")],
    )
    def test_a_population_at_home_says_on_which_days_it_is_taken(self, population, days):
        words = words_of(
            kind="deadline",
            limit=None,
            start_event="AT_HOME_2Y",
            stop_event="AT_HOME_AUDIT",
            strict=True,
            population=population,
            from_date="2018-06-01",
            deadline="2018-09-30",
        )
        assert words["Who is counted"].endswith(f"at home for more than 24 months {days}.")

    def test_part_of_a_month_is_said_to_be_part_of_thirty_days(self):
        assert "part of 30 days" in words_of(limit="7.5 months")["Allowed"]
        assert "part of 30 days" not in words_of(limit="24 months")["Allowed"]

    @pytest.mark.parametrize(
        ("rule", "sentence"),
        [("exclude", "counts in no percentage"), ("count_as_met", "as met"), ("count_as_missed", "as missed")],
    )
    def test_what_leaving_counts_as_is_said(self, rule, sentence):
        assert sentence in words_of(exit_rule=rule)["When a child leaves"].split(". ")[0]

    def test_a_draft_without_a_limit_is_said_to_claim_nothing(self):
        words = words_of(limit="X", target_pct="X")
        assert words["Allowed"].endswith("no percentage is claimed.")
        assert words["When a child leaves"].endswith("nobody can be late yet.")
        assert words["Target"] == "None is set."

    def test_the_target_is_said_with_the_day_on_which_it_is_judged(self):
        words = words_of(target_pct=85, by_date="2019-12-01")
        assert words["Target"] == "85 % of those decided or overdue, compared unrounded. Judged as at 1 December 2019."

    @pytest.mark.parametrize(("fraction", "said"), [("0.5", "When half of the time"), ("0.3", "When 30 % of the time")])
    def test_it_is_said_when_people_are_reminded(self, fraction, said):
        assert words_of(reminder_fraction=fraction)["Reminders"].startswith(said)

    def test_an_aim_without_a_limit_reminds_nobody(self):
        assert words_of(limit="X")["Reminders"] == "None, as nothing is due yet."

    def test_one_stop_is_the_first_and_several_are_whichever_is_first(self):
        assert words_of()["The clock stops"].startswith("Recommendation for permanence, the first in the same spell.")
        several = words_of(stop_event=["PERM_REC", "PERM_DECISION"])
        assert (
            "Recommendation for permanence or Decision for permanence, whichever is first" in several["The clock stops"]
        )

    def test_a_recommendation_before_birth_is_mentioned_where_it_counts(self):
        assert "before birth" in words_of()["The clock stops"]
        assert "before birth" not in words_of(stop_event="KINSHIP_DECISION")["The clock stops"]

    def test_the_source_and_the_note_are_printed(self):
        words = words_of(provenance="inferred", source="A poster", note="Read as 18 weeks.")
        assert words["Where it comes from"].endswith("the wording is inferred. A poster")
        assert words["Note"] == "Read as 18 weeks."
