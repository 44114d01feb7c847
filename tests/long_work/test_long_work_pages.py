"""The pages of long work: how far it is, what became of it, and trying again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pace_site.long_work.kinds import Outcome
from pace_site.long_work.models import LongWork, WorkerSeen
from pace_site.long_work.workers import seen
from tests.long_work.made import Made, asked_for

pytestmark = pytest.mark.django_db
State = LongWork.State


@pytest.fixture
def page(client, lead, declare):
    """The page of a piece of work in some state, whole or as HTMX asks for it."""
    work = asked_for(declare(lambda *_: Outcome(Made())), lead)
    client.force_login(lead)

    def ask(*, seen_state="", **values):
        LongWork.objects.filter(pk=work.pk).update(**values)
        headers = {"HX-Request": "true"} if seen_state else {}
        return client.get(reverse("long_work", args=[work.pk]), {"seen": seen_state}, headers=headers)

    return ask


def test_the_page_says_that_no_worker_runs(page):
    assert "has not been seen" in page().content.decode()
    WorkerSeen.objects.create(name="gone", seen_at=timezone.now() - timedelta(hours=2))
    assert "was last seen on" in page().content.decode()
    seen("here")
    assert "Nothing is being made" not in page().content.decode()


def test_the_page_asks_again_by_itself_and_is_told_nothing_until_something_changes(page):
    seen("here")
    first = page(state=State.RUNNING, steps=4, steps_done=1, doing="Measuring MID-1.")
    assert "Step 2 of 4." in first.content.decode()
    assert 'hx-trigger="every 2s"' in first.content.decode()
    assert """hx-headers='{"PACE-By-Itself": "yes"}'""" in first.content.decode()  # and so keeps no session alive
    same = page(seen_state=first.context["seen"])
    assert (same.status_code, same.content) == (204, b"")
    next_step = page(seen_state=first.context["seen"], steps_done=2)
    assert "Step 3 of 4." in next_step.content.decode()
    assert "<html" not in next_step.content.decode()


def test_the_page_stops_asking_when_the_work_is_done_and_on_a_screen_left_alone(page):
    seen("here")
    asking = page().context["seen"]
    alone = page(seen_state=asking, asked_at=timezone.now() - timedelta(minutes=16))
    assert "hx-trigger" not in alone.content.decode()
    assert "Look again" in alone.content.decode()
    done = page(seen_state=asking, state=State.DONE, ended_at=timezone.now(), asked_at=timezone.now())
    assert "hx-trigger" not in done.content.decode()


def test_a_failure_is_shown_in_words_and_tried_again_from_the_page(page, client, lead):
    shown = page(state=State.FAILED, failure="Choose another day.", ended_at=timezone.now()).content.decode()
    assert "Choose another day." in shown
    client.post(LongWork.objects.get().get_absolute_url())
    assert LongWork.objects.get().state == State.WAITING


def test_the_list_shows_what_was_asked_for_with_as_many_queries_for_many(
    client, lead, declare, django_assert_max_num_queries, run_a_worker
):
    of_kind = declare(lambda *_: Outcome(Made()))
    client.force_login(lead)
    for number in range(30):
        asked_for(of_kind, lead, number=number)
    run_a_worker()
    with django_assert_max_num_queries(9):
        listed = client.get(reverse("long_works")).content.decode()
    assert listed.count("list.csv") == 30
