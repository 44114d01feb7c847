"""Findings in sentences, each with how often chance alone shows as much."""

import pytest

from aims.spc import run_chart
from aims.spc.words import NO_SIGNAL, Vocabulary, findings_in_words

BEFORE = [40, 35, 52, 38, 44, 30, 47, 41, 36, 50, 33, 45]
AFTER = [28, 26, 24, 30, 22, 25, 27, 20]
WEEKS = Vocabulary(
    points="children",
    below="quicker",
    above="slower",
    steps="decisions",
    value="{} weeks".format,
    between="{} to {}".format,
)


def said(values, vocabulary=WEEKS, **asked):
    return findings_in_words(run_chart(values, **asked), values, vocabulary=vocabulary)


def test_the_worked_chart_says_its_shift_and_how_often_chance_shows_as_much():
    assert said(BEFORE + AFTER, baseline=12) == (
        "The last 8 children were all quicker than the baseline median of 40.5 weeks: a shift; "
        "about 1 chart in 21 of this length shows as much by chance.",
    )


def test_by_the_other_rules_the_same_shift_is_told():
    assert said(BEFORE + AFTER, baseline=12, rules="anhoej") == said(BEFORE + AFTER, baseline=12)


def test_points_on_the_median_and_missing_ones_do_not_end_what_reaches_the_end():
    (finding,) = said([*BEFORE, None, *AFTER, 40.5, None], baseline=12)
    assert finding.startswith("The last 8 children")


def test_a_shift_that_is_over_says_when_it_was():
    (finding,) = said([*BEFORE, *AFTER, 60, 30, 61], baseline=12)
    assert finding.startswith("8 children in a row (12 to 19) were all quicker")


def test_a_trend_says_which_way_it_goes():
    rising, falling = said([*BEFORE, 31, 33, 36, 41, 48, 30]), said([*BEFORE, 48, 41, 36, 33, 31, 60])
    assert rising[0].startswith("5 decisions in a row (12 to 16), each slower than the one before: a trend; about 1")
    assert "each quicker than the one before: a trend" in falling[0]


def test_runs_say_what_is_usual_and_what_too_few_and_too_many_look_like():
    assert said([1, 2] * 10) == (
        "20 runs about the median, where 6 to 16 are usual: many, as when two processes alternate; "
        "fewer than 1 chart in 200 of this length shows as much by chance.",
    )
    assert said([1] * 10 + [2] * 10)[-1].startswith(
        "2 runs about the median, where 6 to 16 are usual: few, as when something changed on the way; "
    )
    assert said([1] * 6 + [2] * 6, rules="anhoej") == (
        "The line crosses the median once, where 3 or more are usual: few, as when something changed on the way; "
        "about 1 chart in 75 of this length shows as much by chance.",
    )


def test_a_phase_that_signals_is_told_with_the_chance_of_its_own_length():
    findings = said([*[1] * 7, *[2] * 7, *[5, 7] * 4], phases=(14,))
    assert "median of 1.5 weeks: a shift; fewer than 1 chart in 200" in findings[0]
    assert "as long as this phase" in findings[0]
    assert findings[-1] == (
        "Only 8 points since the last new median can be used, and at least 10 are needed: no rule is applied to them."
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], ()),
        ([None], ()),
        (BEFORE, (NO_SIGNAL,)),
        (BEFORE[:8], ("Only 8 points can be used, and at least 10 are needed: no rule is applied.",)),
        ([5, 5, 6], ("Only 1 point can be used, and at least 10 are needed: no rule is applied.",)),
        ([0.1] * 24, ("No point can be used, and at least 10 are needed: no rule is applied.",)),
    ],
)
def test_without_a_finding_the_reason_is_said(values, expected):
    assert said(values) == expected


def test_without_a_vocabulary_points_are_higher_and_lower():
    (finding,) = said(BEFORE + AFTER, vocabulary=None, baseline=12)
    assert finding.startswith("The last 8 points were all lower than the baseline median of 40.5: a shift")
