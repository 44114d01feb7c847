"""What an authority sends, and that whoever takes it in counts what the authority counts."""

import csv
from datetime import date
from io import StringIO
from random import Random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from aims.compliance import measure
from aims.count_columns import LATE, LEFT, MET, OVERDUE, WAITING
from aims.figures import journeys_for
from aims.models import NationalClock, PseudonymSecret
from aims.national.figures import national_figures
from aims.national_dataset.clocks import dataset_records
from aims.national_dataset.columns import BY_NAME, dictionary_file
from aims.national_dataset.intake import take_in_dataset
from aims.national_dataset.reading import read_dataset
from aims.national_dataset.recommendations import READ, recommendation_aim, recommendation_states
from aims.national_dataset.sending import send_dataset
from children.models import Child
from milestones.clocks.states import State
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.aims.exports import csv_rows
from tests.aims.national.two_bodies import ABERDEEN, MIDLOTHIAN, analyst, clocks
from tests.aims.national_dataset.files import ROW
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, adm, child, event, foster, home, looked_after, recommended
from tests.builders import authority, person
from tests.naive.inventions import POOL, invent_child

pytestmark = pytest.mark.django_db
AS_AT = date(2020, 5, 31)
TODAY = date(2021, 2, 15)
LATER = date(2021, 1, 31)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args, **_kwargs: TODAY)


def sent(*histories, month_end: date = AS_AT) -> list[dict[str, str]]:
    """The rows of the file of Midlothian with these children, by spell."""
    store(list(histories), authority=authority())
    rows = csv_rows(send_dataset(authority(), month_end=month_end, by=None).body)
    return sorted(rows, key=lambda row: int(row["spell"]))


# What is in a row


def test_a_row_tells_the_permanence_dates_of_a_spell():
    (row,) = sent(
        accommodated(
            "2019-01-07",
            recommended("2019-05-06", "PO"),
            adm("2019-09-02"),
            event("COURT_LODGED", "2019-11-04"),
            born="2012-05-05",
        )
    )
    assert row["child"].startswith("N-")
    assert row == ROW | {"child": row["child"]}


def test_each_spell_is_a_row_of_its_own_with_its_own_dates():
    rows = sent(
        child(
            looked_after("2018-01-01"),
            foster("2018-01-01", "2018-06-01"),
            home("2018-06-01", "2019-02-01"),
            foster("2019-02-01"),
            recommended("2018-03-01", "HOME"),
            recommended("2019-04-01", "KINSHIP"),
        )
    )
    told = [(r["spell"], r["first_accommodated"], r["last_accommodated"], r["recommended_route"]) for r in rows]
    assert told == [("1", "2018-01-01", "2018-06-01", "HOME"), ("2", "2019-02-01", "", "KINSHIP")]
    assert rows[0]["child"] == rows[1]["child"]
    assert [(r["exit_reason"], r["still_looked_after"]) for r in rows] == [("RETURN_HOME", "1"), ("", "1")]


def test_the_day_on_which_somebody_reached_18_is_not_told_and_nothing_else_says_it():
    (row,) = sent(accommodated("2019-01-07", born="2002-03-17"))
    assert (row["exit_reason"], row["last_accommodated"], row["left_after_limit"]) == ("AGE_18", "", "1")
    assert "2020-03-17" not in row.values()


@pytest.mark.parametrize(("born", "after"), [("2001-07-08", "0"), ("2001-07-09", "1")])
def test_whether_18_was_reached_after_the_limit_is_told_to_the_day(born, after):
    (row,) = sent(accommodated("2019-01-07", born=born))  # 26 weeks are up on 8 July 2019
    assert row["left_after_limit"] == after


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("2018-01-08", "under 1"),
        ("2018-01-07", "1 to 4"),
        ("2014-01-08", "1 to 4"),
        ("2014-01-07", "5 to 11"),
        ("2007-01-08", "5 to 11"),
        ("2007-01-07", "12 to 15"),
        ("2003-01-08", "12 to 15"),
        ("2003-01-07", "16 to 17"),
        (None, "not known"),
    ],
)
def test_the_age_band_is_that_of_the_day_of_accommodation(born, band):
    (row,) = sent(accommodated("2019-01-07", born=born))
    assert row["age_band"] == band


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([adm("2019-03-01"), adm("2019-06-01")], ("2019-03-01", "approved")),
        ([adm("2019-03-01"), adm("2019-06-01", route="POA")], ("2019-06-01", "approved")),
        ([adm("2019-03-01"), adm("2019-06-01", "refused")], ("2019-06-01", "refused")),
        ([adm("2019-03-01", "refused"), adm("2019-06-01")], ("2019-06-01", "approved")),
        ([adm("2019-03-01", "refused"), adm("2019-06-01", "deferred")], ("2019-03-01", "refused")),
        ([adm("2019-03-01", "deferred"), adm("2019-06-01", "deferred")], ("2019-06-01", "deferred")),
        ([adm("2019-03-01", precision="month")], ("", "")),
        ([adm("2020-06-01")], ("", "")),
    ],
)
def test_the_agency_decision_told_is_the_latest_that_decided_anything(events, told):
    (row,) = sent(accommodated("2019-01-07", *events))
    assert (row["adm_on"], row["adm_outcome"]) == told


def test_after_an_approval_the_application_told_is_the_first_since():
    lodged = (event("COURT_LODGED", "2019-02-01"), event("COURT_LODGED", "2019-07-01"))
    (row,) = sent(accommodated("2019-01-07", adm("2019-03-01"), *lodged))
    assert row["lodged_on"] == "2019-07-01"


def test_what_happens_after_the_month_is_not_told():
    (row,) = sent(accommodated("2019-01-07", recommended("2020-06-01"), left="2020-06-02"))
    assert (row["recommended_on"], row["last_accommodated"], row["still_looked_after"]) == ("", "", "1")


def test_nothing_that_names_a_child_is_in_the_file():
    assert not {"name", "local_ref", "code", "date_of_birth", "sex", "locality", "team"} & set(BY_NAME)
    store([accommodated("2019-01-07", born="2012-05-05", ref="REF-77")], authority=authority())
    body = send_dataset(authority(), month_end=AS_AT, by=None).body.decode()
    assert not [word for word in ("REF-77", "P-REF", "2012-05-05") if word in body]


# Pseudonyms


def test_a_pseudonym_is_the_same_in_every_month_and_another_under_another_secret():
    (may,) = sent(accommodated("2019-01-07"))
    june = csv_rows(send_dataset(authority(), month_end=date(2020, 6, 30), by=None).body)[0]
    assert may["child"] == june["child"]
    PseudonymSecret.objects.all().delete()
    assert csv_rows(send_dataset(authority(), month_end=AS_AT, by=None).body)[0]["child"] != may["child"]


def test_each_authority_has_a_secret_of_its_own():
    for code in (MIDLOTHIAN, ABERDEEN):
        store([accommodated("2019-01-07")], authority=authority(code))
    one, other = (dataset_records(authority(code), month_end=AS_AT)[0].child for code in (MIDLOTHIAN, ABERDEEN))
    assert one != other
    keys = {bytes(secret.key) for secret in PseudonymSecret.objects.all()}
    assert len(keys) == 2
    assert {len(key) for key in keys} == {32}


# Sending


def test_what_is_sent_is_audited_with_its_checksum():
    clocks(MIDLOTHIAN, met=2)
    user = person(Role.DATA_LEAD)
    file = send_dataset(authority(), month_end=AS_AT, by=user)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.record_type) == (user.email, "export", "national dataset")
    assert (file.name, file.rows) == ("national_S12000019_2020-05.csv", 2)
    assert (entry.after["month"], entry.after["rows"]) == ("2020-05", 2)


@pytest.mark.parametrize("role", [role for role in Role.values if role not in (Role.DATA_LEAD, Role.PACE_LEAD)])
def test_nobody_else_sends_it(role):
    clocks(MIDLOTHIAN, met=2)
    with pytest.raises(PermissionDenied):
        send_dataset(authority(), month_end=AS_AT, by=person(role))


def test_nobody_sends_the_dataset_of_another_authority():
    clocks(ABERDEEN, met=2)
    with pytest.raises(PermissionDenied):
        send_dataset(authority(ABERDEEN), month_end=AS_AT, by=person(Role.PACE_LEAD))


@pytest.mark.parametrize(
    ("month_end", "said"), [(date(2021, 2, 28), "not over yet"), (date(2020, 5, 30), "the end of a month")]
)
def test_only_the_end_of_a_month_that_is_over_is_sent(month_end, said):
    clocks(MIDLOTHIAN, met=2)
    with pytest.raises(ValidationError, match=said):
        send_dataset(authority(), month_end=month_end, by=None)
    assert not AuditEntry.objects.exists()


def test_an_authority_without_a_clock_sends_no_file():
    with pytest.raises(ValidationError, match="had no child accommodated away from home"):
        send_dataset(authority(), month_end=AS_AT, by=None)


def test_a_record_that_nobody_could_take_in_stops_the_file_and_is_named(monkeypatch):
    clocks(MIDLOTHIAN, met=1)
    monkeypatch.setattr("aims.national_dataset.clocks.national_pseudonym", lambda code, *, secret: code)
    with pytest.raises(ValidationError, match="line 2, child"):
        send_dataset(authority(), month_end=AS_AT, by=None)
    assert not AuditEntry.objects.exists()


def test_the_dictionary_tells_of_every_column():
    rows = list(csv.DictReader(StringIO(dictionary_file().decode("utf-8-sig"))))
    assert [row["column"] for row in rows] == list(BY_NAME)
    assert all(row["meaning"] and row["kind"] for row in rows)


# The round trip


def counts_of(measured) -> dict[str, int]:
    figures = measured.now
    return {
        MET: figures.met,
        LATE: figures.missed_with_decision,
        LEFT: figures.counts["left_undecided"],
        OVERDUE: figures.counts[State.OVERDUE],
        WAITING: figures.counts[State.WAITING],
    }


def measured_here(month_end: date):
    aim = recommendation_aim()
    return measure(aim, journeys_for([aim], Child.objects.filter(authority=authority()), month_end))


def counted_elsewhere(body: bytes, month_end: date) -> dict[str, int]:
    """Take the file in where the authority has no children, and count as the national view does."""
    Child.objects.all().delete()
    take_in_dataset(body, by=None)
    figures = national_figures(analyst(), as_at=month_end, offered=(month_end,))
    (counts,) = [aim.at[month_end] for aim in figures.aims if aim.definition.code == "NAT-2"]
    return counts[MIDLOTHIAN]


def test_the_counts_elsewhere_are_those_that_the_authority_measures():
    clocks(MIDLOTHIAN, met=7, late=5, left=4, overdue=3, waiting=2)
    here = counts_of(measured_here(AS_AT))
    assert set(here.values()) == {7, 5, 4, 3, 2}
    assert counted_elsewhere(send_dataset(authority(), month_end=AS_AT, by=None).body, AS_AT) == here


@pytest.mark.parametrize("seed", range(12))
def test_tangled_histories_are_counted_elsewhere_as_here(seed):
    random = Random(seed)
    histories = []
    for number in range(60):
        invented = invent_child(random, suits="ACCOM_START")
        histories.append(type(invented)(**{**vars(invented), "ref": f"C{number}", "family": None}))
    store(histories, authority=authority())
    month_end = random.choice([date(2019, 8, 31), date(2019, 11, 30), date(2020, 2, 29), date(2020, 8, 31), LATER])
    measured = measured_here(month_end)
    body = send_dataset(authority(), month_end=month_end, by=None).body
    assert read_dataset(body).records == dataset_records(authority(), month_end=month_end)
    assert counted_elsewhere(body, month_end) == counts_of(measured)
    state, _left = recommendation_states(
        NationalClock.objects.values_list(*READ), limit=recommendation_aim().limit, as_at=month_end
    )
    assert int((state == State.EXITED).sum()) == measured.now.counts[State.EXITED]


def test_the_pool_of_invented_days_reaches_up_to_the_months_that_are_sent():
    assert max(POOL) < TODAY


def test_national_aim_two_asks_nothing_that_a_file_could_not_tell():
    """Ages, routes and by-dates are not counted from a file: a change of the register shows here first."""
    aim = recommendation_aim()
    assert (aim.start_event, aim.stop_event, aim.kind, aim.exit_rule) == (
        "ACCOM_START",
        ("PERM_REC",),
        "timed",
        "exclude",
    )
    assert not any((aim.from_date, aim.before_date, aim.by_date, aim.age_min, aim.age_max_exclusive, aim.routes))
    assert not aim.placements_excluded
    assert not aim.pathways_excluded


def test_the_file_of_a_fictional_authority_says_that_it_is():
    Organisation.objects.filter(code=MIDLOTHIAN).update(fictional=True)
    (row,) = sent(accommodated("2019-01-07"))
    assert row["fictional"] == "1"
