"""The page that says how each figure is counted: its numbers are those of the aim's own page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aims.compliance import measure
from aims.figure_definitions import define_figures
from aims.figures import journeys_for
from aims.selections import SELECTIONS
from children.models import Child
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from pace_site.look.words import percent
from tests.aims.exports import stored_aim
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, aim, day
from tests.aims.test_aim_pages import AS_AT, STORIES
from tests.builders import person
from tests.page_reading import text_of

FILTERED = {"by_date": "2020-03-01", "age_max_exclusive": 12, "pathways_excluded": ["KINSHIP"]}


@pytest.fixture
def told(authority):
    """Measure an aim over one child in every state, and define its figures."""
    store(list(STORIES.values()), authority=authority)

    def run(definition, as_at=AS_AT):
        children = Child.objects.filter(authority=authority)
        measured = measure(definition, journeys_for([definition], children, day(as_at)))
        return measured, define_figures(measured)

    return run


def by_name(defined):
    return {figure.name: figure for figure in defined.figures}


def test_numerator_over_denominator_is_the_percentage_shown(told):
    measured, defined = told(aim(**FILTERED))
    figures = by_name(defined)
    for name, of in {
        "In time, of those decided": measured.now.pct_decided,
        "In time, of those decided or overdue": measured.now.pct_decided_or_overdue,
        "At worst": measured.now.pct_worst,
        "At best": measured.now.pct_best,
    }.items():
        numerator, denominator = (
            int(words.split()[0]) for words in (figures[name].numerator, figures[name].denominator)
        )
        assert figures[name].value == percent(of)
        assert 100 * numerator == of * denominator


def test_what_stands_beside_a_share_adds_up_to_every_clock(told):
    measured, defined = told(aim(**FILTERED))
    for figure in defined.figures:
        if figure.denominator:
            left_out = sum(int(part.split()[0]) for part in figure.left_out.split("; "))
            assert int(figure.denominator.split()[0]) + left_out == measured.now.outcomes.clock_count, figure.name


def test_each_count_is_that_of_its_list(told):
    measured, defined = told(aim(**FILTERED))
    figures = by_name(defined)
    for name, key in {
        "Overdue": "overdue",
        "Waiting in time": "waiting",
        "Met": "met",
        "Missed": "missed",
        "Left undecided": "left_undecided",
        "Left in time": "exited",
        "Cannot be placed": "unknown",
        "Left out by the aim": "excluded",
    }.items():
        assert figures[name].value == str(SELECTIONS[key].count(measured.now.outcomes)), name


def test_exclusions_are_told_by_reason_with_how_many(told):
    _measured, defined = told(aim(**FILTERED))
    assert [(each.count, each.why) for each in defined.left_out] == [
        (1, "left out by the aim: the pathway is excluded"),
        (1, "cannot be placed: date of birth is missing"),
    ]


def test_an_aim_without_a_limit_claims_no_share(told):
    _measured, defined = told(aim(limit=None, target_pct=None))
    names = set(by_name(defined))
    assert "Decided" in names
    assert not {"At worst", "Met", "In time, of those decided"} & names


@pytest.mark.parametrize("rule", ["exclude", "count_as_met", "count_as_missed"])
def test_the_shares_add_up_whatever_the_exit_rule(told, rule):
    measured, defined = told(aim(exit_rule=rule))
    figures = by_name(defined)
    assert int(figures["Met"].value) == measured.now.met
    assert ("which this aim counts as met" in figures["At worst"].numerator) == (rule == "count_as_met")


@pytest.fixture
def read(client, authority):
    store(list(STORIES.values()), authority=authority)
    stored_aim(aim(**FILTERED), authority=authority)

    def run(*roles, who=None, **query):
        client.force_login(who or person(*roles))
        return client.get(reverse("aim_definition", kwargs={"code": "TEST"}), {"as_at": AS_AT, **query})

    return run


def test_the_page_says_everything_a_reader_of_a_figure_asks(read):
    said = text_of(read(Role.CHAMPION))
    assert "In time, of those decided: 67 % Numerator 2 met" in said
    assert "Denominator 3 met, or decided late" in said
    assert "1 left out by the aim: the pathway is excluded" in said
    assert "Where it is shown" in said
    assert "as at 1 June 2020" in said
    assert "Judged as at 1 March 2020, whatever happened later." in said


def test_a_part_of_the_authority_has_no_verdict_there_either(read, client):
    said = text_of(read(Role.TEAM_MANAGER))
    assert "Verdict: Not judged" in said
    assert "these figures are of a part of it, and not judged by it" in said


def test_it_is_one_click_from_the_aim_and_keeps_the_day(client, read):
    client.force_login(person(Role.SENIOR_LEADER))
    body = client.get(reverse("aim", kwargs={"code": "TEST"}), {"as_at": AS_AT}).content.decode()
    assert f'href="/aims/TEST/definition/?as_at={AS_AT}"' in body


@pytest.mark.parametrize("name", ["aims", "aim_compare", "meeting_view"])
def test_it_is_one_click_from_wherever_figures_of_the_aim_stand(client, read, name):
    client.force_login(person(Role.CHAMPION))
    address = reverse(name, kwargs={"code": "TEST"} if name == "aim_compare" else None)
    body = client.get(address, {"as_at": AS_AT}).content.decode()
    assert body.count(f'<a href="/aims/TEST/definition/?as_at={AS_AT}">How the figures of TEST are counted</a>') == 1


def test_no_child_can_be_opened_from_it(read):
    """The meeting view leads to it, before a whole room."""
    assert "P-" not in read(Role.PACE_LEAD).content.decode()


def test_a_senior_leader_reads_it_and_sees_no_child(read):
    response = read(Role.SENIOR_LEADER)
    assert response.status_code == 200
    assert "P-" not in response.content.decode()


def test_it_takes_as_many_queries_however_many_children_there_are(read, authority, django_assert_num_queries):
    who = person(Role.PACE_LEAD)
    read(who=who)
    with CaptureQueriesContext(connection) as few:
        read(who=who)
    store([accommodated("2019-08-05", ref=f"MORE{n}") for n in range(30)], authority=authority)
    with django_assert_num_queries(len(few)):
        read(who=who)


def test_that_of_another_authority_is_not_found(read):
    assert read(who=person(Role.PACE_LEAD, organisation=Organisation.objects.get(code="S12000020"))).status_code == 404
