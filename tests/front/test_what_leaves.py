"""Every way by which words leave the site apart from its pages: e-mails, names of files, markup that is not escaped.

A new one is added to these lists with what it may hold, or a test fails.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.own_code import ROOT, source_files

# By file: what the e-mail holds. No child's name, reference or date of birth is in any.
MAILS = {
    "children/restriction_actions.py": "that a record was opened by break-glass, and a link; not whose, nor by whom",
    "aims/reminder_digest.py": "how much is due, and a link to sign in by (test_send_reminders)",
    "pace_site/front/signing_in/telling.py": "what was done to how somebody signs in, or which role was given to whom",
    "pace_site/defences/fault_mail.py": "the kind and place of a fault (test_what_faults_tell)",
}
MAILERS = frozenset(
    {
        "send_mail",
        "send_mass_mail",
        "mail_admins",
        "mail_managers",
        "EmailMessage",
        "EmailMultiAlternatives",
        "email_user",
    }
)
# By file: of what the name of a file to be saved is made. No child is in any.
FILE_NAMES = {
    "pace_site/look/attachment.py": "what the maker of the file called it: fixed words, codes, days",
    "improvement/minutes_views.py": "fixed words and the day of the meeting",
}
# By file: why the markup is safe.
MARKUP = {
    "pace_site/front/recording/views.py": "format_html and format_html_join: every value is escaped",
    "pace_site/front/people/people_admin.py": "format_html with an address of our own",
    "pace_site/front/imports/mapping_form.py": "selects of very many options: format_html escapes every part",
}
UNESCAPED = frozenset(
    {"mark_safe", "SafeString", "SafeText", "format_html", "format_html_join", "html_safe", "__html__"}
)


def sources() -> Iterator[Path]:
    return (path for path in source_files() if "migrations" not in path.parts)


def templates_with(pattern: str) -> list[str]:
    written = re.compile(pattern, re.IGNORECASE)
    files = sorted((ROOT / "templates").rglob("*.*"))
    return [str(file.relative_to(ROOT)) for file in files if written.search(file.read_text(encoding="utf-8"))]


def names_in(file: Path) -> set[str]:
    """Every name that a file reads or calls, and the plain texts in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def files_with(words: frozenset[str]) -> set[str]:
    return {str(file.relative_to(ROOT)) for file in sources() if names_in(file) & words}


def test_every_place_that_sends_mail_is_known():
    assert files_with(MAILERS) == MAILS.keys()


def test_every_place_that_names_a_file_to_save_is_known():
    assert (
        files_with(frozenset({"Content-Disposition", "FileResponse", "content_disposition_header"}))
        == FILE_NAMES.keys()
    )


def test_every_place_that_writes_markup_by_itself_is_known():
    assert files_with(UNESCAPED) == MARKUP.keys()


@pytest.mark.parametrize("way", [r"\|\s*safe\b", r"\|\s*safeseq\b"])
def test_no_template_calls_anything_safe(way):
    assert templates_with(way) == []


def test_only_plain_text_is_not_escaped():
    """In an e-mail an escaped name would be read as “O&#x27;Neil”."""
    assert {Path(file).suffix for file in templates_with(r"autoescape\s+off")} == {".txt"}


def test_no_template_runs_a_script_or_style_of_its_own():
    """The policy would keep the browser from it; here it is told before."""
    inline = r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style\b|\sstyle=|\son[a-z]+=\"|javascript:"
    assert templates_with(inline) == []


def test_no_page_is_kept_by_the_browser_as_it_goes():
    """HTMX would keep copies of pages in the browser to go back to."""
    assert templates_with(r"hx-push-url|hx-replace-url|hx-boost|hx-history") == []


def test_no_browser_remembers_what_is_typed_of_a_child():
    """On a machine that several people use, the next would be offered the names."""
    forms = re.compile(r"<form [^>]*method=\"post\"[^>]* novalidate[^>]*>")
    folders = ("duplicates", "retention", "recording", "restricted", "identified")
    about_children = [ROOT / "templates/front" / name for name in folders]
    files = [file for folder in about_children for file in folder.rglob("*.html")]
    found = [form for file in files for form in forms.findall(file.read_text(encoding="utf-8"))]
    assert len(found) > 10
    assert [form for form in found if 'autocomplete="off"' not in form] == []
