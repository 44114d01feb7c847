"""The acceptance extracts through the commands: import, load the aims, measure, and compare every key."""

import pytest

from tests.acceptance_extracts import AUTHORITIES, expected_of, printed_measures, take_in


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
@pytest.mark.parametrize("folder", AUTHORITIES)
def test_the_extract_gives_the_expected_figures(folder):
    authority, as_at = take_in(folder)
    contains(printed_measures(authority, as_at), {"authority": authority, **expected_of(folder)})
