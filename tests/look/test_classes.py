"""Templates name no class that nothing styles or asks for, and stylesheets style none that no page has."""

import re
from pathlib import Path

import django
from django.conf import settings

from tests.own_code import source_files

STATIC = Path(settings.BASE_DIR) / "static"
OWN = sorted((STATIC / "css").glob("*.css"))
OTHERS = [
    *(STATIC / "vendor").rglob("*.css"),
    *Path(django.__file__).parent.glob("contrib/admin/static/admin/css/*.css"),
]
TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
# Written by others into pages of ours: crispy forms, and the admin pages.
OF_OTHERS = {"asteriskField", "tabular"}
# Asked for by tests and by plotly, and styled by nobody.
UNSTYLED = {"as-at", "no-inline-styles", "pattern", "pdsa-said"}


def read(paths) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def styled_by(paths) -> set[str]:
    rules = re.sub(r"/\*.*?\*/", "", read(paths), flags=re.S)
    return set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)(?=[^{}]*\{)", rules))


def named_by_templates() -> set[str]:
    """Whole names; what a template completes with a value ends with a hyphen."""
    said = re.sub(r"btn-(?={%)", "", read(TEMPLATES))  # one kind of button or another
    said = re.sub(r"{{.*?}}", "", re.sub(r"{%.*?%}", " ", said))
    return {name for names in re.findall(r'class="([^"]*)"', said) for name in names.split()}


def test_every_class_of_a_template_is_styled_or_asked_for():
    styled = styled_by([*OWN, *OTHERS])
    known = (
        styled | {name.removeprefix("btn-") for name in styled} | set(re.findall(r"[\w-]+", read(SCRIPTS))) | UNSTYLED
    )
    assert {name for name in named_by_templates() if not name.endswith("-")} - known == set()


def test_every_class_that_is_styled_stands_on_a_page():
    pages = read([*TEMPLATES, *SCRIPTS, *source_files()])
    begun = (
        *(name for name in named_by_templates() if name.endswith("-")),
        *re.findall(r"([\w-]+-)\$\{", read(SCRIPTS)),
    )
    named = set(re.findall(r"[\w-]+", pages)) | styled_by(OTHERS) | OF_OTHERS
    assert {name for name in styled_by(OWN) if not name.startswith(begun)} - named == set()
