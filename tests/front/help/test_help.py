"""Help: one table of words, what each page is for, and what each role finds where."""

import pytest
from django.template import Context, Template
from django.urls import reverse

from aims.figure_words import STATE_LABELS, STATE_MEANINGS
from pace_site.accounts.permissions import ROLE_PERMISSIONS
from pace_site.accounts.roles import Role
from pace_site.front.help.help_page import NAMES
from pace_site.front.help.helping import table
from pace_site.front.tour.touring import tours
from pace_site.look.glossary import glossary
from tests.front.every_page import NEEDS, every_page


def opens_to(page: str, role: str) -> bool:
    needs = NEEDS[page]
    return needs is None or needs == "sees the aggregates of all authorities" or needs in ROLE_PERMISSIONS[role]


@pytest.mark.parametrize("state", STATE_MEANINGS)
def test_a_state_means_in_the_glossary_what_it_means_in_the_figures(state):
    term = {each.word: each for each in glossary().values()}[STATE_LABELS[state]]
    assert term.says == STATE_MEANINGS[state]


def test_each_word_is_said_once_shortly_and_as_a_sentence():
    for slug, term in glossary().items():
        assert slug == term.slug
        assert term.says.endswith("."), term.word
        assert len(term.says) < 200, term.word
    words = [each.word for each in glossary().values()]
    assert len(words) == len(set(words)) > 40


def test_help_with_pages_names_pages_roles_and_words_that_there_are():
    pages = {page.name for page in every_page()}
    for page, written in table("page_help.yaml").items():
        assert page in pages
        assert page in NAMES
        assert set(written.get("words", ())) <= set(glossary()), page
        assert set(written.get("roles", ())) <= set(Role.values), page
        closed = [role for role in written.get("roles", ()) if not opens_to(page, role)]
        assert not closed, page


def test_every_role_is_told_where_to_go_and_may_go_there():
    assert set(table("role_help.yaml")) == set(Role.values)
    for role, places in table("role_help.yaml").items():
        assert [page for place in places for page in place if not opens_to(page, role)] == [], role


def test_every_role_has_one_tour_of_pages_that_open_to_it():
    of_tours = [role for roles, _stops in tours() for role in roles]
    assert sorted(of_tours) == sorted(Role.values)
    for roles, stops in tours():
        assert 3 <= len(stops) <= 8
        for stop in stops:
            assert [role for role in roles if not opens_to(stop.page, role)] == [], stop.page


def test_words_explain_themselves_where_they_stand_without_a_script():
    page = Template("{% load glossary %}{% explain 'overdue' 'median' %}").render(Context())
    assert page.count("popovertarget") == 2
    assert 'popovertarget="word-overdue">overdue</button>' in page
    assert '<span id="word-overdue" popover' in page
    assert glossary()["overdue"].says in page
    assert len(page) < 700


@pytest.mark.django_db
@pytest.mark.each_database
def test_help_speaks_of_the_page_one_came_from_and_of_ones_role(client, enter):
    enter(Role.CHAMPION)
    page = client.get(reverse("aims")).content.decode()
    assert f'href="{reverse("help")}?of=aims"' in page
    told = client.get(reverse("help"), {"of": "aims"}).content.decode()
    assert "Help: Aims" in told
    assert "You see children by pseudonym" in told
    assert "Manage aims is where" not in told
    assert "Champion (partner agency): what you will mostly need" in told
    for of in ("nothing-of-this-name", "<script>", ""):
        plain = client.get(reverse("help"), {"of": of})
        assert "<h1>Help</h1>" in plain.content.decode()
    assert "<script>" not in plain.content.decode().split("<main")[1].split("</main>")[0]
