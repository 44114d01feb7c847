"""The pages of the programme: charter, groups, scores and the self-check."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from improvement.models import DriverDiagram, GroupMember, PdsaCycle, Programme, ProgressScore
from improvement.progress import MEANINGS
from pace_site.accounts.roles import Role
from tests.builders import authority, child, milestone, person, team
from tests.improvement.builders import DO, PLAN, a_test, an_aim
from tests.improvement.meeting_builders import a_member, a_score
from tests.page_reading import text_of, typed

pytestmark = pytest.mark.django_db
PROGRAMME = "/improvement/programme/"
CHARTER = f"{PROGRAMME}charter/"
PROGRESS = f"{PROGRAMME}progress/"
CHAMPIONS = f"{PROGRAMME}champions/"
SELF_CHECK = f"{PROGRAMME}self-check/"


@pytest.fixture
def lead(client):
    user = person(Role.PACE_LEAD)
    client.force_login(user)
    return user


def test_a_charter_is_written_read_and_changed(client, lead):
    assert "has no charter yet" in text_of(client.get(PROGRAMME))
    form = client.get(CHARTER).context["form"]
    assert client.post(CHARTER, typed(form, problem="Drift", starts_on="2026-04-01")).status_code == 302
    said = text_of(client.get(PROGRAMME))
    assert "Problem Drift" in said
    assert "Starts on 1 April 2026" in said
    assert "Not said yet: aim, why now" in said


def test_who_was_overtaken_in_the_charter_sees_both_versions(client, lead):
    form = client.get(CHARTER).context["form"]
    client.post(CHARTER, typed(form, problem="Theirs"))
    page = client.post(CHARTER, typed(form, problem="Mine"))
    assert "Problem Theirs Mine" in text_of(page)
    assert client.post(CHARTER, typed(page.context["form"])).status_code == 302
    assert Programme.objects.get().problem == "Mine"


def test_a_date_that_is_none_gives_everything_back(client, lead):
    page = client.post(CHARTER, {"problem": "Drift", "starts_on": "soon", "edition": "0"})
    assert "This is not a date" in text_of(page)
    assert page.context["form"]["problem"].value() == "Drift"
    assert not Programme.objects.exists()


def test_members_are_taken_in_changed_and_taken_out(client, lead):
    champion = person(Role.CHAMPION)
    client.post(CHAMPIONS, {"user": champion.pk, "agency": "NHS", "role": "health", "leads": "on"})
    client.post(CHAMPIONS, {"name": "Mo Grant", "agency": "SCRA", "role": "reporter"})
    said = text_of(client.get(CHAMPIONS))
    assert "The Champions' Group has 2 members" in said
    assert f"{champion} NHS Health, leads the group" in said
    assert "Reporter does not sign in" in said
    mo = GroupMember.objects.get(name="Mo Grant")
    page = mo.get_absolute_url()
    form = client.get(page).context["form"]
    assert client.post(page, typed(form, role="education")).url == CHAMPIONS
    client.post(page, {"what": "leave", "edition": "2"})
    assert "has 1 member " in text_of(client.get(CHAMPIONS))
    assert client.get(page).status_code == 404


def test_who_was_overtaken_with_a_member_sees_both_versions(client, lead):
    page = a_member().get_absolute_url()
    sent = typed(client.get(page).context["form"], role="health")
    GroupMember.objects.update(role="manager", edition=2)
    answer = client.post(page, sent)
    assert "Role Manager Health" in text_of(answer)
    client.post(page, {"what": "leave", "edition": "1"})
    assert GroupMember.objects.get().left_on is None


def test_a_member_of_two_kinds_is_refused_with_what_was_typed(client, lead):
    page = client.post(CHAMPIONS, {"user": person(Role.CHAMPION).pk, "name": "Mo", "role": "health"})
    assert "one of them" in text_of(page)
    assert page.context["form"]["name"].value() == "Mo"


def test_choices_of_a_member_are_inside_the_authority(client, lead):
    page = client.post(
        CHAMPIONS, {"user": person(Role.CHAMPION, organisation=authority("S12000033")).pk, "role": "health"}
    )
    assert list(page.context["form"].errors) == ["user"]


def test_an_aim_group_has_its_members_and_the_lead_of_the_aim(client, lead):
    aim = an_aim()
    aim.lead, aim.group = person(Role.AIM_GROUP_LEAD), "Early planning"
    aim.save()
    address = reverse("aim_group", kwargs={"code": aim.code})
    client.post(address, {"name": "Mo Grant", "role": "health"})
    said = text_of(client.get(address))
    assert "Aim group AIM-1 has 1 member" in said
    assert f"Early planning. {aim.lead} leads it" in said
    assert "Champions' Group: 0 members" in text_of(client.get(PROGRAMME))
    assert client.get(reverse("aim_group", kwargs={"code": "NONE"})).status_code == 404


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.CHAMPION, Role.SENIOR_LEADER])
def test_who_does_not_lead_reads_and_is_offered_nothing_to_write(client, role):
    member = a_member()
    a_score()
    client.force_login(person(role))
    for address in (PROGRAMME, PROGRESS, CHAMPIONS, SELF_CHECK):
        page = client.get(address)
        assert page.status_code == 200
        assert 'method="post"' not in page.content.decode().split("<main")[1]
    for address in (CHARTER, member.get_absolute_url()):
        assert client.get(address).status_code == 403
    for address in (CHARTER, PROGRESS, CHAMPIONS, member.get_absolute_url()):
        assert client.post(address, {"name": "Mo", "role": "health", "edition": "1"}).status_code == 403


def test_a_score_is_given_with_a_reason_and_stands_in_the_history(client, lead):
    month = timezone.localdate().replace(day=1)
    page = client.post(PROGRESS, {"month": month.isoformat(), "score": "2.5"})
    assert "Say why" in text_of(page)
    sent = {"month": month.isoformat(), "score": "2.5", "reason": "Three tests"}
    assert client.post(PROGRESS, sent).status_code == 302
    said = text_of(client.get(PROGRESS))
    assert f"Progress score 2.5 for {month:%B %Y}" in said
    assert "Changes tested, no improvement yet" in said
    assert "is not scored yet" not in said
    assert all(meaning in said for meaning in MEANINGS.values())


@pytest.mark.parametrize("broken", [{"score": "2.2"}, {"month": "2019-01-01"}])
def test_a_score_that_is_not_offered_is_refused(client, lead, broken):
    sent = {"month": timezone.localdate().replace(day=1).isoformat(), "score": "2.5", "reason": "x"}
    assert list(client.post(PROGRESS, sent | broken).context["form"].errors) == list(broken)
    assert not ProgressScore.objects.exists()


def answers(client, **query) -> dict[str, tuple[bool, str]]:
    page = client.get(SELF_CHECK, query)
    return {answer.question.split()[-1]: (answer.is_yes, answer.why) for answer in page.context["answers"]}


def test_where_nothing_is_recorded_every_answer_is_no(client, lead):
    found = answers(client)
    assert [yes for yes, _why in found.values()] == [False] * 5
    assert "0 of 5 answers are yes" in text_of(client.get(SELF_CHECK))
    assert found["aim?"][1] == "No aim is active."
    assert found["month?"][1] == "No extract was taken in and no milestone is recorded."
    assert found["chart?"][1] == "No active aim has a run chart."


def test_an_aim_without_a_target_is_no_stretch_aim(client, lead):
    an_aim("AIM-1", target_pct=None)
    assert answers(client)["aim?"] == (
        False,
        "1 aim is active, and none says how many children within what time.",
    )
    an_aim("AIM-2", target_pct=80, status="draft")
    assert not answers(client)["aim?"][0]
    an_aim("AIM-3", target_pct=80, by_date="2027-11-01")
    yes, why = answers(client)["aim?"]
    assert yes
    assert why.startswith("1 of 2 active aims say how many children within what time; 1 of them by when")


def test_a_driver_diagram_is_seen(client, lead):
    DriverDiagram.objects.create(authority=authority("S12000033"), title="Theirs", sentence="Better")
    assert not answers(client)["diagram?"][0]
    DriverDiagram.objects.create(authority=lead.organisation, title="Ours", sentence="Better", aim=an_aim())
    assert answers(client)["diagram?"] == (True, "1 driver diagram is drawn, for AIM-1.")


def test_a_cycle_is_active_from_its_start_to_its_decision(client, lead):
    test = a_test(cycles=2)
    assert not answers(client)["active?"][0]
    PdsaCycle.objects.filter(pk=test.last_cycle.pk).update(
        **PLAN | DO | {"started_on": date(2026, 4, 1), "ended_on": None, "what_happened": ""}
    )
    yes, why = answers(client)["active?"]
    assert (yes, why) == (True, "1 test of change has a cycle under way; 1 earlier cycle has a recorded outcome.")
    assert not answers(client, as_at="2026-03-30")["active?"][0]
    assert answers(client, as_at="2026-03-10")["active?"][0]


@pytest.mark.parametrize(("ago", "yes"), [(31, True), (32, False)])
def test_data_are_of_the_last_month_up_to_its_last_day(client, lead, ago, yes):
    row = child(of_team=team(), accommodated=timezone.localdate() - timedelta(days=400))
    milestone(row, "REVIEW", timezone.localdate() - timedelta(days=ago))
    found, why = answers(client)["month?"]
    assert found is yes
    assert why.endswith(f"{ago} days before.")


@pytest.mark.parametrize(("count", "yes"), [(9, False), (10, True)])
def test_a_run_chart_needs_ten_points(client, lead, count, yes):
    an_aim(start_event="ACCOM_START", stop_event=["PERM_REC"], age_max_exclusive=None)
    for number in range(count):
        start = date(2025, 1, 6) + timedelta(days=7 * number)
        row = child(of_team=team(), accommodated=start)
        milestone(row, "PERM_REC", start + timedelta(days=70 + number), route="PO")
    found, why = answers(client)["chart?"]
    assert found is yes
    assert str(count) in why


@pytest.mark.parametrize("address", [PROGRAMME, PROGRESS, CHAMPIONS, SELF_CHECK])
def test_a_page_asks_as_much_for_many_as_for_few(client, lead, address):
    def asked(count):
        for number in range(count):
            aim = an_aim(f"AIM-{number}-{count}")
            a_member(aim=aim)
            a_member()
            a_score(by=lead)
            a_test(aim=aim, lead=person(Role.PRACTITIONER))
            row = child(of_team=team(), accommodated=date(2026, 1, 5))
            milestone(row, "PERM_REC", date(2026, 3, 5), route="PO")
            DriverDiagram.objects.create(authority=lead.organisation, title="Ours", sentence="Better", aim=aim)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    assert asked(3) == asked(12)
