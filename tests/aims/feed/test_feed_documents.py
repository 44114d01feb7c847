"""What the feed says: the published figures and nothing else, in the published shape."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aims.aim_templates import aim_templates
from aims.count_columns import LABELS
from aims.feed.columns import COLUMNS, FIGURES
from aims.models import Aim
from aims.published.figures import published_rows
from aims.published.publishing import publish_month, withdraw_month
from children.models import Child
from tests.aims.exports import csv_rows
from tests.aims.feed.asking import ADDRESSES, ask, lead, token_of
from tests.aims.feed.published_months import publish
from tests.aims.feed.shape import SCHEMA, check_shape, faults_in
from tests.aims.national.two_bodies import AS_AT, MIDLOTHIAN, clocks
from tests.builders import authority

pytestmark = pytest.mark.django_db

NONE = "/feed/v1/nothing"


@pytest.fixture
def feed(client):
    """Ask for a document with a token of Midlothian: rows as JSON or as CSV reads them."""
    _token, text = token_of()

    def read(what="aims", file_format="json"):
        response = ask(client, f"/feed/v1/{what}.{file_format}", text)
        assert response.status_code == 200
        assert (
            response["Content-Type"].partition(";")[0] == {"json": "application/json", "csv": "text/csv"}[file_format]
        )
        return json.loads(response.content) if file_format == "json" else csv_rows(response.content)

    return read


def test_each_aim_has_a_row_for_each_month_in_order(feed):
    publish(authority(), "MID-2")
    publish(authority(), "MID-1", month_end="2026-10-31")
    publish(authority(), "MID-1")
    asked = [("MID-1", "2026-09"), ("MID-1", "2026-10"), ("MID-2", "2026-09")]
    assert [(row["aim"], row["month"]) for row in feed()["rows"]] == asked
    assert [(row["aim"], row["month"]) for row in feed(file_format="csv")] == asked
    assert [row["aim"] for row in feed("aims/MID-2")["rows"]] == ["MID-2"]
    assert [row["aim"] for row in feed("aims/MID-2", "csv")] == ["MID-2"]


def test_the_figures_are_those_that_were_published(feed):
    publish(authority(), "MID-1")
    (row,) = feed()["rows"]
    assert (row["month"], row["as_at"], row["version"]) == ("2026-09", "2026-09-30", 2)
    assert {name: row[name] for name in FIGURES} == {
        "met": 12,
        "missed": 7,
        "left_undecided": 0,
        "overdue": 6,
        "waiting": 20,
        "together": 45,
        "pct_decided": 63.16,
        "pct_decided_or_overdue": 48.0,
    }
    assert row["withheld"] == []


def test_what_is_withheld_is_empty_and_named_and_what_is_zero_is_zero(feed):
    publish(authority(), "MID-1", hidden=("late", "left_undecided"))
    (row,) = feed()["rows"]
    assert (row["left_undecided"], row["pct_decided"]) == (None, None)
    assert row["withheld"] == ["left_undecided", "pct_decided"]
    (line,) = feed(file_format="csv")
    assert (line["left_undecided"], line["pct_decided"], line["withheld"]) == ("", "", "left_undecided pct_decided")
    publish(authority(), "MID-2")
    assert feed("aims/MID-2")["rows"][0]["left_undecided"] == 0
    assert feed("aims/MID-2", "csv")[0]["left_undecided"] == "0"


def test_a_percentage_of_nothing_is_empty_but_not_withheld(feed):
    publish(authority(), "MID-1", met=0, late=0)
    (row,) = feed()["rows"]
    assert (row["pct_decided"], row["withheld"]) == (None, [])


def test_a_withdrawn_month_is_told_no_more(feed):
    publish(authority(), "MID-1")
    month = publish(authority(), "MID-1", month_end="2026-10-31")
    withdraw_month(month, reason="Counted twice", by=lead())
    assert [row["month"] for row in feed()["rows"]] == ["2026-09"]
    assert [row["month"] for row in feed(file_format="csv")] == ["2026-09"]


def test_a_row_says_who_is_counted_and_what_meets_the_aim(feed):
    publish(authority(), "MID-1", title="Ready in half a year")
    (row,) = feed()["rows"]
    assert row["title"] == "Ready in half a year"
    assert "Who is counted: Each child once for each spell in which the clock starts." in row["definition"]
    assert "Allowed: " in row["definition"]


def test_json_and_csv_say_the_same(feed):
    publish(authority(), "MID-1", hidden=("overdue", "due", "together"))
    publish(authority(), "MID-1", month_end="2026-10-31")
    answer = feed()
    told = [
        {
            "authority": answer["authority"]["code"],
            "fictional": "no",
            **{
                name: " ".join(value) if isinstance(value, list) else "" if value is None else str(value)
                for name, value in row.items()
            },
        }
        for row in answer["rows"]
    ]
    assert feed(file_format="csv") == told


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")'])
def test_no_title_is_a_formula_in_csv_and_json_gives_it_as_it_is(feed, title):
    publish(authority(), "MID-1", title=title)
    assert feed(file_format="csv")[0]["title"] == f"'{title}"
    assert feed()["rows"][0]["title"] == title


def test_before_anything_is_published_there_are_no_rows(feed):
    assert feed() == {
        "authority": {"code": "S12000019", "name": "Midlothian", "fictional": False},
        "rows": [],
    }
    assert feed(file_format="csv") == []


def test_the_dictionary_says_what_every_column_means(feed):
    publish(authority(), "MID-1")
    columns = list(feed(file_format="csv")[0])
    assert [row["column"] for row in feed("dictionary", "csv")] == columns
    assert [row["column"] for row in feed("dictionary")["columns"]] == columns
    assert feed("dictionary", "csv") == feed("dictionary")["columns"]
    assert all(row["meaning"] and row["unit"] for row in feed("dictionary")["columns"])


# What is published, and nothing else


def published_for_real():
    """NAT-2 of Midlothian at the end of June 2020: 12 met, 9 late, 3 left undecided, 6 overdue, 20 waiting."""
    clocks(MIDLOTHIAN, met=12, late=9, left=3, overdue=6, waiting=20)
    aim = Aim.objects.create(authority=authority(), code="NAT-2")
    aim.versions.create(number=1, data=aim_templates()["NAT-2"].definition.to_mapping())
    publish_month(authority(), month_end=AS_AT, by=lead())


def test_the_figures_are_those_of_the_published_month_whatever_the_records_say_later(feed):
    published_for_real()
    (published,) = published_rows(authority())
    Child.objects.all().delete()
    (row,) = feed()["rows"]
    assert {name: row[name] for name in FIGURES} == {
        **{name: published.counts[name] for name in LABELS},
        "pct_decided": published.pct_decided,
        "pct_decided_or_overdue": published.pct_decided_or_overdue,
    }
    assert {name for name in FIGURES if row[name] is None} == {*row["withheld"]}
    assert (row["left_undecided"], row["together"]) == (None, 50)


def test_nothing_in_any_answer_tells_of_a_child(client):
    published_for_real()
    _token, text = token_of()
    said = "".join(
        ask(client, address.replace("MID-1", "NAT-2"), text).content.decode() for address in (*ADDRESSES, NONE)
    )
    assert "NAT-2" in said
    for row in Child.objects.select_related("identity"):
        assert row.code not in said
        assert row.local_ref not in said
        assert row.date_of_birth.isoformat() not in said
    assert not re.search(r"\b(P|N)-[A-Z0-9]{3,}", said)
    # Days are the ends of months alone.
    assert set(re.findall(r"\d{4}-\d{2}-\d{2}", said)) == {AS_AT.isoformat()}


def test_more_months_take_no_more_queries(client):
    _token, text = token_of()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert ask(client, "/feed/v1/aims.json", text).status_code == 200
        return len(asked)

    publish(authority(), "MID-1")
    ask(client, "/feed/v1/aims.json", text)  # the first use of the day writes more
    few = queries()
    for month in range(1, 9):
        publish(authority(), "MID-1", month_end=f"2025-{month:02d}-28")
        publish(authority(), "MID-2", month_end=f"2025-{month:02d}-28")
    assert queries() == few


# The published shape


def test_the_answers_have_the_published_shape(feed):
    check_shape(feed(), "aims")
    publish(authority(), "MID-1", hidden=("met", "overdue"))
    publish(authority(), "MID-1", month_end="2026-10-31", met=0, late=0, overdue=0)
    check_shape(feed(), "aims")
    check_shape(feed("aims/MID-1"), "aims")
    check_shape(feed("dictionary"), "dictionary")


def test_the_published_shape_names_every_column():
    row = SCHEMA["$defs"]["row"]
    names = [column.name for column in COLUMNS]
    assert list(row["properties"]) == names
    assert row["required"] == names
    assert row["properties"]["withheld"]["items"]["enum"] == list(FIGURES)


@pytest.mark.parametrize(
    ("field", "value"),
    [("met", "12"), ("met", -1), ("met", 1.5), ("pct_decided", 101), ("month", "2026-13"), ("withheld", ["child"])],
)
def test_the_published_shape_refuses_what_is_no_figure(feed, field, value):
    publish(authority(), "MID-1")
    answer = feed()
    answer["rows"][0][field] = value
    assert faults_in(answer, "aims")
    del answer["rows"][0][field]
    assert faults_in(answer, "aims")
