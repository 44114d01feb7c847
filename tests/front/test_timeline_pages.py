"""The pages of timelines: who may open them, what they tell to whom, and how much they ask of the database."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from children.models import Child, LegalBasis, Placement
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import allocate, authority, child, milestone, person, team
from tests.page_reading import tags_of

pytestmark = pytest.mark.django_db
ONE_CHILD = ("child_timeline", "sibling_timelines")


@pytest.fixture
def open_page(client):
    def get(user, name, row=None, **query):
        client.force_login(user)
        return client.get(reverse(name, kwargs={"code": row.code} if row else {}), query)

    return get


def main_of(response) -> str:
    """What stands on the page below the header, which names whoever has signed in."""
    return tags_of(response).partition('<main id="main">')[2]


def a_history(row: Child) -> Child:
    """A child about whom much is recorded that a family should not read here."""
    LegalBasis.objects.create(child=row, start=date(2024, 1, 8), measure_id="S25")
    row.placements.update(carer="CARER-7", provider="Kindly Fostering Ltd", end=date(2024, 6, 1))
    Placement.objects.create(child=row, start=date(2024, 6, 20), placement_type_id="KIN", carer="CARER-8")
    told = {"note": "The mother said so", "source": "review minute", "recorder": "Wanda Workerson"}
    milestone(row, "REVIEW", date(2024, 2, 19), review_kind="6wk", outcome="Wanda will ring", **told)
    milestone(row, "PERM_REC", date(2024, 7, 1), route="POA", change_reason="Carer Smith withdrew", **told)
    milestone(row, "REVIEW", date(2024, 3, 3), voided_on=date(2024, 4, 1), void_reason="Entered twice")
    return row


# Who may open them


@pytest.mark.parametrize("name", ONE_CHILD)
def test_the_timeline_of_a_child_out_of_scope_is_not_found(open_page, name):
    north, south = team("Team North"), team("Team South")
    user = person(Role.PRACTITIONER, of_team=north)
    assert open_page(user, name, child(of_team=north)).status_code == 200
    assert open_page(user, name, child(of_team=south)).status_code == 404
    assert open_page(person(Role.PACE_LEAD), name, child(organisation=authority("S12000020"))).status_code == 404


@pytest.mark.parametrize("plain", ["0", "1"])
def test_siblings_out_of_scope_are_absent(open_page, plain):
    iro = person(Role.IRO)
    row, known, hidden = (child(family="FAM-9", name=(name, "Sib"), accommodated=date(2024, 1, 8)) for name in "ABC")
    for mine in (row, known):
        allocate(iro, mine)
    response = open_page(iro, "sibling_timelines", row, plain=plain)
    assert [telling.who.code for telling in response.context["tellings"]] == [row.code, known.code]
    assert hidden.code not in tags_of(response)


def test_siblings_stand_on_one_axis(open_page):
    row = child(family="FAM-9", accommodated=date(2024, 1, 8))
    child(family="FAM-9", accommodated=date(2020, 1, 8))
    response = open_page(person(Role.PACE_LEAD), "sibling_timelines", row)
    one, other = (telling.drawing for telling in response.context["tellings"])
    assert one.ticks == other.ticks


def test_a_team_manager_finds_the_histories_of_their_team_alone(open_page):
    north = team("Team North")
    mine = child(of_team=north, accommodated=date(2024, 1, 8))
    child(of_team=team("Team South"), accommodated=date(2024, 1, 8))
    response = open_page(person(Role.TEAM_MANAGER, of_team=north), "timelines")
    assert [history.code for history in response.context["histories"]] == [mine.code]


# What they tell


def test_voided_rows_are_left_out(open_page):
    row = a_history(child(accommodated=date(2024, 1, 8)))
    row.placements.filter(placement_type="KIN").update(voided_on=date(2024, 8, 1), void_reason="Wrong child")
    (telling,) = open_page(person(Role.PACE_LEAD), "child_timeline", row).context["tellings"]
    assert len(telling.story.stays) == 1
    assert [mark.on for mark in telling.story.marks] == [date(2024, 2, 19), date(2024, 7, 1)]


def test_due_dates_come_from_the_clocks_and_stand_against_what_happened(open_page):
    row = a_history(child(accommodated=date(2024, 1, 8)))
    page = tags_of(open_page(person(Role.PACE_LEAD), "child_timeline", row))
    assert "Recommendation: was due by 24 June 2024, happened on 1 July 2024, 7 days late" in page


def test_the_page_speaks_of_the_day_asked_for(open_page):
    row = a_history(child(accommodated=date(2024, 1, 8)))
    page = tags_of(open_page(person(Role.PACE_LEAD), "child_timeline", row, as_at="2024-06-24"))
    assert "As known on 24 June 2024" in page
    assert "Recommendation: due by 24 June 2024" in page
    assert "with authority to adopt" not in page


@pytest.mark.parametrize("name", ONE_CHILD)
def test_a_champion_reads_no_name_and_nobodys_own_words(open_page, name):
    row = a_history(child(name=("Morven", "Fictitious"), accommodated=date(2024, 1, 8)))
    for plain in ("0", "1"):
        page = tags_of(open_page(person(Role.CHAMPION), name, row, plain=plain))
        assert row.code in page
        secrets = ("Morven", "Fictitious", row.local_ref, "Carer Smith", "mother said", "2015")
        assert [secret for secret in secrets if secret in page] == []


@pytest.mark.parametrize("name", ONE_CHILD)
def test_the_plain_version_names_no_staff_carer_or_provider_and_has_no_notes_or_codes(open_page, name):
    user = person(Role.PACE_LEAD)
    row = a_history(child(name=("Morven", "Fictitious"), accommodated=date(2024, 1, 8)))
    page = main_of(open_page(user, name, row, plain="1"))
    assert "A meeting decided that the long-term plan should be" in page
    kept_out = (
        "Wanda", "Smith", "CARER", "Kindly", "mother said", "review minute", "Fictitious", str(user), row.local_ref,
        "S25", "CSO", "POA", "ADM", "LAC ", "Permanence", "Looked-after", "Kinship", "Foster carers provided",
    )  # fmt: skip
    assert [words for words in kept_out if words in page] == []


def test_the_plain_version_calls_the_child_by_first_name_and_never_in_the_title_of_the_page(open_page):
    row = a_history(child(name=("Morven", "Fictitious"), accommodated=date(2024, 1, 8)))
    response = open_page(person(Role.PACE_LEAD), "child_timeline", row, plain="1")
    assert "<h1>Morven&#x27;s story</h1>" in tags_of(response)
    assert "Morven" not in tags_of(response).partition("</title>")[0]


def test_a_child_of_whom_nothing_is_recorded_has_a_page_that_says_so(open_page):
    assert "Nothing is recorded yet." in tags_of(open_page(person(Role.PACE_LEAD), "child_timeline", child()))


def test_a_gap_is_told(open_page):
    row = a_history(child(accommodated=date(2024, 1, 8)))
    page = tags_of(open_page(person(Role.PACE_LEAD), "child_timeline", row))
    assert "No placement is recorded, 1 June 2024 to 20 June 2024" in page


# Grouped histories


def test_histories_narrow_with_the_filter_of_the_list_of_children(open_page):
    away = child(accommodated=date(2024, 1, 8))
    child()
    response = open_page(person(Role.PACE_LEAD), "timelines", care="away")
    assert [history.code for history in response.context["histories"]] == [away.code]


def test_from_accommodation_a_row_begins_where_the_clock_of_the_aims_does(open_page):
    start = timezone.localdate() - timedelta(days=70)
    child(accommodated=start)
    (history,) = open_page(person(Role.PACE_LEAD), "timelines").context["histories"]
    assert history.words.startswith("1 placement in 10.0 weeks since")


@pytest.mark.parametrize("align", ["calendar", "accommodation", "nonsense"])
def test_histories_show_no_name_on_either_axis(open_page, align):
    row = child(name=("Morven", "Fictitious"), accommodated=date(2024, 1, 8))
    page = tags_of(open_page(person(Role.PACE_LEAD), "timelines", align=align))
    assert row.code in page
    assert "Morven" not in page


def test_forty_children_stand_on_a_page_of_histories(open_page):
    for _number in range(41):
        child(accommodated=date(2024, 1, 8))
    user = person(Role.PACE_LEAD)
    assert len(open_page(user, "timelines").context["histories"]) == 40
    assert len(open_page(user, "timelines", page="2").context["histories"]) == 1


# The trail, and the database


def views() -> list[str]:
    return sorted(AuditEntry.objects.filter(action=AuditEntry.Action.VIEW).values_list("child_code", flat=True))


def test_opening_timelines_of_identified_children_is_in_the_trail(open_page):
    row, sibling = child(family="FAM-9"), child(family="FAM-9")
    open_page(person(Role.PACE_LEAD), "child_timeline", row)
    assert views() == [row.code]
    open_page(person(Role.PACE_LEAD), "sibling_timelines", row)
    assert views() == sorted([row.code, row.code, sibling.code])


def test_a_pseudonymised_look_is_not_in_the_trail(open_page):
    row = child(family="FAM-9")
    for name in ONE_CHILD:
        open_page(person(Role.CHAMPION), name, row)
    assert views() == []


def count_queries(open_page, *page, **query) -> int:
    open_page(*page, **query)  # what signing in asks is not the page's
    with CaptureQueriesContext(connection) as asked:
        assert open_page(*page, **query).status_code == 200
    return len(asked)


@pytest.mark.parametrize("name", ONE_CHILD)
def test_a_full_history_and_more_siblings_ask_no_more_of_the_database(open_page, name):
    user, row = person(Role.PACE_LEAD), child(family="FAM-9", accommodated=date(2024, 1, 8))
    child(family="FAM-9", accommodated=date(2024, 1, 8))
    few = count_queries(open_page, user, name, row)
    for _number in range(8):
        a_history(child(family="FAM-9", accommodated=date(2024, 1, 8)))
    a_history(row)
    assert count_queries(open_page, user, name, row) == few


@pytest.mark.parametrize("align", ["calendar", "accommodation"])
def test_more_children_ask_no_more_of_the_database(open_page, align):
    user = person(Role.PACE_LEAD)
    for _number in range(3):
        child(accommodated=date(2024, 1, 8))
    few = count_queries(open_page, user, "timelines", align=align)
    for _number in range(27):
        a_history(child(accommodated=date(2024, 1, 8)))
    assert count_queries(open_page, user, "timelines", align=align) == few
