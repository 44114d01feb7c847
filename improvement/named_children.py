"""Whether a text names a child: improvement work is read by people who may know no child, and shared with others.

Only children whom the writer may open are looked for. Whoever may not know a name would else learn, from a refusal,
that a child of that name is known to the council.
"""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError

from children.models import Child
from pace_site.accounts.models import User

WORDS = re.compile(r"[\w'’/-]+")
POSSESSIVE = re.compile(r"['’]s?(?!\w)")
SHORTEST_REF = 5  # shorter ones, such as a year, stand in any text
NAMED = "This names a child. Say it without names, council references and pseudonyms: many people read this."
BY_PSEUDONYM = "This names a child. Say it by pseudonym, without names and council references: many people read this."


def refuse_named_children(texts: Mapping[str, str], *, by: User, but_pseudonyms: bool = False) -> None:
    """Raise `ValidationError`, by field, where a text has the pseudonym, full name or reference of a child.

    `but_pseudonyms` lets pseudonyms be: minutes speak of single children, and `improvement.pseudonyms` shows them only
    to who may open those.
    """
    said = {field: f" {_words(text)} " for field, text in texts.items() if text}
    if not said:
        return
    traces = _traces(by, with_codes=not but_pseudonyms)
    fault = BY_PSEUDONYM if but_pseudonyms else NAMED
    named = {field: fault for field, text in said.items() if any(f" {trace} " in text for trace in traces)}
    if named:
        raise ValidationError(named)


def _traces(by: User, *, with_codes: bool) -> set[str]:
    codes = Child.objects.visible_to(by).values_list("code", flat=True) if with_codes else []
    known = Child.objects.identifiable_to(by).values_list("local_ref", "identity__given_name", "identity__family_name")
    traces = {_words(code) for code in codes}
    for local_ref, given, family in known:
        if len(local_ref) >= SHORTEST_REF and any(sign.isdigit() for sign in local_ref):
            traces.add(_words(local_ref))
        if given and family:
            traces |= {_words(f"{given} {family}"), _words(f"{family} {given}")}
    return traces - {""}


def _words(text: str) -> str:
    """The words of a text with one space between them, whatever the letters' case."""
    words = WORDS.findall(POSSESSIVE.sub("", text.casefold()))
    return " ".join(word.strip("'’-/") for word in words)
