"""Every name that the environment may tell is in the reference, and the reference names nothing that nobody reads."""

import ast
import re

from pace_site.config import single_sign_on
from tests.own_code import ROOT, source_files

# Of the machine or of libraries, not of the site; and what a caller passes on.
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "SUDO_USER", "PATH", "HOME", "PGPASSWORD", "PROMETHEUS_MULTIPROC_DIR"}
# Of single sign-on: the name of a provider stands in the middle.
PATTERNED = re.compile(r"SSO_[A-Z_]*(ISSUER|CLIENT_ID|CLIENT_SECRET|ORGANISATION|NAME|SECOND_FACTOR_ACR)$")
# To parse every file of the site would take seconds.
MAY_ASK = re.compile(r"\benv\b|\benviron\b|\bgetenv\b")
NAME = re.compile(r"[A-Z][A-Z0-9_]+")
REFERENCE, EXAMPLE = ROOT / "docs" / "environment.md", ROOT / "deploy" / ".env.example"


def names_read(source: str) -> set[str]:
    """What is asked of the environment: env("X"), env.int("X"), given.get("X"), os.environ["X"] and the like."""
    found = set()
    tree = ast.parse(source)
    constants = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        asked, by = None, ""
        if isinstance(node, ast.Call) and node.args:
            asked, by = node.args[0], ast.unparse(node.func)
        elif isinstance(node, ast.Subscript):
            asked, by = node.slice, ast.unparse(node.value)
        asked = constants.get(asked.id, asked) if isinstance(asked, ast.Name) else asked
        of_environment = re.fullmatch(
            r"env(\.\w+)?|(os\.)?environ(\.get)?|os\.getenv|given\.get|env\.ENVIRON(\.get)?", by
        )
        if of_environment and isinstance(asked, ast.Constant) and NAME.fullmatch(str(asked.value)):
            found.add(asked.value)
    return found


def read_by_the_site() -> set[str]:
    files = [
        ROOT / "gunicorn.conf.py",
        ROOT / "manage.py",
        *source_files(),
    ]
    sources = (file.read_text() for file in files)
    found = set().union(*(names_read(source) for source in sources if MAY_ASK.search(source)))
    return {name.removesuffix("_FILE") if name == "METRICS_TOKEN_FILE" else name for name in found} - NOT_OURS


def told_in_the_reference() -> set[str]:
    """Names in the first column of its tables."""
    rows = re.findall(r"^\| ((?:`[A-Z0-9_]+`(?:, )?)+) \|", REFERENCE.read_text(), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z0-9_]+)`", row)}


def told_in_the_example() -> set[str]:
    """Names that are set, or that stand there to be set."""
    return set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", EXAMPLE.read_text(), re.MULTILINE))


def test_the_reader_of_sources_finds_each_way_of_asking():
    source = 'env("A1"); env.int("B1", default=3); os.environ.get("C1"); os.environ["D1"]; given.get("E1"); other("F1")'
    assert names_read(f'NAME = "G1"; {source}; os.environ.get(NAME)') == {"A1", "B1", "C1", "D1", "E1", "G1"}


def test_the_reference_has_what_the_site_reads_and_nothing_else():
    read = read_by_the_site()
    assert {"SECRET_KEY", "DATABASE_URL", "WEB_CONCURRENCY", "SSO", "MIGRATE_LOCK_TIMEOUT"} <= read
    ours = {name for name in told_in_the_reference() if not PATTERNED.match(name)}
    assert read - ours == set()
    assert ours - read == set()


def test_the_reference_has_every_name_of_single_sign_on():
    told = {match[1] for name in told_in_the_reference() if (match := PATTERNED.match(name))}
    assert told == {*single_sign_on.NEEDED, "NAME", "SECOND_FACTOR_ACR"}


def test_the_example_has_every_name_of_the_reference_and_the_few_of_compose():
    of_compose = {"SITE_HOST", "PACE_IMAGE", "BACKUP_FOLDER", "SECRETS_FOLDER", "TLS"}
    told = told_in_the_reference()
    # A secret stands there as the name of its file.
    example = {name if name in told else name.removesuffix("_FILE") for name in told_in_the_example()}
    assert example - of_compose == told
    assert of_compose <= example
    assert all(f"`{name}`" in REFERENCE.read_text() for name in of_compose)
