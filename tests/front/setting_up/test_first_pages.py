"""Where nothing is recorded yet, each main page says what to do next, to who may do it."""

import pytest
from django.urls import reverse

from pace_site.accounts.roles import Role

pytestmark = pytest.mark.django_db

# By role: the page that is empty, and the page to which it leads.
NEXT = {
    Role.DATA_LEAD: {
        "home": "import_new",
        "children": "import_new",
        "caseload": "new_child",
        "timelines": "import_new",
        "imports": "import_new",
        "missing_children": "import_new",
    },
    Role.PACE_LEAD: {
        "aims": "aim_new",
        "meeting_view": "aim_new",
        "measures": "aim_new",
        "published_months": "aims_manage",
        "improvement": "change_ideas",
        "driver_diagrams": "driver_diagram_new",
        "programme": "programme_charter",
        "meetings": "meeting_new",
        "barriers": "barrier_new",
        "reports": "report_make",
    },
    Role.SYSTEM_ADMINISTRATOR: {"home": "admin:accounts_user_changelist"},
    Role.IG_AUDITOR: {"home": "audit_trail"},
}


@pytest.mark.parametrize("role", NEXT)
def test_an_empty_page_leads_on(client, enter, role):
    enter(role)
    for page, leads_to in NEXT[role].items():
        main = client.get(reverse(page)).content.decode().split("<main")[1].split("</main>")[0]
        assert f'href="{reverse(leads_to)}"' in main, page


def test_who_cannot_begin_is_told_who_can(client, enter):
    enter(Role.CHAMPION)
    assert "A PACE lead begins them" in client.get(reverse("aims")).content.decode()
    assert "which a data lead takes in" in client.get(reverse("children")).content.decode()
