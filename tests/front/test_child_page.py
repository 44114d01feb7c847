"""The page of one child: who may open it, what it tells to whom, and its clocks."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from aims.figures import journeys_for
from aims.models import Aim, AimVersion
from aims.outcomes import outcomes
from children.models import Child, LegalBasis, Placement
from milestones.catalogue import Precision
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.front.child_page import against_due, date_in_words
from tests.builders import allocate, authority, child, milestone, person, team
from tests.page_reading import tags_of

pytestmark = pytest.mark.django_db
RECOMMENDATION = {
    "title": "A recommendation within 26 weeks",
    "start_event": "ACCOM_START",
    "stop_event": ["PERM_REC"],
    "limit": "26 weeks",
    "target_pct": 80,
}
PANEL = {
    "title": "Presented to panel within 12 weeks",
    "start_event": "PERM_REC",
    "stop_event": ["PANEL_PRESENTED"],
    "limit": "12 weeks",
}


@pytest.fixture
def open_child(client):
    """The page of a child as somebody sees it."""

    def get(user, row, **query):
        client.force_login(user)
        return client.get(reverse("child", kwargs={"code": row.code}), query)

    return get


def aim(code: str = "REC", *, status: str = Aim.Status.ACTIVE, **definition) -> Aim:
    row = Aim.objects.create(authority=authority(), code=code, status=status)
    AimVersion.objects.create(aim=row, number=1, data={"code": code, **(definition or RECOMMENDATION)})
    return row


# Who may open it


def test_a_practitioner_opens_a_child_of_their_team(open_child):
    north = team("Team North")
    assert open_child(person(Role.PRACTITIONER, of_team=north), child(of_team=north)).status_code == 200


def test_a_child_of_another_team_is_not_found(open_child):
    row = child(of_team=team("Team South"))
    assert open_child(person(Role.PRACTITIONER, of_team=team("Team North")), row).status_code == 404


def test_a_child_of_another_authority_is_not_found(open_child):
    assert open_child(person(Role.PACE_LEAD), child(organisation=authority("S12000020"))).status_code == 404


def test_a_pseudonym_used_by_two_authorities_opens_the_persons_own_child(open_child):
    child(code="P-1", organisation=authority("S12000020"), name=("Not", "Ours"))
    row = child(code="P-1")
    assert open_child(person(Role.PACE_LEAD), row).context["child"] == row


def test_a_child_is_no_longer_found_when_the_allocation_has_ended(open_child):
    iro, row = person(Role.IRO), child()
    allocate(iro, row, end=date(2021, 1, 1))
    assert open_child(iro, row).status_code == 404


def test_a_pseudonym_nobody_has_is_not_found(open_child):
    assert open_child(person(Role.PACE_LEAD), Child(code="P-9999")).status_code == 404


def test_a_senior_leader_opens_no_child(open_child):
    assert open_child(person(Role.SENIOR_LEADER), child()).status_code == 403


# What it tells to whom


@pytest.fixture
def well_known():
    """A child of whom everything is recorded that somebody could leak."""
    row = child(name=("Morven", "Fictitious"), born=date(2015, 5, 5), family="FAM-77", accommodated=date(2024, 1, 8))
    child(name=("Ailsa", "Fictitious"), family="FAM-77")
    told = {"note": "Morven's own words", "change_reason": "Morven asked", "void_reason": "Morven's brother's"}
    milestone(row, "REVIEW", date(2024, 3, 1), voided_on=date(2024, 4, 1), **told)
    return row


def test_a_champion_reads_no_name_reference_birth_date_or_free_text_anywhere_on_the_page(open_child, well_known):
    page = open_child(person(Role.CHAMPION), well_known).content.decode()
    assert well_known.code in page
    secrets = ("Morven", "Ailsa", "Fictitious", well_known.local_ref, "FAM-77", "5 May 2015", "2015-05-05")
    assert [secret for secret in secrets if secret in page] == []


def test_a_pace_lead_reads_who_the_child_is(open_child, well_known):
    page = open_child(person(Role.PACE_LEAD), well_known).content.decode()
    told = ("Morven Fictitious", well_known.local_ref, "5 May 2015")
    assert [word for word in told if word not in page] == []


def test_the_title_of_the_page_is_the_pseudonym_only(open_child, well_known):
    page = open_child(person(Role.PACE_LEAD), well_known).content.decode()
    title = page[page.index("<title>") : page.index("</title>")]
    assert title.split("–")[0].strip() == f"<title>Child {well_known.code}"


def test_a_champion_is_not_told_the_day_on_which_a_child_turned_eighteen(open_child):
    aim()
    row = child(born=date(2008, 3, 3), accommodated=date(2026, 1, 5))
    page = tags_of(open_child(person(Role.CHAMPION), row, as_at="2026-09-01"))
    assert "Turned 18" in page
    assert "3 March 2026" not in page


def test_siblings_outside_the_persons_scope_are_not_told(open_child):
    north = team("Team North")
    row = child(of_team=north, family="FAM-1")
    sister = child(of_team=north, family="FAM-1")
    child(of_team=team("Team South"), family="FAM-1")
    response = open_child(person(Role.PRACTITIONER, of_team=north), row)
    assert response.context["siblings"] == [sister]


# The audit trail


def test_reading_an_identified_child_is_audited(open_child):
    user, row = person(Role.PACE_LEAD), child()
    open_child(user, row)
    entry = AuditEntry.objects.get(action=AuditEntry.Action.VIEW)
    assert (entry.actor, entry.child_code, entry.record_type) == (user.email, row.code, "child")


def test_reading_a_pseudonym_writes_nothing(open_child):
    open_child(person(Role.CHAMPION), child())
    assert not AuditEntry.objects.exists()


def test_a_child_that_was_not_found_is_not_audited(open_child):
    open_child(person(Role.PRACTITIONER), child(of_team=team("Team South")))
    assert not AuditEntry.objects.exists()


# Clocks


@pytest.mark.parametrize("as_at", ["2024-01-07", "2024-06-01", "2024-09-01", "2025-02-01"])
def test_the_clocks_are_those_of_the_aims_on_the_same_day(open_child, as_at):
    aims = [aim("REC"), aim("PANEL", **PANEL)]
    row = child(accommodated=date(2024, 1, 8))
    milestone(row, "PERM_REC", date(2024, 8, 1), route="PO")
    milestone(row, "PANEL_PRESENTED", date(2024, 10, 1))
    child(accommodated=date(2024, 1, 8))

    shown = {clock.row for clock in open_child(person(Role.PACE_LEAD), row, as_at=as_at).context["clocks"]}

    definitions = [aim_.versions.get().definition for aim_ in sorted(aims, key=str)]
    journeys = journeys_for(definitions, Child.objects.all(), date.fromisoformat(as_at))
    counted = {mine for definition in definitions for mine in outcomes(definition, journeys).rows}
    assert shown == {mine for mine in counted if mine.child_id == row.pk}


@pytest.mark.parametrize(
    ("as_at", "state", "words"),
    [
        ("2024-06-01", "Waiting in time", "Waiting for 20.7 weeks, 37 days left"),
        ("2024-07-09", "Overdue", "Waiting for 26.1 weeks, 1 day over"),
        ("2024-09-01", "Missed", "29.4 weeks, 24 days after the due date"),
    ],
)
def test_a_clock_says_its_state_and_how_it_stands_to_the_due_date(open_child, as_at, state, words):
    aim()
    row = child(accommodated=date(2024, 1, 8))
    milestone(row, "PERM_REC", date(2024, 8, 1), route="PO")
    page = tags_of(open_child(person(Role.CHAMPION), row, as_at=as_at))
    assert (state in page, words in page, "8 July 2024" in page) == (True, True, True)


def test_a_clock_that_ended_says_why(open_child):
    aim()
    row = child(accommodated=date(2024, 1, 8))
    row.episodes.update(end=date(2024, 2, 5))
    page = tags_of(open_child(person(Role.CHAMPION), row, as_at="2024-06-01"))
    assert "Ceased to be looked after on 5 February 2024, after 4.0 weeks" in page


def test_a_recommendation_from_before_the_accommodation_says_so(open_child):
    aim()
    row = child(born=date(2024, 1, 1), accommodated=date(2024, 1, 8))
    milestone(row, "PERM_REC", date(2023, 12, 1), route="PO", pre_birth=True)
    assert "Before the clock started" in tags_of(open_child(person(Role.CHAMPION), row, as_at="2024-06-01"))


def test_a_clock_that_cannot_be_placed_is_unknown_and_says_why(open_child):
    aim(**PANEL)
    row = child(accommodated=date(2024, 1, 8))
    milestone(row, "PERM_REC", date(2024, 8, 1), route="PO", precision=Precision.MONTH)
    (clock,) = open_child(person(Role.CHAMPION), row).context["clocks"]
    assert (clock.row, clock.is_unknown, clock.words) == (None, True, "start is known by month only")


def test_a_clock_that_the_aim_excludes_is_not_counted_and_says_why(open_child):
    aim(**RECOMMENDATION, placements_excluded=["FOST_LA"])
    (clock,) = open_child(person(Role.CHAMPION), child(accommodated=date(2024, 1, 8))).context["clocks"]
    assert (clock.row, clock.is_unknown, clock.words) == (None, False, "the placement is excluded")


def test_an_overdue_clock_stands_before_a_waiting_one_and_that_before_one_that_was_met(open_child):
    aim("A-MET")
    aim("B-WAITING", **PANEL | {"limit": "5 years"})
    aim("C-OVERDUE", **PANEL)
    row = child(accommodated=date(2024, 1, 8))
    milestone(row, "PERM_REC", date(2024, 2, 1), route="PO")
    clocks = open_child(person(Role.CHAMPION), row, as_at="2024-12-01").context["clocks"]
    assert [clock.definition.code for clock in clocks] == ["C-OVERDUE", "B-WAITING", "A-MET"]


@pytest.mark.parametrize(("status", "shown"), [("active", 1), ("draft", 1), ("closed", 0)])
def test_active_and_draft_aims_show_their_clocks_and_closed_ones_do_not(open_child, status, shown):
    aim(status=status)
    response = open_child(person(Role.CHAMPION), child(accommodated=date(2024, 1, 8)))
    assert len(response.context["clocks"]) == shown


def test_each_clock_leads_to_its_aim_on_the_same_day(open_child):
    aim("REC")
    page = tags_of(open_child(person(Role.CHAMPION), child(accommodated=date(2024, 1, 8)), as_at="2024-06-01"))
    assert f'href="{reverse("aim", kwargs={"code": "REC"})}?as_at=2024-06-01"' in page


@pytest.mark.parametrize(
    ("stop", "words"),
    [
        (date(2024, 5, 1), "on the due date"),
        (date(2024, 4, 30), "1 day before the due date"),
        (date(2024, 5, 11), "10 days after the due date"),
    ],
)
def test_a_stop_is_told_against_its_due_date(stop, words):
    assert against_due(stop, date(2024, 5, 1)) == words


# What happened


def test_a_month_is_told_as_a_month(open_child):
    row = milestone(child(), "MEDICAL", date(2018, 5, 1), precision=Precision.MONTH)
    assert date_in_words(row) == "May 2018, day not known"


def test_an_unknown_date_is_told_as_unknown():
    assert date_in_words(milestone(child(), "MEDICAL", None, precision=Precision.UNKNOWN)) == "Date not known"


def test_an_exact_day_is_told_as_a_british_date():
    assert date_in_words(milestone(child(), "MEDICAL", date(2018, 5, 14))) == "14 May 2018"


def test_what_is_only_planned_is_told_apart_from_what_happened(open_child):
    row = child()
    milestone(row, "MEDICAL", None, planned_on=date(2027, 5, 14))
    page = tags_of(open_child(person(Role.CHAMPION), row))
    assert '<th scope="row">Planned</th>' in page
    assert '<td class="nowrap" data-label="Planned for">14 May 2027</td>' in page


def test_a_voided_milestone_is_struck_through_with_its_reason(open_child):
    row = child()
    milestone(row, "MEDICAL", date(2018, 5, 14), voided_on=date(2018, 6, 1), void_reason="entered twice")
    page = tags_of(open_child(person(Role.PACE_LEAD), row))
    assert '<s class="voided">Permanence medical</s>' in page
    assert "Void: entered twice" in page


def test_milestones_stand_newest_first_with_undated_ones_last(open_child):
    row = child()
    for on in (date(2018, 5, 1), None, date(2019, 5, 1)):
        milestone(row, "MEDICAL", on, precision=Precision.DAY if on else Precision.UNKNOWN)
    response = open_child(person(Role.CHAMPION), row)
    assert [line["when"] for line in response.context["milestones"]] == ["1 May 2019", "1 May 2018", "Date not known"]


def test_an_outcome_is_told_in_words(open_child):
    row = child()
    milestone(row, "KINSHIP_DECISION", date(2018, 5, 1), outcome="out")
    assert '<td data-label="Outcome">Ruled out</td>' in tags_of(open_child(person(Role.CHAMPION), row))


def test_placements_legal_bases_and_where_the_child_left_to_are_told_in_words(open_child):
    row = child(accommodated=date(2024, 1, 8))
    row.episodes.update(end=date(2025, 1, 8), destination="ADOPTED")
    Placement.objects.create(
        child=row, start=date(2024, 3, 1), end=date(2024, 3, 3), placement_type_id="KIN", short_break=True
    )
    LegalBasis.objects.create(child=row, start=date(2024, 1, 8), measure_id="S25")
    page = tags_of(open_child(person(Role.DATA_LEAD), row))
    words = ("Left to: Adopted", "Kinship carers: friends or relatives, short break", "Voluntary accommodation")
    assert [word for word in words if word not in page] == []


# How much it asks of the database


def test_a_long_history_takes_as_many_queries_as_a_short_one(client):
    aim("REC")
    aim("PANEL", **PANEL)
    row = child(accommodated=date(2024, 1, 8), family="FAM-1")
    client.force_login(person(Role.PACE_LEAD))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(row.get_absolute_url())
        return len(captured)

    def add_a_year(year: int):
        milestone(row, "PERM_REC", date(year, 2, 1), route="PO")
        milestone(row, "PANEL_PRESENTED", date(year, 5, 1))
        Placement.objects.create(child=row, start=date(year, 3, 1), end=date(year, 4, 1), placement_type_id="KIN")
        LegalBasis.objects.create(child=row, start=date(year, 3, 1), measure_id="S25")
        child(family="FAM-1")

    add_a_year(2024)
    few = queries()
    for year in range(2010, 2024):
        add_a_year(year)
    assert queries() == few


# The half-way checklist


def checklist(client, row) -> dict:
    return {item.label: item for item in client.get(row.get_absolute_url()).context["checklist"]}


def test_half_way_the_page_asks_what_is_under_way(client):
    today = timezone.localdate()
    row = child(of_team=team(), accommodated=today - timedelta(weeks=12))
    milestone(row, "MEDICAL", today - timedelta(weeks=2))
    milestone(row, "LEGAL_ADVICE_REQ", today - timedelta(weeks=20))
    client.force_login(person(Role.PRACTITIONER, of_team=team()))
    found = checklist(client, row)
    assert found["Permanence medical"].on == today - timedelta(weeks=2)
    assert found["Legal advice asked for"].on is None


@pytest.mark.parametrize("weeks", [11, 12])
def test_the_checklist_begins_after_half_the_time(client, weeks):
    row = child(of_team=team(), accommodated=timezone.localdate() - timedelta(weeks=weeks))
    client.force_login(person(Role.PRACTITIONER, of_team=team()))
    assert bool(checklist(client, row)) == (weeks == 12)


def test_the_checklist_ends_with_the_recommendation(client):
    today = timezone.localdate()
    row = child(of_team=team(), accommodated=today - timedelta(weeks=20))
    milestone(row, "PERM_REC", today - timedelta(weeks=1), route="PO")
    client.force_login(person(Role.PRACTITIONER, of_team=team()))
    assert checklist(client, row) == {}
