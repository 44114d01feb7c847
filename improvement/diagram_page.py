"""What the page of a driver diagram shows: one theory as a drawing and as an outline, with the tests of its ideas."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.urls import reverse

from aims.models import Aim
from improvement.diagram_content import DiagramContent, DriverNode
from improvement.driver_drawing import Drawing, Heading, Node, Row, draw
from improvement.models import ChangeIdea, DriverDiagram, Measure, TestOfChange
from improvement.models.tests_of_change import TestState
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, can

MOST_TESTS = 4  # in the box of an idea; the outline has them all
NOT_TRIED = "Not tried here yet"
TRY = "Try this here"


@dataclass(frozen=True)
class IdeaTest:
    """A test of change of an idea, in words."""

    title: str
    href: str
    state: TestState
    cycle: int
    aim_code: str

    @property
    def words(self) -> str:
        return f"{self.state.label}: {self.title}, cycle {self.cycle}"


@dataclass(frozen=True)
class ShownIdea:
    """A change idea with its tests, None where they are not told; `tries` is where one is started, or empty."""

    key: int
    title: str
    href: str
    edits: str = ""
    tries: str = ""
    is_retired: bool = False
    tests: tuple[IdeaTest, ...] | None = None


@dataclass(frozen=True)
class ShownMeasure:
    """A measure that follows a driver."""

    name: str
    href: str
    is_retired: bool = False


@dataclass(frozen=True)
class ShownDriver:
    """A driver with what hangs on it; `also` names the other primary drivers that a secondary one serves."""

    key: int
    text: str
    definition: str
    is_first: bool = True
    edits: str = ""
    adds: str = ""
    also: tuple[str, ...] = ()
    drivers: tuple["ShownDriver", ...] = ()
    ideas: tuple[ShownIdea, ...] = ()
    measures: tuple[ShownMeasure, ...] = ()


@dataclass(frozen=True)
class Outline:
    """The diagram as a nested list; `unserved` are the secondary drivers that lead to no primary one yet."""

    drivers: tuple[ShownDriver, ...]
    unserved: tuple[ShownDriver, ...]


@dataclass
class DiagramPage:
    """One diagram as one person may see it; `address` is that of its page, where who `may_edit` changes each node."""

    content: DiagramContent
    address: str
    may_edit: bool = False
    ideas: Mapping[int, ShownIdea] = field(default_factory=dict)
    measures: Mapping[int, ShownMeasure] = field(default_factory=dict)

    @property
    def outline(self) -> Outline:
        seen: set[int] = set()
        primary = tuple(
            self._shown(
                driver,
                drivers=tuple(
                    self._secondary(each, under=driver, seen=seen)
                    for each in self.content.secondary
                    if driver.key in each.serves
                ),
            )
            for driver in self.content.primary
        )
        loose = tuple(self._secondary(each, under=None, seen=seen) for each in self.content.unserved)
        return Outline(primary, loose)

    def _secondary(self, driver: DriverNode, *, under: DriverNode | None, seen: set[int]) -> ShownDriver:
        others = [each.text for each in self.content.primary if each.key in driver.serves and each is not under]
        is_first = driver.key not in seen
        seen.add(driver.key)
        return replace(
            self._shown(driver),
            is_first=is_first,
            also=tuple(others),
            ideas=tuple(self.ideas[key] for key in driver.ideas if key in self.ideas),
        )

    def _shown(self, driver: DriverNode, **more) -> ShownDriver:
        edits = self.edits(f"driver-{driver.key}") if self.may_edit else ""
        adds = self.edits("new-secondary", under=driver.key) if self.may_edit else ""
        measures = tuple(self.measures[key] for key in driver.measures if key in self.measures)
        return ShownDriver(
            driver.key, driver.text, driver.definition, edits=edits, adds=adds, measures=measures, **more
        )

    def edits(self, node: str, **more) -> str:
        """Where a node is changed."""
        return f"{self.address}?{urlencode({'node': node, **more})}#editor"

    @property
    def drawing(self) -> Drawing:
        content = self.content
        nodes = [Node("aim", 0, (Row(content.sentence, self.edits("diagram") if self.may_edit else "#outline"),))]
        links = []
        for column, drivers in ((1, content.primary), (2, content.secondary)):
            for driver in drivers:
                href = self.edits(f"driver-{driver.key}") if self.may_edit else f"#driver-{driver.key}"
                nodes.append(Node(f"driver-{driver.key}", column, (Row(driver.text, href),)))
                links += [("aim", f"driver-{driver.key}")] if column == 1 else []
                links += [(f"driver-{key}", f"driver-{driver.key}") for key in driver.serves]
                links += [(f"driver-{driver.key}", f"idea-{key}") for key in driver.ideas if key in self.ideas]
        nodes += [Node(f"idea-{idea.key}", 3, tuple(_rows(idea))) for idea in self.ideas.values()]
        return draw(nodes, links, headings=self._headings)

    @property
    def _headings(self) -> list[Heading]:
        headings = [Heading("Aim"), Heading("Primary drivers"), Heading("Secondary drivers"), Heading("Change ideas")]
        if self.may_edit:
            headings[1] = replace(headings[1], adds=self.edits("new-primary"), add_words="Add a primary driver")
            headings[2] = replace(headings[2], adds=self.edits("new-secondary"), add_words="Add a secondary driver")
        return headings


def _rows(idea: ShownIdea) -> Iterable[Row]:
    yield Row(f"{idea.title} (retired)" if idea.is_retired else idea.title, idea.edits or idea.href)
    if idea.tests is None:
        return
    for test in idea.tests[:MOST_TESTS]:
        yield Row(test.words, test.href, look=f"test {test.state.value}")
    if len(idea.tests) > MOST_TESTS:
        yield Row(f"and {len(idea.tests) - MOST_TESTS} more", idea.href, look="test more", spoken=f" of {idea.title}")
    elif not idea.tests and idea.tries:
        yield Row(TRY, idea.tries, look="try", spoken=f": {idea.title}")
    elif not idea.tests:
        yield Row(NOT_TRIED, look="none")


def page_of(diagram: DriverDiagram, content: DiagramContent, *, may_edit: bool, user: User) -> DiagramPage:
    """The diagram as it stands, with the tests of its ideas that the person may see (four queries)."""
    page = DiagramPage(content, diagram.get_absolute_url(), may_edit=may_edit)
    keys = [idea.key for idea in content.ideas]
    rows = ChangeIdea.objects.visible_to(user).in_bulk(keys)
    tests: dict[int, list[IdeaTest]] = {}
    found = TestOfChange.objects.visible_to(user).filter(idea__in=keys).select_related("aim")
    for test in found.prefetch_related("cycles").order_by("pk"):
        told = IdeaTest(test.title, test.get_absolute_url(), test.state, test.last_cycle.number, test.aim.code)
        tests.setdefault(test.idea_id, []).append(told)
    may_try = can(user, Permission.RUN_TESTS)
    page.ideas = {
        key: ShownIdea(
            key=key,
            title=row.title,
            href=row.get_absolute_url(),
            edits=page.edits(f"idea-{key}") if may_edit else "",
            tries=_tries(row, diagram.aim) if may_try and not row.is_retired else "",
            is_retired=row.is_retired,
            tests=tuple(tests.get(key, ())),
        )
        for key, row in ((key, rows[key]) for key in keys if key in rows)
    }
    followed = Measure.objects.visible_to(user).in_bulk([measure.key for measure in content.measures])
    page.measures = {
        key: ShownMeasure(row.name, row.get_absolute_url(), row.is_retired) for key, row in followed.items()
    }
    return page


def page_of_version(content: DiagramContent, *, address: str) -> DiagramPage:
    """An old version as it was: without tests, as those go on."""
    ideas = {
        idea.key: ShownIdea(idea.key, idea.title, reverse("change_idea", kwargs={"pk": idea.key}))
        for idea in content.ideas
    }
    measures = {
        measure.key: ShownMeasure(measure.name, reverse("measure", kwargs={"pk": measure.key}))
        for measure in content.measures
    }
    return DiagramPage(content, address, ideas=ideas, measures=measures)


def _tries(idea: ChangeIdea, aim: Aim | None) -> str:
    asked = {"idea": idea.pk} | ({"aim": aim.code} if aim and aim.status != Aim.Status.CLOSED else {})
    return f"{reverse('test_new')}?{urlencode(asked)}"


def diagrams_of(aim: Aim) -> list[DriverDiagram]:
    """The driver diagrams of an aim that are worked with, by title (one query).

    Whoever may see the aim's authority may see them.
    """
    return list(aim.driver_diagrams.filter(retired_on=None))
