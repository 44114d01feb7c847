"""Who and what stands in a file of children by name."""

import random
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from children.models import Child
from pace_site.accounts.models import RoleMembership
from pace_site.accounts.roles import Role
from pace_site.front.caseload.cases import cases_in_scope
from pace_site.front.caseload.choosing_forms import ChoosingForm
from pace_site.front.identified.actions import export_by_name
from pace_site.front.identified.caseload_by_name import CaseloadByName
from tests.aims.exports import stored_aim
from tests.aims.storytelling import aim
from tests.builders import authority, child, person, team
from tests.front.by_name.asking import ASKED, CASELOAD, DAY, ELSEWHERE, MAY, WHY, exports, listed_in, of_aim, sheet_of
from tests.pdf_reading import words_of

pytestmark = pytest.mark.django_db


def test_the_children_behind_the_figures_stand_in_the_file_by_name(ask, cohort, lead):
    _version, rows = cohort
    listed = listed_in(ask(lead, of_aim()))
    assert [(row["Name"], row["State"]) for row in listed] == [
        ("Ovra Due", "Overdue"),
        ("Wai Ting", "Waiting in time"),
        ("Miss Late", "Missed"),
        ("Met Timely", "Met"),
    ]
    assert listed[0]["Council reference"] == rows["overdue"].local_ref
    assert listed[0]["Date of birth"].date() == rows["overdue"].date_of_birth
    assert listed[3]["Decided"].date() == date(2019, 5, 6)


def test_only_the_figures_that_were_ticked_leave(ask, cohort, lead):
    listed = listed_in(ask(lead, of_aim(), shown=["waiting"]))
    assert [row["Name"] for row in listed] == ["Wai Ting"]


def test_an_aim_without_a_limit_calls_nobody_late(ask, lead):
    stored_aim(aim(limit=None, target_pct=None), authority=authority())
    child(name=("Wai", "Ting"), accommodated=date(2019, 6, 3))
    assert [row["State"] for row in listed_in(ask(lead, of_aim()))] == ["Waiting"]


def test_the_caseload_leaves_narrowed_as_it_was_on_the_page(ask, lead):
    north = team("Team North")
    there = child(of_team=north, accommodated=date(2020, 1, 6))
    child(of_team=team("Team South"), accommodated=date(2020, 1, 6))
    response = ask(lead, f"{CASELOAD}?team={north.pk}")
    assert [row["Pseudonym"] for row in listed_in(response)] == [there.code]
    about = {row[0]: row[1] for row in sheet_of(response, "About this file").iter_rows(values_only=True)}
    assert about["Children"] == "1 looked after; team: Team North"
    assert about["Reason given"] == WHY["reason"]


def test_a_choice_that_is_no_longer_there_widens_nothing(ask, cohort, lead):
    assert "There is no child to export." in ask(lead, f"{CASELOAD}?team=987654").content.decode()


def test_a_row_is_as_high_as_its_longest_words(ask, lead):
    child(name=("Given", "Short"), accommodated=date(2020, 1, 6))
    child(name=("Given", "Familyname " * 6), accommodated=date(2020, 1, 7))
    sheet = sheet_of(ask(lead, CASELOAD))
    heights = {sheet.cell(row, 1).value.strip(): sheet.row_dimensions[row].height for row in (4, 5)}
    assert heights.pop("Given Short") < min(heights.values())


@pytest.mark.parametrize("seed", range(5))
def test_no_child_outside_scope_is_ever_inside(ask, seed):
    """Children of three authorities, in any team or none; whoever exports holds other roles beside."""
    chance = random.Random(seed)
    codes = ["S12000019", ELSEWHERE, "S12000036"]
    teams = [team(f"Team {name}", organisation=authority(code)) for code in codes for name in ("A", "B")]
    stored_aim(aim(), authority=authority())
    for _ in range(25):
        of_team = chance.choice(teams)
        child(
            of_team=of_team if chance.random() < 0.7 else None,
            organisation=of_team.organisation,
            accommodated=DAY - timedelta(days=chance.randrange(1, 400)),
        )
    user = person(chance.choice(sorted(MAY)), organisation=authority())
    foreign = chance.choice(teams[2:])
    RoleMembership.objects.create(user=user, role=Role.TEAM_MANAGER, team=foreign)
    inside = set(Child.objects.identifiable_to(user).values_list("code", flat=True))
    assert {row["Pseudonym"] for row in listed_in(ask(user, CASELOAD))} == inside
    assert {row["Pseudonym"] for row in listed_in(ask(user, of_aim()))} <= inside
    assert set(exports().exclude(child_code="").values_list("child_code", flat=True)) <= inside


def test_children_of_somebody_else_s_list_are_left_out_of_one_s_own(cohort, lead):
    stranger = person(Role.PACE_LEAD, organisation=authority(ELSEWHERE))
    source = CaseloadByName(ChoosingForm({}, cases=cases_in_scope(lead, day=DAY)), as_at=DAY, to=stranger)
    assert source.child_count(()) == 0
    with pytest.raises(ValidationError, match="There is no child to export"):
        export_by_name(source, shown=(), asked=ASKED, file_format="xlsx", by=stranger)


@pytest.mark.parametrize("given", ["=1+1", "+44", "-2", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_a_name_is_never_a_formula(ask, lead, given):
    child(name=(given, "Family"), accommodated=date(2020, 1, 6))
    cell = sheet_of(ask(lead, CASELOAD))["A4"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (f"{given} Family", "s", None)


@pytest.mark.parametrize("given", ["=1+1", "#strong[x]", "*a*", "$x$", "李明"])
def test_a_name_is_never_markup_of_the_pdf(ask, lead, given):
    child(name=(given, "Family"), accommodated=date(2020, 1, 6))
    assert f"{given} Family" in words_of(ask(lead, CASELOAD, file_format="pdf").content)
