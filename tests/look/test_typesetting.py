"""PDF files: tagged, titled, and with every typed word as it was typed."""

from io import BytesIO

import pikepdf
import pymupdf
import pytest
import typst
from outloud import check as listen
from pdfua import validate

from pace_site.look.typesetting import typeset

TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set text(font: "DejaVu Sans", lang: "en")
= #data.title
#data.words
#table(columns: 2, table.header[Aim][Share], [NAT-1], [50 %])
"""
WORDS = "*bold* #panic() $x$ <label> @ref \\ end"


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "page.typ"
    path.write_text(TEMPLATE)
    return path


def tags(body: bytes) -> list[str]:
    """The names of all structure elements, in reading order."""
    found = []

    def walk(node):
        if isinstance(node, pikepdf.Array):
            for each in node:
                walk(each)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(str(node["/S"]))
            if "/K" in node:
                walk(node["/K"])

    with pikepdf.open(BytesIO(body)) as pdf:
        walk(pdf.Root.StructTreeRoot.K)
    return found


def test_a_page_is_tagged_and_titled(template):
    body = typeset(template, {"title": "A report", "words": "Said"})
    with pikepdf.open(BytesIO(body)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.docinfo["/Title"]) == "A report"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.Root.Lang).startswith("en")
    assert [name for name in tags(body) if name in ("/H1", "/Table", "/TH", "/TD")] == [
        *("/H1", "/Table", "/TH", "/TH"),
        *("/TD", "/TD"),
    ]


def test_two_checkers_find_nothing_against_pdf_ua(template, tmp_path):
    path = tmp_path / "page.pdf"
    path.write_bytes(typeset(template, {"title": "A report", "words": "Said"}))
    assert [finding.rule_id for finding in validate(str(path)).findings] == []
    assert [found for found in listen(str(path)).findings if found.severity == "error"] == []


def test_what_people_typed_is_never_markup(template):
    body = typeset(template, {"title": "T", "words": WORDS})
    said = pymupdf.open(stream=body, filetype="pdf")[0].get_text()
    assert WORDS in said.replace("\n", " ")


def test_a_chart_without_text_alternative_does_not_compile(tmp_path):
    path = tmp_path / "page.typ"
    drawing = '"<svg xmlns=\\"http://www.w3.org/2000/svg\\" width=\\"9\\" height=\\"9\\"/>"'
    path.write_text(f'#set document(title: "T")\n#image(bytes({drawing}), format: "svg")')
    with pytest.raises(typst.TypstError, match="alt"):
        typeset(path, {})


def test_a_template_reads_nothing_outside_its_folder(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "page.typ").write_text('#set document(title: "T")\n#read("../secret.txt")')
    with pytest.raises(typst.TypstError):
        typeset(folder / "page.typ", {})
