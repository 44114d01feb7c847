"""The log of requests: due within a month, restricting from the day it is logged, closed with a decision."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from children.keeping import Collision
from children.retention.models import RightsRequest
from children.retention.request_actions import a_month_after, decide, lift, restricted_since, take_in
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import authority, child, person

pytestmark = pytest.mark.django_db


def asked(kind, *, by, received_on=None, row=None):
    return take_in(
        row or child(),
        kind=kind,
        reference="DP 17",
        asked="The school is wrong",
        received_on=received_on or timezone.localdate(),
        by=by,
    )


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 3, 17), date(2026, 4, 17)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 12, 5), date(2027, 1, 5)),
    ],
)
def test_a_request_is_due_within_a_month(received, due):
    assert a_month_after(received) == due


def test_a_request_restricts_from_the_day_it_is_logged_until_it_is_lifted(lead):
    request = asked("restriction", by=lead)
    assert restricted_since(request.child) == timezone.localdate()
    decided = decide(request, decision="done", decision_words="Not used meanwhile", edition=1, by=lead)
    assert restricted_since(request.child) == timezone.localdate()
    lift(decided, reason="The facts are checked", edition=2, by=lead)
    assert restricted_since(request.child) is None


def test_a_restriction_that_is_refused_ends(lead):
    request = asked("restriction", by=lead)
    decide(request, decision="refused", decision_words="The data are right", edition=1, by=lead)
    assert restricted_since(request.child) is None


def test_a_request_for_correction_restricts_nothing(lead):
    assert restricted_since(asked("correction", by=lead).child) is None


def test_a_request_from_the_future_is_refused(lead):
    with pytest.raises(ValidationError, match="future"):
        asked("access", by=lead, received_on=timezone.localdate() + timedelta(days=1))


def test_what_was_decided_is_not_decided_again(lead):
    request = decide(asked("access", by=lead), decision="done", decision_words="Sent", edition=1, by=lead)
    with pytest.raises(ValidationError, match="decided already"):
        decide(request, decision="refused", decision_words="Not sent", edition=2, by=lead)


def test_two_people_do_not_decide_over_each_other(lead):
    request = asked("restriction", by=lead)
    decide(request, decision="done", decision_words="Not used", edition=1, by=lead)
    with pytest.raises(Collision):
        lift(request, reason="The facts are checked", edition=1, by=lead)


def test_nothing_is_lifted_twice(lead):
    request = lift(asked("restriction", by=lead), reason="Checked", edition=1, by=lead)
    with pytest.raises(ValidationError, match="Nothing is restricted"):
        lift(request, reason="Checked", edition=2, by=lead)


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.TEAM_MANAGER, Role.IG_AUDITOR, Role.ADMINISTRATIVE_LEAD])
def test_no_other_role_keeps_the_log(role, lead):
    request = asked("restriction", by=lead)
    with pytest.raises(PermissionDenied):
        asked("access", by=person(role), row=request.child)
    with pytest.raises(PermissionDenied):
        decide(request, decision="done", decision_words="Sent", edition=1, by=person(role))


def test_a_lead_of_another_authority_keeps_another_log(lead):
    request = asked("restriction", by=lead)
    stranger = person(Role.DATA_LEAD, organisation=authority("S12000033"))
    with pytest.raises(PermissionDenied):
        lift(request, reason="Checked", edition=1, by=stranger)


def test_each_step_stands_in_the_trail_of_the_child(lead):
    request = asked("restriction", by=lead)
    decide(request, decision="refused", decision_words="The data are right", edition=1, by=lead)
    said = AuditEntry.objects.filter(child_code=request.child.code, record_type="rightsrequest").order_by("pk")
    assert [(entry.action, entry.actor) for entry in said] == [("create", lead.email), ("change", lead.email)]


def test_the_page_counts_what_is_open_and_what_is_late(client, lead):
    asked("correction", by=lead, received_on=timezone.localdate() - timedelta(days=40))
    asked("access", by=lead)
    client.force_login(lead)
    assert "2 requests are open, 1 overdue" in client.get(reverse("rights_requests")).content.decode()


def test_a_request_is_logged_and_closed_on_its_pages(client, lead):
    row = child()
    client.force_login(lead)
    sent = {"code": row.code.lower(), "kind": "restriction", "reference": "DP 9", "asked": "Wrong school"}
    client.post(reverse("rights_requests"), {**sent, "received_on": timezone.localdate().isoformat()})
    request = RightsRequest.objects.get()
    assert "Processing restricted since" in client.get(row.get_absolute_url()).content.decode()
    page = client.post(request.get_absolute_url(), {"decision": "done", "decision_words": "", "edition": "1"})
    assert "Say what was decided" in page.content.decode()
    client.post(request.get_absolute_url(), {"decision": "done", "decision_words": "Not used", "edition": "1"})
    request.refresh_from_db()
    assert (request.decision, request.closed_by) == ("done", lead)


def test_a_form_that_was_overtaken_keeps_what_was_typed(client, lead):
    request = asked("access", by=lead)
    RightsRequest.objects.update(edition=4)
    client.force_login(lead)
    sent = {"decision": "partly", "decision_words": "Sent in part, as agreed", "edition": "1"}
    page = client.post(request.get_absolute_url(), sent).content.decode()
    assert "Somebody else changed this request" in page
    assert "Sent in part, as agreed" in page


def test_the_log_costs_as_many_queries_for_30_requests_as_for_3(client, lead, django_assert_num_queries):
    for _ in range(3):
        asked("access", by=lead)
    client.force_login(lead)
    client.get(reverse("rights_requests"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("rights_requests"))
    for _ in range(27):
        asked("access", by=lead)
    with django_assert_num_queries(len(few)):
        client.get(reverse("rights_requests"))
