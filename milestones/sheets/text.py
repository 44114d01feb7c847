"""The text of a cell, without what the eye does not see."""

import re
import unicodedata

# Spaces that do not break, those of no width, and the marks that text copied from a web page or a mail carries along.
ODD_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]")
NO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
MANY_SPACES = re.compile(" {2,}")
DASHES = re.compile("[\u2010-\u2015\u2212]")
APOSTROPHES = re.compile("[\u2018\u2019\u02bc]")
NOT_A_WORD = re.compile(r"[^a-z0-9]+")


def tidied(text: str) -> str:
    """Return `text` without stray spaces: none at the ends, none invisible, one between words; lines stay lines."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = NO_WIDTH.sub("", ODD_SPACES.sub(" ", unicodedata.normalize("NFC", text)))
    return MANY_SPACES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def plain_words(text: str) -> str:
    """Return `text` as words in lower case, fit to be compared: "Date-of  Birth:" -> "date of birth"."""
    text = APOSTROPHES.sub("", DASHES.sub("-", text.lower())).replace("'", "").replace("&", " and ")
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return NOT_A_WORD.sub(" ", ascii_text).strip()
