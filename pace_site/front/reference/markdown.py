"""Tables and headings in Markdown; what stands in a cell cannot break out of it."""

from collections.abc import Iterable, Sequence

REMAKE = "make reference"


def head(title: str, introduction: str) -> str:
    return (
        f"# {title}\n\nMade from the code by `{REMAKE}`; a test fails when this page is out of date. Do not "
        f"change it by hand.\n\n{introduction}"
    )


def table(headings: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A table, with a line to spare after it."""
    lines = [headings, ["---"] * len(headings), *([_cell(each) for each in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"


def _cell(content: object) -> str:
    return str(content).replace("|", "\\|").replace("\n", " ")
