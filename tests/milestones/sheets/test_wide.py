"""A row of a wide spreadsheet becomes a child, episodes, placements and milestones, and nothing is made up."""

import pytest

from milestones.extract.files import CHILDREN, EPISODES, EVENTS, IDENTITIES, LEGAL, PLACEMENTS
from tests.milestones.sheets.sheets import read, values, workbook

EPISODE = ("start", "end", "destination")
PLACEMENT = ("start", "end", "placement_type")
COLUMNS = {
    "looked_after": "Date looked after",
    "first": "First accommodated",
    "first_ended": "First accommodation ended",
    "last": "Last accommodated",
    "ended": "Accommodation ended",
    "left": "Left care",
    "to": "Destination",
    "placed": "Placement",
    "placed_on": "Date placed",
}
AWAY, HOME = "NOT_KNOWN", "HOME_PARENT"


def of(**cells):
    """The tables of one child whose row has these cells, a column each."""
    header = ["Client ID", "DOB", *(COLUMNS[name] for name in cells)]
    return read(workbook(header, ["C1", "14/05/2015", *cells.values()], ["C2", "15/05/2015", *[""] * len(cells)]))


def care(tables):
    return values(tables, EPISODES, *EPISODE), values(tables, PLACEMENTS, *PLACEMENT)


@pytest.mark.parametrize(
    ("cells", "episodes", "placements"),
    [
        ({"first": "13/01/2024"}, [("2024-01-13", "", "")], [("2024-01-13", "", AWAY)]),
        (
            {"first": "13/01/2024", "left": "13/02/2024", "to": "Adopted"},
            [("2024-01-13", "2024-02-13", "ADOPTED")],
            [("2024-01-13", "2024-02-13", AWAY)],
        ),
        (
            # The clock runs from the last time away; when the first ended is not known, so it is not made up.
            {"first": "13/01/2020", "last": "13/01/2024"},
            [("2024-01-13", "", "")],
            [("2024-01-13", "", AWAY)],
        ),
        (
            # Away since the first day, and nobody says until when: not at home until the last time.
            {"looked_after": "13/12/2019", "first": "13/01/2020", "last": "13/01/2024"},
            [("2019-12-13", "", "")],
            [("2019-12-13", "2020-01-13", HOME), ("2024-01-13", "", AWAY)],
        ),
        (
            {"looked_after": "13/01/2023", "first": "13/01/2020", "last": "13/01/2024"},
            [("2023-01-13", "", "")],
            [("2023-01-13", "2024-01-13", HOME), ("2024-01-13", "", AWAY)],
        ),
        (
            {"first": "13/01/2020", "first_ended": "13/06/2020", "last": "13/01/2024"},
            [("2020-01-13", "2020-06-13", ""), ("2024-01-13", "", "")],
            [("2020-01-13", "2020-06-13", AWAY), ("2024-01-13", "", AWAY)],
        ),
        (
            {"looked_after": "13/01/2019", "first": "13/01/2020", "first_ended": "13/06/2020", "last": "13/01/2024"},
            [("2019-01-13", "", "")],
            [
                ("2019-01-13", "2020-01-13", HOME),
                ("2020-01-13", "2020-06-13", AWAY),
                ("2020-06-13", "2024-01-13", HOME),
                ("2024-01-13", "", AWAY),
            ],
        ),
        (
            # Without a column for leaving care, the end of the accommodation is the end of the episode.
            {"first": "13/01/2024", "ended": "13/02/2024"},
            [("2024-01-13", "2024-02-13", "")],
            [("2024-01-13", "2024-02-13", AWAY)],
        ),
        (
            {"first": "13/01/2024", "ended": "13/02/2024", "left": "", "to": ""},
            [("2024-01-13", "", "")],
            [("2024-01-13", "2024-02-13", AWAY), ("2024-02-13", "", HOME)],
        ),
        (
            {"first": "13/01/2024", "placed": "Kinship", "placed_on": "20/01/2024"},
            [("2024-01-13", "", "")],
            [("2024-01-13", "2024-01-20", AWAY), ("2024-01-20", "", "KIN")],
        ),
        ({"first": "13/01/2024", "placed": "Kinship"}, [("2024-01-13", "", "")], [("2024-01-13", "", "KIN")]),
        (
            {"looked_after": "13/01/2024", "placed": "At home"},
            [("2024-01-13", "", "")],
            [("2024-01-13", "", HOME)],
        ),
        ({"looked_after": "13/01/2024", "first": ""}, [("2024-01-13", "", "")], []),
    ],
)
def test_the_dates_of_a_row_become_episodes_and_placements(cells, episodes, placements):
    tables = of(**cells)
    assert (tables.rejects, *care(tables)) == ([], episodes, placements)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"first": "13/01/2024", "left": "12/01/2024"}, "before the child came into care, 13 January 2024"),
        ({"first": "13/01/2024", "last": "13/01/2023"}, "before first accommodated"),
        ({"looked_after": "13/01/2024", "first": "13/01/2023"}, "before the child became looked after"),
        ({"first": "13/01/2024", "ended": "12/01/2024"}, "before accommodated"),
        ({"first": "", "left": "13/01/2024"}, "nothing says when it began"),
        ({"first": "13/01/2024", "left": "", "to": "Adopted"}, "no day on which the child left care"),
        ({"first": "13/01/2024", "placed": "At home"}, "since when the child is back"),
        ({"looked_after": "13/01/2024", "placed": "Kinship"}, "without the day of accommodation"),
        ({"first": "13/01/2024", "ended": "13/02/2024", "left": "", "placed": "Kinship"}, "accommodation has ended"),
        ({"first": "January 2024"}, "only the month is known"),
        ({"first": "not known"}, "the date is not known"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused_whole(cells, why):
    tables = of(**cells)
    (reject,) = tables.rejects
    assert why in reject.message
    assert reject.place.line == 2
    assert values(tables, CHILDREN, "child_ref") == [("C2",)]
    assert tables.refused_for[EPISODES] == {"C1"}


EVENT = ("event_code", "date", "precision", "route", "outcome")


def events(header, *cells):
    return read(workbook(["Client ID", "DOB", "Accommodated", *header], ["C1", "14/05/2019", "13/01/2024", *cells]))


def test_the_dates_of_a_plan_become_milestones_with_its_route():
    tables = events(
        ["Recommendation", "Recommended route", "Panel date", "ADM sign off", "Court application", "Order granted"],
        *("13/06/2024", "Permanence Order", "14/07/2024", "15/08/2024", "May 2025", "n/k"),
    )
    assert set(values(tables, EVENTS, *EVENT)) == {
        ("PANEL_PRESENTED", "2024-07-14", "day", "", ""),
        ("PERM_REC", "2024-06-13", "day", "PO", ""),
        ("COURT_LODGED", "2025-05-01", "month", "", ""),
        ("ORDER_GRANTED", "", "unknown", "", ""),
        ("ADM_DECISION", "2024-08-15", "day", "PO", "approved"),
    }


def test_a_milestone_is_placed_where_its_date_stands_and_its_route_where_that_does():
    (row,) = events(["Recommendation", "Route"], "13/06/2024", "PO").tables[EVENTS].rows
    assert (row.place("date").cell, row.place("route").cell) == ("Sheet1!D2", "Sheet1!E2")


def test_a_decision_that_was_refused_has_an_outcome_and_no_agreed_route():
    tables = events(
        ["Recommendation", "Route", "ADM decision date", "ADM outcome"], "13/06/2024", "PO", "14/06/2024", "No"
    )
    assert ("ADM_DECISION", "2024-06-14", "day", "", "refused") in values(tables, EVENTS, *EVENT)


def test_an_outcome_without_its_date_is_refused():
    (reject,) = events(["ADM decision date", "ADM outcome"], "", "Approved").rejects
    assert reject.message.startswith("an outcome without its date")


def test_reviews_and_orders_say_of_which_kind_they_are():
    tables = events(["6 week review", "3 month review", "PO granted"], "14/02/2024", "14/04/2024", "15/04/2025")
    assert values(tables, EVENTS, "event_code", "review_kind", "order_type") == [
        ("REVIEW", "6wk", ""),
        ("REVIEW", "3m", ""),
        ("ORDER_GRANTED", "", "PO"),
    ]


def test_only_the_milestones_that_have_a_column_can_be_gone():
    assert events(["Recommendation", "Panel"], "13/06/2024", "").event_codes == {"PERM_REC", "PANEL_PRESENTED"}


def test_names_and_legal_bases_have_files_of_their_own():
    tables = events(["Name", "Legal status", "Legal status from"], "Bell, Ann Marie", "Section 25", "13/01/2024")
    assert values(tables, IDENTITIES, "given_name", "family_name") == [("Ann Marie", "Bell")]
    assert values(tables, LEGAL, "start", "legal_code") == [("2024-01-13", "S25")]


def test_a_column_that_the_sheet_does_not_have_is_not_said_to_be_empty():
    assert read(workbook(["Client ID", "DOB", "Accommodated"], ["C1", "14/05/2019", "13/01/2024"])).tables[
        CHILDREN
    ].columns == ("child_ref", "date_of_birth")
