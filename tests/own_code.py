"""Where our own code lies, for tests that read it or ask of each of our commands."""

from collections.abc import Iterator
from pathlib import Path

from django.core.management import get_commands

ROOT = Path(__file__).parents[1]
PACKAGES = ("pace_site", "children", "milestones", "aims", "improvement")


def source_files() -> Iterator[Path]:
    return (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def own_commands() -> set[str]:
    return {name for name, app in get_commands().items() if str(app).split(".")[0] in PACKAGES}
