"""What the pages of docs/, the README and the comments name is there: files, commands and their options, decisions."""

import re
from functools import cache
from pathlib import Path

from django.core.management import get_commands, load_command_class

from tests.config.test_docs import BESIDE_THE_CODE, DOCS, PAGES
from tests.own_code import PACKAGES, ROOT

CODE = (*PACKAGES, "templates", "tests", "deploy")
FOLDERS = (*CODE, "accounts", "audit", "docs", "front", "look", "static", ".ci", ".github")
COMMAND = re.compile(r"manage\.py (\w+)([^`|\n]*)")
OPTION = re.compile(r"(?<!\S)\[?(--[a-z-]+)")
TARGET = re.compile(r"(?:`|^ {4})make ([a-z-]+)", re.M)
SPAN = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"[\w./-]+/[\w.-]*\.(?:py|html|css|js|ya?ml|md|sh|json|toml|service|timer)|[\w./-]+/")
PAGE = re.compile(r"[\w-]+\.md")
DECISION = re.compile(r"ADR (\d{4})")
SECTION = re.compile(r"\b(domain|design|spc)\.md`? (\d+(?:\.\d+)*)")


def pages() -> dict[str, str]:
    """What whoever takes over reads, by name; the changelog may name what there was."""
    read = [page for page in [*PAGES, *BESIDE_THE_CODE] if page.name != "CHANGELOG.md"]
    return {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in read}


def code() -> dict[str, str]:
    kinds = {".py", ".html", ".yaml", ".sh"}
    found = [path for folder in CODE for path in (ROOT / folder).rglob("*") if path.suffix in kinds]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in found}


@cache
def options_of(command: str) -> set[str]:
    app = get_commands()[command]
    return set(load_command_class(app, command).create_parser("manage.py", command)._option_string_actions)


def test_every_command_that_a_page_names_is_there_with_its_options():
    named = [(page, *found) for page, text in pages().items() for found in COMMAND.findall(text)]
    assert len(named) > 50
    assert [(page, command) for page, command, _rest in named if command not in get_commands()] == []
    asked = [(page, command, option) for page, command, rest in named for option in OPTION.findall(rest)]
    assert [each for each in asked if each[2] not in options_of(each[1])] == []


def test_every_target_of_make_that_a_page_names_is_there():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = [(page, target) for page, text in pages().items() for target in TARGET.findall(text)]
    assert len(named) > 20
    assert [each for each in named if each[1] not in targets] == []


def test_every_file_of_ours_that_a_page_names_is_there():
    spans = [(page, word) for page, text in pages().items() for span in SPAN.findall(text) for word in span.split()]
    named = [(page, word) for page, word in spans if FILE.fullmatch(word) and word.split("/")[0] in FOLDERS]
    named += [(page, word) for page, word in spans if PAGE.fullmatch(word)]
    assert len(named) > 50
    assert [(page, word) for page, word in named if not any((lies / word).exists() for lies in _folders_of(page))] == []


def _folders_of(page: str) -> list[Path]:
    """Pages are named without their folder, and parts of the ground and the front without the package they lie in."""
    return [ROOT, DOCS, (ROOT / page).parent, ROOT / "pace_site"]


def test_every_decision_and_section_that_is_named_exists():
    decisions = {path.name[:4] for path in (DOCS / "adr").glob("[0-9]*.md")}
    sections = {
        (name, number)
        for name in ("domain", "design", "spc")
        for number in re.findall(r"^#+ (\d+(?:\.\d+)*)", (DOCS / f"{name}.md").read_text(encoding="utf-8"), re.M)
    }
    texts = pages() | code()
    named = [(path, number) for path, text in texts.items() for number in DECISION.findall(text)]
    told = [(path, section) for path, text in texts.items() for section in SECTION.findall(text)]
    assert min(len(named), len(told)) > 50
    assert [each for each in named if each[1] not in decisions] == []
    assert [each for each in told if each[1] not in sections] == []
