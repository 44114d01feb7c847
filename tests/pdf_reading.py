"""Read PDF files back: their words, their tags, and what two checkers say of them."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
import pymupdf
from outloud import check as listen
from pdfua import validate


def words_of(body: bytes) -> str:
    """All words in reading order, spaces and line ends as one space."""
    return " ".join(sheets_of(body)).strip()


def sheets_of(body: bytes) -> list[str]:
    """The words of each page, spaces and line ends as one space."""
    with pymupdf.open(stream=body, filetype="pdf") as pages:
        return [" ".join(page.get_text().split()) for page in pages]


@dataclass(frozen=True)
class Element:
    """One structure element: its tag, its text alternative, and the names of its attributes."""

    tag: str
    alt: str
    attributes: frozenset[str]


def elements_of(body: bytes) -> list[Element]:
    """Every structure element, in reading order."""
    found = []

    def walk(node):
        if isinstance(node, pikepdf.Array):
            for each in node:
                walk(each)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(Element(str(node["/S"]), str(node.get("/Alt", "")), _attributes(node)))
            if "/K" in node:
                walk(node["/K"])

    with pikepdf.open(BytesIO(body)) as pdf:
        walk(pdf.Root.StructTreeRoot.K)
    return found


def _attributes(node: pikepdf.Dictionary) -> frozenset[str]:
    held = node.get("/A", pikepdf.Array())
    parts = list(held) if isinstance(held, pikepdf.Array) else [held]
    return frozenset(key for part in parts if isinstance(part, pikepdf.Dictionary) for key in part.keys())  # noqa: SIM118


def tags_of(body: bytes) -> list[str]:
    return [element.tag for element in elements_of(body)]


def errors_of(body: bytes, folder: Path) -> list[str]:
    """What the checkers call an error."""
    path = folder / "checked.pdf"
    path.write_bytes(body)
    errors = [str(finding) for finding in validate(str(path)).findings]
    return errors + [str(found) for found in listen(str(path)).findings if found.severity == "error"]
