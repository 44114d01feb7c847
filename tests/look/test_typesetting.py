"""PDF files: tagged, titled, and with every typed word as it was typed."""

from io import BytesIO

import pikepdf
import pytest
import typst

from pace_site.look.typesetting import typeset
from tests.pdf_reading import errors_of, tags_of, words_of

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


def test_a_page_is_tagged_and_titled(template):
    body = typeset(template, {"title": "A report", "words": "Said"})
    with pikepdf.open(BytesIO(body)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.docinfo["/Title"]) == "A report"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.Root.Lang).startswith("en")
    assert [name for name in tags_of(body) if name in ("/H1", "/Table", "/TH", "/TD")] == [
        *("/H1", "/Table", "/TH", "/TH"),
        *("/TD", "/TD"),
    ]


def test_two_checkers_find_nothing_against_pdf_ua(template, tmp_path):
    assert errors_of(typeset(template, {"title": "A report", "words": "Said"}), tmp_path) == []


def test_what_people_typed_is_never_markup(template):
    assert WORDS in words_of(typeset(template, {"title": "T", "words": WORDS}))


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


def test_what_no_page_can_show_does_not_keep_the_page_back(template):
    """Whatever a browser can send, which is all but NUL and half pairs."""
    controls = "".join(map(chr, [*range(1, 0x20), *range(0x7F, 0xA0)]))
    words = f"Before {controls}\ufeff\ufffe\uffff\ufdd0\ue000\u2028\U0001fffe\U0010ffff漢字 👩‍👧 after \u202eback"
    told = words_of(typeset(template, {"title": "A report", "words": words}))
    assert "Before" in told
    assert "after" in told
