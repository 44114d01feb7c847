"""Nobody waits to write while a page or a file is worked out: on SQLite one transaction at a time may write."""

import pytest
from django.db import connection

from pace_site.accounts.roles import Role
from pace_site.front.recording import taking_in
from pace_site.front.subject_access import actions as subject_access
from tests.builders import child, person, team

pytestmark = pytest.mark.django_db


@pytest.fixture
def depths(monkeypatch):
    """Lets a function of a module note how many transactions are open, beside that of the test, when it is called."""
    outside, found = len(connection.savepoint_ids), []

    def watch(module, name: str) -> list[int]:
        function = getattr(module, name)

        def noting(*args, **kwargs):
            found.append(len(connection.savepoint_ids) - outside)
            return function(*args, **kwargs)

        monkeypatch.setattr(module, name, noting)
        return found

    return watch


def test_the_clocks_are_run_before_and_after_a_form_is_kept(client, depths):
    client.force_login(person(Role.PRACTITIONER, of_team=team()))
    row = child(of_team=team())
    depths(taking_in, "load_records")
    found = depths(taking_in, "picture")
    assert client.post(f"/children/{row.code}/record/medical/", {"happened_on": "2026-03-04"}).status_code == 302
    assert found == [0, 0, 1, 0]  # looked at and run before, looked at while it is kept, run after


def test_what_is_held_of_a_child_is_written_down_with_nothing_locked(depths):
    row, lead = child(), person(Role.DATA_LEAD)
    found = depths(subject_access, "held_of")
    subject_access.export_held(row, reference="SAR 1", reason="The family has asked", file_format="json", by=lead)
    assert found == [0]
