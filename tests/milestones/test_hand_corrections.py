"""What a person corrected or voided stands against the next extract (ADR 0005)."""

from datetime import date

import pytest

from children.actions import correct_stretch
from children.keeping import Collision
from children.models import CareEpisode, LegalBasis, Origin, Placement
from milestones.actions import correct_milestone, void_row
from milestones.models import Milestone
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from tests.builders import person
from tests.milestones.extracts import CITY, take_in, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return person(Role.DATA_LEAD, organisation=Organisation.objects.get(code=CITY))


def recommendation() -> Milestone:
    return Milestone.objects.get(child__local_ref="A1", kind="PERM_REC")


def test_a_corrected_day_is_not_brought_back_by_the_same_extract(extract, lead, capsys):
    take_in(extract.write())
    correct_milestone(recommendation(), {"happened_on": date(2018, 3, 15)}, edition=1, by=lead)
    assert told(extract.write(), capsys)["files"]["events.csv"]["new"] == 0
    take_in(extract.write())
    row = recommendation()
    assert (row.happened_on, row.origin, row.extract_said["happened_on"]) == (
        date(2018, 3, 15),
        Origin.HAND,
        "2018-03-01",
    )


def test_an_extract_that_comes_to_say_the_same_brings_no_second_row(extract, lead):
    take_in(extract.write())
    correct_milestone(recommendation(), {"happened_on": date(2018, 3, 15)}, edition=1, by=lead)
    extract.change("events", 1, date="2018-03-15")
    take_in(extract.write())
    assert recommendation().happened_on == date(2018, 3, 15)


def test_an_extract_that_says_both_the_old_and_the_new_day_has_two_rows(extract, lead):
    take_in(extract.write())
    correct_milestone(recommendation(), {"happened_on": date(2018, 3, 15)}, edition=1, by=lead)
    extract.add("events", child_ref="A1", event_code="PERM_REC", date="2018-03-15", precision="day", route="PO")
    take_in(extract.write())
    assert Milestone.objects.filter(kind="PERM_REC").count() == 2


def test_a_correction_that_leaves_the_key_alone_stands(extract, lead):
    take_in(extract.write())
    correct_milestone(recommendation(), {"note": "Said by the reviewing officer"}, edition=1, by=lead)
    extract.change("events", 1, note="Typed from the minute")
    take_in(extract.write())
    assert recommendation().note == "Said by the reviewing officer"


def test_what_a_person_voided_stays_void(extract, lead):
    take_in(extract.write())
    void_row(recommendation(), reason="Another child's minute", edition=1, by=lead)
    take_in(extract.write())
    assert recommendation().is_void


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (CareEpisode, {"start": date(2017, 11, 5)}),
        (Placement, {"start": date(2017, 11, 5), "placement_type_id": "KIN"}),
        (LegalBasis, {"measure_id": "S25"}),
    ],
)
def test_a_corrected_stretch_of_care_stands_and_stays_one(extract, lead, model, values):
    take_in(extract.write())
    row = model.objects.get(child__local_ref="A1")
    correct_stretch(row, values, edition=1, by=lead)
    take_in(extract.write())
    row = model.objects.get(child__local_ref="A1")
    assert {name: getattr(row, name) for name in values} == values


def test_a_placement_that_a_person_voided_does_not_come_back(extract, lead):
    take_in(extract.write())
    void_row(Placement.objects.get(child__local_ref="A1"), reason="Never lived there", edition=1, by=lead)
    take_in(extract.write())
    assert Placement.objects.get(child__local_ref="A1").is_void


def test_whoever_has_a_row_open_notices_that_an_import_changed_it(extract, lead):
    take_in(extract.write())
    opened = recommendation()
    extract.change("events", 1, source="panel minute")
    take_in(extract.write())
    with pytest.raises(Collision):
        correct_milestone(opened, {"note": "Typed meanwhile"}, edition=opened.edition, by=lead)
    assert recommendation().source == "panel minute"
