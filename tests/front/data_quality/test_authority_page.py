"""Data quality by rule and team, and the findings behind each number."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from milestones.models import AcceptedFinding, MonthOfFindings
from milestones.quality.look_through import look_through
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.front.subject_access.held import held_of
from pace_site.long_work.models import LongWork
from tests.builders import authority, child, milestone, person, team
from tests.milestones.quality.stories import cared_for, found_in, stay
from tests.page_reading import text_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def two_teams():
    """North: an overlap and no legal basis. South: no legal basis."""
    north, south = team("Team North"), team("Team South")
    first = cared_for(of_team=north, ground=None, since=date(2024, 1, 8))
    stay(first, date(2024, 3, 1))
    second = cared_for(of_team=south, ground=None)
    look_through(authority(), as_at=TODAY)
    return first, second


def test_each_number_leads_to_exactly_those_findings(client):
    first, second = two_teams()
    client.force_login(person(Role.DATA_LEAD))
    page = client.get(reverse("data_quality"))
    seen = page.context["seen"]
    for line in page.context["rules"]:
        listed = client.get(f"{reverse('data_quality_findings')}?{line.count.query}")
        assert len(listed.context["rows"].paginator.object_list) == line.count.findings
        assert {each.finding.rule for each in listed.context["rows"]} == {line.rule.number}
    for line in page.context["teams"]:
        for count in (line.all, *line.by_severity):
            listed = client.get(f"{reverse('data_quality_findings')}?{count.query}")
            assert listed.context["count"].findings == count.findings
            assert {each.team for each in listed.context["rows"]} <= {line.key}
    assert page.context["all"].findings == len(seen.everything)
    assert [line.rule.severity for line in page.context["rules"]] == sorted(
        (line.rule.severity for line in page.context["rules"]), key="EWI".index
    )
    assert first.code in client.get(reverse("data_quality_findings")).content.decode()
    assert second.code in client.get(reverse("data_quality_findings")).content.decode()


@pytest.mark.parametrize("name", ["data_quality", "data_quality_findings"])
def test_a_choice_that_nobody_offered_is_told_and_shows_nothing(client, name):
    first, _second = two_teams()
    client.force_login(person(Role.DATA_LEAD))
    for forged in ("rule=9999", f"rule={'9' * 5000}", "severity=X", "team=999999", "state=maybe"):
        page = client.get(f"{reverse(name)}?{forged}")
        assert "One of your choices is wrong" in page.content.decode()
        assert first.code not in page.content.decode()


def test_a_team_manager_sees_the_own_team_alone_and_the_months_of_it(client):
    first, second = two_teams()
    client.force_login(person(Role.TEAM_MANAGER, of_team=team("Team South")))
    page = client.get(reverse("data_quality"))
    listed = client.get(reverse("data_quality_findings")).content.decode()
    assert second.code in listed
    assert first.code not in listed
    last = page.context["trend"].months[-1]
    assert last.findings == len(found_in(second, last.end))


def test_a_champion_sees_pseudonyms_and_no_form(client):
    two_teams()
    client.force_login(person(Role.CHAMPION))
    listed = client.get(reverse("data_quality_findings")).content.decode()
    assert "Given" not in listed
    assert "/correct/" not in listed
    assert not AuditEntry.objects.filter(record_type="data_quality").exists()


def test_whoever_is_shown_names_stands_in_the_trail(client):
    first, _second = two_teams()
    client.force_login(person(Role.DATA_LEAD))
    page = client.get(reverse("data_quality_findings") + "?rule=6")
    assert "/placement/" in page.content.decode()
    entry = AuditEntry.objects.get(record_type="data_quality")
    assert entry.after["children"] == [first.code]


def test_an_accepted_finding_stays_in_the_count_and_is_told_apart(client):
    first, _second = two_teams()
    by = person(Role.DATA_LEAD)
    client.force_login(by)
    address = reverse("finding_accept", kwargs={"code": first.code, "rule": 6})
    form = client.get(address).context["form"]
    ((value, message),) = form.fields["finding"].choices
    assert "overlap" in message
    assert client.post(address, {"finding": value, "reason": "short"}).status_code == 200
    assert not AcceptedFinding.objects.exists()
    assert client.post(address, {"finding": value, "reason": "Lived in two homes by agreement"}).status_code == 302
    page = client.get(reverse("data_quality"))
    (line,) = [each for each in page.context["rules"] if each.rule.number == 6]
    assert (line.count.findings, line.count.accepted) == (1, 1)
    assert client.get(reverse("data_quality_findings") + "?rule=6&state=open").context["count"].findings == 0
    shown = text_of(client.get(reverse("child", kwargs={"code": first.code})))
    assert "Accepted as true (1)" in shown
    assert "Lived in two homes by agreement" in shown
    accepted = AcceptedFinding.objects.get()
    held = {table.key: table.rows for table in held_of(first, to=by).tables}
    assert held["accepted"][0][2] == "Lived in two homes by agreement"
    client.post(address, {"take_back": str(accepted.pk)})
    assert client.get(reverse("data_quality_findings") + "?rule=6&state=open").context["count"].findings == 1


def test_the_childs_page_says_what_to_do_and_leads_to_the_form(client):
    first, _second = two_teams()
    client.force_login(person(Role.PRACTITIONER, of_team=team("Team North")))
    page = client.get(reverse("child", kwargs={"code": first.code}))
    says = text_of(page)
    assert "Record the legal basis on which the child is looked after now." in says
    assert reverse("record", kwargs={"code": first.code, "slug": "legal-basis"}) in page.content.decode()
    assert "accept with a reason" not in says


def test_a_few_records_are_looked_through_at_once_and_many_in_the_background(client, monkeypatch):
    cared_for(ground=None)
    client.force_login(person(Role.DATA_LEAD))
    assert "Nobody has had the records looked through yet" in text_of(client.get(reverse("data_quality")))
    client.post(reverse("data_quality"))
    assert client.get(reverse("data_quality")).context["all"].findings >= 1
    assert MonthOfFindings.objects.count() == 12
    monkeypatch.setattr("pace_site.front.data_quality.authority_page.AT_ONCE", 0)
    client.post(reverse("data_quality"))
    assert LongWork.objects.get().kind == "look_through"
    client.force_login(person(Role.PRACTITIONER))
    assert client.post(reverse("data_quality")).status_code == 403


def test_the_queries_are_the_same_for_three_children_and_for_thirty(client, queries_of):
    by = person(Role.DATA_LEAD)
    client.force_login(by)
    counts = []
    for more in (3, 27):
        for _ in range(more):
            row = cared_for(of_team=team(), ground=None)
            milestone(row, "PERM_REC", date(2024, 3, 1))
        look_through(authority(), as_at=TODAY)
        counts.append([queries_of(reverse(name)) for name in PAGES])
    assert counts[0] == counts[1]


PAGES = ("data_quality", "data_quality_findings", "completeness", "unrecorded", "recording_policy")


@pytest.fixture
def queries_of(client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    return count


def test_nothing_of_another_authority_is_seen(client):
    elsewhere = authority("S12000033")
    other = cared_for(ground=None, organisation=elsewhere)
    look_through(elsewhere, as_at=TODAY)
    child()
    look_through(authority(), as_at=TODAY)
    client.force_login(person(Role.DATA_LEAD))
    assert client.get(reverse("data_quality")).context["all"].findings == 0
    assert other.code not in client.get(reverse("data_quality_findings")).content.decode()
