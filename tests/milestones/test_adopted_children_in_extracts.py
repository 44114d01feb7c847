"""After an adoption an extract neither renames a record nor ties a later identity to it (`domain.md` 8, ADR 0020)."""

from datetime import date

import pytest
from django.db.models import F

from children.models import Child, Identity
from milestones.extract.intake import take_in_extract
from milestones.extract.intake_result import IntakeResult

pytestmark = pytest.mark.django_db


def run(extract, city, *, day=date(2018, 11, 1), **more) -> IntakeResult:
    return take_in_extract(extract.write(), authority=city, extract_date=day, **more)


def named(extract, ref: str, given: str):
    """A2 of these extracts was adopted, A1 was not."""
    extract.rows["identities"] = []
    for each in ("A1", "A2"):
        name = given if each == ref else "Before"
        extract.add("identities", child_ref=each, given_name=name, family_name="Family")
    return extract


def told(result: IntakeResult) -> list[tuple]:
    return [(reject.file, reject.column, reject.rule) for reject in result.first_rejects]


def names() -> dict[str, str]:
    return dict(Identity.objects.values_list("child__local_ref", "given_name"))


@pytest.fixture
def recorded(extract, city):
    assert run(named(extract, "", ""), city).applied
    return extract


def test_a_later_name_of_an_adopted_child_is_refused_and_of_another_taken_in(recorded, city):
    result = run(named(recorded, "A2", "After"), city)
    assert (result.refused, told(result)) == (True, [("identities.csv", "family_name", "adopted-child")])
    assert "keeps the name it had" in str(result.first_rejects[0])
    assert names() == {"A1": "Before", "A2": "Before"}
    assert run(named(recorded, "A1", "After"), city).applied
    assert names() == {"A1": "After", "A2": "Before"}


def test_a_name_for_an_adopted_child_who_had_none_on_record_is_refused(extract, city):
    run(extract, city)
    result = run(named(extract, "", ""), city)
    assert told(result) == [("identities.csv", "family_name", "adopted-child")]
    assert names() == {}


@pytest.mark.parametrize(
    ("column", "value"), [("date_of_birth", "2014-02-04"), ("family_ref", "F9"), ("locality", "Elsewhere")]
)
def test_what_would_make_somebody_else_of_an_adopted_child_is_refused(recorded, city, column, value):
    result = run(recorded.change("children", 2, **{column: value}), city)
    assert (result.refused, told(result)) == (True, [("children.csv", column, "adopted-child")])
    assert Child.objects.filter(local_ref="A2", date_of_birth=date(2014, 2, 3), family__ref="F1").exists()


def test_the_team_of_an_adopted_child_may_change_and_so_may_the_birth_of_another(recorded, city):
    recorded.change("children", 2, team="Archive").change("children", 1, date_of_birth="2012-05-02")
    result = run(recorded, city)
    assert result.applied
    assert [difference.after for difference in result.differences] == [
        {"date_of_birth": "2012-05-02"},
        {"team": "Archive"},
    ]


@pytest.mark.parametrize("what", ["adopts", "forgets the adoption"])
def test_an_extract_that_itself_closes_or_opens_the_record_cannot_rename_it(recorded, city, what):
    """Of the children A1 breaks this rule alone: it is adopted by the extract that renames it, or was before."""
    day, order = date(2018, 10, 1), {"event_code": "ORDER_GRANTED", "date": "2018-09-01", "order_type": "AO"}
    if what == "adopts":
        recorded.add("events", child_ref="A1", **order)
    else:
        recorded.add("events", child_ref="A1", **order)
        assert run(recorded, city, day=day).applied
        recorded.rows["events"].pop()
    result = run(named(recorded, "A1", "After"), city)
    assert told(result) == [("identities.csv", "family_name", "adopted-child")]
    assert names()["A1"] == "Before"


def test_the_rest_of_an_extract_is_taken_in_where_rejects_are_skipped(recorded, city):
    recorded.change("children", 2, locality="Elsewhere", family_ref="F9").change("children", 1, locality="South")
    result = run(named(recorded, "A2", "After"), city, skip_rejects=True)
    assert (result.applied, result.rejects) == (True, 2)
    assert {file: counts.changed for file, counts in result.files.items() if counts.changed} == {"children.csv": 1}
    found = Child.objects.filter(authority=city).annotate(family_ref=F("family__ref"))
    assert {(row.local_ref, row.locality, row.family_ref) for row in found} == {
        ("A1", "South", "F1"),
        ("A2", "North", "F1"),
    }
    assert names()["A2"] == "Before"
    assert not [words for words in map(str, result.first_rejects) if "After" in words]
