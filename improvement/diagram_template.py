"""The national PACE driver diagram (`domain.md` 6.3), shipped as data for areas to start from."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

NATIONAL = Path(__file__).parent / "library" / "national_diagram.yaml"


@dataclass(frozen=True)
class TemplateDriver:
    """A secondary driver, by the text of the primary one, with the titles of its ideas."""

    text: str
    primary: str
    ideas: tuple[str, ...]


@dataclass(frozen=True)
class DiagramTemplate:
    """A diagram to start from; `source` is where its ideas come from."""

    title: str
    sentence: str
    definitions: str
    source: str
    primary: tuple[str, ...]
    secondary: tuple[TemplateDriver, ...]

    @property
    def ideas(self) -> list[str]:
        """The titles of its ideas, each once, in the order of the drivers."""
        return list(dict.fromkeys(title for driver in self.secondary for title in driver.ideas))


@cache
def national_diagram() -> DiagramTemplate:
    """The national diagram, in the programme's own words."""
    with NATIONAL.open(encoding="utf-8") as file:
        kept = yaml.safe_load(file)
    return DiagramTemplate(
        title=kept["title"],
        sentence=kept["sentence"],
        definitions="\n".join(kept["definitions"]),
        source=kept["source"],
        primary=tuple(block["primary"] for block in kept["drivers"]),
        secondary=tuple(
            TemplateDriver(driver["text"], block["primary"], tuple(driver["ideas"]))
            for block in kept["drivers"]
            for driver in block["secondary"]
        ),
    )
