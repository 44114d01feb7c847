"""The pages on which aims are managed: nothing is saved before its effect is seen, and nothing typed is lost."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aims.aim_templates import aim_templates
from aims.definition import RESERVED_CODES
from aims.manage_actions import change_definition, start_aim
from aims.models import Aim, AimVersion
from aims.urls import urlpatterns
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.aims.manage_pages import edit, manage, opened, save
from tests.aims.stored_histories import store
from tests.aims.storytelling import accommodated, aim, recommended
from tests.builders import person
from tests.page_reading import text_of, typed

pytestmark = pytest.mark.django_db


def test_no_aim_can_take_the_address_of_a_page():
    first_words = {str(pattern.pattern).split("/")[0] for pattern in urlpatterns}
    assert {word for word in first_words if word and not word.startswith("<")} <= RESERVED_CODES


def test_the_list_shows_every_aim_with_status_and_version(client, lead, managed):
    start_aim(aim(code="DRAFT-1", title="A draft"), by=lead)
    said = text_of(client.get(reverse("aims_manage")))
    assert "TEST: A test aim Active 1," in said
    assert "DRAFT-1: A draft Draft 1," in said
    assert said.count("no from-date") == 1


@pytest.mark.parametrize("more", [0, 12])
def test_the_list_takes_as_many_queries_however_many_aims_there_are(
    client, lead, managed, django_assert_num_queries, more
):
    for number in range(more):
        version = start_aim(aim(code=f"MORE-{number}"), by=lead)
        version.aim.lead = lead
        version.aim.save()
    client.get(reverse("aims_manage"))
    with django_assert_num_queries(6):
        client.get(reverse("aims_manage"))


def test_templates_say_what_they_are(client, lead):
    said = text_of(client.get(reverse("aim_new")))
    assert "National template, wording inferred. CELCIS web pages; opening words sourced." in said
    assert "Published local aim, wording as published. Moray PACE Improvement Project, poster." in said


@pytest.mark.parametrize("template", aim_templates())
def test_every_template_becomes_a_draft_that_says_the_same(client, lead, template):
    address = f"{reverse('aim_new')}?from={template}"
    assert save(client, address, typed(opened(client, address))).status_code == 302
    row = Aim.objects.get()
    made, was = row.versions.get().data, aim_templates()[template].definition.to_mapping()
    assert row.status == Aim.Status.DRAFT
    assert {**made, "status": 0} == {**was, "status": 0}


def test_a_code_that_is_taken_gets_another_suggestion(client, lead):
    start_aim(aim(code="NAT-2"), by=lead)
    assert opened(client, f"{reverse('aim_new')}?from=NAT-2")["code"].value() == "NAT-2-2"


def test_a_code_that_is_taken_is_refused_with_everything_else_kept(client, lead):
    start_aim(aim(code="NAT-2"), by=lead)
    address = f"{reverse('aim_new')}?from=NAT-3"
    response = client.post(address, typed(opened(client, address), code="nat-2", title="Typed with care"))
    assert "code" in response.context["form"].errors
    assert 'value="Typed with care"' in response.content.decode()
    assert Aim.objects.count() == 1


def test_there_is_no_template_of_that_name(client, lead):
    assert client.get(reverse("aim_new"), {"from": "NAT-9"}).status_code == 404


def test_x_and_nothing_leave_a_value_open(client, lead, authority):
    address = f"{reverse('aim_new')}?from=NAT-2"
    sent = typed(opened(client, address), limit_value="X", target_pct="x", from_date="X", by_date="")
    assert save(client, address, sent).status_code == 302
    definition = AimVersion.objects.get().definition
    assert (definition.limit, definition.target_pct, definition.from_date) == (None, None, None)
    refused = client.post(manage("NAT-2"), {"what": "activate", "version": "1"})
    said = text_of(refused)
    assert "Allowed from the start: Say how long is allowed from the start." in said
    assert "Target: Say which percentage is to be reached." in said
    assert Aim.objects.get().status == Aim.Status.DRAFT


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\x07b"}, "title"),
        ({"text": "x" * 4001}, "text"),
        ({"kind": "weekly"}, "kind"),
        ({"start_event": "NOTHING"}, "start_event"),
        ({"start_event": "LAC_END"}, "start_event"),
        ({"start_event": "PERM_REC"}, "stop_event"),
        ({"stop_event": None}, "stop_event"),
        ({"stop_event": ["AT_HOME_2Y"]}, "stop_event"),
        ({"stop_event": ["PERM_REC", "NOTHING"]}, "stop_event"),
        ({"limit_value": "soon"}, "limit_value"),
        ({"limit_value": "-3"}, "limit_value"),
        ({"limit_value": "0"}, "limit_value"),
        ({"limit_value": "1e3"}, "limit_value"),
        ({"limit_value": "99999"}, "limit_value"),
        ({"limit_value": "٢٦"}, "limit_value"),
        ({"limit_unit": "fortnights"}, "limit_unit"),
        ({"deadline": "2020-01-01"}, "deadline"),
        ({"kind": "deadline"}, "limit_value"),
        ({"kind": "deadline", "limit_value": "", "deadline": "2018-01-01"}, "deadline"),
        (
            {
                "kind": "deadline",
                "limit_value": "",
                "from_date": "",
                "before_date": "2020-01-01",
                "deadline": "2019-01-01",
            },
            "deadline",
        ),
        ({"from_date": "31/02/2020"}, "from_date"),
        ({"from_date": "1066-10-14"}, "from_date"),
        ({"by_date": "2018-12-31"}, "by_date"),
        ({"before_date": "2019-01-01"}, "before_date"),
        ({"target_pct": "101"}, "target_pct"),
        ({"target_pct": "many"}, "target_pct"),
        ({"target_pct": "nan"}, "target_pct"),
        ({"age_min": "twelve"}, "age_min"),
        ({"age_min": "27"}, "age_min"),
        ({"age_min": "12", "age_max_exclusive": "12"}, "age_max_exclusive"),
        ({"routes": ["PO"]}, "routes"),
        ({"routes": ["MOON"]}, "routes"),
        ({"placements_excluded": ["TENT"]}, "placements_excluded"),
        ({"pathways_excluded": ["MOON"]}, "pathways_excluded"),
        ({"start_event": "AT_HOME_CSO_START", "accommodation_basis": "first_ever"}, "accommodation_basis"),
        ({"exit_rule": "count_twice"}, "exit_rule"),
        ({"reminder_percent": "0"}, "reminder_percent"),
        ({"reminder_percent": "100"}, "reminder_percent"),
        ({"reminder_percent": ""}, "reminder_percent"),
        ({"threshold_value": "24"}, "threshold_value"),
        ({"strict": "on"}, "strict"),
        ({"population": "snapshot"}, "population"),
        ({"national_aim": "5"}, "national_aim"),
        ({"provenance": "rumour"}, "provenance"),
        ({"reason": "x" * 201}, "reason"),
        ({"version": "first"}, "version"),
    ],
)
def test_what_cannot_be_measured_is_refused_at_its_field_and_kept_as_typed(client, lead, managed, wrong, field):
    sent = typed(opened(client, edit()), note="Typed with care") | wrong
    response = client.post(edit(), {name: value for name, value in sent.items() if value is not None})
    form = response.context["form"]
    assert field in form.errors
    assert "Typed with care" in response.content.decode()
    assert managed.versions.count() == 1
    for error in form.errors[field]:
        assert not re.search(r"_|\{|%\(", error), error


def test_every_fault_is_told_at_once(client, lead, managed):
    sent = typed(opened(client, edit()), title="", limit_value="soon", by_date="2018-01-01")
    assert {"title", "limit_value", "by_date"} <= set(client.post(edit(), sent).context["form"].errors)


def test_an_aim_cannot_be_called_like_a_page(client, lead):
    address = f"{reverse('aim_new')}?from=NAT-2"
    response = client.post(address, typed(opened(client, address), code="Manage"))
    assert "code" in response.context["form"].errors


@pytest.fixture
def children(authority):
    store(
        [
            accommodated("2019-03-04", recommended("2019-06-03"), ref="QUICK"),
            accommodated("2019-04-01", ref="SLOW"),
            accommodated("2020-02-03", recommended("2020-11-02"), ref="LATE"),
        ],
        authority=authority,
    )


@pytest.mark.usefixtures("children")
def test_what_a_change_does_to_the_figures_is_said_before_anything_is_saved(client, lead, managed):
    response = client.post(edit(), typed(opened(client, edit()), from_date="2020-01-01"))
    effects = response.context["effects"]
    assert (effects.joined, effects.gone, effects.clocks) == (0, 2, 1)
    figures = {figure.label: (figure.before, figure.after) for figure in effects.figures}
    assert figures["Clocks counted"] == ("3", "1")
    assert figures["Overdue"] == ("1", "0")
    assert figures["Met"] == ("1", "0")
    assert figures["In time, of those decided or overdue"] == ("33 %", "0 %")
    assert "Nothing is saved yet." in text_of(response)
    assert managed.versions.count() == 1


@pytest.mark.usefixtures("children")
def test_what_was_shown_is_what_is_saved(client, lead, managed):
    sent = typed(opened(client, edit()), from_date="2020-01-01")
    seen = client.post(edit(), sent).context["form"].data["seen"]
    other = client.post(edit(), sent | {"from_date": "2019-04-01", "seen": seen})
    assert other.context["effects"].clocks == 2
    assert managed.versions.count() == 1
    assert client.post(edit(), sent | {"seen": seen}).status_code == 302
    assert managed.versions.last().data["from_date"] == "2020-01-01"


@pytest.mark.usefixtures("children")
def test_words_alone_change_no_figure(client, lead, managed):
    response = client.post(edit(), typed(opened(client, edit()), title="Better words"))
    assert "this changes no figure: 3 clocks, as before" in text_of(response)


def test_how_many_queries_the_effect_takes_does_not_grow_with_the_children(client, lead, managed, authority):
    counts = []
    for more in (3, 30):
        store([accommodated("2019-03-04", ref=f"N{more}-{n}") for n in range(more)], authority=authority)
        sent = typed(opened(client, edit()), title="Better words")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.post(edit(), sent)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_changed_aim_is_its_next_version_with_reason_and_changes_in_words(client, lead, managed):
    sent = typed(opened(client, edit()), limit_value="30", target_pct="85", reason="Agreed by the group")
    assert save(client, edit(), sent).status_code == 302
    said = text_of(client.get(manage()))
    assert "Agreed by the group" in said
    assert "Allowed from the start: 30 weeks (before: 26 weeks)" in said
    assert "Target: 85 % (before: 80 %)" in said
    assert AuditEntry.objects.filter(record_type="aim", actor=lead.email, reason="Agreed by the group").exists()


def test_a_form_sent_as_it_was_opened_makes_no_version(client, lead, managed):
    response = client.post(edit(), typed(opened(client, edit())), follow=True)
    assert "Nothing was changed: version 1 says this already." in text_of(response)
    assert managed.versions.count() == 1


def test_two_people_at_once_see_both_versions_and_neither_loses_work(client, lead, managed):
    sent = typed(opened(client, edit()), title="Mine", note="My note")
    other = person(Role.PACE_LEAD)
    change_definition(managed, aim(title="Theirs", from_date="2019-01-01", by_date="2030-01-01"), opened_at=1, by=other)
    response = client.post(edit(), sent)
    assert response.context["collided"]
    said = text_of(response)
    assert "Title Theirs Mine" in said
    assert "Note nothing My note" in said
    assert managed.versions.count() == 2
    mine = typed(response.context["form"])
    assert save(client, edit(), mine).status_code == 302
    assert managed.versions.last().definition.title == "Mine"
    assert managed.versions.get(number=2).definition.title == "Theirs"


def test_who_was_overtaken_after_seeing_the_effect_is_told_as_well(client, lead, managed):
    sent = typed(opened(client, edit()), title="Mine")
    seen = client.post(edit(), sent).context["form"].data["seen"]
    change_definition(managed, aim(title="Theirs"), opened_at=1, by=person(Role.PACE_LEAD))
    response = client.post(edit(), sent | {"seen": seen})
    assert response.context["collided"]
    assert managed.versions.count() == 2


def test_an_active_aim_that_would_lose_its_limit_is_refused_at_the_field(client, lead, managed):
    sent = typed(opened(client, edit()), limit_value="")
    shown = client.post(edit(), sent | {"limit_value": ""})
    response = client.post(edit(), sent | {"limit_value": "", "seen": shown.context["form"].data["seen"]})
    assert "limit_value" in response.context["form"].errors
    assert managed.versions.count() == 1
