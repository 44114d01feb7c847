"""The made-up authority keeps to its recipe, to the database's constraints and to the calendar."""

from collections import Counter
from datetime import date
from random import Random
from statistics import median

import pytest

from children.models import CareEpisode, Child, Identity, LegalBasis, Placement
from milestones.catalogue import RECORDED_CODES, Precision
from milestones.models import ImportRun, Milestone
from pace_site.accounts.models import Organisation
from pace_site.audit.models import AuditEntry
from pace_site.front.fiction.authority import NotFictional, write_authority
from pace_site.front.fiction.population import made_up_children
from pace_site.front.fiction.recipe import PACE_START, Delay, Recipe, recipe_for

MANY = 3_000
RECIPE = Recipe()
STEPS = ("PERM_REC", "PANEL_PRESENTED", "ADM_DECISION", "COURT_LODGED", "ORDER_GRANTED")


@pytest.fixture(scope="module")
def lives():
    return list(made_up_children(Random(5), RECIPE, count=MANY))


@pytest.fixture(scope="module")
def cares(lives):
    return [care for life in lives for care in life.care]


@pytest.fixture(scope="module")
def happenings(lives):
    return [each for life in lives for each in life.all_happenings]


def share(part, whole):
    return sum(1 for _ in part) / len(whole)


def lasting_stays(care):
    return [stay for stay in care.stays if not stay.short_break]


def returned_home(care):
    home = [stay.placement_type == "HOME_PARENT" for stay in lasting_stays(care)]
    moves_home = any(after and not before for before, after in zip(home, home[1:], strict=False))
    return moves_home or (care.destination == "HOME_PARENTS" and home[-1:] == [False])


def exact(happenings, *kinds):
    """The exactly dated, not voided ones of some kinds, by day."""
    found = [each for each in happenings if each.kind in kinds and each.on and each.precision == Precision.DAY]
    return sorted((each for each in found if not each.void_reason), key=lambda each: each.on)


def weeks_between(cares, first, then):
    """Weeks from the first `first` of each episode to the next `then`, with the day on which it ended."""
    for care in cares:
        starts = exact(care.happenings, first)
        stops = [each for each in exact(care.happenings, then) if starts and each.on >= starts[0].on]
        if stops:
            yield stops[0].on, (stops[0].on - starts[0].on).days / 7


def weeks_to_recommendation(cares):
    for care in cares:
        recommended = exact(care.happenings, "PERM_REC")
        if (
            recommended
            and not recommended[0].pre_birth
            and care.stays
            and care.stays[0].placement_type != "HOME_PARENT"
        ):
            yield recommended[0].on, (recommended[0].on - care.start).days / 7


def medians_before_and_after(waits):
    waits = list(waits)
    before = median(weeks for ended, weeks in waits if ended < PACE_START)
    # The last year: what was begun under PACE has had time to end.
    after = median(weeks for ended, weeks in waits if ended >= date(2025, 11, 1))
    return before, after


def test_the_same_seed_makes_the_same_children():
    first = list(made_up_children(Random(5), RECIPE, count=200))
    assert first == list(made_up_children(Random(5), RECIPE, count=200))
    assert first != list(made_up_children(Random(6), RECIPE, count=200))


def test_a_child_has_1_18_episodes_of_care_on_average(lives, cares):
    assert len(cares) / len(lives) == pytest.approx(1.18, abs=0.03)


def test_an_episode_has_2_1_placements_on_average(cares):
    assert sum(len(lasting_stays(care)) for care in cares) / len(cares) == pytest.approx(2.1, abs=0.12)


def test_a_child_has_about_twelve_milestones(lives, happenings):
    assert len(happenings) / len(lives) == pytest.approx(12, abs=1)


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (("KIN",), 0.34),
        (("FOST_LA", "FOST_PURCH"), 0.32),
        (("HOME_PARENT",), 0.20),
        (("RES_LA", "RES_VOL", "RES_SCHOOL", "RES_SECURE", "RES_OTHER"), 0.11),
        (("PROSP_ADOPT",), 0.01),
    ],
)
def test_placements_are_mixed_as_on_31_july_2023(cares, types, expected):
    stays = [stay for care in cares for stay in lasting_stays(care)]
    assert share((stay for stay in stays if stay.placement_type in types), stays) == pytest.approx(expected, abs=0.03)


def test_fifteen_in_a_hundred_children_returned_home(lives):
    returned = share((life for life in lives if any(map(returned_home, life.care))), lives)
    assert returned == pytest.approx(0.15, abs=0.02)


def test_one_date_in_ten_is_a_month_or_not_known(happenings):
    vague = [each for each in happenings if each.precision != Precision.DAY]
    assert len(vague) / len(happenings) == pytest.approx(0.10, abs=0.015)
    assert {each.precision for each in vague} == {Precision.MONTH, Precision.UNKNOWN}


def test_one_recommendation_in_twenty_is_superseded_and_nearly_all_say_why(cares):
    recommended = [care for care in cares if len(exact(care.happenings, "PERM_REC"))]
    changed = [care for care in recommended if len({each.route for each in exact(care.happenings, "PERM_REC")}) > 1]
    assert len(changed) / len(recommended) == pytest.approx(0.05, abs=0.02)
    with_reason = [care for care in changed if exact(care.happenings, "PERM_REC")[-1].change_reason]
    assert 0.8 < len(with_reason) / len(changed) <= 1


def test_the_decision_comes_within_14_days_of_panel_for_85_in_a_hundred(cares):
    weeks = [weeks for _ended, weeks in weeks_between(cares, "PANEL_PRESENTED", "ADM_DECISION")]
    assert share((each for each in weeks if each <= 2), weeks) == pytest.approx(0.85, abs=0.04)


def test_recommendations_come_after_40_weeks_before_pace_and_26_or_fewer_in_its_second_year(cares):
    before, after = medians_before_and_after(weeks_to_recommendation(cares))
    assert before == pytest.approx(40, abs=4)
    assert after == pytest.approx(24, abs=4)


def test_panels_come_after_20_weeks_before_pace_and_12_in_its_second_year(cares):
    before, after = medians_before_and_after(weeks_between(cares, "PERM_REC", "PANEL_PRESENTED"))
    assert before == pytest.approx(20, abs=2)
    assert after == pytest.approx(12, abs=1.5)


def test_applications_are_lodged_after_18_weeks_before_pace_and_nearer_13_in_its_second_year(cares):
    before, after = medians_before_and_after(weeks_between(cares, "ADM_DECISION", "COURT_LODGED"))
    assert before == pytest.approx(18, abs=2)
    assert after == pytest.approx(13.5, abs=2)


def test_a_median_falls_evenly_from_the_pace_start_until_it_has_settled():
    delay = Delay(before=20, after=12, settles=52)
    pace = date(2024, 11, 1)
    assert delay.median(date(2024, 10, 31), pace) == 20
    assert delay.median(date(2025, 5, 2), pace) == 16  # 26 weeks on
    assert delay.median(date(2025, 10, 31), pace) == 12


def test_nothing_begins_happens_or_is_written_down_after_the_as_at_day(lives, cares, happenings):
    days = [each.birth for each in lives if each.birth]
    days += [
        day for care in cares for each in (care, *care.stays, *care.bases) for day in (each.start, each.end) if day
    ]
    days += [day for each in happenings for day in (each.on, each.recorded_on, each.voided_on) if day]
    assert max(days) == RECIPE.as_at


def test_whatever_is_planned_for_later_has_not_happened(happenings):
    ahead = [each for each in happenings if each.planned_on and each.planned_on > RECIPE.as_at]
    assert ahead
    assert all(each.on is None for each in ahead)


def test_placements_follow_one_another_inside_their_episode(cares):
    def is_clean(care):
        stays = lasting_stays(care)
        return (
            bool(stays)
            and stays[0].start == care.start
            and stays[-1].end == care.end
            and all(one.end == next_one.start for one, next_one in zip(stays, stays[1:], strict=False))
            and all(stay.end is None or stay.end > stay.start for stay in stays)
        )

    dirty = [care for care in cares if not is_clean(care)]
    assert 0 < len(dirty) / len(cares) < 0.02


def test_nobody_comes_into_care_before_birth_or_stays_beyond_18(lives):
    for life in lives:
        if life.birth and life.care:
            assert life.care[0].start >= life.birth
            last = life.care[-1].end or RECIPE.as_at
            assert (last - life.birth).days <= 18 * 365.25 + 1


def test_episodes_of_a_child_never_overlap(lives):
    pairs = [(one, other) for life in lives for one, other in zip(life.care, life.care[1:], strict=False)]
    assert pairs
    assert all(one.end and one.end < other.start for one, other in pairs)


def test_the_steps_to_an_order_come_in_their_order(cares):
    ways = 0
    for care in cares:
        routes = {each.route for each in care.happenings if each.kind == "PERM_REC"}
        steps = [each for each in care.happenings if each.kind in STEPS and not each.void_reason]
        # A second plan, or an adoption that follows an order, walks some of the steps twice.
        if routes in ({"PO"}, {"KINSHIP"}, {"ADOPT"}) and all(each in exact(steps, *STEPS) for each in steps):
            first = [found[0].on for step in STEPS if (found := exact(steps, step))]
            assert first == sorted(first)
            ways += len(first) == len(STEPS)
    assert ways > 100


def test_there_is_something_of_everything_that_the_clocks_know(happenings, cares):
    kinds = {each.kind for each in happenings}
    assert {
        "MTG_72H", "MTG_2WK", "REVIEW", "PPM_DECISION", "REHAB_DECISION", "MEDICAL", "REPORT_CAPR", "REPORT_S80",
        "LEGAL_ADVICE_REQ", "ADVICE_HEARING", "ADM_NOTIFIED", "MATCH_PANEL", "FINAL_PLACEMENT", "RETURN_HOME",
        "AT_HOME_AUDIT", "PLAN_REVIEW_2Y", "LA_TRANSFER_IN", "LA_TRANSFER_OUT",
    } <= kinds <= RECORDED_CODES  # fmt: skip
    assert {each.review_kind for each in happenings} == {"", "6wk", "3m", "18wk", "6m", "other", "at-home"}
    assert any(each.pre_birth for each in happenings)
    bases = {basis.measure for care in cares for basis in care.bases}
    assert {"S25", "CPO", "ICSO", "CSO", "PO", "POA"} <= bases


def test_two_week_meetings_begin_with_pace(cares):
    first = min(exact([each for care in cares for each in care.happenings], "MTG_2WK"), key=lambda each: each.on)
    assert first.on >= PACE_START


def test_every_row_of_an_authority_keeps_the_constraints_of_the_models(small):
    for model in (CareEpisode, Placement, LegalBasis, Identity, Milestone):
        rows = model.objects.filter(child__authority=small)
        assert rows.exists()
        for row in rows:
            row.full_clean()
    for child in Child.objects.filter(authority=small):
        child.full_clean()


def test_an_authority_says_of_which_day_its_extract_is(small):
    run = ImportRun.objects.get(authority=small)
    assert run.extract_date == RECIPE.as_at
    assert run.summary["files"]["children"] == {"new": 60}
    entry = AuditEntry.objects.get(authority_code=small.code)
    assert entry.after == {"children": 60, "seed": 3, "as_at": "2026-10-31"}


def test_brothers_and_sisters_share_their_family_and_its_name(small):
    families = Counter(Child.objects.filter(authority=small).values_list("family", flat=True))
    siblings = [family for family, children in families.items() if children > 1]
    assert len(siblings) > 5
    for family in siblings:
        assert len(set(Identity.objects.filter(child__family=family).values_list("family_name", flat=True))) == 1


def test_a_real_authority_gets_no_made_up_children(db):
    with pytest.raises(NotFictional, match="Midlothian is a real authority"):
        write_authority(Organisation.objects.get(code="S12000019"), children=1, seed=1, recipe=RECIPE)
    assert not Child.objects.exists()


def test_the_story_needs_a_year_of_pace():
    with pytest.raises(ValueError, match="2025-11-01 or later"):
        recipe_for(date(2025, 10, 31))
    assert recipe_for(date(2025, 11, 1)).as_at == date(2025, 11, 1)
