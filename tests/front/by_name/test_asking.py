"""Who may export children by name, and what is asked first."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from children.models import Child
from pace_site.accounts.roles import Role
from pace_site.front.caseload.cases import cases_in_scope
from pace_site.front.caseload.choosing_forms import ChoosingForm
from pace_site.front.identified.actions import Asked, export_by_name
from pace_site.front.identified.asking import Purpose
from pace_site.front.identified.caseload_by_name import CaseloadByName
from tests.aims.exports import stored_aim
from tests.aims.storytelling import aim
from tests.builders import authority, child, person, team
from tests.front.by_name.asking import ASKED, CASELOAD, DAY, ELSEWHERE, MAY, WHY, exports, of_aim

pytestmark = pytest.mark.django_db


# Who may


@pytest.mark.parametrize("role", Role.values)
def test_only_data_leads_and_pace_leads_export_by_name(ask, cohort, role):
    user = person(role)
    for address in (of_aim(), CASELOAD):
        response = ask(user, address)
        assert response.status_code == (200 if role in MAY else 403)
    assert exports().filter(record_type="identified_export").count() == (2 if role in MAY else 0)


def test_a_role_that_may_export_and_one_that_may_not_are_asked_by_the_action_too(cohort):
    manager = person(Role.TEAM_MANAGER)
    source = CaseloadByName(ChoosingForm({}, cases=cases_in_scope(manager, day=DAY)), as_at=DAY, to=manager)
    with pytest.raises(PermissionDenied):
        export_by_name(source, shown=(), asked=ASKED, file_format="xlsx", by=manager)


@pytest.mark.parametrize(("role", "offered"), [(Role.PACE_LEAD, True), (Role.TEAM_MANAGER, False)])
def test_the_way_to_it_is_shown_to_those_who_may(client, cohort, role, offered):
    north = team("Team North")
    Child.objects.update(team=north)
    client.force_login(person(role, of_team=north))
    for page, link in (("aim", of_aim()), ("caseload", CASELOAD)):
        address = reverse(page, args=["TEST"] if page == "aim" else [])
        sent = client.get(address, {"as_at": DAY.isoformat()}).content.decode()
        assert (link in sent) == offered


def test_an_aim_of_another_authority_is_not_there(ask, lead):
    stored_aim(aim(), authority=authority(ELSEWHERE))
    assert ask(lead, of_aim()).status_code == 404


def test_opening_the_page_exports_nothing_whatever_its_address_says(client, cohort, lead):
    client.force_login(lead)
    response = client.get(of_aim(), {"as_at": DAY.isoformat(), "shown": "met"} | WHY)
    assert response["Content-Type"].startswith("text/html")
    assert not exports().exists()


def test_a_form_without_its_token_exports_nothing(cohort, lead):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lead)
    assert strict.post(CASELOAD, WHY).status_code == 403
    assert not exports().exists()


# What is asked


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"purpose": ""}, "Choose what the file is for."),
        ({"purpose": "curiosity"}, "Choose one of those offered."),
        ({"reason": ""}, "Say what the file is needed for."),
        ({"reason": "audit"}, "Say a little more: at least 10 characters."),
        ({"reason": "  audit      "}, "Say a little more: at least 10 characters."),
        ({"file_format": ""}, "Choose Excel or PDF."),
        ({"file_format": "csv"}, "Choose Excel or PDF."),
        ({"as_at": ""}, "Choose the day that the list speaks of."),
        ({"as_at": "1 June"}, "This is not a date."),
        ({"as_at": "1066-10-14"}, "This date is out of range."),
        ({"as_at": (timezone.localdate() + timedelta(days=1)).isoformat()}, "This day has not come yet"),
        ({"shown": []}, "Tick at least one."),
        ({"shown": ["everybody"]}, "everybody is not a figure of this aim."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(ask, cohort, lead, typed, words):
    response = ask(lead, of_aim(), **typed)
    page = response.content.decode()
    assert response["Content-Type"].startswith("text/html")
    assert words in page
    for name, value in (WHY | typed).items():
        if name in ("as_at", "reason"):
            assert value in page
    if "purpose" not in typed:
        assert '<option value="court" selected>' in page
    assert not exports().exists()


def test_the_page_says_how_many_children_and_how_the_file_is_kept(client, cohort, lead):
    client.force_login(lead)
    page = client.get(of_aim(), {"as_at": DAY.isoformat()}).content.decode()
    for words in (
        "Export 4 children by name",
        "Overdue: 1 child",
        "1 June 2020",
        "confidential waste",
        "It is recorded",
    ):
        assert words in page


@pytest.mark.parametrize(("address", "page"), [(of_aim(), "/aims/TEST/"), (CASELOAD, "/caseload/")])
def test_the_way_back_leads_to_the_same_day(client, cohort, lead, address, page):
    client.force_login(lead)
    assert client.get(address, {"as_at": DAY.isoformat()}).context["back"] == f"{page}?as_at=2020-06-01"


def test_another_day_is_told_before_it_leaves_and_leaves_when_it_is_sent_again(ask, client, cohort, lead):
    earlier = date(2019, 9, 2)
    response = ask(lead, of_aim(), as_at=earlier.isoformat())
    page = response.content.decode()
    assert "As at 2 September 2019 the list holds 3 children" in page
    assert WHY["reason"] in page
    assert not exports().exists()
    again = client.post(
        of_aim(),
        WHY | {"as_at": earlier.isoformat(), "shown": ["overdue", "met"], "told": response.context["told"]},
    )
    assert again["Content-Disposition"].endswith('.xlsx"')


def test_a_child_recorded_while_the_page_was_open_does_not_leave_unsaid(ask, client, cohort, lead):
    client.force_login(lead)
    told = client.get(CASELOAD, {"as_at": DAY.isoformat()}).context["told"]
    child(accommodated=date(2020, 1, 6))
    assert "Nothing was exported" in ask(lead, CASELOAD, told=told).content.decode()


def test_a_list_of_nobody_is_not_exported(ask, lead):
    assert "There is no child to export." in ask(lead, CASELOAD).content.decode()
    assert not exports().exists()


def test_a_reason_that_says_nothing_is_refused_by_the_action_too(cohort, lead):
    source = CaseloadByName(ChoosingForm({}, cases=cases_in_scope(lead, day=DAY)), as_at=DAY, to=lead)
    with pytest.raises(ValidationError):
        export_by_name(source, shown=(), asked=Asked(Purpose.OTHER, " " * 20), file_format="xlsx", by=lead)
