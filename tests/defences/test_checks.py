"""What the check for deployment says of the file in which the records lie."""

from types import SimpleNamespace

import pytest

from pace_site.defences.checks import database_file_is_its_owners


@pytest.mark.parametrize(("mode", "said"), [(0o600, []), (0o640, ["pace.W002"]), (0o604, ["pace.W002"])])
def test_a_database_file_that_others_may_read_is_told(tmp_path, monkeypatch, mode, said):
    file = tmp_path / "pace.sqlite3"
    file.touch()
    file.chmod(mode)
    database = SimpleNamespace(vendor="sqlite", settings_dict={"NAME": file})
    monkeypatch.setattr("pace_site.defences.checks.connection", database)
    assert [each.id for each in database_file_is_its_owners(None)] == said
