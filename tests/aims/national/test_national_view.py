"""The national view: counts of all authorities for people of a national body, and no child."""

from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aims.compliance import measure
from aims.count_columns import DUE, LATE, LEFT, MET, MISSED, OVERDUE, TOGETHER, WAITING
from aims.disclosure import Cell
from aims.figures import journeys_for
from aims.models import NationalCounts
from aims.national import kept_counts
from aims.national.actions import export_national
from aims.national.figures import national_figures
from aims.national.publication import extract_in_words, published
from aims.national.quarters import quarter_end_asked, quarter_ends
from children.models import Child
from milestones.clocks.states import State
from pace_site.accounts.models import Organisation
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.aims.exports import csv_rows, stored_aim
from tests.aims.national.two_bodies import ABERDEEN, AS_AT, MIDLOTHIAN, MORAY, analyst, clocks, national_body
from tests.aims.storytelling import aim
from tests.builders import authority, person

pytestmark = pytest.mark.django_db
TODAY = date(2020, 7, 15)
OFFERED = quarter_ends(TODAY)
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args, **_kwargs: TODAY)


def recommendation_table(user, *, as_at=AS_AT):
    """What is published of NAT-2 for the real authorities."""
    (group,) = [
        group for group in published(national_figures(user, as_at=as_at, offered=OFFERED)) if not group.fictional
    ]
    return next(table for table in group.aims if table.definition.code == "NAT-2")


def words_of(row) -> dict[str, str]:
    return {figure.column: figure.words for figure in row.figures}


# Who may count


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("address", ["/national/", "/national/csv/"])
def test_nobody_of_an_authority_sees_other_authorities(client, role, address):
    clocks(ABERDEEN, met=30)
    client.force_login(person(role))
    answer = client.get(address)
    assert answer.status_code == 403
    assert b"Aberdeen" not in answer.content


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.NATIONAL_ANALYST])
def test_nobody_of_the_national_body_without_the_role_sees_authorities(client, role):
    clocks(ABERDEEN, met=30)
    client.force_login(person(role, organisation=national_body()))
    assert client.get("/national/").status_code == 403
    assert client.get("/national/csv/").status_code == 403


@pytest.mark.parametrize("role", Role.values)
def test_the_way_to_all_children_is_closed_to_everybody_of_an_authority(role):
    clocks(MIDLOTHIAN, met=1)
    assert not Child.objects.aggregated_for(person(role)).exists()


@pytest.mark.parametrize("role", Role.values)
def test_the_way_to_all_children_is_open_to_the_analyst_of_a_national_body_alone(role):
    clocks(MIDLOTHIAN, met=1)
    opened = Child.objects.aggregated_for(person(role, organisation=national_body())).exists()
    assert opened == (role == Role.NATIONAL_ANALYST)


def test_an_analyst_opens_names_and_counts_no_child_otherwise():
    clocks(MIDLOTHIAN, met=1)
    user = analyst()
    assert not Child.objects.visible_to(user).exists()
    assert not Child.objects.identifiable_to(user).exists()
    assert not Child.objects.countable_by(user).exists()


def test_the_way_to_all_children_is_closed_to_a_closed_account_and_to_nobody_in_particular():
    clocks(MIDLOTHIAN, met=1)
    user = analyst()
    user.is_active = False
    assert not Child.objects.aggregated_for(user).exists()
    assert not Child.objects.aggregated_for(AnonymousUser()).exists()


def test_the_way_to_all_children_is_gone_by_the_national_figures_alone():
    users = {
        path.relative_to(ROOT).as_posix()
        for app in ("pace_site", "children", "milestones", "aims", "improvement")
        for path in (ROOT / app).rglob("*.py")
        if "aggregated_for" in path.read_text(encoding="utf-8")
    }
    assert users == {"children/caseload.py", "aims/national/figures.py"}


def test_counts_that_are_not_withheld_yet_leave_their_files_through_disclosure_control_alone():
    users = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "aims").rglob("*.py")
        if "national_figures(" in path.read_text(encoding="utf-8")
    }
    assert users == {"aims/national/figures.py", "aims/national/views.py", "aims/national/actions.py"}
    for file in users - {"aims/national/figures.py"}:
        source = (ROOT / file).read_text(encoding="utf-8")
        assert source.count("national_figures(") == source.count("published(national_figures(")


def test_the_analyst_starts_at_the_national_view_and_is_offered_nothing_else(client):
    client.force_login(analyst())
    assert client.get("/").url == "/national/"
    page = client.get("/national/").content.decode()
    assert '<a href="/national/" aria-current="page">National</a>' in page
    assert 'href="/aims/"' not in page
    assert client.get("/aims/").status_code == 403


def test_an_analyst_of_an_authority_is_told_that_their_role_shows_nothing(client):
    client.force_login(person(Role.NATIONAL_ANALYST))
    page = client.get("/").content.decode()
    assert "Your role does not show aims or children." in page
    assert 'href="/national/"' not in page


# What is counted


def test_each_authority_s_counts_are_those_that_it_measures_itself():
    clocks(MIDLOTHIAN, met=3, late=2, left=1, overdue=2, waiting=4)
    clocks(ABERDEEN, met=12, late=6, left=5, overdue=7, waiting=9)
    counted = national_figures(analyst(), as_at=AS_AT, offered=OFFERED)
    for counts in counted.aims:
        table = counts.table(counted.authorities, AS_AT)
        for code in (MIDLOTHIAN, ABERDEEN):
            children = Child.objects.filter(authority__code=code)
            figures = measure(counts.definition, journeys_for([counts.definition], children, AS_AT)).now
            assert {column: table.counts[Cell(code, column)] for column in table.columns} == {
                MET: figures.met,
                MISSED: figures.counts[State.MISSED],
                LATE: figures.missed_with_decision,
                LEFT: figures.counts["left_undecided"],
                OVERDUE: figures.counts[State.OVERDUE],
                WAITING: figures.counts[State.WAITING],
                DUE: figures.decided_or_overdue,
                TOGETHER: figures.decided_or_overdue + figures.counts[State.WAITING],
            }


def test_authorities_without_small_numbers_are_shown_whole_with_their_total():
    clocks(MIDLOTHIAN, met=15, late=5, overdue=10, waiting=6)
    clocks(ABERDEEN, met=12, late=6, left=5, overdue=7, waiting=9)
    table = recommendation_table(analyst())
    aberdeen, midlothian = table.rows
    assert words_of(midlothian) == {
        "met": "15",
        "missed": "5",
        "left_undecided": "0",
        "overdue": "10",
        "waiting": "6",
        "together": "36",
        "pct_decided": "75 % of 20",
        "pct_decided_or_overdue": "50 % of 30",
    }
    assert words_of(aberdeen)["pct_decided"] == "67 % of 18"
    assert words_of(table.total)["together"] == "75"
    assert table.sentence == "Scotland: 45 % met in time, 27 of 60; 17 overdue; 15 waiting in time."


def test_a_small_number_is_withheld_and_nothing_that_is_shown_tells_it():
    clocks(MIDLOTHIAN, met=15, late=5, overdue=3, waiting=6)
    clocks(ABERDEEN, met=12, late=6, left=5, overdue=7, waiting=9)
    table = recommendation_table(analyst())
    aberdeen, midlothian = table.rows
    assert words_of(midlothian)["overdue"] == "hidden"
    assert words_of(midlothian)["pct_decided_or_overdue"] == "hidden"
    assert words_of(aberdeen)["overdue"] == "hidden"
    assert words_of(table.total)["overdue"] == "10"


def test_the_strictest_threshold_of_any_authority_holds_for_all():
    clocks(MIDLOTHIAN, met=20, late=20, overdue=8, waiting=20)
    clocks(ABERDEEN, met=20, late=20, overdue=20, waiting=20)
    _aberdeen, midlothian = recommendation_table(analyst()).rows
    assert words_of(midlothian)["overdue"] == "8"
    Organisation.objects.filter(code=ABERDEEN).update(smallest_count_shown=10)
    aberdeen, midlothian = recommendation_table(analyst()).rows
    assert words_of(midlothian)["overdue"] == "hidden"
    assert words_of(aberdeen)["overdue"] == "hidden"
    Organisation.objects.update(smallest_count_shown=3)
    assert words_of(recommendation_table(analyst()).rows[1])["overdue"] == "8"


def test_a_percentage_whose_numerator_is_small_is_hidden_and_one_of_nobody_says_so():
    clocks(MIDLOTHIAN, met=2, late=20)
    clocks(ABERDEEN, waiting=8)
    aberdeen, midlothian = recommendation_table(analyst()).rows
    assert words_of(midlothian)["pct_decided"] == "hidden"
    assert words_of(aberdeen)["pct_decided"] == "no data"


def test_where_the_total_is_hidden_the_sentence_does_not_tell_it():
    clocks(MIDLOTHIAN, met=2, late=20, waiting=3)
    assert recommendation_table(analyst()).sentence == (
        "Scotland: how many were met cannot be shown without telling of a few children; nobody overdue."
    )


def test_an_aim_without_clocks_says_so():
    clocks(MIDLOTHIAN, met=20)
    (group,) = published(national_figures(analyst(), as_at=AS_AT, offered=OFFERED))
    sentences = {table.definition.code: table.sentence for table in group.aims}
    assert sentences["NAT-4"] == "Scotland: no clock is in this aim's cohort."
    assert list(sentences) == ["NAT-1", "NAT-2", "NAT-3", "NAT-4"]
    assert group.headline == "Scotland: met in time 100 % of NAT-2, 0 % of NAT-3; of the others it cannot be told"


def test_an_authority_s_own_version_of_a_national_aim_is_not_used():
    clocks(MIDLOTHIAN, met=20, late=10)
    stored_aim(aim(code="NAT-2", limit="2 weeks"), authority=authority(MIDLOTHIAN))
    assert words_of(recommendation_table(analyst()).total)["met"] == "20"


def test_fictional_authorities_are_never_added_to_real_ones(client):
    clocks(MIDLOTHIAN, met=20)
    clocks(ABERDEEN, met=30)
    Organisation.objects.filter(code=ABERDEEN).update(fictional=True)
    real, fictional = published(national_figures(analyst(), as_at=AS_AT, offered=OFFERED))
    assert [words_of(group.aims[1].total)["met"] for group in (real, fictional)] == ["20", "30"]
    assert (real.name, fictional.name) == ("Scotland", "The fictional authorities")
    client.force_login(analyst())
    assert "These authorities are fictional" in client.get("/national/").content.decode()


def test_an_authority_without_children_is_not_listed(client):
    client.force_login(analyst())
    assert "No authority has any data yet." in client.get("/national/").content.decode()


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (None, "no extract; recorded by hand"),
        (date(2020, 5, 30), "30 May 2020, 31 days before these figures"),
        (date(2020, 6, 29), "29 June 2020, 1 day before these figures"),
        (date(2020, 6, 30), "30 June 2020, the day of these figures"),
        (date(2020, 7, 9), "9 July 2020, later than these figures"),
    ],
)
def test_the_age_of_the_last_extract_is_told(last, words):
    clocks(MIDLOTHIAN, met=2)
    Child.objects.filter(local_ref=f"{MIDLOTHIAN}-M000").update(last_extract_on=last)
    (midlothian,) = national_figures(analyst(), as_at=AS_AT, offered=OFFERED).authorities
    assert extract_in_words(midlothian, as_at=AS_AT) == words


def test_authorities_read_one_at_a_time_have_the_same_figures_as_all_at_once(monkeypatch):
    for code in (MIDLOTHIAN, ABERDEEN):
        clocks(code, met=7, late=2, waiting=3)
    user = analyst()
    at_once = national_figures(user, as_at=AS_AT, offered=OFFERED)
    NationalCounts.objects.all().delete()
    monkeypatch.setattr(kept_counts, "MOST_AT_ONCE", 1)
    assert national_figures(user, as_at=AS_AT, offered=OFFERED) == at_once
    assert sum(at_once.aims[1].at[AS_AT][MIDLOTHIAN].values()) >= 12


# The page


def test_no_child_is_on_the_page_or_in_the_file(client):
    clocks(MIDLOTHIAN, met=15, late=5, overdue=3, waiting=6)
    client.force_login(analyst())
    sent = client.get("/national/").content.decode() + client.get("/national/csv/").content.decode()
    assert not [code for code in Child.objects.values_list("code", flat=True) if code in sent]
    assert f"{MIDLOTHIAN}-" not in sent
    assert 'href="/children/' not in sent


def queries_of(client) -> int:
    """What an opening asks when nothing was counted before."""
    NationalCounts.objects.all().delete()
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/national/").status_code == 200
    return len(asked)


def test_thirty_authorities_are_counted_in_as_many_queries_as_two(client):
    client.force_login(analyst())
    clocks(MIDLOTHIAN, met=6)
    clocks(ABERDEEN, met=6)
    client.get("/national/")
    few = queries_of(client)
    others = Organisation.objects.filter(kind=Organisation.Kind.LOCAL_AUTHORITY).exclude(
        code__in=[MIDLOTHIAN, ABERDEEN]
    )
    for organisation in others[:28]:
        clocks(organisation.code, met=1, late=1, waiting=1)
    assert queries_of(client) == few


def test_the_last_quarter_that_is_over_is_shown_and_others_can_be_chosen(client):
    clocks(MIDLOTHIAN, met=20)
    client.force_login(analyst())
    assert "As at 30 June 2020" in client.get("/national/").content.decode()
    assert "As at 31 March 2020" in client.get("/national/?as_at=2020-03-31").content.decode()


@pytest.mark.parametrize(
    "asked", ["2020-06-29", "2020-07-15", "2020-05-31", "2020-09-30", "2018-06-30", "June", "2020-02-30"]
)
def test_any_other_day_is_refused_so_that_neighbouring_days_cannot_be_compared(client, asked):
    clocks(MIDLOTHIAN, met=20)
    client.force_login(analyst())
    page = client.get(f"/national/?as_at={asked}").content.decode()
    assert "Only the quarter ends in this list are shown." in page
    assert "As at 30 June 2020" in page
    assert client.get(f"/national/csv/?as_at={asked}").status_code == 400
    assert not AuditEntry.objects.filter(action=AuditEntry.Action.EXPORT).exists()


@pytest.mark.parametrize("today", [date(2020, 4, 1), date(2020, 5, 31), date(2020, 6, 30)])
def test_eight_quarter_ends_are_offered_and_none_that_is_not_over(today):
    assert [day.isoformat() for day in quarter_ends(today)] == [
        "2020-03-31",
        "2019-12-31",
        "2019-09-30",
        "2019-06-30",
        "2019-03-31",
        "2018-12-31",
        "2018-09-30",
        "2018-06-30",
    ]
    assert quarter_end_asked("2020-06-30", today=today) is None


# The file


def test_the_file_holds_what_the_page_shows_and_is_audited(client):
    clocks(MIDLOTHIAN, met=15, late=5, overdue=3, waiting=6)
    clocks(ABERDEEN, met=12, late=6, left=5, overdue=7, waiting=9)
    user = analyst()
    client.force_login(user)
    answer = client.get("/national/csv/?as_at=2020-06-30")
    assert answer["Content-Disposition"] == 'attachment; filename="national_2020-06-30.csv"'
    rows = [row for row in csv_rows(answer.content) if row["aim"] == "NAT-2"]
    table = recommendation_table(user)
    shown = [
        {name: words.split(" %")[0] for name, words in words_of(row).items()} for row in (*table.rows, table.total)
    ]
    filed = [{name: row[name].removesuffix(".0") for name in shown[0]} for row in rows]
    for page, file in zip(shown, filed, strict=True):
        for name, words in page.items():
            if name.startswith("pct") and words != "hidden":
                assert abs(float(file[name]) - float(words)) <= 0.5
            else:
                assert file[name] == words
    assert [row["authority"] for row in rows] == ["Aberdeen City", "Midlothian", "Scotland"]
    entry = AuditEntry.objects.get(action=AuditEntry.Action.EXPORT)
    assert (entry.actor, entry.authority_code, entry.record_type) == (user.email, national_body().code, "national view")
    assert entry.after == {"as_at": "2020-06-30", "format": "csv", "rows": 12}


def test_who_may_not_see_the_view_exports_nothing():
    clocks(MORAY, met=20)
    with pytest.raises(PermissionDenied):
        export_national(as_at=AS_AT, by=person(Role.PACE_LEAD))
    with pytest.raises(PermissionDenied, match="people of a national body"):
        export_national(as_at=AS_AT, by=person(Role.NATIONAL_ANALYST))
    assert not AuditEntry.objects.exists()
