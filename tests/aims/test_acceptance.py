"""The acceptance extracts through the commands: import, load the aims, measure, and compare every key."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

FOLDERS = {"midlothian": "S12000019", "north_lanarkshire": "S12000050", "moray": "S12000020"}
ACCEPTANCE = Path(__file__).parents[1] / "acceptance"


def contains(found, expected, where=""):
    """Assert that every key of `expected` is in `found` with an equal value; lists must be equal in length."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            assert key in found, f"{where}.{key} is missing"
            contains(found[key], value, f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), where
        for number, value in enumerate(expected):
            contains(found[number], value, f"{where}[{number}]")
    else:
        assert found == expected, where


@pytest.mark.django_db
@pytest.mark.parametrize("folder", FOLDERS)
def test_the_extract_gives_the_expected_figures(folder):
    authority = FOLDERS[folder]
    data = ACCEPTANCE / folder
    expected = json.loads((data / "expected.json").read_text())
    of = f"--authority={authority}"
    call_command("import_extract", str(data), of, f"--extract-date={expected['as_at']}", stdout=StringIO())
    call_command("load_aims", str(data / "aims.yaml"), of, stdout=StringIO(), stderr=StringIO())

    printed = StringIO()
    call_command("measure_aims", of, f"--as-at={expected['as_at']}", "--outcomes", "--json", stdout=printed)

    contains(json.loads(printed.getvalue()), {"authority": authority, **expected})
