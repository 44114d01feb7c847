"""The list of decisions (docs/adr), made from their titles."""

from django.conf import settings

from pace_site.front.reference.markdown import head, table

INTRODUCTION = """\
Each decision is a page: what was the matter, what was decided, and what follows from it. One that no longer holds says
by which it was replaced.
"""


def decisions_page() -> str:
    rows = []
    for path in sorted((settings.BASE_DIR / "docs" / "adr").glob("[0-9]*.md")):
        title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ").lstrip("0123456789.: ")
        rows.append((path.name[:4], f"[{title}]({path.name})"))
    return f"{head('Decisions', INTRODUCTION)}\n{table(['Number', 'Decision'], rows)}".rstrip() + "\n"
