"""Lists say what they leave out because it is closed to their reader, and nothing of whom it is about (ADR 0020)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from children.models import Child
from children.restriction_actions import restrict
from children.retention.request_actions import take_in
from pace_site.accounts.roles import Role
from pace_site.front.retention.actions import TYPED, carry_out, propose, reviewed_by
from pace_site.front.subject_access.held import held_of
from tests.builders import allocate, authority, child, milestone, person, team
from tests.front.by_name.asking import CASELOAD
from tests.front.retention.left_care import left

pytestmark = pytest.mark.django_db

WHY = "A relative of somebody who works in the team"


@pytest.fixture
def manager():
    return person(Role.TEAM_MANAGER)


def in_care(code: str, **more) -> Child:
    since = timezone.localdate() - timedelta(days=90)
    return child(of_team=team(), code=code, name=(f"Gvn{code}", f"Fml{code}"), accommodated=since, **more)


def text_of(response) -> str:
    return response.content.decode()


def shut(row: Child, manager) -> str:
    """Restrict a record; what every list then says of it."""
    restrict(row, reason=WHY, by=manager)
    return f"1 record is restricted; ask {manager}"


def test_the_list_due_for_review_leaves_out_restricted_records_and_says_so(manager, capsys):
    row = left("QX-DUE1", of_team=team())
    left("QX-DUE2", of_team=team())
    words = shut(row, manager)
    call_command("list_due_for_review", authority="S12000019")
    said = capsys.readouterr().out
    assert "QX-DUE2: care ended" in said
    assert words in said
    assert "QX-DUE1" not in said


def test_retention_says_what_it_leaves_out_and_names_no_closed_brother(client, enter, manager):
    held, brother = left("QX-HELD", of_team=team(), family="F1"), left("QX-SHUT", of_team=team(), family="F1")
    words = shut(brother, manager)
    enter(Role.DATA_LEAD)
    page = text_of(client.get(reverse("retention")))
    assert words in page
    assert "Waits for 1 record not shown here, of the same family" in page
    assert held.code in page
    assert brother.code not in page


def test_an_adopted_child_and_its_former_family_wait_for_each_other_unnamed():
    adopted, sister = left("QX-ADOP", family="F1"), left("QX-SIST", family="F1")
    milestone(adopted, "ORDER_GRANTED", date(2020, 3, 3), order_type="AO")
    lead = person(Role.DATA_LEAD)
    for one in (adopted, sister):
        with pytest.raises(ValidationError, match="Choose all records that are due") as refused:
            propose([one.code], reason="The period is over", typed=TYPED, by=lead)
        assert not [code for code in ("QX-ADOP", "QX-SIST") if code in str(refused.value)]
    sister.episodes.update(end=None)
    (reviewed,) = reviewed_by(lead, on=timezone.localdate())
    assert reviewed.waits == "waits for 1 record not shown here, of the same family"


def test_a_record_restricted_after_it_was_proposed_is_not_shown_to_who_may_not_open_it(client, enter, manager):
    row = left("QX-PROP", of_team=team())
    proposal = propose([row.code], reason="The period is over", typed=TYPED, by=person(Role.DATA_LEAD))
    words = shut(row, manager)
    second = enter(Role.PACE_LEAD)
    page = text_of(client.get(proposal.get_absolute_url()))
    assert words in page
    assert row.code not in page
    with pytest.raises(ValidationError, match="1 record is restricted") as refused:
        carry_out(proposal, typed=TYPED, by=second)
    assert row.code not in str(refused.value)
    row.refresh_from_db()
    assert row.pseudonymised_on is None


def test_requests_and_subject_access_say_what_they_leave_out(client, enter, manager):
    own, brother = in_care("QX-OWN", family="F1"), in_care("QX-BRO", family="F1")
    lead = enter(Role.DATA_LEAD)
    take_in(brother, kind="access", reference="R1", asked="All", received_on=timezone.localdate(), by=lead)
    adopted = in_care("QX-ADO", family="F1")
    milestone(adopted, "ORDER_GRANTED", timezone.localdate(), order_type="AO")
    facts = dict(held_of(own, to=lead).facts)
    assert facts["Brothers and sisters on record"].startswith("1;")
    words = shut(brother, manager)
    requests, access = (
        text_of(client.get(reverse("rights_requests"))),
        text_of(client.get(reverse("subject_access", kwargs={"code": own.code}))),
    )
    assert words in requests
    assert words in access
    assert not [page for page in (requests, access) if "QX-BRO" in page or "QX-ADO" in page]
    assert dict(held_of(own, to=lead).facts)["Brothers and sisters on record"].startswith("0;")


def test_my_work_says_that_an_allocated_child_is_closed_to_the_worker(client, enter, manager):
    worker, row = enter(Role.PRACTITIONER), in_care("QX-MINE")
    in_care("QX-TEAM")
    allocate(worker, row)
    words = shut(row, manager)
    page = text_of(client.get(reverse("home")))
    assert words in page
    assert "0 children allocated to you" in page
    assert "QX-MINE" not in page


def test_a_hand_over_says_which_cases_stay_with_the_leaver(client, enter, manager):
    leaver, row = person(Role.PRACTITIONER), in_care("QX-CASE")
    allocate(leaver, row)
    words = shut(row, manager)
    enter(Role.DATA_LEAD)
    address = f"{reverse('allocate')}?leaver={leaver.pk}"
    page = text_of(client.get(address))
    assert words in page
    assert "QX-CASE" not in page
    assert 'name="children"' not in page
    allocate(leaver, in_care("QX-OPEN"))
    page = text_of(client.get(address))
    assert words in page
    assert "QX-OPEN" in page


def test_a_file_by_name_and_its_page_say_what_they_leave_out(client, enter, manager, ask_for):
    row = in_care("QX-FILE")
    in_care("QX-ELSE")
    words = shut(row, manager)
    enter(Role.DATA_LEAD)
    page = client.get(CASELOAD)
    assert words in text_of(page)
    assert words in ask_for(CASELOAD, page)


@pytest.fixture
def ask_for(client):
    """Post what the page asks for; all words of the workbook that comes back."""
    from io import BytesIO
    from zipfile import ZipFile

    def run(address: str, page) -> str:
        why = {"purpose": "court", "reason": "Papers for the hearing of 8 June", "file_format": "xlsx"}
        file = client.post(address, why | {"as_at": timezone.localdate().isoformat(), "told": page.context["told"]})
        with ZipFile(BytesIO(file.content)) as book:
            return book.read("xl/sharedStrings.xml").decode()

    return run


def test_a_file_of_an_aim_by_name_counts_the_closed_records_of_its_figures(manager):
    from pace_site.front.identified.aim_by_name import AimByName
    from tests.aims.exports import stored_aim
    from tests.aims.storytelling import aim

    day = date(2020, 6, 1)
    version = stored_aim(aim(by_date="2020-12-31"), authority=authority())
    rows = [child(of_team=team(), accommodated=on) for on in (date(2019, 6, 3), date(2020, 5, 4))]
    words = shut(rows[0], manager)
    source = AimByName(version, as_at=day, to=person(Role.PACE_LEAD))
    assert str(source.withheld(["overdue"])) == words
    assert not source.withheld(["waiting"])
    assert ("Not in this list", words) in source.listed(["overdue", "waiting"]).facts
