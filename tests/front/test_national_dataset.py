"""The authority's page of the national dataset, and the commands that write and take in its files."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aims.models import NationalFile
from aims.national_dataset.reading import read_dataset
from children.models import Child
from pace_site.accounts.command_line import REJECTED
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.aims.exports import csv_rows
from tests.aims.national.two_bodies import MIDLOTHIAN, clocks
from tests.builders import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args, **_kwargs: date(2020, 6, 15))


def export(out, *, month: str = "2020-05", authority: str = MIDLOTHIAN) -> str:
    said = StringIO()
    call_command("export_national", f"--authority={authority}", f"--month={month}", f"--out={out}", stdout=said)
    return said.getvalue()


def take_in(*files) -> tuple[str, str, int]:
    """What the command says, and how it ends."""
    said, warned, code = StringIO(), StringIO(), 0
    try:
        call_command("import_national", *map(str, files), stdout=said, stderr=warned)
    except CommandError as error:
        code = error.returncode
    return said.getvalue(), warned.getvalue(), code


# The commands


def test_the_command_writes_the_file_and_its_dictionary(tmp_path):
    clocks(MIDLOTHIAN, met=3)
    assert "3 clocks as at 2020-05-31 written" in export(tmp_path / "may.csv")
    assert len(read_dataset((tmp_path / "may.csv").read_bytes()).records) == 3
    assert csv_rows((tmp_path / "may_dictionary.csv").read_bytes())[0]["column"] == "authority"
    assert AuditEntry.objects.get().actor.startswith("command export_national (")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"month": "2020-06"}, "June 2020 is not over yet"),
        ({"month": "2016-12"}, "had no child accommodated"),
        ({"authority": "S12000099"}, "no authority with the code"),
        ({"authority": "S92000003"}, "no authority with the code"),
    ],
)
def test_the_command_refuses_in_words_and_writes_nothing(tmp_path, more, said):
    clocks(MIDLOTHIAN, met=3)
    with pytest.raises(CommandError, match=said) as refused:
        export(tmp_path / "out.csv", **more)
    assert refused.value.returncode == REJECTED
    assert not list(tmp_path.iterdir())
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("month", ["2020-13", "May", "2020-05-31"])
def test_what_is_no_month_is_refused_as_wrong_usage(tmp_path, month):
    with pytest.raises(CommandError, match="is not a month like 2018-10"):
        export(tmp_path / "out.csv", month=month)


def test_a_file_that_cannot_be_written_leaves_no_word_of_an_export(tmp_path):
    clocks(MIDLOTHIAN, met=3)
    with pytest.raises(CommandError, match="could not be written"):
        export(tmp_path / "nowhere" / "out.csv")
    assert not AuditEntry.objects.exists()


def test_what_one_command_writes_the_other_takes_in(tmp_path):
    clocks(MIDLOTHIAN, met=3)
    export(tmp_path / "may.csv")
    Child.objects.all().delete()
    assert take_in(tmp_path / "may.csv") == ("Midlothian, May 2020: 3 rows taken in.\n", "", 0)
    assert "Nothing was changed." in take_in(tmp_path / "may.csv")[0]


def test_of_several_files_the_good_are_taken_in_and_the_others_told(tmp_path):
    clocks(MIDLOTHIAN, met=3)
    export(tmp_path / "may.csv")
    export(tmp_path / "april.csv", month="2020-04")
    (tmp_path / "april.csv").write_text((tmp_path / "april.csv").read_text().replace("PO", "PX"))
    said, warned, code = take_in(tmp_path / "april.csv", tmp_path / "may.csv", tmp_path / "missing.csv")
    assert said == "Midlothian, May 2020: 3 rows taken in.\n"
    assert "april.csv is refused:" in warned
    assert "line 2, recommended_route “PX”: this is not a route" in warned
    assert "missing.csv: the file cannot be read" in warned
    assert code == REJECTED
    assert NationalFile.objects.count() == 1


# The page


@pytest.mark.parametrize("role", Role.values)
def test_only_who_may_send_it_is_offered_the_dataset(client, role):
    client.force_login(person(role))
    allowed = role in (Role.DATA_LEAD, Role.PACE_LEAD)
    assert client.get("/reports/national/").status_code == (200 if allowed else 403)
    reports = client.get("/reports/")
    assert ('href="/reports/national/"' in reports.content.decode()) == allowed


def test_the_page_offers_months_that_are_over_and_explains_every_column(client):
    client.force_login(person(Role.PACE_LEAD))
    page = client.get("/reports/national/").content.decode()
    assert page.partition("<main")[2].partition("</main>")[0].count("<option") == 24
    assert '<option value="2020-05-31">May 2020</option>' in page
    assert "June 2020" not in page
    assert "<code>left_after_limit</code>" in page


def test_the_file_is_downloaded_under_its_own_name(client):
    clocks(MIDLOTHIAN, met=3)
    client.force_login(person(Role.PACE_LEAD))
    answer = client.get("/reports/national/csv/?month=2020-04-30")
    assert answer["Content-Disposition"] == 'attachment; filename="national_S12000019_2020-04.csv"'
    assert answer["Cache-Control"] == "private, no-store"
    assert len(csv_rows(answer.content)) == 3
    assert AuditEntry.objects.get().after["month"] == "2020-04"


@pytest.mark.parametrize("month", ["2020-06-30", "2020-05-30", "May", "2016-05-31"])
def test_a_month_that_is_not_offered_is_refused(client, month):
    clocks(MIDLOTHIAN, met=3)
    client.force_login(person(Role.PACE_LEAD))
    answer = client.get(f"/reports/national/csv/?month={month}")
    assert (answer.status_code, AuditEntry.objects.count()) == (400, 0)


def test_where_there_is_nothing_to_send_the_page_says_so_and_keeps_the_month(client):
    client.force_login(person(Role.PACE_LEAD))
    page = client.get("/reports/national/csv/?month=2020-03-31").content.decode()
    assert "Midlothian had no child accommodated away from home by the end of March 2020." in page
    assert '<option value="2020-03-31" selected>' in page


def test_the_dictionary_can_be_downloaded(client):
    client.force_login(person(Role.DATA_LEAD))
    rows = csv_rows(client.get("/reports/national/dictionary/").content)
    assert rows[3]["column"] == "child"


def test_three_hundred_clocks_take_as_many_queries_as_three(client):
    client.force_login(person(Role.PACE_LEAD))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert len(csv_rows(client.get("/reports/national/csv/").content)) == Child.objects.count()
        return len(asked)

    clocks(MIDLOTHIAN, met=3)
    client.get("/reports/national/csv/")  # makes the secret
    few = queries()
    clocks(MIDLOTHIAN, overdue=297)
    assert queries() == few
