"""Files that came in: whole or not at all, once, corrected in place, and only where they belong."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from aims.models import NationalClock, NationalFile
from aims.national_dataset.intake import take_in_dataset
from aims.national_dataset.reading import DatasetRefused
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.aims.national.two_bodies import ABERDEEN, MIDLOTHIAN, analyst, clocks, national_body
from tests.aims.national_dataset.files import AT_18, ENDED, body, child
from tests.builders import authority, person

pytestmark = pytest.mark.django_db
THREE = ({}, {"child": child(1), **ENDED}, {"child": child(2), **AT_18})


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args, **_kwargs: date(2020, 6, 15))


def refusal(file: bytes) -> str:
    with pytest.raises(DatasetRefused) as refused:
        take_in_dataset(file, by=None)
    assert not NationalFile.objects.exists()
    return str(refused.value)


def test_a_file_is_stored_with_all_its_clocks_and_audited():
    user = analyst()
    taken = take_in_dataset(body(*THREE), by=user)
    assert taken.in_words == "Midlothian, May 2020: 3 rows taken in."
    file = NationalFile.objects.get()
    assert (file.authority.code, file.month_end, file.rows, file.received_by) == (
        MIDLOTHIAN,
        date(2020, 5, 31),
        3,
        user,
    )
    assert file.clocks.filter(exit_reason="AGE_18", last_accommodated=None, left_after_limit=True).count() == 1
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.authority_code) == ("import", user.email, national_body().code)
    assert (entry.record_id, entry.after["new"]) == ("S12000019 2020-05", 3)


def test_the_same_file_again_changes_nothing():
    take_in_dataset(body(*THREE), by=None)
    before = NationalFile.objects.values().get()
    again = take_in_dataset(body(*THREE), by=None)
    assert again.in_words == "Midlothian, May 2020: this file is here already. Nothing was changed."
    assert NationalFile.objects.values().get() == before
    assert AuditEntry.objects.count() == 1


def test_the_same_rows_in_another_order_change_nothing():
    take_in_dataset(body(*THREE), by=None)
    assert take_in_dataset(body(*reversed(THREE)), by=None).differs == 0


def test_a_corrected_file_takes_the_place_of_the_first_and_says_how_many_rows_differ():
    take_in_dataset(body(*THREE), by=None)
    corrected = body({"recommended_on": "2019-05-07"}, {"child": child(1), **ENDED}, {"child": child(3)})
    taken = take_in_dataset(corrected, by=None)
    assert (taken.new, taken.changed, taken.gone) == (1, 1, 1)
    assert taken.in_words == (
        "Midlothian, May 2020: corrected. 3 rows differ from the file before: 1 new, 1 changed, 1 gone."
    )
    assert NationalFile.objects.get().corrections == 1
    assert set(NationalClock.objects.values_list("child", flat=True)) == {
        "N-ABCDEFGH2345AAAA",
        child(1),
        child(3),
    }


def test_a_file_with_one_fault_leaves_the_earlier_one_as_it_was():
    take_in_dataset(body(*THREE), by=None)
    with pytest.raises(DatasetRefused):
        take_in_dataset(body({}, {"child": child(1), "spell": "x"}), by=None)
    assert NationalClock.objects.count() == 3
    assert NationalFile.objects.get().corrections == 0


def test_files_of_other_months_and_authorities_stand_beside_it():
    take_in_dataset(body(), by=None)
    take_in_dataset(body({"month": "2020-04"}), by=None)
    take_in_dataset(body({"authority": ABERDEEN}), by=None)
    assert NationalFile.objects.count() == 3


@pytest.mark.parametrize("code", ["S12000099", "S92000003"])
def test_an_authority_that_is_not_known_is_refused(code):
    assert "there is no authority with this code here" in refusal(body({"authority": code}))


@pytest.mark.parametrize("month", ["2020-06", "2021-01"])
def test_a_month_that_is_not_over_is_refused(month):
    assert "this month is not over yet" in refusal(body({"month": month}))


def test_made_up_children_do_not_come_in_under_a_real_authority():
    assert "Midlothian is real here" in refusal(body({"fictional": "1"}))


def test_real_children_do_not_come_in_under_a_fictional_authority():
    Organisation.objects.filter(code=MIDLOTHIAN).update(fictional=True)
    assert "Midlothian is fictional here" in refusal(body())


def test_a_fictional_authority_is_taken_in_where_all_are_fictional():
    Organisation.objects.filter(code=MIDLOTHIAN).update(fictional=True)
    assert take_in_dataset(body({"fictional": "1"}), by=None).is_first


def test_a_fictional_authority_is_refused_among_files_of_real_ones():
    take_in_dataset(body({"authority": ABERDEEN}), by=None)
    Organisation.objects.filter(code=MIDLOTHIAN).update(fictional=True)
    with pytest.raises(DatasetRefused, match="data of real authorities are kept here"):
        take_in_dataset(body({"fictional": "1"}), by=None)


def test_a_fictional_authority_is_refused_among_children_of_real_ones():
    clocks(ABERDEEN, met=1)
    Organisation.objects.filter(code=MIDLOTHIAN).update(fictional=True)
    assert "data of real authorities are kept here" in refusal(body({"fictional": "1"}))


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.NATIONAL_ANALYST])
def test_nobody_but_an_analyst_takes_files_in(role):
    with pytest.raises(PermissionDenied):
        take_in_dataset(body(), by=person(role, organisation=national_body()))


def test_an_analyst_of_an_authority_takes_none_in():
    with pytest.raises(PermissionDenied):
        take_in_dataset(body(), by=person(Role.NATIONAL_ANALYST))


@pytest.mark.parametrize("role", Role.values)
def test_files_are_visible_to_nobody_of_an_authority(role):
    take_in_dataset(body(), by=None)
    for model in (NationalFile, NationalClock):
        assert not model.objects.visible_to(person(role)).exists()
    assert NationalClock.objects.visible_to(analyst()).count() == 1
    assert authority().national_files.count() == 1
