"""Pseudonyms in what people wrote: shown to who may open those children, and to nobody else."""

import re
from collections.abc import Callable, Iterable

from children.models import Child
from pace_site.accounts.models import User

LIKE_A_PSEUDONYM = re.compile(r"\b[A-Za-z]{1,4}-\w{2,12}\b")
SOMEBODY = "a child"


def pseudonyms_for(user: User, texts: Iterable[str]) -> Callable[[str], str]:
    """What writes any of these texts for a person: the pseudonym of a child whom they may not open is "a child".

    Two queries however many texts there are, and none where no text has anything like a pseudonym.
    """
    found = {word.upper() for text in texts for word in LIKE_A_PSEUDONYM.findall(text)}
    hidden: set[str] = set()
    if found:
        theirs = Child.objects.filter(authority=user.organisation_id, code__in=found)
        opened = Child.objects.visible_to(user).filter(code__in=found)
        hidden = set(theirs.values_list("code", flat=True)) - set(opened.values_list("code", flat=True))

    def shown(text: str) -> str:
        if not hidden:
            return text
        return LIKE_A_PSEUDONYM.sub(lambda word: SOMEBODY if word[0].upper() in hidden else word[0], text)

    return shown
