"""The pages of driver diagrams: read by everybody of the authority, edited in place by who leads improvement."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from improvement.actions.drivers import add_driver, add_idea, change_driver, remove_driver
from improvement.diagram_content import content_of
from improvement.diagram_page import diagrams_of
from improvement.models import ChangeIdea, Driver, DriverDiagram, DriverLink, IdeaLink
from improvement.models.drivers import Level
from pace_site.accounts.roles import Role
from tests.builders import authority, child, person
from tests.improvement.builders import a_diagram, a_driver, a_test, an_aim, an_idea
from tests.improvement.diagram_pages import opened, sent
from tests.page_reading import text_of, typed

pytestmark = pytest.mark.django_db

LIST = "/improvement/diagrams/"
NEW = "/improvement/diagrams/new/"


@pytest.fixture
def lead(client):
    user = person(Role.PACE_LEAD)
    client.force_login(user)
    return user


def test_a_diagram_is_started_from_the_national_one_or_empty_for_an_aim_or_the_programme(client, lead):
    aim = an_aim(text="By 2027, 80% within 26 weeks")
    form = client.get(NEW, {"aim": "AIM-1"}).context["form"]
    assert (form["aim"].value(), form["title"].value()) == (aim.pk, "Driver diagram of AIM-1")
    answer = client.post(NEW, typed(form))
    diagram = DriverDiagram.objects.get()
    assert answer.url == diagram.get_absolute_url()
    assert len(content_of(diagram).secondary) == 12
    assert diagrams_of(aim) == [diagram]
    client.post(NEW, {"title": "Ours", "start": "empty", "aim": aim.pk})
    empty = DriverDiagram.objects.get(title="Ours")
    assert (empty.sentence, empty.drivers.count()) == ("By 2027, 80% within 26 weeks", 0)
    page = client.post(NEW, {"title": "", "start": "empty"})
    assert list(page.context["form"].errors) == ["title"]
    page = client.post(NEW, {"title": "Ours", "start": "empty"})
    assert "Say the aim in one sentence" in text_of(page)
    page = client.post(NEW, {"title": "Ours", "start": "empty", "aim": an_aim(organisation=authority("S12000033")).pk})
    assert list(page.context["form"].errors) == ["aim"]
    said = text_of(client.get(LIST))
    assert "2 driver diagrams" in said
    assert "4 primary, 12 secondary 11" in said


def test_the_drawing_and_the_outline_say_the_same_with_the_tests_of_each_idea(client, diagram, branch, lead):
    _primary, secondary, idea = branch
    add_idea(secondary, title="Untried", by=lead)
    test = a_test(lead=lead, idea=idea, title="Tea with one team", cycles=2)
    page = client.get(diagram.get_absolute_url())
    html = page.content.decode()
    drawing, outline = html[html.index("<svg") : html.index("</svg>")], html[html.index('id="outline"') :]
    for part in (drawing, outline):
        words = " ".join(re.sub(r"<[^>]+>", " ", part).split())
        for said in ("Every child knows where they will live", "Leadership", "Leaders ask", "Tea first"):
            assert said in words
        assert "Being planned" in words
        assert "Tea with one team" in words
        assert f'href="{test.get_absolute_url()}"' in part
        untried = ChangeIdea.objects.get(title="Untried")
        assert f'href="/improvement/tests/new/?idea={untried.pk}"' in part
        assert words.count("Try this here") == 1
    assert drawing.count('class="join"') == 4


def test_whoever_does_not_lead_reads_it_and_is_offered_no_change(client, diagram, branch):
    for role in (Role.SENIOR_LEADER, Role.CHAMPION):
        client.force_login(person(role))
        page = client.get(diagram.get_absolute_url())
        said = text_of(page)
        assert "Leaders ask" in said
        assert "node=" not in page.content.decode()
        assert ("Try this here" in said) == (role == Role.CHAMPION)
        assert ("Not tried here yet" in said) is True
        assert client.get(diagram.get_absolute_url(), {"node": "diagram"}).status_code == 302
        assert sent(client, diagram, "driver", "new-primary", text="Mine").status_code == 403
        assert client.post(f"{diagram.get_absolute_url()}versions/1/", {"latest": 4}).status_code == 403
        assert client.get(NEW).status_code == 403
        assert "Start a driver diagram" not in text_of(client.get(LIST))
    assert Driver.objects.count() == 2


def test_a_diagram_is_built_by_its_forms_alone(client, diagram):
    address = diagram.get_absolute_url()
    answer = sent(client, diagram, "driver", "new-primary", text="Leadership", definition="SMT asks monthly")
    primary = Driver.objects.get()
    assert answer.url == f"{address}?node=driver-{primary.pk}#editor"
    form = opened(client, diagram, "new-secondary", under=primary.pk).form
    assert form["serves"].value() == [str(primary.pk)]
    sent(client, diagram, "driver", "new-secondary", text="Leaders ask", serves=[primary.pk])
    secondary = Driver.objects.get(level="secondary")
    assert DriverLink.objects.get().primary == primary
    node = f"driver-{secondary.pk}"
    assert sent(client, diagram, "add-idea", node, title="Tea first").url.endswith(f"?node={node}#editor")
    kept = an_idea("Cake")
    sent(client, diagram, "idea-link", node, secondary=secondary.pk, idea=kept.pk)
    assert IdeaLink.objects.filter(secondary=secondary).count() == 2
    sent(client, diagram, "idea-link-off", f"idea-{kept.pk}", secondary=secondary.pk, idea=kept.pk)
    assert "stays among the change ideas" in text_of(client.get(address))
    sent(client, diagram, "driver-link-off", node, secondary=secondary.pk, primary=primary.pk)
    assert "lead to no primary driver yet" in text_of(client.get(address))
    sent(client, diagram, "driver-link", f"driver-{primary.pk}", secondary=secondary.pk, primary=primary.pk)
    form = opened(client, diagram, node).form
    sent(client, diagram, "driver", node, **typed(form, text="Leaders ask monthly", reason="Too vague"))
    secondary.refresh_from_db()
    assert (secondary.text, diagram.versions.first().reason) == ("Leaders ask monthly", "Too vague")
    sent(client, diagram, "diagram", "diagram", **typed(opened(client, diagram, "diagram").form, title="Ours"))
    assert "Ours" in text_of(client.get(address))
    sent(client, diagram, "remove", node, edition=2, reason="It is not ours")
    assert Driver.objects.get() == primary
    assert ChangeIdea.objects.filter(title="Tea first").exists()


def test_what_is_typed_wrongly_is_told_in_its_form_and_changes_nothing(client, diagram, branch):
    primary, secondary, idea = branch
    child(name=("Given", "Family"))
    node = f"driver-{secondary.pk}"
    for text, fault in (
        (" ", "Say in a few words what the aim depends on"),
        ("x" * 201, "at most 200 characters"),
        ("Given Family", "names a child"),
    ):
        page = sent(client, diagram, "driver", node, text=text, edition=1)
        assert fault in text_of(page)
        assert page.context["editor"].form["text"].value() == text
        assert fault in text_of(sent(client, diagram, "driver", "new-primary", text=text))
    for what, ends, fault in (
        ("driver-link", {"primary": primary.pk}, "is linked to “Leadership” already"),
        ("idea-link", {"idea": idea.pk}, "is linked to this driver already"),
        ("driver-link", {"primary": ""}, "Choose what is to be linked"),
    ):
        assert fault in text_of(sent(client, diagram, what, node, secondary=secondary.pk, **ends))
    assert "Give the idea a title" in text_of(sent(client, diagram, "add-idea", node, title=""))
    assert "Title" in text_of(sent(client, diagram, "diagram", "diagram", sentence="x" * 601, edition=1))
    assert diagram.versions.count() == 4


def test_nodes_of_other_diagrams_and_ideas_of_other_authorities_are_not_found(client, diagram, branch):
    _primary, secondary, _idea = branch
    other = a_driver(a_diagram("Another of ours"))
    west = authority("S12000033")
    elsewhere = a_diagram("Elsewhere", organisation=west)
    theirs = a_driver(elsewhere)
    node = f"driver-{secondary.pk}"
    for wrong in (other, theirs):
        assert client.get(diagram.get_absolute_url(), {"node": f"driver-{wrong.pk}"}).status_code == 404
        for what, more in (
            ("driver", {"text": "Mine", "edition": 1}),
            ("remove", {"edition": 1}),
            ("up", {}),
            ("add-idea", {"title": "Mine"}),
        ):
            assert sent(client, diagram, what, f"driver-{wrong.pk}", **more).status_code == 404
        linking = {"secondary": secondary.pk, "primary": wrong.pk}
        assert sent(client, diagram, "driver-link", node, **linking).status_code == 404
    linking = {"secondary": secondary.pk, "idea": an_idea("Theirs", organisation=west).pk}
    assert sent(client, diagram, "idea-link", node, **linking).status_code == 404
    for nonsense in ("driver-x", "driver-" + "9" * 30, "nothing", "idea-0", "driver-²"):
        assert client.get(diagram.get_absolute_url(), {"node": nonsense}).status_code == 404
    assert sent(client, diagram, "nonsense", node).status_code == 404
    for address in ("", "versions/", "versions/1/"):
        assert client.get(f"{elsewhere.get_absolute_url()}{address}").status_code == 404
    assert client.get(f"{diagram.get_absolute_url()}versions/99/").status_code == 404
    assert theirs.text not in text_of(client.get(LIST))


def test_who_was_overtaken_sees_both_versions_and_can_save_over_the_other(client, diagram, branch, lead):
    primary = branch[0]
    node = f"driver-{primary.pk}"
    mine = typed(opened(client, diagram, node).form, text="My words")
    change_driver(primary, {"text": "Their words", "definition": ""}, edition=1, by=lead)
    page = sent(client, diagram, "driver", node, **mine)
    assert "The driver in a few words Their words My words" in text_of(page)
    assert sent(client, diagram, "driver", node, **typed(page.context["editor"].form)).status_code == 302
    primary.refresh_from_db()
    assert primary.text == "My words"
    mine = typed(opened(client, diagram, "diagram").form, title="My title")
    DriverDiagram.objects.filter(pk=diagram.pk).update(title="Their title", edition=2)
    page = sent(client, diagram, "diagram", "diagram", **mine)
    assert "Title Their title My title" in text_of(page)
    assert sent(client, diagram, "diagram", "diagram", **typed(page.context["editor"].form)).status_code == 302
    assert "changed this driver meanwhile" in text_of(sent(client, diagram, "remove", node, edition=1))


def test_what_was_typed_about_a_driver_that_somebody_removed_is_given_back(client, diagram, branch, lead):
    secondary = branch[1]
    node = f"driver-{secondary.pk}"
    mine = typed(opened(client, diagram, node).form, text="My words", definition="Mine")
    remove_driver(secondary, edition=1, by=lead)
    page = sent(client, diagram, "driver", node, **mine)
    editor = page.context["editor"]
    assert "took this off the diagram meanwhile" in text_of(page)
    assert editor.node == "new-secondary"
    assert (editor.form["text"].value(), editor.form["definition"].value()) == ("My words", "Mine")
    assert sent(client, diagram, "driver", editor.node, **typed(editor.form)).status_code == 302
    assert list(Driver.objects.get(text="My words", level="secondary").serves.all()) == [branch[0]]
    for what, more in (("remove", {"edition": 1}), ("up", {}), ("add-idea", {"title": "Mine"})):
        assert sent(client, diagram, what, node, **more).url == diagram.get_absolute_url()
    assert "Your idea is not kept: “Mine”" in text_of(client.get(diagram.get_absolute_url()))


def test_drivers_change_places(client, diagram, branch, lead):
    second = add_driver(diagram, level=Level.PRIMARY, text="Second", by=lead)
    sent(client, diagram, "up", f"driver-{second.pk}")
    assert [driver.text for driver in content_of(diagram).primary] == ["Second", "Leadership"]
    answer = sent(client, diagram, "up", f"driver-{second.pk}")
    assert "stands first in its row already" in text_of(client.get(answer.url))


def test_versions_tell_who_changed_what_and_an_old_one_comes_back(client, diagram, branch, lead):
    primary, secondary, _idea = branch
    change_driver(primary, {"text": "Leaders", "definition": "SMT"}, edition=1, by=lead, reason="Clearer")
    remove_driver(secondary, edition=1, by=lead)
    said = text_of(client.get(f"{diagram.get_absolute_url()}versions/"))
    assert "6 versions of Our theory" in said
    for words in (
        "Secondary driver “Leaders ask” was removed.",
        "“Leadership” became “Leaders”. The operational definition of “Leaders” was changed. Clearer",
        "The idea “Tea first” was linked to “Leaders ask”.",
        "Secondary driver “Leaders ask” was added. “Leaders ask” was linked to “Leadership”.",
        "Started without drivers. Started empty",
    ):
        assert words in said
    assert said.count(str(lead)) >= 6
    old = f"{diagram.get_absolute_url()}versions/4/"
    page = client.get(old)
    assert "Tea first" in text_of(page)
    assert "node=" not in page.content.decode()
    late = typed(page.context["form"])
    change_driver(primary, {"text": "Overtaken", "definition": ""}, edition=2, by=lead)
    page = client.post(old, late)
    assert f"version 7, by {lead}" in text_of(page)
    assert client.post(old, typed(page.context["form"], reason="We need it")).url == diagram.get_absolute_url()
    assert "Leaders ask" in text_of(client.get(diagram.get_absolute_url()))
    assert diagram.versions.first().reason == "Version 4 restored: We need it"
    assert "Go back to this version" not in text_of(client.get(f"{diagram.get_absolute_url()}versions/8/"))


def test_texts_of_a_diagram_are_shown_as_they_were_typed_and_never_run(client, diagram, lead):
    evil = "<script>alert(1)</script> & “so on”"
    add_driver(diagram, level=Level.PRIMARY, text=evil, definition=evil, by=lead)
    html = client.get(diagram.get_absolute_url()).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in client.get(f"{diagram.get_absolute_url()}versions/").content.decode()


def grow(diagram, lead, name, count):
    """More of everything, and a version for each."""
    for number in range(count):
        primary = a_driver(diagram, f"{name} {number}")
        idea = an_idea(f"{name} {number}")
        a_driver(diagram, f"{name} below {number}", serves=(primary,), ideas=(idea,))
        a_test(lead=lead, idea=idea, cycles=2)
        add_driver(diagram, level=Level.PRIMARY, text=f"{name} beside {number}", by=lead)


@pytest.mark.parametrize("address", ["", "?node=diagram", "versions/", "versions/2/"])
def test_a_large_diagram_takes_as_many_queries_as_a_small_one(client, diagram, lead, address):
    counts = []
    for name, count in (("One", 1), ("Another", 12)):
        grow(diagram, lead, name, count)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{diagram.get_absolute_url()}{address}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_list_takes_as_many_queries_for_many_diagrams(client, lead):
    counts = []
    for more in (2, 10):
        for number in range(more):
            diagram = a_diagram(f"Diagram {more} {number}")
            a_driver(diagram, ideas=(an_idea(f"Idea {more} {number}"),))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(LIST).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_improvement_leads_to_the_diagrams(client, lead):
    assert f'href="{LIST}"' in client.get("/improvement/").content.decode()
    assert "No driver diagram yet" in text_of(client.get(LIST))


def test_what_was_typed_before_the_session_ended_is_given_back(client, diagram, branch, lead):
    primary = branch[0]
    node = f"driver-{primary.pk}"
    html = client.get(diagram.get_absolute_url(), {"node": node}).content.decode()
    mark = re.search(r'name="typed_by" value="([^"]+)"', html)[1]
    client.logout()
    kept = {"typed_by": mark, "text": "Typed before", "edition": 1}
    assert sent(client, diagram, "driver", node, **kept).status_code == 302
    session = client.session
    held = session.get("kept_form")
    client.force_login(lead)
    session = client.session
    session["kept_form"] = held
    session.save()
    page = client.get(diagram.get_absolute_url())
    assert "Your session had ended" in text_of(page)
    assert page.context["editor"].form["text"].value() == "Typed before"


def test_a_diagram_is_retired_for_a_reason_read_apart_and_brought_back(client, diagram, branch, lead):
    aim = an_aim()
    DriverDiagram.objects.filter(pk=diagram.pk).update(aim=aim)
    address = diagram.get_absolute_url()
    page = client.post(address, {"what": "retire", "edition": 1, "reason": " "})
    assert "Say why, so that others understand." in text_of(page)
    page = client.post(address, {"what": "retire", "edition": 9, "reason": "Two are one now"})
    assert "Look at it, then retire it" in text_of(page)
    assert 'value="Two are one now"' in page.content.decode()
    client.post(address, {"what": "retire", "edition": 1, "reason": "Two are one now"})
    page = client.get(address)
    assert "Two are one now" in text_of(page)
    assert "Leaders ask" in text_of(page)
    assert (page.context["may_edit"], page.context["may_bring_back"]) == (False, True)
    assert "Retired: 1" in text_of(client.get(LIST))
    assert (client.get(LIST).context["diagrams"], diagrams_of(aim)) == ([], [])
    told = client.post(address, {"what": "up", "node": f"driver-{branch[1].pk}"}, follow=True)
    assert "Bring it back to change it." in text_of(told)
    version = client.get(f"{address}versions/1/")
    assert version.status_code == 200
    assert not version.context["may_edit"]
    client.force_login(person(Role.CHAMPION))
    assert not client.get(address).context["may_bring_back"]
    assert client.post(address, {"what": "bring-back", "edition": 2}).status_code == 403
    client.force_login(lead)
    client.post(address, {"what": "bring-back", "edition": 1})
    assert DriverDiagram.objects.get().is_retired
    client.post(address, {"what": "bring-back", "edition": 2})
    assert [each.title for each in client.get(LIST).context["diagrams"]] == ["Our theory"]
    assert diagrams_of(aim) == [diagram]
