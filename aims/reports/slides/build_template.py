"""Build the template of the slides: 16:9, its placeholders in the order in which they are read, in British English.

Run `python -m aims.reports.slides.build_template` after a change here; a test compares the shipped file with this.
"""

import re
from pathlib import Path
from tempfile import SpooledTemporaryFile

from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.presentation import Presentation as Deck
from pptx.util import Inches

from aims.reports.slides.places import (
    AIM,
    FOOTER,
    NUMBER,
    SLIDE_HEIGHT,
    SLIDE_WIDTH,
    TABLE,
    TITLE,
    TITLE_SLIDE,
    WORDS,
    Place,
)

TEMPLATE = Path(__file__).parent / "template.pptx"
INK, MUTED, BRAND = "1B2733", "52606D", "123C5A"
SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
# From python-pptx's own template: which of its layouts each of ours is made of, and what it is called.
LAYOUTS = ((0, TITLE_SLIDE), (1, WORDS), (5, TABLE), (6, AIM))
SAMPLE = {"title": "Title", "ctrTitle": "Title", "subTitle": "Status and notices", "body": "Words"}


def build() -> Deck:
    """Return the template: no slides, four layouts."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = SLIDE_WIDTH, SLIDE_HEIGHT
    kept = [deck.slide_layouts[number] for number, _places in LAYOUTS]
    for layout in [each for each in deck.slide_layouts if each not in kept]:
        deck.slide_layouts.remove(layout)
    _lay_out(deck.slide_master, [TITLE, Place("body", 1, "Words", *WORDS.places[1].box, size=16), FOOTER, NUMBER])
    for layout, (_number, sheet) in zip(kept, LAYOUTS, strict=True):
        layout.name = sheet.name
        _lay_out(layout, [*sheet.places, FOOTER, NUMBER])
        layout.element.attrib.pop("type", None)
        layout.element.set("preserve", "1")
    _look(deck)
    _notes(deck)
    properties = deck.core_properties
    properties.title, properties.language, properties.author = "PACE highlight report", "en-GB", ""
    return deck


def _lay_out(sheet, places) -> None:
    """Replace whatever stands on a master or layout by these placeholders, in this order."""
    tree = sheet.shapes._spTree
    for shape in list(sheet.shapes):
        tree.remove(shape.element)
    for number, place in enumerate(places, start=2):
        tree.append(parse_xml(_placeholder(number, place)))


def _placeholder(number: int, place: Place) -> str:
    left, top, width, height = place.box
    bold, colour = ("1", BRAND) if place.is_title else ("0", INK)
    align = place.align
    if place in (FOOTER, NUMBER):
        colour = MUTED
    style = (
        f'<a:lstStyle><a:lvl1pPr marL="0" indent="0" algn="{align}"><a:lnSpc><a:spcPct val="100000"/></a:lnSpc>'
        f'<a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/><a:defRPr lang="en-GB" sz="{place.size * 100}" b="{bold}">'
        f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:defRPr></a:lvl1pPr></a:lstStyle>'
    )
    words = (
        '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr lang="en-GB"/><a:t>‹#›</a:t></a:fld>'
        if place is NUMBER
        else f'<a:r><a:rPr lang="en-GB"/><a:t>{SAMPLE.get(place.kind, "")}</a:t></a:r>'
    )
    size = ' sz="quarter"' if place.kind not in ("title", "ctrTitle") else ""
    index = f' idx="{place.index}"' if place.index else ""
    return (
        f'<p:sp {SPACES}><p:nvSpPr><p:cNvPr id="{number}" name="{place.name}"/><p:cNvSpPr>'
        f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{place.kind}"{size}{index}/></p:nvPr></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f'<p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="{place.anchor}"><a:normAutofit/></a:bodyPr>'
        f"{style}<a:p>{words}</a:p></p:txBody></p:sp>"
    )


def _look(deck: Deck) -> None:
    """Arial, which every office has, our own colours, and British English wherever a language stands."""
    theme = next(
        rel.target_part for rel in deck.slide_master.part.rels.values() if rel.reltype.endswith("/relationships/theme")
    )
    xml = theme.blob.decode()
    xml = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', r"\g<1>Arial", xml)
    for name, colour in (("dk2", BRAND), ("accent1", BRAND), ("accent2", "A31515"), ("accent3", "00664C")):
        xml = re.sub(rf"<a:{name}>.*?</a:{name}>", f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>', xml, flags=re.S)
    theme._blob = xml.encode()
    for part in (deck.part, deck.slide_master.part, *(layout.part for layout in deck.slide_layouts)):
        for element in part._element.iter():
            if element.get("lang"):
                element.set("lang", "en-GB")


def _notes(deck: Deck) -> None:
    """The picture of the slide on its page of notes is as wide as the slide."""
    for shape in deck.notes_master.placeholders:
        if shape.placeholder_format.type is not None and "SLIDE_IMAGE" in str(shape.placeholder_format.type):
            shape.left, shape.width = Inches(0.75), Inches(6)
            shape.height = Inches(6) * SLIDE_HEIGHT // SLIDE_WIDTH
    for element in deck.notes_master.part._element.iter():
        if element.get("lang"):
            element.set("lang", "en-GB")


if __name__ == "__main__":
    with SpooledTemporaryFile() as file:
        build().save(file)
        file.seek(0)
        TEMPLATE.write_bytes(file.read())
