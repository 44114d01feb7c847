"""The minutes of a meeting: text to copy, and a PDF that a screen reader can read."""

from datetime import date
from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse

from children.models import Child
from improvement.models import Attendance, Meeting
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import authority, person
from tests.improvement.meeting_builders import (
    AUGUST,
    JULY,
    PACK_DAY,
    PACK_SINCE,
    a_barrier,
    a_meeting,
    a_member,
    an_action,
    keep,
)
from tests.page_reading import text_of
from tests.pdf_reading import errors_of, tags_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def minuted(lead):
    """A meeting with all that minutes can hold."""
    came, away = a_member(lead, leads=True, role="pace_lead"), a_member(name="Mo Grant", agency="SCRA")
    meeting = a_meeting(JULY, agenda=("Welcome", "Data"), place="Town House", chair=came, guests="Al, NHS\nBo, SCRA")
    for member, answer in ((came, "came"), (away, "apologies")):
        Attendance.objects.create(meeting=meeting, member=member, answer=answer)
    meeting.items.filter(title="Data").update(notes="*All* #agreed\nTwice", decisions="Meet earlier")
    an_action(meeting, text="Ask the health board", partner="Mo Grant, SCRA")
    an_action(a_meeting(date(2026, 6, 9)), text="Ask the panel", partner="Al", done_on=date(2026, 7, 1), done_by=lead)
    return meeting


def text(client, of, who) -> str:
    client.force_login(who)
    return client.get(reverse("meeting_minutes", kwargs={"pk": of.pk})).context["text"]


def pdf(client, of, who):
    client.force_login(who)
    return client.get(reverse("meeting_minutes_pdf", kwargs={"pk": of.pk}))


def test_minutes_are_a_text_to_copy(client, minuted, lead):
    assert text(client, minuted, lead) == (
        "Minutes: Champions' Group, 7 July 2026\n"
        f"{authority()}\n"
        "Place: Town House\n"
        f"Chair: {lead}\n"
        f"Present: {lead} (lead)\n"
        "Apologies: Mo Grant, SCRA\n"
        "Guests: Al, NHS, Bo, SCRA\n"
        "Draft minutes, not closed yet.\n"
        "\n"
        "1. Welcome\n"
        "\n"
        "2. Data\n"
        "   *All* #agreed\n"
        "   Twice\n"
        "   Decision: Meet earlier\n"
        "\n"
        "Actions agreed\n"
        "- Ask the health board (Mo Grant, SCRA, by 4 August 2026)\n"
        "\n"
        "Actions from earlier meetings\n"
        "- Ask the panel (Al, by 4 August 2026; done 1 July 2026)\n"
    )


def test_what_is_done_after_a_meeting_was_open_in_its_minutes(client, lead):
    an_action(a_meeting(JULY), text="Ask", partner="Al", done_on=date(2026, 8, 5), done_by=lead, outcome="Agreed")
    assert "- Ask (Al, by 4 August 2026; open)" in text(client, a_meeting(AUGUST), lead)


def test_before_the_meeting_the_same_page_is_its_agenda(client, lead):
    member, meeting = a_member(name="Mo Grant"), a_meeting(JULY)
    Attendance.objects.create(meeting=meeting, member=member, answer="will_come")
    said = text(client, meeting, lead)
    assert said.startswith("Agenda: Champions' Group, 7 July 2026")
    assert "Will come: Mo Grant" in said
    Meeting.objects.filter(pk=meeting.pk).update(called_off_reason="Snow")
    assert "Called off: Snow" in text(client, meeting, lead)


def test_minutes_hold_the_figures_of_the_kept_pack_and_none_before(client, meeting, lead):
    meeting.items.all().delete()
    for position, (title, fills) in enumerate([("Data", "aims"), ("Waits", "waits"), ("Barriers", "barriers")], 1):
        meeting.items.create(position=position, title=title, fills=fills, notes="Seen")
    a_barrier("No panel", partner="Al", raised_on=PACK_SINCE, asked="A second panel")
    assert "TEST" not in text(client, meeting, lead)
    keep(client, meeting, lead)
    said = text(client, meeting, lead)
    code = Child.objects.get(local_ref="A").code
    assert "TEST: 2 children have waited longer than 26 weeks. 100 % (2 of 2 decided were in time)." in said
    assert f"TEST: {code} 65.0 weeks (overdue)" in said
    assert "No panel (Al, since 4 May 2020). Leaders are asked: A second panel" in said
    assert "Figures as at 1 June 2020, as they were shown" in said
    hidden = text(client, meeting, person(Role.SENIOR_LEADER))
    assert code not in hidden
    assert "TEST: 65.0 weeks (overdue)" in hidden
    assert code not in words_of(pdf(client, meeting, person(Role.SENIOR_LEADER)).content)
    assert meeting.on == PACK_DAY


def test_the_pdf_is_tagged_titled_and_says_what_the_text_says(client, minuted, lead, tmp_path):
    answer = pdf(client, minuted, lead)
    assert answer["Content-Type"] == "application/pdf"
    assert "Minutes Champions' Group, 7 July 2026.pdf" in answer["Content-Disposition"]
    with pikepdf.open(BytesIO(answer.content)) as file:
        assert file.Root.MarkInfo.Marked
        assert str(file.docinfo["/Title"]) == f"Minutes: Champions' Group, 7 July 2026, {authority()}"
        assert str(file.Root.Lang) == "en-GB"
    found = tags_of(answer.content)
    assert found.count("/H1") == 1
    assert found.count("/H2") == 4
    assert found.count("/Table") == 2
    assert errors_of(answer.content, tmp_path) == []
    said = words_of(answer.content)
    for words in (
        "*All* #agreed",
        "Decision: Meet earlier",
        "Ask the health board",
        "Mo Grant, SCRA",
        "done 1 July 2026",
    ):
        assert words in said


def test_minutes_with_nothing_in_them_are_a_pdf_all_the_same(client, lead):
    assert pdf(client, a_meeting(agenda=()), lead).content.startswith(b"%PDF")


def test_who_took_the_pdf_away_stands_in_the_trail(client, minuted):
    reader = person(Role.SENIOR_LEADER)
    pdf(client, minuted, reader)
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.record_type, entry.record_id) == (reader.email, "meeting", str(minuted.pk))


def test_the_page_offers_the_pdf_and_a_button_to_copy(client, minuted, lead):
    client.force_login(lead)
    page = client.get(reverse("meeting_minutes", kwargs={"pk": minuted.pk}))
    assert 'data-copies="minutes-text"' in page.content.decode()
    assert "As PDF" in text_of(page)
