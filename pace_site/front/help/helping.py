"""What helps a person on a page, from tables of words: their roles decide what is said."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.urls import reverse

from pace_site.accounts.roles import Role
from pace_site.look.glossary import Term, glossary

HERE = Path(__file__).parent


@dataclass(frozen=True)
class PageHelp:
    """What one page is for, what the person's roles do there, and its words."""

    about: str
    for_roles: tuple[tuple[str, str], ...]
    words: tuple[Term, ...]


@dataclass(frozen=True)
class RoleHelp:
    """Where a role finds what it needs: addresses, each with a few words."""

    role: str
    places: tuple[tuple[str, str], ...]


@lru_cache(maxsize=2)
def table(name: str) -> dict[str, Any]:
    """One of the tables beside this file."""
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def help_with(page: str, roles: list[Role]) -> PageHelp | None:
    """Help with the page of this address; None where none is written."""
    written = table("page_help.yaml").get(page)
    if written is None:
        return None
    by_role = written.get("roles", {})
    return PageHelp(
        about=written["about"],
        for_roles=tuple((role.label, by_role[role.value]) for role in roles if role.value in by_role),
        words=tuple(glossary()[slug] for slug in written.get("words", ())),
    )


def help_for(roles: list[Role]) -> list[RoleHelp]:
    """Where each of these roles finds what it needs."""
    places = table("role_help.yaml")
    return [
        RoleHelp(
            role.label,
            tuple((reverse(page), words) for place in places[role.value] for page, words in place.items()),
        )
        for role in roles
    ]
