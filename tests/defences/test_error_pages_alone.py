"""The pages of errors need nothing that may be broken: no database, no session, no settings of the moment."""

import re

import pytest
from django.template.loader import render_to_string
from django.views.defaults import server_error

PAGES = ("400.html", "403.html", "403_csrf.html", "404.html", "413.html", "429.html", "500.html")


@pytest.mark.parametrize("page", PAGES)
def test_an_error_is_told_without_a_database(page):
    """This test has none: a query would fail it."""
    said = render_to_string(page)
    assert re.search(r"<h1>[A-Z][^<]+</h1>", said)
    assert 'lang="en-GB"' in said


@pytest.mark.parametrize("page", PAGES)
def test_an_error_tells_no_path_version_or_setting(page):
    said = render_to_string(page)
    assert not re.search(r"Traceback|Exception|Django|Python|\.py\b|settings|\d+\.\d+\.\d+|DEBUG", said)


def test_a_fault_while_the_database_is_away_is_told_in_plain_words(rf):
    response = server_error(rf.get("/children/P-0417/"))
    assert response.status_code == 500
    assert b"Something went wrong" in response.content
    assert b"P-0417" not in response.content
