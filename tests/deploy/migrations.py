"""Which migrations have been released, and which may take away what an earlier version still reads."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "deploy" / "migrations.yaml"
APPS = {
    "accounts": "pace_site/accounts",
    "audit": "pace_site/audit",
    "defences": "pace_site/defences",
    "long_work": "pace_site/long_work",
    "operations": "pace_site/operations",
    "children": "children",
    "milestones": "milestones",
    "aims": "aims",
    "improvement": "improvement",
}


def migrations_of(label: str) -> list[str]:
    """The names of an app's migrations, in order."""
    files = (ROOT / APPS[label] / "migrations").glob("[0-9]*.py")
    return sorted(file.stem for file in files)


def unreleased() -> list[tuple[str, str]]:
    """(app, migration) for each that the last release did not have."""
    released = yaml.safe_load(KEPT.read_text())["released"]
    return [(app, name) for app in APPS for name in migrations_of(app) if name > released.get(app, "")]


def contracting() -> dict[str, str]:
    """By app.migration, why the version before this one does without what it takes away."""
    return yaml.safe_load(KEPT.read_text()).get("contracts") or {}


def release() -> None:
    """Write down that all there are have been released."""
    last = "".join(f"  {app}: {migrations_of(app)[-1]}\n" for app in APPS)
    KEPT.write_text(re.sub(r"(?m)^released:\n(?:  .*\n)*", f"released:\n{last}", KEPT.read_text()))


if __name__ == "__main__":
    release()
