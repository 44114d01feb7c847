"""Publishing a month: who may, which months, what is frozen, what is hidden, and what every file says of it."""

from datetime import date
from io import BytesIO, StringIO

import openpyxl
import pikepdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from aims.disclosure import PublishedDay
from aims.disclosure.reader import Reader
from aims.models import PublishedAim, PublishedMonth
from aims.published.figures import published_rows, rows_of
from aims.published.files import FORMATS, hand_on
from aims.published.publishing import (
    CHANGES,
    PARTS,
    counted_for_publishing,
    next_month_end,
    publish_month,
    withdraw_month,
)
from milestones.models import Milestone
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.aims.exports import csv_rows
from tests.aims.national.two_bodies import MIDLOTHIAN, clocks
from tests.builders import authority, person
from tests.front.two_authorities import an_aim
from tests.pdf_reading import errors_of, words_of

pytestmark = pytest.mark.django_db
MAY, APRIL, MARCH = date(2020, 5, 31), date(2020, 4, 30), date(2020, 3, 31)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args, **_kwargs: date(2020, 6, 15))


@pytest.fixture
def council():
    """Thirty met, twenty late, six overdue and three waiting, of one aim."""
    of = authority(MIDLOTHIAN)
    an_aim(of, "MID-1")
    clocks(MIDLOTHIAN, met=30, late=20, overdue=6, waiting=3)
    return of


@pytest.fixture
def lead(council):
    return person(Role.PACE_LEAD, organisation=council)


def row(of: Organisation):
    (found,) = published_rows(of)
    return found


def test_what_is_small_is_withheld_with_what_would_tell_it(council, lead):
    publish_month(council, month_end=MAY, by=lead)
    found = row(council)
    assert found.counts["waiting"] is None
    assert found.counts["together"] is None
    assert (found.counts["met"], found.counts["missed"], found.counts["overdue"]) == (30, 20, 6)
    assert set(found.withheld) == {"waiting", "together"}
    assert (found.pct_decided, found.pct_decided_or_overdue) == (60.0, 53.57)
    assert {figure.column: figure.words for figure in found.figures}["waiting"] == "hidden"


def test_a_percentage_of_a_hidden_count_is_hidden_too():
    of = authority(MIDLOTHIAN)
    an_aim(of, "MID-1")
    clocks(MIDLOTHIAN, met=3, late=20, overdue=6, waiting=30)
    publish_month(of, month_end=MAY, by=None)
    found = row(of)
    assert found.counts["met"] is None
    assert (found.pct_decided, found.pct_decided_or_overdue) == (None, None)
    assert {"pct_decided", "pct_decided_or_overdue"} <= set(found.withheld)
    assert found.figures[-1].words == "hidden"


def test_of_nobody_there_is_no_percentage_and_nothing_is_withheld():
    of = authority(MIDLOTHIAN)
    an_aim(of, "MID-1")
    clocks(MIDLOTHIAN, waiting=30)
    publish_month(of, month_end=MAY, by=None)
    found = row(of)
    assert (found.pct_decided, found.figures[-2].words, found.withheld) == (None, "no data", ())


def test_a_correction_made_later_changes_nothing_that_is_out(council, lead):
    publish_month(council, month_end=MAY, by=lead)
    before = row(council)
    Milestone.objects.filter(child__authority=council).delete()
    assert row(council) == before


def test_the_threshold_is_the_authoritys_and_stays_with_the_month(council, lead):
    council.smallest_count_shown = 8
    council.save()
    month = publish_month(council, month_end=MAY, by=lead)
    council.smallest_count_shown = 5
    council.save()
    assert row(council).counts["overdue"] is None
    month.refresh_from_db()
    assert month.smallest_shown == 8


def test_a_threshold_of_two_is_refused_by_the_database(council):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=council.pk).update(smallest_count_shown=2)


@pytest.mark.parametrize(
    ("month_end", "words"),
    [
        (date(2020, 6, 30), "June 2020 is not over yet"),
        (date(2020, 5, 30), "as at the end of a month"),
        (MAY, "are out already"),
        (MARCH, "Only a later month can be published"),
    ],
)
def test_a_month_that_cannot_be_published_is_refused_in_words(council, lead, month_end, words):
    publish_month(council, month_end=MAY, by=lead)
    with pytest.raises(ValidationError, match=words):
        publish_month(council, month_end=month_end, by=lead)
    assert PublishedMonth.objects.count() == 1


def test_without_an_aim_that_claims_anything_there_is_nothing_to_publish(lead):
    authority(MIDLOTHIAN).aims.all().delete()
    with pytest.raises(ValidationError, match="nothing to publish"):
        publish_month(authority(MIDLOTHIAN), month_end=MAY, by=lead)


@pytest.mark.parametrize("role", [Role.DATA_LEAD, Role.CHAMPION, Role.SENIOR_LEADER])
def test_who_may_not_issue_reports_may_not_publish_or_withdraw(council, lead, role):
    other = person(role, organisation=council)
    with pytest.raises(PermissionDenied):
        publish_month(council, month_end=MAY, by=other)
    month = publish_month(council, month_end=MAY, by=lead)
    with pytest.raises(PermissionDenied):
        withdraw_month(month, reason="Wrong", by=other)


def test_nobody_publishes_for_another_authority(council):
    stranger = person(Role.PACE_LEAD, organisation=authority("S12000033"))
    with pytest.raises(PermissionDenied):
        publish_month(council, month_end=MAY, by=stranger)


def test_a_withdrawn_month_is_given_to_nobody_and_is_still_remembered(council, lead):
    month = publish_month(council, month_end=APRIL, by=lead)
    with pytest.raises(ValidationError, match="Say why"):
        withdraw_month(month, reason=" ", by=lead)
    withdraw_month(month, reason="The extract was of the wrong month", by=lead)
    assert published_rows(council) == []
    with pytest.raises(ValidationError, match="withdrawn already"):
        withdraw_month(month, reason="Again", by=lead)
    with pytest.raises(ValidationError, match="are out already"):
        publish_month(council, month_end=APRIL, by=lead)


def test_publishing_and_withdrawing_are_kept_in_the_trail(council, lead):
    month = publish_month(council, month_end=MAY, by=lead)
    withdraw_month(month, reason="Wrong", by=lead)
    issued, withdrawn = AuditEntry.objects.filter(record_type="published month").order_by("pk")
    assert (issued.action, issued.after["month_end"], issued.after["smallest_shown"]) == ("issue", "2020-05-31", 5)
    assert (withdrawn.action, withdrawn.reason) == ("void", "Wrong")


def test_the_next_month_to_publish_is_the_last_that_is_over(council, lead):
    assert next_month_end(council) == MAY
    publish_month(council, month_end=APRIL, by=lead)
    assert next_month_end(council) == MAY
    publish_month(council, month_end=MAY, by=lead)
    assert next_month_end(council) is None


def test_what_is_shown_before_is_what_is_published(council, lead):
    (counted,) = counted_for_publishing(council, month_end=MAY)
    publish_month(council, month_end=MAY, by=lead)
    stored = PublishedAim.objects.get()
    assert (stored.counts, set(stored.hidden)) == (counted.counts, counted.hidden)


def test_nobody_pins_a_small_count_of_the_demo_over_all_that_is_out(monkeypatch):
    monkeypatch.undo()
    call_command("demo", stdout=StringIO())
    by_aim: dict[int, list[PublishedDay]] = {}
    for each in PublishedAim.objects.select_related("month", "version").order_by("month__month_end"):
        day = PublishedDay(each.counts, frozenset(each.hidden), each.month.smallest_shown)
        by_aim.setdefault(each.version.aim_id, []).append(day)
    assert by_aim
    small = 0
    for days in by_aim.values():
        reader = Reader(days, parts=PARTS, changes=CHANGES)
        for each in reader.small():
            small += 1
            least, greatest = reader.range(each.place, each.column)
            assert greatest >= 5
            assert greatest - least >= 4
    assert small


# Files, opened by other programs' readers


def test_every_file_says_the_same_figures(council, lead, tmp_path):
    month = publish_month(council, month_end=MAY, by=lead)
    shown = row(council)
    files = {name: hand_on(month, file_format=each, by=lead) for name, each in FORMATS.items()}
    assert files["csv"].name == "PACE-aims_2020-05-31.csv"
    (line,) = csv_rows(files["csv"].body)
    assert (line["met"], line["waiting"], line["pct_decided_or_overdue"]) == ("30", "", "53.57")
    assert line["withheld"].split() == list(shown.withheld)
    sheet = openpyxl.load_workbook(BytesIO(files["xlsx"].body))["Figures"]
    cells = [cell.value for line in sheet.iter_rows() for cell in line]
    assert [value for value in cells if value in (30, 20, 6, 3, "hidden")] == [30, 20, 6, "hidden", "hidden"]
    assert 53.57 in cells
    text = words_of(files["pdf"].body)
    assert "hidden" in text
    assert errors_of(files["pdf"].body, tmp_path) == []
    assert "59" not in text
    with pikepdf.open(BytesIO(files["pdf"].body)) as pdf:
        assert pdf.docinfo["/Title"] == "PACE aims, Midlothian, as at 31 May 2020"


def test_handing_a_file_on_is_kept_in_the_trail(council, lead):
    month = publish_month(council, month_end=MAY, by=lead)
    hand_on(month, file_format=FORMATS["csv"], by=person(Role.CHAMPION, organisation=council))
    entry = AuditEntry.objects.filter(action="export").get()
    assert entry.after == {"month_end": "2020-05-31", "format": "csv", "rows": 1}


def test_a_title_that_looks_like_a_formula_is_text(council, lead):
    version = council.aims.get().versions.get()
    version.data = version.data | {"title": "=1+1"}
    version.save()
    month = publish_month(council, month_end=MAY, by=lead)
    (line,) = csv_rows(hand_on(month, file_format=FORMATS["csv"], by=lead).body)
    assert line["title"] == "'=1+1"
    book = openpyxl.load_workbook(BytesIO(hand_on(month, file_format=FORMATS["xlsx"], by=lead).body))
    assert not [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]


def test_all_months_are_read_in_one_query(council, lead, django_assert_num_queries):
    publish_month(council, month_end=APRIL, by=lead)
    publish_month(council, month_end=MAY, by=lead)
    with django_assert_num_queries(1):
        assert [each.month_end for each in rows_of(PublishedMonth.objects.all())] == [MAY, APRIL]


# The command


def test_the_command_publishes_a_month(council):
    said = StringIO()
    call_command("publish_month", "--authority=S12000019", "--month=2020-05", stdout=said)
    assert said.getvalue() == "May 2020 published: 1 aim.\n"
    assert PublishedMonth.objects.get().published_by is None
    with pytest.raises(CommandError, match="are out already"):
        call_command("publish_month", "--authority=S12000019", "--month=2020-05", stdout=said)
