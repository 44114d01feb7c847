"""Downloading an aim: who may, whose children it lists, and what the audit trail says of it."""

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aims.reports.actions import FORMATS
from children.models import Allocation, Child
from pace_site.accounts.models import Organisation, RoleMembership, Team, User
from pace_site.accounts.permissions import ROLE_PERMISSIONS, Permission
from pace_site.accounts.roles import TEAM_ROLES, Role
from pace_site.audit.models import AuditEntry
from tests.aims.exports import csv_rows, every_part, labelled, sheets, stored_aim
from tests.aims.slide_reading import every_part as every_part_of_slides
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, aim, recommended
from tests.pdf_reading import words_of

AS_AT = "2020-06-01"


@pytest.fixture
def team(authority):
    return Team.objects.create(organisation=authority, name="Permanence")


@pytest.fixture
def cohort(authority, team):
    """A child of the team and a child of nobody."""
    store(
        [
            accommodated("2019-06-03", recommended("2019-09-02"), ref="OURS"),
            accommodated("2019-07-01", ref="THEIRS"),
        ],
        authority=authority,
    )
    Child.objects.filter(local_ref="OURS").update(team=team)
    return stored_aim(aim(), authority=authority)


@pytest.fixture
def sign_in(client, authority, team):
    """Sign in as somebody with some roles."""

    def run(*roles, organisation=None):
        person = User.objects.create_user(
            f"{'-'.join(roles)}@example.org", "correct horse battery", organisation=organisation or authority
        )
        for role in roles:
            RoleMembership.objects.create(user=person, role=role, team=team if role in TEAM_ROLES else None)
        client.force_login(person)
        return person

    return run


def download(client, *, code="TEST", file_format="csv", as_at=AS_AT):
    query = f"?as_at={as_at}" if as_at else ""
    return client.get(reverse("aim_export", args=[code, file_format]) + query)


def children_in(response) -> set[str]:
    codes = {row["child"] for row in csv_rows(response.content)}
    return set(Child.objects.filter(code__in=codes).values_list("local_ref", flat=True))


@pytest.mark.parametrize("role", Role.values)
def test_only_roles_that_may_export_can_download(client, cohort, sign_in, role):
    sign_in(role)
    may = Permission.EXPORT_AIM in ROLE_PERMISSIONS[role]

    assert download(client).status_code == (200 if may else 403)
    assert AuditEntry.objects.filter(action=AuditEntry.Action.EXPORT).exists() == may


def test_nobody_downloads_without_signing_in(client, cohort):
    assert download(client).status_code == 302
    assert not AuditEntry.objects.filter(action=AuditEntry.Action.EXPORT).exists()


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_download_is_named_after_the_aim_and_the_day_and_is_not_kept_by_anybody(
    client, cohort, sign_in, file_format
):
    sign_in(Role.PACE_LEAD)
    response = download(client, file_format=file_format)

    assert response["Content-Disposition"] == f'attachment; filename="TEST_2020-06-01.{file_format}"'
    assert response["Content-Type"] == FORMATS[file_format].content_type
    assert response["Cache-Control"] == "private, no-store"


def test_a_pace_lead_downloads_every_child_of_the_authority(client, cohort, sign_in):
    sign_in(Role.PACE_LEAD)

    assert children_in(download(client)) == {"OURS", "THEIRS"}


def test_a_team_manager_downloads_the_children_of_the_team_and_the_file_says_so(client, cohort, sign_in):
    sign_in(Role.TEAM_MANAGER)
    summary = labelled(download(client, file_format="xlsx").content)

    assert children_in(download(client)) == {"OURS"}
    assert summary["Clocks"] == 1
    assert summary["Figures count"].startswith("only children of the exporting person's own teams")


VERDICTS = ("On track", "At risk", "Off track", "On course", "Off course")
READ = {
    "pdf": words_of,
    "pptx": every_part_of_slides,
    "xlsx": every_part,
    "csv": lambda body: body.decode("utf-8-sig"),
}


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_of_a_part_of_the_authority_says_why_it_is_not_judged(client, cohort, sign_in, file_format):
    sign_in(Role.TEAM_MANAGER)
    said = unescape(READ[file_format](download(client, file_format=file_format).content))

    assert "The target is the whole authority's" in said or "the target is the whole authority's" in said
    assert not [verdict for verdict in VERDICTS if verdict in said]


@pytest.mark.parametrize("file_format", ["pdf", "pptx", "xlsx"])
def test_a_file_of_the_whole_authority_is_judged(client, cohort, sign_in, file_format):
    sign_in(Role.PACE_LEAD)
    said = READ[file_format](download(client, file_format=file_format).content)

    assert [verdict for verdict in VERDICTS if verdict in said]


def test_a_team_manager_downloads_children_allocated_to_them_too(client, cohort, sign_in):
    person = sign_in(Role.TEAM_MANAGER)
    Allocation.objects.create(child=Child.objects.get(local_ref="THEIRS"), user=person, start="2019-01-01")

    assert children_in(download(client)) == {"OURS", "THEIRS"}


def test_who_counts_the_authority_but_opens_only_a_team_is_told_that_the_list_is_shorter(client, cohort, sign_in):
    sign_in(Role.TEAM_MANAGER, Role.SENIOR_LEADER)
    body = download(client, file_format="xlsx").content

    assert labelled(body)["Clocks"] == 2
    assert len(sheets(body)["Outcomes"]) == 2  # the header and one child
    assert any(str(row[0]).startswith("The figures count 2 clocks") for row in sheets(body)["Summary"])


def test_an_aim_of_another_authority_is_not_found(client, cohort, sign_in):
    sign_in(Role.PACE_LEAD, organisation=Organisation.objects.get(code="S12000020"))

    assert download(client).status_code == 404


def test_an_aim_of_the_same_code_is_each_authority_s_own(client, cohort, sign_in):
    moray = Organisation.objects.get(code="S12000020")
    stored_aim(aim(title="Moray's own"), authority=moray)
    sign_in(Role.PACE_LEAD, organisation=moray)

    assert children_in(download(client)) == set()


@pytest.mark.parametrize("file_format", ["docx", "exe"])
def test_an_unknown_format_is_not_found(client, cohort, sign_in, file_format):
    sign_in(Role.PACE_LEAD)

    assert download(client, file_format=file_format).status_code == 404


def test_a_day_that_is_not_a_date_is_refused_in_words(client, cohort, sign_in):
    sign_in(Role.PACE_LEAD)
    response = download(client, as_at="the first of June")

    assert response.status_code == 400
    assert "must be a day such as 2018-11-01" in response.content.decode()
    assert not AuditEntry.objects.filter(action=AuditEntry.Action.EXPORT).exists()


def test_a_download_is_audited_with_the_person_the_day_the_format_and_the_number_of_rows(client, cohort, sign_in):
    person = sign_in(Role.DATA_LEAD)
    download(client, file_format="xlsx")

    entry = AuditEntry.objects.get(action=AuditEntry.Action.EXPORT)
    assert (entry.actor, entry.actor_id, entry.authority_code) == (person.email, person.pk, "S12000019")
    assert (entry.record_type, entry.record_id) == ("aim", str(cohort.aim_id))
    said = {"aim": "TEST", "version": 1, "as_at": AS_AT, "format": "xlsx", "rows": 2}
    assert said.items() <= entry.after.items()
    assert entry.after["children_listed"] == 2


def test_a_download_takes_as_many_queries_for_many_children_as_for_few(client, authority, cohort, sign_in):
    sign_in(Role.PACE_LEAD)
    with CaptureQueriesContext(connection) as for_few:
        download(client)
    store([accommodated("2019-06-03", ref=f"C{number}") for number in range(60)], authority=authority)
    with CaptureQueriesContext(connection) as for_many:
        response = download(client)

    assert len(csv_rows(response.content)) == 62
    assert len(for_many) == len(for_few)
