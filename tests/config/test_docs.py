"""The pages of docs/ hang together: each is reached from the list of pages, each link and picture is there."""

import re
from pathlib import Path

import pytest
import yaml
from PIL import Image

from tests.browser.test_pictures import ALL, LARGEST, SIZE
from tests.own_code import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
PICTURES = sorted((DOCS / "pictures").glob("*.png"))
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)]+)\)")
# What the README and the files beside it link to lies from the top.
BESIDE_THE_CODE = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]


def listed(entries: list) -> list[str]:
    """The pages in a list of pages, and in the lists inside it."""
    return [page for entry in entries for named in entry.values() for page in _pages(named)]


def _pages(named: str | list) -> list[str]:
    return [named] if isinstance(named, str) else listed(named)


def test_every_page_is_in_the_list_of_pages_once():
    pages = listed(yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"])
    decisions = {page.relative_to(DOCS).as_posix() for page in (DOCS / "adr").glob("[0-9]*.md")}
    assert sorted(pages) == sorted({page.relative_to(DOCS).as_posix() for page in PAGES} - decisions)


def test_no_page_brings_anything_from_another_host():
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text())
    assert settings["theme"]["font"] is False
    assert not {"extra_css", "extra_javascript", "repo_url"} & set(settings)
    for page in PAGES:
        assert not [path for _words, path in PICTURE.findall(page.read_text(encoding="utf-8")) if "://" in path], page


@pytest.mark.parametrize("page", [*PAGES, *BESIDE_THE_CODE], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_picture_of_a_page_is_there_and_every_link_leads_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for words, path in PICTURE.findall(text):
        assert words, f"{path} has no words for whoever does not see it."
        assert (page.parent / path).is_file(), f"{path} is missing: run `make screenshots`."
    for path in LINK.findall(text):
        if "://" not in path and not path.startswith("#"):
            assert (page.parent / path.partition("#")[0]).exists(), path


def test_every_picture_is_taken_and_shown_by_a_page():
    shown = {Path(path).stem for page in PAGES for _words, path in PICTURE.findall(page.read_text(encoding="utf-8"))}
    assert shown == {picture.stem for picture in PICTURES} == {picture.name for picture in ALL}


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_a_picture_has_the_one_size_and_is_light(picture):
    with Image.open(picture) as opened:
        assert opened.size == (SIZE["width"], SIZE["height"])
    assert picture.stat().st_size < LARGEST
