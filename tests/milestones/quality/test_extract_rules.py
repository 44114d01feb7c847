"""What the last extract says otherwise than the one before: through the import, as a council would."""

from datetime import date

import pytest

from children.models import Child
from tests.milestones.extracts import Extract, take_in
from tests.milestones.quality.stories import found_in

pytestmark = pytest.mark.django_db
OTHERWISE, NEXT = "2018-12-01", date(2018, 12, 1)


@pytest.fixture
def extract(tmp_path):
    """An extract whose first child has been taken in once."""
    first = Extract(tmp_path / "first")
    first.change("children", 1, sex="F").change("episodes", 2, destination="HOME_PARENTS")
    take_in(first.write())
    return first


def broken(ref: str = "A1", as_at: date = NEXT) -> set[int]:
    """Those of the rules 11 and 12 that the child's records break."""
    return {each.rule for each in found_in(Child.objects.get(local_ref=ref), as_at)} & {11, 12}


def test_11_a_child_in_care_who_is_missing_from_the_next_extract(extract):
    take_in(extract.drop_child("A1").write(), day=OTHERWISE)
    assert broken() == {11}
    assert broken(as_at=date(2018, 11, 30)) == set()


def test_11_a_child_who_had_left_care_may_be_missing(extract):
    take_in(extract.drop_child("A2").write(), day=OTHERWISE)
    assert (broken("A1"), broken("A2")) == (set(), set())


def test_11_an_open_episode_that_begins_on_another_day_now(extract):
    take_in(extract.change("episodes", 1, start="2017-11-02").write(), day=OTHERWISE)
    assert broken() == {11}
    assert broken(as_at=date(2018, 11, 30)) == set()


def test_11_an_open_episode_that_has_ended_now(extract):
    take_in(extract.change("episodes", 1, end="2018-11-20", destination="HOME_PARENTS").write(), day=OTHERWISE)
    assert broken() == set()


@pytest.mark.parametrize(
    ("column", "value"), [("date_of_birth", "2012-05-02"), ("sex", "M"), ("ethnicity", "White Polish")]
)
def test_12_a_birth_sex_or_ethnic_group_that_changed(extract, column, value):
    take_in(extract.change("children", 1, **{column: value}).write(), day=OTHERWISE)
    assert broken() == {12}
    assert broken(as_at=date(2018, 11, 30)) == set()


def test_12_what_was_empty_or_is_no_identity_may_change(extract):
    take_in(extract.change("children", 2, ethnicity="White Scottish", locality="South").write(), day=OTHERWISE)
    assert broken("A2") == set()


def test_12_is_over_with_the_extract_after(extract):
    take_in(extract.change("children", 1, sex="M").write(), day=OTHERWISE)
    take_in(extract.write(), day="2019-01-01")
    assert broken(as_at=date(2019, 1, 1)) == set()
    assert broken() == {12}
