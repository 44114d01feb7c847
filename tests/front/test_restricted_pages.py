"""The pages of restricted records, and what other pages say of them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from children.models import BreakGlass, Child, Restriction
from children.restriction_actions import break_glass, restrict
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import allocate, child, milestone, person, team

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]

WHY = "A relative of somebody who works in the team"
NOW = "The child is in hospital and nobody who is named answers"


@pytest.fixture
def manager():
    return person(Role.TEAM_MANAGER)


@pytest.fixture
def row():
    return child(
        of_team=team(),
        code="QX-SHUT7",
        name=("Shutgiven", "Shutfamily"),
        accommodated=timezone.localdate() - timedelta(days=90),
    )


@pytest.fixture
def restriction(row, manager):
    return restrict(row, reason=WHY, by=manager)


def text_of(response) -> str:
    return response.content.decode()


def search(client, term: str) -> str:
    page = text_of(client.post(reverse("search"), {"term": term}))
    return page.replace(f'value="{term}"', "")


@pytest.mark.parametrize("how", ["QX-SHUT7", "Shutgiven Shutfamily", "shutfamily  shutgiven", "ref"])
def test_a_full_name_or_reference_finds_whom_to_ask_and_nothing_of_the_child(how, client, enter, row, restriction):
    enter(Role.PRACTITIONER)
    page = search(client, row.local_ref if how == "ref" else how)
    assert f"Restricted: ask {restriction.set_by}" in page
    assert reverse("break_glass", kwargs={"pk": restriction.pk}) in page
    assert not [word for word in ("QX-SHUT7", "Shut", row.local_ref, WHY) if word in page]
    entry = AuditEntry.objects.get(record_type="closed record")
    assert (entry.action, entry.child_code) == ("search", row.code)


@pytest.mark.parametrize("term", ["Shutgiven", "Shut Shut", "QX-SHUT", "REF", "Shutgiven Shutfamil"])
def test_a_part_of_it_finds_nothing(term, client, enter, row, restriction):
    enter(Role.PRACTITIONER)
    assert "Restricted" not in search(client, term)


@pytest.mark.parametrize("role", [Role.IRO, Role.CHAMPION])
def test_who_would_not_see_the_name_is_told_nothing(role, client, enter, restriction):
    enter(role)
    assert "Restricted" not in search(client, "Shutgiven Shutfamily")
    assert client.get(reverse("child", kwargs={"code": "QX-SHUT7"})).status_code == 404


def test_the_address_of_the_child_says_whom_to_ask(client, enter, row, restriction):
    enter(Role.PRACTITIONER)
    page = client.get(row.get_absolute_url())
    assert page.status_code == 403
    assert f"ask {restriction.set_by}" in text_of(page)
    assert "Shut" not in text_of(page).replace("QX-SHUT7", "")


def test_lists_say_how_many_they_leave_out(client, enter, row, restriction):
    user = enter(Role.PRACTITIONER)
    allocate(user, row)
    for name in ("caseload", "children", "timelines"):
        page = text_of(client.get(reverse(name)))
        assert "1 child whose record is restricted" in page
        assert "QX-SHUT7" not in page


def test_breaking_the_glass_leads_to_the_open_record(client, enter, row, restriction):
    user = enter(Role.PRACTITIONER)
    address = reverse("break_glass", kwargs={"pk": restriction.pk})
    page = text_of(client.get(address))
    assert "Shut" not in page
    answer = client.post(address, {"reason": NOW, "understood": "on"}, follow=True)
    assert answer.redirect_chain == [(row.get_absolute_url(), 302)]
    assert "Shutgiven" in text_of(answer)
    assert "open to you until" in text_of(answer)
    assert BreakGlass.objects.get().user == user
    # Sent again, it opens nothing a second time.
    assert client.post(address, {"reason": NOW, "understood": "on"}).status_code == 302
    assert BreakGlass.objects.count() == 1


@pytest.mark.parametrize("data", [{"reason": NOW}, {"reason": "Urgent", "understood": "on"}, {}])
def test_without_reason_and_tick_it_stays_closed_and_what_was_typed_stays(data, client, enter, restriction):
    enter(Role.PRACTITIONER)
    page = client.post(reverse("break_glass", kwargs={"pk": restriction.pk}), data)
    assert "There is a problem" in text_of(page)
    assert data.get("reason", "") in text_of(page)
    assert not BreakGlass.objects.exists()


def test_a_manager_restricts_names_and_ends_on_one_page(client, enter, row):
    manager, worker = enter(Role.TEAM_MANAGER), person(Role.PRACTITIONER)
    address = reverse("restrict", kwargs={"code": row.code})
    client.post(address, {"what": "restrict", "reason": WHY, "named": [worker.pk]})
    restriction = Restriction.objects.get()
    assert {access.user for access in restriction.accesses.all()} == {manager, worker}
    access = restriction.accesses.get(user=worker)
    client.post(address, {"what": "take", "access": access.pk})
    assert not Child.objects.visible_to(worker).exists()
    client.post(address, {"what": "name", "person": worker.pk})
    assert Child.objects.visible_to(worker).exists()
    client.post(address, {"what": "end", "reason": "The relative has left the council"})
    assert "The relative has left the council" in text_of(client.get(address))
    assert not Restriction.objects.standing().exists()


def test_a_refusal_is_said_on_the_page_and_changes_nothing(client, enter, row):
    manager = enter(Role.TEAM_MANAGER)
    restriction = restrict(row, reason=WHY, by=manager)
    address = reverse("restrict", kwargs={"code": row.code})
    assert "Say a little more" in text_of(client.post(address, {"what": "end", "reason": "Over"}))
    own = restriction.accesses.get()
    assert "name somebody else first" in text_of(client.post(address, {"what": "take", "access": own.pk}))
    assert "already" in text_of(client.post(address, {"what": "name", "person": manager.pk}))
    assert Restriction.objects.standing().exists()


def test_a_pace_lead_looks_at_what_was_opened_without_seeing_the_child(client, enter, restriction):
    opened = break_glass(restriction, reason=NOW, by=person(Role.PRACTITIONER))
    enter(Role.PACE_LEAD)
    address = reverse("break_glass_alerts")
    page = text_of(client.get(address))
    assert "1 opening by break-glass nobody has looked at" in page
    assert NOW in page
    assert not [word for word in ("Shut", "QX-SHUT7") if word in page]
    assert "Say what you found" in text_of(client.post(address, {"alert": opened.pk, "words": " "}))
    client.post(address, {"alert": opened.pk, "words": "Asked the hospital: it was so"})
    assert "Asked the hospital: it was so" in text_of(client.get(address))


def test_the_page_of_openings_asks_as_much_for_many_as_for_few(
    client, enter, restriction, django_assert_max_num_queries
):
    for _number in range(3):
        worker = person(Role.PRACTITIONER)
        break_glass(restriction, reason=NOW, by=worker)
    enter(Role.PACE_LEAD)
    client.get(reverse("break_glass_alerts"))
    with django_assert_max_num_queries(100) as few:
        client.get(reverse("break_glass_alerts"))
    for _number in range(12):
        break_glass(restriction, reason=NOW, by=person(Role.PRACTITIONER))
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("break_glass_alerts"))


def test_after_an_adoption_the_page_says_whom_to_ask_and_offers_no_glass(client, enter, row):
    lead = person(Role.PACE_LEAD)
    milestone(row, "ORDER_GRANTED", timezone.localdate(), order_type="AO", route="ADOPT")
    enter(Role.PRACTITIONER)
    page = client.get(row.get_absolute_url())
    assert page.status_code == 403
    assert f"ask {lead}" in text_of(page)
    assert "break-glass" not in text_of(page)
    assert "adopt" not in text_of(page).lower()


def test_why_the_glass_was_broken_is_for_the_leads_and_auditors_alone(client, enter, row, restriction, manager):
    break_glass(restriction, reason=NOW, by=person(Role.PRACTITIONER))
    told = [reverse("seen_by", kwargs={"code": row.code}), reverse("break_glass_alerts")]
    client.force_login(manager)
    pages = [text_of(client.get(address)) for address in told]
    pages.append(text_of(client.get(reverse("history", kwargs={"code": row.code, "what": "child", "pk": row.pk}))))
    assert not [page for page in pages if NOW in page]
    assert all("for the PACE lead, the data lead and auditors" in page for page in pages[:2])
    enter(Role.PACE_LEAD)
    assert NOW in text_of(client.get(reverse("break_glass_alerts")))
    enter(Role.IG_AUDITOR)
    page = text_of(client.get(reverse("audit_trail"), {"action": "break_glass"}))
    assert NOW in page
    assert "Shut" not in page
