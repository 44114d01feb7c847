"""The papers that people sign off point at what is there: files, commands and their options."""

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).parents[2]
PAPERS = sorted((ROOT / "docs" / "governance").glob("*.md"))
FILE = re.compile(r"`([\w./-]+\.(?:py|md))`")
DECISION = re.compile(r"ADR (\d{4})")
COMMAND = re.compile(r"python manage\.py ([^\n`]+)")
EXPECTED = {
    "accessibility-statement.md",
    "dpia.md",
    "incidents.md",
    "privacy-notice.md",
    "roles.md",
    "threat-model.md",
}


def test_every_paper_of_governance_is_there():
    assert {paper.name for paper in PAPERS} == EXPECTED


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_a_paper_names_only_files_and_decisions_that_exist(paper):
    text = paper.read_text(encoding="utf-8")
    gone = [name for name in FILE.findall(text) if not (ROOT / name).exists() and not (paper.parent / name).exists()]
    gone += [number for number in DECISION.findall(text) if not [*(ROOT / "docs" / "adr").glob(f"{number}-*.md")]]
    assert gone == []


def test_every_command_of_the_incident_procedure_can_be_run_as_it_is_written():
    commands = COMMAND.findall((ROOT / "docs" / "governance" / "incidents.md").read_text(encoding="utf-8"))
    assert len(commands) > 10
    for command in commands:
        name, *words = shlex.split(command.partition(">")[0])
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        parser.parse_args(words)  # ends the test where an option is gone or a file is not named


def test_the_drafts_say_where_a_council_and_its_officer_must_decide():
    for name in EXPECTED - {"roles.md"}:
        text = (ROOT / "docs" / "governance" / name).read_text(encoding="utf-8")
        assert "[Council: " in text, name
        assert "o be confirmed by your data-protection officer" in " ".join(text.split()), name
