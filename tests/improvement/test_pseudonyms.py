"""Which pseudonyms in a text a person reads, and what stands in the place of the others."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from improvement.pseudonyms import pseudonyms_for
from pace_site.accounts.roles import Role
from tests.builders import authority, child, person, team

pytestmark = pytest.mark.django_db


def test_only_children_whom_nobody_of_ones_scope_may_open_are_hidden():
    child(of_team=team("Team North"), code="P-0001")
    child(of_team=team("Team South"), code="P-0002")
    child(of_team=team("Team West", organisation=authority("S12000033")), code="P-0003")
    text = "P-0001, p-0002's and (P-0002); P-0003 and P-9999, of 72-hour and S-80 reports"
    worker = person(Role.PRACTITIONER, of_team=team("Team North"))
    shown = "P-0001, a child's and (a child); P-0003 and P-9999, of 72-hour and S-80 reports"
    assert pseudonyms_for(worker, [text])(text) == shown
    assert pseudonyms_for(person(Role.CHAMPION), [text])(text) == text


def test_texts_without_anything_like_a_pseudonym_ask_nothing():
    worker = person(Role.PRACTITIONER)
    with CaptureQueriesContext(connection) as queries:
        assert pseudonyms_for(worker, ["Ask the panel", ""])("Ask the panel") == "Ask the panel"
    assert len(queries) == 0
