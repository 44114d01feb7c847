"""One search for everything: what is found besides children, in which order, and what is told of it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pace_site.accounts.permissions import Permission
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.front.search.found import day_in, fitting_words
from pace_site.front.search.page_names import PAGES
from tests.aims.exports import stored_aim
from tests.aims.storytelling import aim
from tests.builders import authority, child
from tests.front.every_page import NEEDS, every_page
from tests.improvement.builders import a_test

# Pages without a parameter that nobody looks for by name: files, and parts of another page.
FOUND_BY_NO_NAME = {
    *("caseload_export", "caseload_by_name", "reminder_snooze", "improvement_export", "feed_documentation"),
    *("national_dataset_file", "national_dataset_dictionary"),
    *("change_idea_new", "driver_diagram_new", "measure_new", "measure_register", "barrier_new", "programme_charter"),
}

# Pages that ask for more than a permission: with which they are offered all the same.
PAGES_OF_A_KIND = {"national": Permission.VIEW_NATIONAL, "national_files": Permission.RECEIVE_NATIONAL}


def look_for(client, term: str):
    return client.post(reverse("search"), {"term": term})


def found(response) -> dict[str, list[str]]:
    """What a page shows by kind."""
    parts = response.context["parts"]
    return {
        "Children" if isinstance(part, dict) else part.heading: (
            [row["who"].code for row in part["children"]]
            if isinstance(part, dict)
            else [item.name for item in part.items]
        )
        for part in parts
    }


@pytest.mark.parametrize(
    "term", ["14/05/2017", "14.5.17", "14 May 2017", "14th may 2017", "2017-05-14", " 2017-05-14 ", "20170514"]
)
def test_a_day_is_read_in_british_and_iso_forms(term):
    assert day_in(term) == date(2017, 5, 14)


@pytest.mark.parametrize("term", ["May 2017", "31/02/2017", "P-0417", "05/2017", "not known"])
def test_what_is_no_single_day_is_none(term):
    assert day_in(term) is None


def test_each_word_is_found_at_the_beginning_of_a_word_whatever_its_accents():
    assert fitting_words("màiri dec")("A decision for Mairi")
    assert not fitting_words("cision")("A decision")
    assert not fitting_words("–")("A decision")


@pytest.mark.django_db
@pytest.mark.each_database
def test_a_child_is_found_by_date_of_birth_by_whom_it_may_be_named_and_nobody_else(client, enter):
    row = child(code="P-0417", born=date(2017, 5, 14))
    child(code="P-0418", born=date(2017, 5, 15))
    enter(Role.DATA_LEAD)
    assert found(look_for(client, "14/05/2017")) == {"Children": [row.code]}
    enter(Role.CHAMPION)
    assert found(look_for(client, "14/05/2017")) == {}


@pytest.mark.django_db
@pytest.mark.each_database
def test_exact_hits_come_first(client, enter):
    child(code="P-0041", name=("Morven", "Fictitious-Other"))
    child(code="P-0417", name=("Morven", "Fictitious"))
    enter(Role.DATA_LEAD)
    assert found(look_for(client, "Fictitious, Morven"))["Children"] == ["P-0417", "P-0041"]


@pytest.mark.django_db
@pytest.mark.each_database
def test_a_name_with_other_accents_or_a_letter_apart_is_offered_as_like_it(client, enter):
    row = child(code="P-0417", name=("Màiri", "MacPhàil"))
    child(code="P-0418", name=("Ailsa", "Fictitious"))
    enter(Role.DATA_LEAD)
    for term in ("mairi macphail", "Mairi", "MacPhial"):
        response = look_for(client, term)
        assert found(response)["Children"] == [row.code], term
        assert "1 name is like it" in response.content.decode()
    enter(Role.CHAMPION)
    assert found(look_for(client, "mairi macphail")) == {}


@pytest.mark.django_db
@pytest.mark.each_database
def test_an_aim_and_a_test_are_found_with_what_they_are_in_their_own_authority(client, enter):
    stored_aim(aim(code="REC", title="A recommendation in time"), authority=authority())
    stored_aim(aim(code="REC-2", title="Theirs"), authority=authority("S12000020"))
    of_change = a_test(title="Recommend in the first review")
    enter(Role.PRACTITIONER)
    shown = found(look_for(client, "rec"))
    assert shown["Aims"] == ["REC: A recommendation in time"]
    assert shown["Tests of change"] == [of_change.title]
    assert [*shown][0] == "Aims", "a kind with an exact hit comes first"
    page = look_for(client, "first review").content.decode()
    assert reverse("test_of_change", kwargs={"pk": of_change.pk}) in page
    assert "Test of change for" in page


@pytest.mark.django_db
@pytest.mark.each_database
def test_a_page_is_found_by_its_name_or_by_what_people_call_it_by_who_may_open_it(client, enter):
    enter(Role.DATA_LEAD)
    assert "Imports" in found(look_for(client, "imports"))["Pages"]
    assert "New import" in found(look_for(client, "excel"))["Pages"]
    enter(Role.SYSTEM_ADMINISTRATOR)
    assert found(look_for(client, "imports")) == {}
    assert found(look_for(client, "people"))["Pages"][0] == "People"


@pytest.mark.django_db
@pytest.mark.each_database
def test_who_opens_no_child_searches_no_child_and_the_search_stands_in_the_trail_without_its_words(client, enter):
    row = child(code="P-0417", name=("Morven", "Fictitious"))
    user = enter(Role.SENIOR_LEADER)
    page = look_for(client, row.code)
    assert found(page) == {}
    assert "Nothing found" in page.content.decode()
    entry = AuditEntry.objects.get(action=AuditEntry.Action.SEARCH)
    assert (entry.actor, entry.record_type, entry.after) == (user.email, "page", None)


@pytest.mark.django_db
@pytest.mark.each_database
def test_many_aims_and_tests_take_as_many_queries_as_few_and_the_rest_is_counted(client, enter):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            look_for(client, "tried")
        return len(captured)

    enter(Role.PACE_LEAD)
    first = a_test(title="Tried 0")
    few = queries()
    for number in range(1, 25):
        a_test(title=f"Tried {number}", aim=first.aim)
    assert queries() == few
    assert "The first 20 of 25 are shown" in look_for(client, "tried").content.decode()


def test_every_page_without_a_parameter_has_a_name_to_be_found_by():
    named = {page.address for page in PAGES}
    plain = [page.name for page in every_page() if not page.parameters and page.is_named]
    asked = {name for name in plain if isinstance(NEEDS[name], Permission) and not name.startswith("admin:")}
    missing = asked - named - FOUND_BY_NO_NAME
    assert not missing, f"Add these to pace_site/front/search/page_names.py: {missing}"
    assert named <= set(plain)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.address)
def test_a_page_is_offered_to_whom_it_opens_to(page):
    asked = NEEDS[page.address]
    assert page.needs == (asked if isinstance(asked, Permission) else PAGES_OF_A_KIND.get(page.address))
