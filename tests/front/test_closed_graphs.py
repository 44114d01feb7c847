"""On random graphs of people and children: nobody ever receives a child outside scope, on any page or in any file."""

import re
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from aims.selections import SELECTIONS
from children.models import Allocation, CareEpisode, Child, Family, Identity
from milestones.models import Milestone
from pace_site.accounts.roles import Role
from tests.builders import authority
from tests.front.closed_graph import AUTHORITIES, drawn_graph
from tests.front.two_authorities import an_aim

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]


@pytest.mark.parametrize("seed", range(12))
def test_scope_is_what_the_naive_twin_says(seed):
    graph = drawn_graph(seed, also=[Role.NATIONAL_ANALYST])
    for user in graph.people:
        opened, named = graph.opens(user), graph.names(user)
        assert set(Child.objects.visible_to(user)) == opened
        assert set(Child.objects.identifiable_to(user)) == named
        assert set(Child.objects.countable_by(user)) == graph.counts(user)
        reached = {one.row for one in graph.children if graph.reaches(user, one)}
        assert set(Child.objects.reached_by(user)) == reached
        assert set(Child.objects.closed_to(user)) == reached - opened
        for model, path in ((Identity, "child"), (Milestone, "child"), (CareEpisode, "child"), (Allocation, "child")):
            assert {getattr(row, path) for row in model.objects.visible_to(user)} <= opened
            assert {getattr(row, path) for row in model.objects.identifiable_to(user)} <= named
        assert set(Identity.objects.identifiable_to(user).values_list("child", flat=True)) == {row.pk for row in named}
        assert set(Family.objects.visible_to(user)) == {row.family for row in opened}


def test_the_graphs_draw_what_closes_and_what_opens():
    """Without each of these the tests above would say little."""
    graphs = [drawn_graph(20), drawn_graph(21, also=[Role.NATIONAL_ANALYST])]
    pairs = [(graph, user, one) for graph in graphs for user in graph.people for one in graph.children]
    reached = [(graph, user, one) for graph, user, one in pairs if graph.reaches(user, one)]
    assert any(graph.is_closed(user, one) and one.is_restricted for graph, user, one in reached)
    assert any(graph.is_closed(user, one) and one.is_adopted and not one.is_restricted for graph, user, one in reached)
    assert any(one.is_restricted and user.pk in one.named for _graph, user, one in reached)
    assert any(one.is_restricted and user.pk in one.broken_by - one.named for _graph, user, one in reached)
    assert any(one.is_adopted and not graph.is_closed(user, one) for graph, user, one in reached)
    drawn = {role for graph in graphs for held in graph.roles.values() for role, _team in held}
    assert drawn >= {Role.CHAMPION, Role.NATIONAL_ANALYST, Role.PRACTITIONER}
    # Whoever worked with a child, and does no longer, reaches it by another role or not at all.
    former = [each for each in pairs if (each[1].pk, each[2].row.pk) in each[0].worked_with - each[0].works_with]
    assert any(graph.reaches(user, one) for graph, user, one in former)
    assert any(not graph.reaches(user, one) for graph, user, one in former)


def test_no_command_tells_of_a_restricted_child(capsys):
    graph = drawn_graph(22)
    today = timezone.localdate()
    for of in AUTHORITIES:
        an_aim(authority(of), "AIM-1")
        call_command("list_due_for_review", authority=of)
        call_command("check_data", authority=of, as_at=today)
        call_command("measure_aims", authority=of, as_at=today, json=True, outcomes=True)
    said = capsys.readouterr().out
    restricted = [one for one in graph.children if one.is_restricted]
    assert any(one.row.code in said for one in graph.children)
    assert not [word for one in restricted for word in one.words if word in said]


def pages_of(graph) -> list[tuple[str, dict | None]]:
    """Addresses, each with what is posted, or None to get it."""
    aim = {"code": "AIM-1"}
    today = timezone.localdate().isoformat()
    by_name = {"as_at": today, "purpose": "court", "reason": "For the hearing of these children", "file_format": "xlsx"}
    pages = [(reverse("aim_children", kwargs=aim) + f"?show={key}", None) for key in SELECTIONS]
    pages += [(reverse("stage_children", kwargs={"stage": "REC"}), None)]
    pages += [
        (reverse(name), None)
        for name in (
            *("home", "caseload", "caseload_export", "children", "timelines", "at_home_ages", "aims", "stages"),
            *("meeting_view", "allocate", "new_child", "break_glass_alerts", "report_make"),
            *("retention", "rights_requests", "national"),
        )
    ]
    pages += [(reverse("allocate") + f"?leaver={user.pk}", None) for user in graph.people[:2]]
    pages += [
        (reverse("aim", kwargs=aim) + "?points=all", None),
        (reverse("aim_compare", kwargs=aim) + "?by=age&charts=all", None),
        (reverse("aim_export", kwargs=aim | {"file_format": "csv"}) + f"?as_at={today}", None),
        (reverse("aim_export", kwargs=aim | {"file_format": "xlsx"}) + f"?as_at={today}", None),
        (reverse("caseload_by_name"), by_name),
        (reverse("aim_by_name", kwargs=aim), by_name | {"shown": ["overdue", "waiting", "missed", "met"]}),
        (reverse("report_make") + f"?as_at={today}&aims=AIM-1", None),
    ]
    for one in graph.children:
        pages += [(reverse("search"), {"term": word}) for word in (one.words[1], one.words[2][:5])]
        pages += [(reverse("search"), {"term": f"{one.words[2]} {one.words[3]}"})]
        of_child = ("child", "sibling_timelines", "seen_by", "restrict", "subject_access")
        pages += [(reverse(name, kwargs={"code": one.row.code}), None) for name in of_child]
        pages += [(reverse("children") + f"?family={one.row.code}", None)]
    return pages


def sent(response) -> str:
    """Everything that is sent, unpacked where it is an Excel file, without what the person typed themselves."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if is_zipfile(BytesIO(body)):
        with ZipFile(BytesIO(body)) as file:
            return "".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())
    text = body.decode("utf-8", "replace")
    text = re.sub(r'<input[^>]*name="(?:term|family)"[^>]*>', "", text)
    return text + "".join(value for name, value in response.headers.items() if name != "Location")


def is_a_file(response) -> bool:
    return "attachment" in response.headers.get("Content-Disposition", "")


@pytest.mark.parametrize("seed", [31])
def test_no_page_and_no_file_tells_of_a_child_outside_scope(seed, client):
    client.raise_request_exception = True
    graph = drawn_graph(seed, people=4, children=7, also=[Role.DATA_LEAD])
    for of in AUTHORITIES:
        an_aim(authority(of), "AIM-1")
    opened_somebody, faults, files = False, [], 0
    for user in (user for user in graph.people if user.is_active):
        client.force_login(user)
        hidden = graph.hidden_words(user)
        for address, data in pages_of(graph):
            if data and "file_format" in data:
                # A file by name is made of what its page has told.
                page = client.get(address)
                data = data | {"told": page.context["told"]} if page.status_code == 200 else data
            response = client.get(address) if data is None else client.post(address, data)
            files += is_a_file(response)
            assert response.status_code < 500
            text = sent(response)
            # A person's own address stands in the links of the page that they ask for.
            asked = {word for word in hidden if word in address}
            faults += [f"{user.pk} {address} {data}: {word}" for word in hidden if word not in asked and word in text]
            opened_somebody |= any(row.code in text for row in graph.opens(user))
    assert not faults, "\n".join(faults)
    assert opened_somebody
    assert files > 2
