"""The pages of retention: chosen, shown in full, proposed, and decided by somebody else."""

from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CharField, TextField
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from aims.models import Aim, Annotation
from children.models import CareEpisode, Identity
from children.retention.models import KeptLonger, Pseudonymisation
from improvement.models import Meeting
from pace_site.accounts.roles import Role
from pace_site.front.retention.named_elsewhere import PLACES, places_naming
from tests.builders import authority, child, person

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]
RETENTION = "/retention/"


@pytest.fixture
def lead(client):
    user = person(Role.DATA_LEAD)
    client.force_login(user)
    return user


def left(code, **more):
    row = child(code=code, **more)
    CareEpisode.objects.create(child=row, start=date(2018, 1, 9), end=date(2020, 3, 3))
    return row


def said(response):
    return response.content.decode()


def test_two_people_pseudonymise_on_the_pages(client, lead):
    left("P-0042")
    assert "1 record to review" in said(client.get(RETENTION))
    shown = said(client.post(RETENTION, {"what": "preview", "children": ["P-0042"]}))
    assert "What goes, for good" in shown
    assert not Pseudonymisation.objects.exists()
    sent = {"what": "propose", "children": ["P-0042"], "reason": "Its period is over", "typed": "PSEUDONYMISE"}
    assert "second person" in said(client.post(RETENTION, sent, follow=True))
    address = Pseudonymisation.objects.get().get_absolute_url()
    assert "somebody else has to confirm it" in said(client.get(address))
    client.force_login(person(Role.PACE_LEAD))
    assert "Pseudonymised: P-0042." in said(client.post(address, {"typed": "PSEUDONYMISE"}, follow=True))
    assert not Identity.objects.exists()


def test_a_wrong_word_keeps_the_reason_that_was_typed(client, lead):
    left("P-0042")
    sent = {"what": "propose", "children": ["P-0042"], "reason": "Its period is over", "typed": "yes"}
    page = said(client.post(RETENTION, sent))
    assert "Type PSEUDONYMISE, in capitals" in page
    assert "Its period is over" in page
    assert not Pseudonymisation.objects.exists()


def test_a_choice_without_the_sister_says_so_and_keeps_the_choice(client, lead):
    left("P-0042", family="F1")
    left("P-0043", family="F1")
    page = said(client.post(RETENTION, {"what": "preview", "children": ["P-0042"]}))
    assert "Choose P-0043 too" in page
    assert page.count(" checked") == 1


def test_nothing_chosen_says_so(client, lead):
    assert "Choose at least one child." in said(client.post(RETENTION, {"what": "preview"}))


def test_a_proposal_is_turned_down_with_a_reason(client, lead):
    left("P-0042")
    sent = {"what": "propose", "children": ["P-0042"], "reason": "Its period is over", "typed": "PSEUDONYMISE"}
    client.post(RETENTION, sent)
    proposal = Pseudonymisation.objects.get()
    assert "Say why" in said(client.post(proposal.get_absolute_url(), {"what": "turn_down"}))
    client.post(proposal.get_absolute_url(), {"what": "turn_down", "not-reason": "An inquiry asks for it"})
    proposal.refresh_from_db()
    assert proposal.state == "turned_down"
    assert Identity.objects.exists()


def test_a_record_is_kept_longer(client, lead):
    left("P-0042")
    until = timezone.localdate().replace(day=1).replace(year=timezone.localdate().year + 1)
    address = reverse("keep_longer", kwargs={"code": "P-0042"})
    client.post(address, {"until": until.isoformat(), "reason": "An inquiry is open"})
    assert KeptLonger.objects.get().until == until
    assert "Kept until" in said(client.get(RETENTION))


def test_a_record_whose_period_is_not_over_has_no_form(client, lead):
    child(code="P-0042", accommodated=date(2024, 1, 1))
    page = said(client.get(reverse("keep_longer", kwargs={"code": "P-0042"})))
    assert "not over" in page
    assert "Keep it</button>" not in page


def test_an_unknown_reference_is_not_let_in(client, lead):
    sent = {"what": "let_in", "local_ref": "REF1", "reason": "Looked after again"}
    assert "No record of this reference was pseudonymised." in said(client.post(RETENTION, sent))


def test_the_list_costs_the_same_for_30_children_as_for_3(client, lead):
    for number in range(3):
        left(f"P-1{number:03d}", family=f"F{number}")
    client.get(RETENTION)
    with CaptureQueriesContext(connection) as few:
        client.get(RETENTION)
    for number in range(3, 30):
        left(f"P-1{number:03d}", family=f"F{number}")
    with CaptureQueriesContext(connection) as many:
        assert "30 records to review" in said(client.get(RETENTION))
    assert len(many) == len(few)


def test_the_preview_costs_the_same_for_30_children_as_for_3(client, lead):
    codes = [left(f"P-1{number:03d}").code for number in range(30)]
    client.post(RETENTION, {"what": "preview", "children": codes[:3]})
    with CaptureQueriesContext(connection) as few:
        client.post(RETENTION, {"what": "preview", "children": codes[:3]})
    with CaptureQueriesContext(connection) as many:
        client.post(RETENTION, {"what": "preview", "children": codes})
    assert len(many) == len(few)


def test_texts_that_name_a_child_are_found_and_left_as_they_are():
    row = child(name=("Ailsa", "Brae"))
    meeting = Meeting.objects.create(authority=authority(), on=date(2024, 1, 9), guests="Mother of Ailsa Brae")
    aim = Aim.objects.create(authority=authority(), code="AIM-1")
    Annotation.objects.create(aim=aim, on=date(2024, 1, 9), label=f"Since {row.local_ref}")
    assert places_naming([row], of=authority()) == ["1 annotation", "1 meeting"]
    meeting.refresh_from_db()
    assert meeting.guests == "Mother of Ailsa Brae"


def test_texts_of_another_authority_are_not_told():
    row = child(name=("Ailsa", "Brae"))
    Meeting.objects.create(authority=authority("S12000033"), on=date(2024, 1, 9), guests="Ailsa Brae")
    assert places_naming([row], of=authority()) == []


def test_every_model_of_the_improvement_work_in_which_people_write_is_looked_through():
    written = {
        model
        for model in apps.get_app_config("improvement").get_models()
        if any(isinstance(field, CharField | TextField) for field in model._meta.concrete_fields)
    }
    assert written - {model for model, _path in PLACES} == set()
