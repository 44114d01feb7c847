"""What a driver diagram says, as one value: read from its rows, or from a version of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from aims.models import Aim
from improvement.models import Driver, DriverDiagram
from improvement.models.drivers import Level


@dataclass(frozen=True)
class IdeaNode:
    """A change idea on the diagram; `key` is its own."""

    key: int
    title: str


@dataclass(frozen=True)
class MeasureNode:
    """A measure that follows a driver; `key` is its own."""

    key: int
    name: str


@dataclass(frozen=True)
class DriverNode:
    """A driver with the keys of the measures that follow it.

    A secondary one says by key which primary drivers it serves, and which ideas should move it.
    """

    key: int
    text: str
    definition: str = ""
    serves: tuple[int, ...] = ()
    ideas: tuple[int, ...] = ()
    measures: tuple[int, ...] = ()


@dataclass(frozen=True)
class DiagramContent:
    """A whole diagram. `aim` and `aim_code` are None and empty for the diagram of a programme."""

    title: str
    sentence: str
    definitions: str = ""
    aim: int | None = None
    aim_code: str = ""
    primary: tuple[DriverNode, ...] = ()
    secondary: tuple[DriverNode, ...] = ()
    ideas: tuple[IdeaNode, ...] = ()
    measures: tuple[MeasureNode, ...] = ()

    @property
    def drivers(self) -> dict[int, DriverNode]:
        return {driver.key: driver for driver in (*self.primary, *self.secondary)}

    @property
    def titles(self) -> dict[int, str]:
        """The titles of its ideas by key."""
        return {idea.key: idea.title for idea in self.ideas}

    @property
    def names(self) -> dict[int, str]:
        """The names of its measures by key."""
        return {measure.key: measure.name for measure in self.measures}

    @property
    def unserved(self) -> tuple[DriverNode, ...]:
        """Secondary drivers that lead to no primary one yet."""
        return tuple(driver for driver in self.secondary if not driver.serves)

    def level_of(self, key: int) -> Level:
        """Which kind of driver it is; KeyError for none."""
        if any(driver.key == key for driver in self.primary):
            return Level.PRIMARY
        if any(driver.key == key for driver in self.secondary):
            return Level.SECONDARY
        raise KeyError(key)

    def says_the_same_as(self, other: "DiagramContent") -> bool:
        """Whether both draw the same, whatever the keys of drivers that were removed and came back."""
        return self._said == other._said

    @property
    def _said(self) -> tuple:
        texts = {key: driver.text for key, driver in self.drivers.items()}
        drivers = [
            [
                (each.text, each.definition, tuple(texts[key] for key in each.serves), each.ideas, each.measures)
                for each in level
            ]
            for level in (self.primary, self.secondary)
        ]
        return self.title, self.sentence, self.definitions, self.aim, drivers

    def to_json(self) -> dict[str, Any]:
        kept = asdict(self)
        # A process of the version before, which runs beside this one during an update, knows of no measures.
        for each in (kept, *kept["primary"], *kept["secondary"]):
            if not each["measures"]:
                del each["measures"]
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "DiagramContent":
        nodes = {level: tuple(_driver(each) for each in kept[level]) for level in ("primary", "secondary")}
        ideas = tuple(IdeaNode(**each) for each in kept["ideas"])
        # Versions of before measures were linked have none.
        measures = tuple(MeasureNode(**each) for each in kept.get("measures", ()))
        return cls(**{**kept, **nodes, "ideas": ideas, "measures": measures})


def _driver(kept: Mapping[str, Any]) -> DriverNode:
    lists = {name: tuple(kept.get(name, ())) for name in ("serves", "ideas", "measures")}
    return DriverNode(**{**kept, **lists})


def content_of(diagram: DriverDiagram) -> DiagramContent:
    """The diagram as its rows say it now, in six queries at the most."""
    rows = Driver.objects.filter(diagram=diagram)
    drivers = list(rows.prefetch_related("links_to_primary", "links_to_ideas__idea", "links_to_measures__measure"))
    places = {driver.pk: place for place, driver in enumerate(drivers)}
    ideas: dict[int, str] = {}
    measures: dict[int, str] = {}
    nodes = {level: [] for level in Level}
    for driver in drivers:
        served = sorted((link.primary_id for link in driver.links_to_primary.all()), key=places.__getitem__)
        links = sorted(driver.links_to_ideas.all(), key=lambda link: link.pk)
        ideas |= {link.idea_id: link.idea.title for link in links}
        followed = driver.links_to_measures.all()
        measures |= {link.measure_id: link.measure.name for link in followed}
        nodes[Level(driver.level)].append(
            DriverNode(
                driver.pk,
                driver.text,
                driver.definition,
                serves=tuple(served),
                ideas=tuple(link.idea_id for link in links),
                measures=tuple(sorted(link.measure_id for link in followed)),
            )
        )
    aim: Aim | None = diagram.aim
    return DiagramContent(
        title=diagram.title,
        sentence=diagram.sentence,
        definitions=diagram.definitions,
        aim=diagram.aim_id,
        aim_code=aim.code if aim else "",
        primary=tuple(nodes[Level.PRIMARY]),
        secondary=tuple(nodes[Level.SECONDARY]),
        ideas=tuple(IdeaNode(key, title) for key, title in ideas.items()),
        measures=tuple(MeasureNode(key, name) for key, name in sorted(measures.items())),
    )
