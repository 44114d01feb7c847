"""Filters of the caseload list that a person keeps under a name."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from children.saved_filter_actions import MOST
from children.saved_filters import SavedFilter
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from tests.builders import child, person, team

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]


@pytest.fixture
def user(client):
    user = person(Role.PACE_LEAD)
    client.force_login(user)
    return user


@pytest.fixture
def send(client, user):
    def post(**data):
        return client.post(reverse("saved_filters"), data)

    return post


def kept(user) -> dict[str, str]:
    return dict(SavedFilter.objects.filter(user=user).values_list("name", "query"))


def test_a_choice_is_kept_under_a_name_and_leads_back_to_the_list(client, send, user):
    response = send(name="Late", query="state=overdue&sort=child")
    assert response.url == "/caseload/?state=overdue&sort=child"
    assert kept(user) == {"Late": "state=overdue&sort=child"}
    page = client.get(response.url).content.decode()
    assert 'aria-current="true">Late</a>' in page


def test_only_what_the_list_knows_is_kept(send, user):
    send(name="Late", query="state=overdue&page=2&as_at=2020-01-01&evil=1&sort=")
    assert kept(user) == {"Late": "state=overdue"}


def test_a_known_name_gets_the_new_choice(send, user):
    send(name="Late", query="state=overdue")
    send(name="Late", query="due=2w")
    assert kept(user) == {"Late": "due=2w"}


def test_a_known_choice_gets_the_new_name(send, user):
    send(name="Late", query="state=overdue")
    send(name="Too late", query="state=overdue")
    assert kept(user) == {"Too late": "state=overdue"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "", "query": "state=overdue"}, "Give the list a name."),
        ({"name": "All", "query": ""}, "nothing to save"),
        ({"name": "All", "query": "evil=1"}, "nothing to save"),
        ({"name": "Wrong", "query": "state=never"}, "no longer among what you may choose from"),
        ({"name": "x" * 61, "query": "state=overdue"}, "at most 60 characters"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words_and_stays_typed(send, user, data, words):
    response = send(**data)
    assert response.status_code == 200
    page = response.content.decode()
    assert words in page
    assert f'value="{data["name"]}"' in page or not data["name"]
    assert kept(user) == {}


def test_no_more_are_kept_than_fit_above_the_list(send, user):
    rows = [SavedFilter(user=user, name=f"Filter {number}", query=f"team={number}") for number in range(MOST)]
    SavedFilter.objects.bulk_create(rows)
    assert "which is the most" in send(name="One more", query="due=2w").content.decode()
    assert send(name="Filter 1", query="due=2w").status_code == 302


def test_a_filter_is_removed(send, user):
    send(name="Late", query="state=overdue")
    send(remove=SavedFilter.objects.get().pk)
    assert kept(user) == {}


def test_somebody_else_s_filters_are_neither_shown_nor_removed(client, send, user):
    other = SavedFilter.objects.create(user=person(Role.PACE_LEAD), name="Theirs", query="due=2w")
    for name in ("caseload", "saved_filters"):
        assert "Theirs" not in client.get(reverse(name)).content.decode()
    assert send(remove=other.pk).status_code == 404
    assert SavedFilter.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize("key", ["", "x", "²", "9" * 40])
def test_what_is_no_filter_is_not_found(send, key):
    assert send(remove=key).status_code == 404


def test_two_people_may_use_one_name(client, send, user):
    send(name="Late", query="state=overdue")
    client.force_login(person(Role.PACE_LEAD))
    client.post(reverse("saved_filters"), {"name": "Late", "query": "due=2w"})
    assert SavedFilter.objects.filter(name="Late").count() == 2


def test_the_trail_tells_the_choice_and_not_the_name(send, user):
    send(name="Morven's", query="state=overdue")
    send(name="Morven's", query="due=2w")
    send(remove=SavedFilter.objects.get().pk)
    entries = AuditEntry.objects.filter(record_type="saved filter").order_by("pk")
    assert [(entry.action, entry.before, entry.after) for entry in entries] == [
        ("create", None, {"query": "state=overdue"}),
        ("change", {"query": "state=overdue"}, {"query": "due=2w"}),
        ("remove", {"query": "due=2w"}, None),
    ]


def test_a_filter_for_what_is_no_longer_in_scope_shows_nobody(client, user):
    south = team("Team South")
    row = child(of_team=south, accommodated=timezone.localdate() - timedelta(days=70))
    mine = SavedFilter.objects.create(user=user, name="South", query=f"team={south.pk}")
    assert row.code in client.get(mine.get_absolute_url()).content.decode()
    row.team = None
    row.save()
    page = client.get(mine.get_absolute_url()).content.decode()
    assert row.code not in page
    assert "no longer, among what you may choose from" in page
