"""The forms of milestones: what they refuse, what they ask, and what they record."""

from datetime import timedelta

import pytest

from aims.models import Aim, AimVersion
from milestones.models import Milestone
from pace_site.look.words import british_date
from tests.builders import authority, child, milestone, team

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]


def kinds(row) -> set[str]:
    return {each.kind for each in row.milestones.all()}


# What cannot be


def test_a_day_in_the_future_is_refused_and_nothing_is_recorded(desk, today):
    errors = desk.errors("medical", happened_on=today + timedelta(days=1))
    assert errors == {"happened_on": ["This day is in the future. Give it as the planned day instead."]}
    assert not Milestone.objects.exists()


def test_a_day_before_birth_is_refused(desk):
    errors = desk.errors("medical", happened_on="2018-03-02")
    assert errors == {"happened_on": ["This is before the child's birth on 3 March 2018."]}


def test_an_infant_may_have_been_recommended_for_before_birth(desk, today, placed):
    placed.date_of_birth = today - timedelta(days=30)
    placed.save()
    asked = {"happened_on": today - timedelta(days=60), "route": "ADOPT"}
    (error,) = desk.errors("perm-rec", **asked)["happened_on"]
    assert "If it was made before birth, say so below." in error
    desk.save("perm-rec", **asked, pre_birth=True)
    assert placed.milestones.get(kind="PERM_REC").pre_birth


def test_a_milestone_without_any_day_is_refused(desk):
    assert desk.errors("medical")["happened_on"] == ["Give the day it happened, or the day it is planned for."]


@pytest.mark.parametrize("day", ["31/02/2026", "soon", "2026-13-01"])
def test_what_is_no_date_is_refused_in_words(desk, day):
    assert desk.errors("medical", happened_on=day)["happened_on"] == ["This is not a date. Write it like 14/05/2027."]


def test_a_british_date_is_read_as_one(desk, placed):
    desk.save("medical", happened_on="04/03/2026")
    assert placed.milestones.get().happened_on.isoformat() == "2026-03-04"


def test_a_year_that_is_mistyped_is_refused(desk, today):
    (error,) = desk.errors("medical", planned_on=today.replace(year=today.year + 10))["planned_on"]
    assert "Check the year" in error


def test_a_route_that_nobody_offers_is_refused(desk, today):
    assert "route" in desk.errors("perm-rec", happened_on=today, route="MOON")


@pytest.mark.parametrize("slug", ["perm-rec", "ppm-decision", "perm-decision"])
def test_a_decision_for_permanence_needs_its_route(desk, today, slug):
    assert desk.errors(slug, happened_on=today)["route"] == ["Choose one."]


def test_an_agency_decision_needs_its_outcome(desk, today):
    assert desk.errors("adm-decision", happened_on=today, route="PO")["outcome"] == ["Choose one."]


# Planned and actual


def test_a_planned_day_alone_is_a_plan_and_changes_no_clock(desk, today, placed):
    words = desk.preview("panel-presented", planned_on=today + timedelta(days=20))
    assert "This starts and stops no clock." in words
    desk.save("panel-presented", planned_on=today + timedelta(days=20))
    row = placed.milestones.get()
    assert (row.happened_on, row.planned_on) == (None, today + timedelta(days=20))


def test_planned_and_actual_day_are_both_kept(desk, ago, placed):
    desk.save("medical", planned_on=ago(4), happened_on=ago(2))
    row = placed.milestones.get()
    assert (row.planned_on, row.happened_on) == (ago(4), ago(2))


def test_a_month_is_kept_as_its_first_day_and_an_unknown_date_as_none(desk, placed):
    desk.save("medical", happened_on="2026-03-17", precision="month")
    desk.save("report-capr", precision="unknown")
    months, unknown = placed.milestones.order_by("kind")
    assert (months.happened_on.isoformat(), months.precision) == ("2026-03-01", "month")
    assert (unknown.happened_on, unknown.precision) == (None, "unknown")


def test_a_review_that_was_put_off_has_a_planned_day_and_counts_as_none(desk, ago, placed):
    assert "outcome" in desk.errors("review", happened_on=ago(1), outcome="postponed")
    assert "planned_on" in desk.errors("review", outcome="cancelled")
    desk.save("review", planned_on=ago(1), outcome="postponed")
    assert placed.milestones.get().happened_on is None


# Reviews and panels


def test_a_review_records_what_it_decided_in_one_go(desk, ago, placed):
    desk.save("review", happened_on=ago(1), review_kind="3m", route="PO", rehabilitation="out", kinship="out")
    rows = {row.kind: row for row in placed.milestones.all()}
    assert set(rows) == {"REVIEW", "PERM_REC", "REHAB_DECISION", "KINSHIP_DECISION"}
    assert {row.happened_on for row in rows.values()} == {ago(1)}
    assert rows["REVIEW"].outcome == "recommendation made"
    assert (rows["PERM_REC"].route, rows["REHAB_DECISION"].outcome) == ("PO", "out")


def test_a_decision_without_the_day_of_its_review_is_refused(desk, ago):
    errors = desk.errors("review", planned_on=ago(1), route="PO")
    assert errors["happened_on"] == ["Give the day of the review that decided this."]


def test_a_panel_records_what_it_recommends_on_that_day(desk, ago, placed):
    milestone(placed, "PERM_REC", ago(5), route="PO")
    desk.save("panel-presented", happened_on=ago(1), route="PO")
    rows = {row.kind: row for row in placed.milestones.all()}
    assert (rows["PANEL_PRESENTED"].outcome, rows["PANEL_REC"].route) == ("recommended", "PO")


def test_a_deferred_panel_recommends_no_route(desk, ago):
    assert "route" in desk.errors("panel-presented", happened_on=ago(1), outcome="deferred", route="PO")


# A change of plan


def test_a_first_plan_is_not_asked_why(desk, ago, placed):
    assert "change_reason" not in desk.client.get(desk.address("perm-rec")).context["form"].fields
    desk.save("perm-rec", happened_on=ago(2), route="PO")
    assert kinds(placed) == {"PERM_REC"}


def test_another_route_asks_why_and_what_prompted_it(desk, ago, placed):
    milestone(placed, "PERM_REC", ago(8), route="PO")
    errors = desk.errors("perm-rec", happened_on=ago(1), route="KINSHIP")
    assert set(errors) == {"change_prompt", "change_reason"}
    assert "is Permanence order. Say why it changes." in errors["change_reason"][0]
    desk.save(
        "perm-rec",
        happened_on=ago(1),
        route="KINSHIP",
        change_prompt="assessment",
        change_reason="An aunt was assessed and wishes to care",
    )
    latest = placed.milestones.order_by("happened_on").last()
    assert (latest.route, latest.change_prompt) == ("KINSHIP", "assessment")


def test_the_same_route_said_again_is_not_a_change(desk, ago, placed):
    milestone(placed, "PERM_REC", ago(8), route="PO")
    desk.save("perm-rec", happened_on=ago(1), route="PO")
    assert placed.milestones.count() == 2


def test_a_review_that_changes_the_plan_is_asked_as_well(desk, ago, placed):
    milestone(placed, "PERM_REC", ago(8), route="PO")
    assert set(desk.errors("review", happened_on=ago(1), route="HOME")) == {"change_prompt", "change_reason"}


def test_a_superseding_recommendation_says_which_clock_it_ends_and_which_it_starts(desk, ago, placed):
    milestone(placed, "PERM_REC", ago(8), route="PO")
    words = desk.preview(
        "perm-rec", happened_on=ago(1), route="ADOPT", change_prompt="child", change_reason="No carer in the family"
    )
    assert "Ends the clock for the panel (national guidance)" in words
    assert "Starts the clock for the panel (national guidance): due" in words


def test_the_fold_names_what_is_in_it(desk, ago, placed):
    planned = milestone(placed, "REVIEW", None, planned_on=ago(1))
    pages = [
        desk.client.get(address).content.decode() for address in (desk.address("review"), desk.correct_address(planned))
    ]
    folded = [page.partition("<summary>")[2].partition("</summary>")[0] for page in pages]
    assert folded == ["Planned day, exactness of the date, source, note", "Exactness of the date, source, note"]
    for page, label in zip(pages, ("id_planned_on", "id_precision"), strict=True):
        assert label in page.partition("</summary>")[2].partition("</details>")[0]
    assert "id_planned_on" in pages[1].partition("<details")[0]


def test_a_form_names_the_limit_of_an_aim_and_what_it_waits_for(desk, ago, placed):
    aim = Aim.objects.create(authority=authority(), code="PANEL", status=Aim.Status.ACTIVE)
    timed = {
        "title": "Panel in 12 weeks",
        "kind": "timed",
        "start_event": "PERM_REC",
        "stop_event": ["PANEL_PRESENTED"],
        "limit": "12 weeks",
    }
    AimVersion.objects.create(aim=aim, number=1, data={"code": "PANEL", **timed})
    words = desk.preview("perm-rec", happened_on=ago(1), route="PO")
    due = british_date(ago(1) + timedelta(weeks=12))
    assert f"Starts the 12-week clock of PANEL: presented to panel due {due}." in words


# Siblings


@pytest.fixture
def sibling(ago):
    return child(of_team=team(), accommodated=ago(20), family="F1", name=("Second", "Sibling"))


def test_one_review_is_recorded_for_siblings_each_with_an_outcome_of_its_own(desk, ago, placed, sibling):
    key = sibling.pk
    desk.save(
        "review",
        happened_on=ago(1),
        route="PO",
        **{f"include_{key}": True, f"route_{key}": "HOME", f"rehabilitation_{key}": "in"},
    )
    assert placed.milestones.get(kind="PERM_REC").route == "PO"
    assert sibling.milestones.get(kind="PERM_REC").route == "HOME"
    assert sibling.milestones.get(kind="REVIEW").happened_on == ago(1)
    assert not placed.milestones.filter(kind="REHAB_DECISION").exists()


def test_a_sibling_who_is_not_ticked_is_left_alone(desk, ago, sibling):
    desk.save("review", happened_on=ago(1), **{f"route_{sibling.pk}": "PO"})
    assert not sibling.milestones.exists()


def test_a_sibling_of_another_team_is_not_offered_and_cannot_be_slipped_in(desk, ago):
    hidden = child(of_team=team("Team South"), accommodated=ago(20), family="F1")
    assert f"include_{hidden.pk}" not in desk.client.get(desk.address("review")).context["form"].fields
    desk.save("review", happened_on=ago(1), **{f"include_{hidden.pk}": True})
    assert not hidden.milestones.exists()


def test_what_is_impossible_for_one_sibling_is_recorded_for_none(desk, ago, placed, sibling):
    sibling.date_of_birth = ago(1)
    sibling.save()
    assert desk.errors("review", happened_on=ago(2), **{f"include_{sibling.pk}": True})
    assert not placed.milestones.exists()


def test_each_sibling_is_asked_why_its_own_plan_changes(desk, ago, placed, sibling):
    milestone(sibling, "PERM_REC", ago(8), route="PO")
    errors = desk.errors("review", happened_on=ago(1), **{f"include_{sibling.pk}": True, f"route_{sibling.pk}": "HOME"})
    assert set(errors) == {f"change_prompt_{sibling.pk}", f"change_reason_{sibling.pk}"}


# What is unusual


def test_what_is_unusual_is_warned_about_and_saved_when_it_is_so(desk, ago, placed):
    response = desk.send("order-granted", happened_on=ago(1), route="PO", order_type="PO")
    assert response.status_code == 200
    assert "No date of a court application is recorded" in response.content.decode()
    assert not placed.milestones.exists()
    accepted = response.context["form"].data["accepted"]
    assert (
        desk.send("order-granted", happened_on=ago(1), route="PO", order_type="PO", accepted=accepted).status_code
        == 302
    )
    assert placed.milestones.exists()


def test_an_accepted_warning_does_not_cover_another_one(desk, ago, placed):
    milestone(placed, "ADM_DECISION", ago(6), route="KINSHIP", outcome="approved")
    first = desk.send("order-granted", happened_on=ago(1), route="KINSHIP", order_type="KCO")
    accepted = first.context["form"].data["accepted"]
    second = desk.send("order-granted", happened_on=ago(1), route="PO", order_type="PO", accepted=accepted)
    assert second.status_code == 200
    assert not placed.milestones.filter(kind="ORDER_GRANTED").exists()


# Before birth, and long before


def test_nothing_but_plans_is_recorded_of_a_child_whose_birth_is_expected(desk, placed, today, ago):
    placed.date_of_birth, placed.expected_on = None, today + timedelta(days=60)
    placed.save()
    (error,) = desk.errors("review", happened_on=ago(1))["happened_on"]
    assert error == "The birth of this child is still expected. Record the date of birth first."
    assert "start" in desk.errors("placement", start=ago(1), placement_type="KIN")
    desk.save("referral-first", happened_on=ago(1))
    desk.save("perm-rec", happened_on=ago(1), route="ADOPT", pre_birth=True)


def test_a_month_that_ended_before_birth_is_refused(desk):
    assert "happened_on" in desk.errors("medical", happened_on="2018-02-01", precision="month")
    desk.save("medical", happened_on="2018-03-01", precision="month")


@pytest.mark.parametrize("first", ["2030-01-01", "2018-03-02"])
def test_a_child_was_first_accommodated_between_birth_and_transfer(desk, ago, first):
    assert "first_accommodated_on" in desk.errors("la-transfer-in", happened_on=ago(1), first_accommodated_on=first)


def test_a_note_about_one_child_is_not_copied_to_its_siblings(desk, ago, placed, sibling):
    desk.save("medical", happened_on=ago(1), note="Said in confidence", **{f"include_{sibling.pk}": True})
    assert placed.milestones.get().note == "Said in confidence"
    assert sibling.milestones.get().note == ""


def test_an_approval_is_offered_the_route_of_the_plan_and_asked_about_another(desk, ago, placed):
    milestone(placed, "PERM_REC", ago(8), route="PO")
    assert desk.client.get(desk.address("adm-decision")).context["form"]["route"].value() == "PO"
    response = desk.send("adm-decision", happened_on=ago(1), route="HOME", outcome="approved")
    assert "approves Home with parents, and what was recommended is Permanence order" in response.content.decode()
