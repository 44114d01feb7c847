"""The place on a diagram's page where one node of it is changed: its words, its links, and what can be added to it."""

from dataclasses import dataclass, field

from django.http import Http404

from improvement.diagram_content import DiagramContent
from improvement.driver_diagram_forms import (
    DiagramForm,
    DriverForm,
    IdeaForm,
    LinkForm,
    RemoveForm,
    idea_choices,
    measure_choices,
)
from improvement.models import Driver, DriverDiagram
from improvement.models.drivers import Level
from pace_site.accounts.models import User
from pace_site.look.asked import whole_number

NEW = {"new-primary": Level.PRIMARY, "new-secondary": Level.SECONDARY}
DRIVER, IDEA = "driver-", "idea-"


@dataclass(frozen=True)
class LinkList:
    """The links of a node on one side; `what` names the kind, `own` and `other` the fields of its two ends."""

    heading: str
    what: str
    own: tuple[str, int]
    other: str
    linked: list[tuple[int, str]]
    form: LinkForm | None


@dataclass
class Editor:
    """What stands in the editor of one node."""

    node: str
    heading: str
    form: DiagramForm | DriverForm | None = None
    driver: Driver | None = None
    idea: int | None = None
    links: list[LinkList] = field(default_factory=list)
    idea_form: IdeaForm | None = None
    remove_form: RemoveForm | None = None
    fault: str = ""

    @property
    def shown_form(self):
        """The form whose errors stand in the summary."""
        forms = (self.form, self.idea_form, self.remove_form)
        return next((form for form in forms if form is not None and form.is_bound), None)


def editor_of(
    node: str,
    *,
    diagram: DriverDiagram,
    content: DiagramContent,
    by: User,
    data=None,
    what: str = "",
    under: str = "",
) -> Editor:
    """The editor of a node. `data` is what was sent to the form named `what` of it; 404 for no such node."""
    sent = {what: data} if data is not None else {}
    if node == "diagram":
        form = DiagramForm(sent.get("diagram"), by=by, diagram=diagram)
        return Editor(node, "Change what the diagram is about", form)
    if node in NEW:
        serves = content if NEW[node] == Level.SECONDARY else None
        form = DriverForm(sent.get("driver"), serves=serves, initial={"serves": [under] if under else []})
        return Editor(node, f"Add a {NEW[node].label}", form)
    key = key_of(node)
    if node.startswith(DRIVER) and key in content.drivers:
        return _driver_editor(node, key, diagram=diagram, content=content, by=by, sent=sent)
    if node.startswith(IDEA) and key in content.titles:
        links = _links_of_idea(key, content)
        return Editor(node, f"Change idea: {content.titles[key]}", idea=key, links=links)
    raise Http404("There is no such driver.")


def key_of(node: str) -> int:
    """The key in the name of a driver or an idea; 404 for none."""
    key = whole_number(node.rpartition("-")[2])
    if key is None:
        raise Http404("There is no such driver.")
    return key


def _driver_editor(node: str, key: int, *, diagram, content: DiagramContent, by: User, sent) -> Editor:
    driver = Driver.objects.visible_to(by).filter(diagram=diagram, pk=key).first()
    if driver is None:
        raise Http404("There is no such driver.")
    level = Level(driver.level)
    editor = Editor(node, f"{level.label.capitalize()}: {driver.text}", driver=driver)
    editor.form = DriverForm(sent.get("driver"), driver=driver)
    editor.remove_form = RemoveForm(sent.get("remove"), initial={"edition": driver.edition}, auto_id="remove_%s")
    if level == Level.PRIMARY:
        editor.links = [_links_of_primary(key, content)]
    else:
        editor.links = _links_of_secondary(key, content, by=by)
        editor.idea_form = IdeaForm(sent.get("add-idea"), auto_id="idea_%s")
    editor.links.append(_measures_of(key, content, by=by))
    return editor


def _links_of_primary(key: int, content: DiagramContent) -> LinkList:
    linked = [(each.key, each.text) for each in content.secondary if key in each.serves]
    others = [(each.key, each.text) for each in content.secondary if key not in each.serves]
    form = _link_form("driver-link", "Another secondary driver", others)
    return LinkList("Secondary drivers that move it", "driver-link", ("primary", key), "secondary", linked, form)


def _links_of_secondary(key: int, content: DiagramContent, *, by: User) -> list[LinkList]:
    driver = content.drivers[key]
    served = [(each.key, each.text) for each in content.primary if each.key in driver.serves]
    others = [(each.key, each.text) for each in content.primary if each.key not in driver.serves]
    form = _link_form("driver-link", "Another primary driver", others)
    ideas = [(each, content.titles[each]) for each in driver.ideas]
    offered = idea_choices(by, but=driver.ideas)
    idea_form = _link_form("idea-link", "Another idea of ours", offered)
    own = ("secondary", key)
    return [
        LinkList("Primary drivers that it moves", "driver-link", own, "primary", served, form),
        LinkList("Change ideas that should move it", "idea-link", own, "idea", ideas, idea_form),
    ]


def _measures_of(key: int, content: DiagramContent, *, by: User) -> LinkList:
    held = content.drivers[key].measures
    linked = [(each, content.names[each]) for each in held]
    form = _link_form("measure-link", "Another measure of ours", measure_choices(by, but=held))
    return LinkList("Measures that follow it", "measure-link", ("driver", key), "measure", linked, form)


def _links_of_idea(key: int, content: DiagramContent) -> list[LinkList]:
    linked = [(each.key, each.text) for each in content.secondary if key in each.ideas]
    others = [(each.key, each.text) for each in content.secondary if key not in each.ideas]
    form = _link_form("idea-link", "Another secondary driver", others)
    return [LinkList("Secondary drivers that it should move", "idea-link", ("idea", key), "secondary", linked, form)]


def _link_form(what: str, label: str, choices: list[tuple[int, str]]) -> LinkForm | None:
    return LinkForm(label=label, choices=choices, auto_id=f"{what}_%s") if choices else None
