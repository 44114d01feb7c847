"""Colours have one home, can be read in light and dark, and are the ones that figures are drawn in."""

import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
TOKENS = (STATIC / "css" / "tokens.css").read_text()
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|:\s*(?:white|black)\b")
# Nothing is written in these, so that they are the same in both.
THE_SAME = {"--pace-on-banner", "--pace-focus-on-strong", "--pace-qr-paper"}
DRAWN = ("aims", "improvement")


def declared(part: str) -> dict[str, str]:
    return dict(re.findall(r"(--(?:pace|tl)-[a-z-]+): (#[0-9a-f]{6}|rgb\([^)]*\));", part))


LIGHT = declared(TOKENS[: TOKENS.index("@media screen")])
DARK = LIGHT | declared(TOKENS[TOKENS.index("@media screen") : TOKENS.index("@media (prefers-contrast")])
LOOKS = {"light": LIGHT, "dark": DARK}

# What is written in the first upon the second.
WORDS = ("ink", "muted", "link", "link-deep", "met", "missed", "waiting", "exited", "overdue")
WORDS_ON = [
    *((words, ground) for words in WORDS for ground in ("paper", "ground")),
    *(("ink", ground) for ground in ("head", "tint", "tint-strong", "warning-paper", "note-paper")),
    *(("on-strong", ground) for ground in ("brand", "brand-deep", "overdue", "waiting", "met")),
    ("brand", "paper"),
    ("on-banner", "banner"),
    ("link", "tint"),
    ("link", "warning-paper"),
]
# What must be told from what lies beside it: edges of fields, the focus, lines and signs of drawings.
MARKS_ON = [
    ("focus", "paper"),
    ("focus", "ground"),
    ("focus-on-strong", "banner"),
    ("field-line", "paper"),
    ("band-line", "paper"),
    ("join", "paper"),
    ("shift", "paper"),
    ("warning", "warning-paper"),
]


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    "sheet", [sheet for sheet in SHEETS if sheet.name != "tokens.css"], ids=lambda sheet: sheet.name
)
def test_a_stylesheet_names_its_colours_and_has_none_of_its_own(sheet):
    assert not COLOUR.findall(sheet.read_text())


def test_each_colour_has_a_place_where_it_is_used_and_each_that_is_used_exists():
    everything = "".join(path.read_text() for path in [*SHEETS, *(STATIC / "js").glob("*.js")])
    named = set(re.findall(r"var\((--(?:pace|tl)-[a-z-]+)\)|\"(--pace-[a-z-]+)\"", everything))
    assert {one or other for one, other in named} == set(LIGHT)


def test_each_colour_is_another_in_the_dark():
    assert {name for name in LIGHT if DARK[name] == LIGHT[name]} == THE_SAME


@pytest.mark.parametrize("look", LOOKS)
def test_words_stand_out_from_their_ground(look):
    of = LOOKS[look]
    ratios = {pair: contrast(of[f"--pace-{pair[0]}"], of[f"--pace-{pair[1]}"]) for pair in WORDS_ON}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("look", LOOKS)
def test_marks_stand_out_from_what_lies_beside_them(look):
    of = LOOKS[look]
    ratios = {pair: contrast(of[f"--pace-{pair[0]}"], of[f"--pace-{pair[1]}"]) for pair in MARKS_ON}
    signs = [name for name in of if name.startswith("--tl-") and contrast(LIGHT[name], LIGHT["--pace-paper"]) > 3]
    ratios |= {(name, "paper"): contrast(of[name], of["--pace-paper"]) for name in signs}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 3} == {}


def test_the_writing_on_a_timeline_can_be_read_upon_every_fill():
    for of in LOOKS.values():
        fills = [name for name in of if name.startswith("--tl-") and contrast(LIGHT[name], LIGHT["--pace-paper"]) < 3]
        assert len(fills) == 10
        assert {name for name in fills if contrast(of[name], of["--pace-ink"]) < 4.5} == set()


def test_a_figure_is_drawn_in_colours_that_the_browser_can_turn_dark():
    script = (STATIC / "js" / "chart.js").read_text()
    turned = dict(re.findall(r'"(#[0-9a-f]{6})": "(--pace-[a-z-]+)"', script))
    assert {colour: LIGHT[name] for colour, name in turned.items()} == {colour: colour for colour in turned}
    drawn = set()
    for app in DRAWN:
        for path in (Path(settings.BASE_DIR) / app).glob("*.py"):
            drawn |= set(re.findall(r"#[0-9a-fA-F]{6}\b", path.read_text()))
    assert drawn == set(turned)
