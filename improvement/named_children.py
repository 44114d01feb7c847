"""Whether a text names a child: improvement work is read by people who may know no child, and shared with others.

Only children whom the writer may open are looked for. Whoever may not know a name would else learn, from a refusal,
that a child of that name is known to the council.

First names alone pass, and nobody is warned of them either. A few dozen first names cover hundreds of children, and
many of those are words (Heather, Rowan, Skye), or names of colleagues and partners, who belong into minutes: most
warnings would be false, and people would learn to save past them. A warning that asked for capital letters or for a
child near by in the text would miss as many. And as only children whom the writer may open may be looked for, a
champion, who may open none by name, would never be warned: silence would seem to say that a text is clean. So the
forms say beside the field that no names belong there.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from children.models import Child
from pace_site.accounts.models import Organisation, User

WORDS = re.compile(r"[\w'’/-]+")
POSSESSIVE = re.compile(r"['’]s?(?!\w)")
SHORTEST_REF = 5  # shorter ones, such as a year, stand in any text
NAMED = "This names a child. Say it without names, council references and pseudonyms: many people read this."
LEFT_OUT = "(left out, as it speaks of a single child)"
BY_PSEUDONYM = "This names a child. Say it by pseudonym, without names and council references: many people read this."


def refuse_named_children(texts: Mapping[str, str], *, by: User, but_pseudonyms: bool = False) -> None:
    """Raise `ValidationError`, by field, where a text has the pseudonym, full name or reference of a child.

    `but_pseudonyms` lets pseudonyms be: minutes speak of single children, and `improvement.pseudonyms` shows them only
    to who may open those.
    """
    if not any(texts.values()):
        return
    of_codes = Child.objects.none() if but_pseudonyms else Child.objects.visible_to(by)
    fault = BY_PSEUDONYM if but_pseudonyms else NAMED
    named = _naming(texts, _traces(of_codes, Child.objects.identifiable_to(by)))
    if named:
        raise ValidationError(dict.fromkeys(named, fault))


def naming_children_of(authority: Organisation, texts: Mapping[str, str]) -> list[str]:
    """Which of these texts have the pseudonym, full name or reference of any child of an authority.

    For what leaves the authority, whoever sends it: what is found is said by its place alone.
    """
    children = Child.objects.filter(authority=authority)
    return _naming(texts, _traces(children, children))


def sayable(authority: Organisation, texts: Iterable[str]) -> Callable[[str], str]:
    """What writes any of these texts for people who may know no child: one that names a child is left out whole."""
    naming = set(naming_children_of(authority, {text: text for text in texts}))
    return lambda text: LEFT_OUT if text in naming else text


def _naming(texts: Mapping[str, str], traces: set[str]) -> list[str]:
    said = {field: f" {_words(text)} " for field, text in texts.items() if text}
    whole = "\n".join(said.values())
    found = [f" {trace} " for trace in traces if f" {trace} " in whole]
    return [field for field, text in said.items() if any(trace in text for trace in found)]


def _traces(of_codes: QuerySet[Child], of_names: QuerySet[Child]) -> set[str]:
    traces = {_words(code) for code in of_codes.values_list("code", flat=True)}
    for local_ref, given, family in of_names.values_list("local_ref", "identity__given_name", "identity__family_name"):
        if len(local_ref) >= SHORTEST_REF and any(sign.isdigit() for sign in local_ref):
            traces.add(_words(local_ref))
        if given and family:
            traces |= {_words(f"{given} {family}"), _words(f"{family} {given}")}
    return traces - {""}


def _words(text: str) -> str:
    """The words of a text with one space between them, whatever the letters' case."""
    words = WORDS.findall(POSSESSIVE.sub("", text.casefold()))
    return " ".join(word.strip("'’-/") for word in words)
