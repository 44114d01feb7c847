"""What anybody may write into an address or behind a button."""

import pytest

from pace_site.look.asked import row_asked, whole_number
from tests.builders import authority, team


@pytest.mark.parametrize("text", ["", "-1", "1.0", " 1", "²", "٣", "1" * 19, "9" * 5000, "one"])
def test_only_plain_figures_are_a_number(text):
    assert whole_number(text) is None


@pytest.mark.django_db
def test_a_row_is_found_by_its_key_and_by_nothing_else():
    north, rows = team("Team North"), authority().teams.all()
    assert row_asked(rows, str(north.pk)) == north
    assert [row_asked(rows, key) for key in (str(north.pk + 1), "9" * 5000, "north")] == [None, None, None]
