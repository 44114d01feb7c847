"""The national view with authorities from files beside those with children here, and the page of files."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aims.models import NationalFile
from aims.national.figures import national_figures
from aims.national.publication import published
from aims.national.quarters import quarter_ends
from aims.national_dataset import views
from aims.national_dataset.intake import take_in_dataset
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.aims.exports import csv_rows
from tests.aims.national.two_bodies import ABERDEEN, AS_AT, MIDLOTHIAN, MORAY, analyst, clocks
from tests.aims.national_dataset.files import body, child
from tests.builders import person

pytestmark = pytest.mark.django_db
FILES = "/national/files/"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args, **_kwargs: date(2020, 7, 15))


def sends(code: str, *, met: int = 0, late: int = 0, month: str = "2020-06") -> None:
    """The file of an authority with some clocks of NAT-2."""
    of_file = {"authority": code, "month": month}
    rows = [{**of_file, "child": child(number)} for number in range(met)]
    rows += [{**of_file, "child": child(met + number), "recommended_on": "2019-08-05"} for number in range(late)]
    take_in_dataset(body(*rows), by=None)


def table(aim: str, *, as_at: date = AS_AT):
    (group,) = published(national_figures(analyst(), as_at=as_at, offered=quarter_ends(date(2020, 7, 15))))
    return next(each for each in group.aims if each.definition.code == aim)


def words_of(row) -> dict[str, str]:
    return {figure.column: figure.words for figure in row.figures}


def page_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# The national view


def test_an_authority_from_a_file_stands_beside_one_with_children_here():
    clocks(MIDLOTHIAN, met=15, late=5)
    sends(ABERDEEN, met=12, late=6)
    aberdeen, midlothian = table("NAT-2").rows
    assert (aberdeen.name, aberdeen.source, words_of(aberdeen)["met"]) == ("Aberdeen City", "its file", "12")
    assert (midlothian.name, midlothian.source, words_of(midlothian)["met"]) == ("Midlothian", "records here", "15")
    assert table("NAT-2").sentence.startswith("Scotland: 71 % met in time, 27 of 38;")


def test_small_numbers_of_a_file_are_withheld_like_all_others():
    clocks(MIDLOTHIAN, met=15, late=5)
    sends(ABERDEEN, met=12, late=3)
    aberdeen, midlothian = table("NAT-2").rows
    assert words_of(aberdeen)["missed"] == "hidden"
    assert words_of(aberdeen)["pct_decided"] == "hidden"
    # Midlothian is there at every quarter end and Aberdeen at one: the total hides it, and no neighbour.
    assert words_of(midlothian)["missed"] == "5"
    assert words_of(table("NAT-2").total)["missed"] == "hidden"


@pytest.mark.parametrize("aim", ["NAT-1", "NAT-3", "NAT-4"])
def test_what_a_file_does_not_tell_is_no_figure(aim):
    clocks(MIDLOTHIAN, met=15)
    sends(ABERDEEN, met=12)
    told = table(aim)
    aberdeen, midlothian = told.rows
    assert set(words_of(aberdeen).values()) == {"not in the file"}
    assert {figure.value for figure in aberdeen.figures} == {None}
    assert "not in the file" not in words_of(midlothian).values()
    assert told.total.name == "Scotland, 1 of 2 authorities"
    assert "The dataset holds" in told.not_told
    assert told.sentence.startswith("Scotland, 1 of 2 authorities:")


def test_where_there_are_files_alone_the_total_of_such_an_aim_is_no_figure_either():
    sends(ABERDEEN, met=12)
    told = table("NAT-3")
    assert set(words_of(told.total).values()) == {"not in the file"}
    assert told.sentence == "Scotland: this aim is in none of the files."


def test_records_here_are_counted_and_not_the_file_of_the_same_authority():
    clocks(MIDLOTHIAN, met=15)
    sends(MIDLOTHIAN, met=30)
    (midlothian,) = table("NAT-2").rows
    assert (midlothian.source, words_of(midlothian)["met"]) == ("records here", "15")


def test_only_the_file_of_that_very_month_is_counted_and_a_missing_one_is_told(client):
    clocks(MIDLOTHIAN, met=15)
    sends(ABERDEEN, met=12, month="2020-03")
    assert [row.name for row in table("NAT-2").rows] == ["Midlothian"]
    assert [row.name for row in table("NAT-2", as_at=date(2020, 3, 31)).rows] == ["Aberdeen City", "Midlothian"]
    client.force_login(analyst())
    assert "no file of this month; the last is of March 2020" in page_of(client, "/national/")


def test_where_files_of_other_months_are_all_there_is_the_page_says_so_and_counts_nothing(client):
    sends(ABERDEEN, met=12, month="2020-04")
    (group,) = published(national_figures(analyst(), as_at=AS_AT, offered=quarter_ends(date(2020, 7, 15))))
    assert (group.aims, [source.origin for source in group.sources]) == ((), ["nothing"])
    client.force_login(analyst())
    assert "no file of this month; the last is of April 2020" in page_of(client, "/national/")
    assert not csv_rows(client.get("/national/csv/").content)


def test_the_page_and_the_file_say_where_each_row_comes_from(client):
    clocks(MIDLOTHIAN, met=15)
    sends(ABERDEEN, met=12)
    client.force_login(analyst())
    page = page_of(client, "/national/")
    assert "from its file" in page
    assert "file of June 2020, received on" in page
    rows = csv_rows(client.get("/national/csv/?as_at=2020-06-30").content)
    of_aberdeen = {row["aim"]: (row["source"], row["met"]) for row in rows if row["authority"] == "Aberdeen City"}
    assert of_aberdeen == {
        "NAT-1": ("its file", "not in the file"),
        "NAT-2": ("its file", "12"),
        "NAT-3": ("its file", "not in the file"),
        "NAT-4": ("its file", "not in the file"),
    }


def queries_of(client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        page_of(client, address)
    return len(asked)


@pytest.mark.parametrize("address", ["/national/", FILES])
def test_twenty_files_are_counted_in_as_many_queries_as_two(client, address):
    client.force_login(analyst())
    clocks(MIDLOTHIAN, met=6)
    sends(ABERDEEN, met=6)
    sends(MORAY, met=6)
    page_of(client, address)
    few = queries_of(client, address)
    others = Organisation.objects.filter(kind=Organisation.Kind.LOCAL_AUTHORITY, national_files=None)
    for organisation in others.exclude(code=MIDLOTHIAN)[:18]:
        sends(organisation.code, met=1, late=1)
    assert NationalFile.objects.count() == 20
    assert queries_of(client, address) == few


# The page of files


def upload(client, file: bytes, name: str = "midlothian.csv"):
    return client.post(FILES, {"file": SimpleUploadedFile(name, file, "text/csv")})


@pytest.mark.parametrize("role", Role.values)
def test_nobody_of_an_authority_opens_the_page_or_sends_a_file_to_it(client, role):
    client.force_login(person(role))
    assert client.get(FILES).status_code == 403
    assert upload(client, body()).status_code == 403
    assert not NationalFile.objects.exists()


def test_an_analyst_takes_in_a_file_and_reads_what_came_in(client):
    client.force_login(analyst())
    assert "No authority has sent a file yet" in page_of(client, FILES)
    answer = upload(client, body({"month": "2020-06"}, {"month": "2020-06", "child": child(1)}))
    assert answer.url == FILES
    page = page_of(client, FILES)
    assert "Midlothian, June 2020: 2 rows taken in." in page
    assert "The files of June 2020 have all come in" in page
    assert "Nothing from 31 authorities" in page


def test_what_is_missing_is_told_by_month(client):
    for month in ("2020-01", "2020-03"):
        sends(ABERDEEN, met=1, month=month)
    client.force_login(analyst())
    page = page_of(client, FILES)
    assert "The file of June 2020 is missing from 1 of 1 authority" in page
    assert "June 2020, May 2020, April 2020, February 2020</td>" in page


def test_an_authority_with_children_here_is_counted_from_its_records_and_misses_no_file(client):
    clocks(MIDLOTHIAN, met=1)
    sends(MIDLOTHIAN, met=1, month="2020-01")
    client.force_login(analyst())
    page = page_of(client, FILES)
    assert '<td data-label="Counted from">records here</td>' in page
    assert "No authority is counted from a file" in page
    assert '<td data-label="Missing since the first">none</td>' in page


def test_a_refused_file_is_told_by_line_and_column_and_nothing_it_holds_is_run(client):
    client.force_login(analyst())
    answer = upload(client, body({"spell": "<script>alert(1)</script>", "adm_outcome": "=1+1"}))
    page = answer.content.decode()
    assert "midlothian.csv is refused. Nothing was changed." in page
    assert "2 faults in the file" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert '<td data-label="Column">adm_outcome</td>' in page
    assert not NationalFile.objects.exists()
    assert not AuditEntry.objects.exists()


def test_an_upload_without_a_file_or_with_an_empty_one_is_told(client):
    client.force_login(analyst())
    assert "Choose the file." in client.post(FILES).content.decode()
    assert "The file is empty." in upload(client, b"").content.decode()


def test_an_upload_that_is_too_large_is_refused(client, monkeypatch):
    monkeypatch.setattr(views, "MOST_BYTES", 10)
    client.force_login(analyst())
    assert "must have fewer than 10. Nothing was changed." in upload(client, body()).content.decode()


def test_no_pseudonym_of_a_file_is_on_any_page(client):
    sends(ABERDEEN, met=12)
    client.force_login(analyst())
    assert "N-ABCDEFGH" not in page_of(client, "/national/") + page_of(client, FILES)
