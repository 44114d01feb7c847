"""Every page of figures takes a day, says it on its face, and says the same again when asked of that day later."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from pace_site.accounts.roles import Role
from pace_site.look.words import british_date
from tests.builders import milestone, person
from tests.front.every_page import BY_TOKEN, NEEDS, PUBLIC, every_page
from tests.front.two_authorities import two_authorities

pytestmark = pytest.mark.django_db
# Why a page speaks of now, and of no other day.
A_FORM = "it writes, and what is written is written today"
A_LOG = "its entries carry their own dates"
A_SEARCH = "it finds records, and counts nothing"
A_HELP = "it explains, and counts nothing"
A_MEETING = "it speaks of the day of its meeting, and says it"
NOW = "what somebody has to do today"
SPEAKS_OF_NOW = {
    "home": NOW,
    **dict.fromkeys(("children", "search"), A_SEARCH),
    **dict.fromkeys(("help", "tour"), A_HELP),
    **dict.fromkeys(("audit_trail", "audit_trail_export", "seen_by", "roles_given"), A_LOG),
    "second_step_for_everybody": A_FORM,
    **dict.fromkeys(
        (
            "aim_chart",
            "aims_manage",
            "aim_new",
            "aim_manage",
            "aim_edit",
            "saved_filters",
            "allocate",
            "child_allocate",
            "new_child",
            "restrict",
            "break_glass",
            "break_glass_alerts",
            "record_menu",
            "record",
            "correct",
            "void",
            "reminder_snooze",
            "change_idea_new",
            "measure_new",
            "measure_register",
            "measure_edit",
            "test_new",
            "test_edit",
            "programme_charter",
            "group_member",
            "meeting_new",
            "meeting_edit",
            "meeting_agenda",
            "meeting_write",
            "meeting_action_new",
            "barrier_new",
        ),
        A_FORM,
    ),
    **dict.fromkeys(("history", "improvement", "change_ideas", "change_idea", "test_of_change"), A_LOG),
    **dict.fromkeys(("pdsa_cycle", "implementation", "improvement_export"), A_LOG),
    **dict.fromkeys(("programme", "programme_progress", "champions_group", "aim_group"), A_LOG),
    **dict.fromkeys(("meetings", "meeting", "meeting_action", "barriers", "barrier"), A_LOG),
    **dict.fromkeys(("meeting_pack", "meeting_hand_on", "meeting_minutes", "meeting_minutes_pdf"), A_MEETING),
    **dict.fromkeys(("reports", "report", "report_file"), "a report speaks of the day that it was issued for"),
    "report_make": A_FORM,
    **dict.fromkeys(("feed", "feed_documentation"), A_FORM),
    **dict.fromkeys(
        ("imports", "import", "import_rejects", "import_mapping", "import_corrections"),
        "an import is what it was when it was made",
    ),
    "import_new": A_FORM,
    "missing_children": NOW,
    **dict.fromkeys(("long_works", "long_work", "long_work_file"), "what somebody asked for, and how far it is"),
    **dict.fromkeys(("driver_diagrams", "driver_diagram", "diagram_versions", "diagram_version"), A_LOG),
    "driver_diagram_new": A_FORM,
    **dict.fromkeys(("duplicates", "duplicate_pair", "undo_merge"), A_FORM),
    "retention": NOW,
    **dict.fromkeys(("data_quality", "data_quality_findings"), "it says of which day the last look was"),
    **dict.fromkeys(("finding_accept", "extract_export"), A_FORM),
    **dict.fromkeys(
        ("keep_longer", "retention_proposal", "rights_requests", "rights_request", "subject_access"), A_FORM
    ),
}
# Of the ends of months alone, and tested with the national view, the national dataset and published figures.
OF_MONTH_ENDS = (
    "published_months",
    "published_month",
    "published_file",
    "national",
    "national_export",
    "national_files",
    "national_dataset",
    "national_dataset_file",
    "national_dataset_dictionary",
)
# Files are tested where they are made: their names and first lines carry the day.
FILES = ("aim_export", "caseload_export")
# Signing in and out, the second step and the session: of people, not of figures.
SIGNING_IN = ("account_", "mfa_", "session_left", "sign_out_everywhere")
OURS = [
    name
    for name, needs in NEEDS.items()
    if needs not in (PUBLIC, BY_TOKEN) and not name.startswith(("admin:", *SIGNING_IN)) and name not in OF_MONTH_ENDS
]
TAKES_A_DAY = [name for name in OURS if name not in SPEAKS_OF_NOW]


@pytest.fixture
def world(db):
    return two_authorities()


@pytest.fixture
def ask(client, world):
    """Ask for a page of one's own authority, as a PACE lead, as at a day."""
    client.force_login(person(Role.PACE_LEAD))
    addresses = {page.name: page.address(world.own) for page in every_page() if page.name in TAKES_A_DAY}

    def run(name: str, day: date):
        return client.get(addresses[name], {"as_at": day.isoformat()})

    return run


def test_every_page_is_said_to_take_a_day_or_why_it_does_not():
    """A new page that takes no day fails below until it is named above with its reason."""
    assert set(SPEAKS_OF_NOW) <= set(OURS)


@pytest.mark.parametrize("name", [name for name in TAKES_A_DAY if name not in FILES])
def test_a_page_says_its_day_on_its_face(ask, name):
    day = timezone.localdate() - timedelta(days=40)
    page = ask(name, day)
    assert page.status_code == 200
    body = re.sub(r"<script.*?</script>", " ", page.content.decode(), flags=re.S)
    assert british_date(day) in re.sub(r"<[^>]+>", " ", body.split("<main")[1])


@pytest.mark.parametrize("name", TAKES_A_DAY)
def test_what_happens_later_changes_nothing_as_at_the_day(ask, world, name):
    day = timezone.localdate() - timedelta(days=40)

    def content():
        sent = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", ask(name, day).content)
        # Below its clocks, a child's page lists the record itself, "as recorded now".
        return sent.split(b"as recorded now")[0]

    before = content()
    for kind, ago in (("PERM_REC", 30), ("PANEL_PRESENTED", 20), ("REVIEW", 10)):
        milestone(
            world.own.child, kind, timezone.localdate() - timedelta(days=ago), route="PO" if kind == "PERM_REC" else ""
        )
    assert content() == before
