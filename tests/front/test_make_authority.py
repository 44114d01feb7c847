"""Authorities of any size, made by command: as many as asked, with people, the same each time, and never real ones."""

from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from children.models import Allocation, Child
from milestones.models import RevisionMark
from milestones.revision_triggers import triggers_stand
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from pace_site.front.fiction import authority
from pace_site.front.fiction.authority import open_fictional, write_authority
from pace_site.front.fiction.nation import NATION, councils_of_nation, nation_recipe
from pace_site.front.fiction.people import BRAEBURN_STAFF, TEAM_NAMES
from pace_site.front.fiction.population import made_up_children
from pace_site.front.fiction.recipe import Recipe
from pace_site.front.fiction.staff import PASSWORD, hire_staff
from tests.front.made_up import content_of

MANY = 3_000
RECIPE = Recipe()


def make_authority(*arguments):
    out = StringIO()
    call_command("make_authority", *arguments, stdout=out)
    return out.getvalue()


def test_make_authority_writes_as_many_authorities_as_asked_and_says_how_fast(db):
    said = make_authority("--children", "12", "--authorities", "2", "--seed", "4")
    assert "rows a second" in said
    assert "Everybody is invented" in said
    made = Organisation.objects.filter(code__in=["S12009900", "S12009901"])
    assert [(each.fictional, "fictional" in each.name, each.children.count()) for each in made] == [
        (True, True, 12)
    ] * 2
    births = [sorted(each.children.values_list("date_of_birth", flat=True), key=str) for each in made]
    assert births[0] != births[1]


def test_everybody_in_care_has_one_social_worker_of_the_team_and_one_reviewing_officer(small):
    hire_staff(small, children=60, seed=3)
    in_care = Child.objects.filter(authority=small, episodes__end__isnull=True, episodes__isnull=False)
    for role, in_team in ((Role.PRACTITIONER, True), (Role.IRO, False)):
        of_role = Allocation.objects.filter(user__memberships__role=role)
        assert sorted(of_role.values_list("child", flat=True)) == sorted(in_care.values_list("pk", flat=True))
        if in_team:
            assert not of_role.exclude(user__memberships__team=F("child__team")).exists()
    assert set(small.people.values_list("memberships__role", flat=True)) == {each.role for each in BRAEBURN_STAFF}
    assert small.people.first().check_password(PASSWORD)


def test_a_nation_has_32_invented_councils_with_codes_of_their_own():
    councils = councils_of_nation(code="S12009900", seed=1)
    assert len({each.name for each in councils}) == len({each.seed for each in councils}) == 32
    assert all("(fictional)" in each.name for each in councils)
    assert [councils[0].code, councils[-1].code] == ["S12009900", "S12009931"]
    assert sum(each.children for each in councils) == pytest.approx(NATION, abs=16)


def test_a_nation_has_recorded_what_the_longitudinal_data_have_and_a_million_milestones():
    lives = list(made_up_children(Random(5), nation_recipe(RECIPE), count=MANY))
    care = [care for life in lives for care in life.care]
    whole = NATION / MANY
    assert whole * len(care) == pytest.approx(86_000, rel=0.03)
    assert whole * sum(len(each.stays) for each in care) == pytest.approx(195_000, rel=0.05)
    assert whole * sum(len(each.bases) for each in care) == pytest.approx(265_000, rel=0.05)
    assert whole * sum(len(life.all_happenings) for life in lives) == pytest.approx(1_000_000, rel=0.03)


def test_a_large_authority_has_its_teams_in_several_areas(small, monkeypatch):
    monkeypatch.setattr(authority, "CHILDREN_OF_AN_AREA", 20)
    organisation = open_fictional(code="S12009904", name="Largeholm (fictional)")
    write_authority(organisation, children=40, seed=3, recipe=RECIPE)
    assert set(organisation.teams.values_list("name", flat=True)) == {
        *TEAM_NAMES,
        *(f"{each} 2" for each in TEAM_NAMES),
    }
    families = Child.objects.filter(authority=organisation, team__name__endswith=" 2").values_list("family__ref")
    assert families.exists()
    assert all(int(ref[1:]) % 2 for (ref,) in families)


def measured():
    out = StringIO()
    call_command(
        "measure_aims", "--authority", "S12009903", "--as-at", "2026-10-31", "--json", "--outcomes", stdout=out
    )
    return out.getvalue()


def test_make_authority_with_the_same_seed_writes_the_same_rows_and_measures_the_same(db):
    make_authority("--children", "40", "--seed", "4", "--code", "S12009903")
    first, figures = content_of("S12009903"), measured()
    assert '"code": "LOC-1"' in figures
    make_authority("--children", "40", "--seed", "4", "--code", "S12009903", "--renew")
    assert content_of("S12009903") == first
    assert measured() == figures
    make_authority("--children", "40", "--seed", "5", "--code", "S12009903", "--renew")
    assert content_of("S12009903")["children"] != first["children"]


def test_rows_are_written_without_triggers_which_stand_again_also_where_it_fails(db, monkeypatch):
    make_authority("--children", "3")
    before = {*RevisionMark.objects.values_list("mark", flat=True)}
    stood = []

    def break_down(*_args, **_kwargs):
        stood.append(triggers_stand("default"))
        raise ZeroDivisionError

    monkeypatch.setattr(authority, "_write_histories", break_down)
    with pytest.raises(ZeroDivisionError):
        make_authority("--children", "3", "--code", "S12009905")
    assert stood == [connection.vendor == "postgresql"]  # whose triggers run once for each statement
    assert triggers_stand("default")
    assert {*RevisionMark.objects.values_list("mark", flat=True)} == before
    monkeypatch.undo()
    make_authority("--children", "3", "--code", "S12009905")
    assert triggers_stand("default")
    made = Organisation.objects.get(code="S12009905").pk
    assert not before & {*RevisionMark.objects.filter(authority_id=made).values_list("mark", flat=True)}
    assert RevisionMark.objects.filter(authority_id=made).exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--children", "0"), "at least one child"),
        (("--children", "5", "--code", "S12000019"), "Midlothian already"),
        (("--children", "5", "--code", "S12000019", "--renew"), "Midlothian is a real authority"),
        (("--children", "5", "--code", "S1200990099999"), "no code of an authority"),
        (("--children", "5", "--as-at", "2024-12-31"), "needs a year of PACE"),
        (("--children", "5", "--authorities", "0"), "a number from 1 on"),
        (("--size", "nation", "--authorities", "2"), "has its 32"),
        (("--size", "nation", "--code", "NATION"), "cannot be counted on"),
        (("--children", "5", "--password", "short"), "password"),
    ],
)
def test_make_authority_refuses_in_plain_words_and_writes_nothing(db, arguments, says):
    with pytest.raises(CommandError, match=says):
        make_authority(*arguments)
    assert not Child.objects.exists()
    assert Organisation.objects.filter(code="S12000019").exists()


def test_make_authority_refuses_in_production(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production site"):
        make_authority("--children", "5")
    assert not Child.objects.exists()
