"""Roles, permissions and scope as one page that people read, made from what the program itself asks.

Source: `domain.md` 8.1. A test holds `docs/governance/roles.md` to it.
"""

from collections.abc import Iterable
from dataclasses import fields

from pace_site.accounts.permissions import ADMIN_PERMISSIONS, ROLE_PERMISSIONS, Permission
from pace_site.accounts.roles import ROLE_GRANTS, TEAM_ROLES, Grant, Reach, Role
from pace_site.accounts.second_factor import NEEDS_SECOND_FACTOR, roles_need_second_factor

REMAKE = "make roles"
INTRODUCTION = f"""\
# Roles, permissions and scope

Made from the code by `{REMAKE}`; a test fails when this page is out of date. Do not change it by hand.

A person may do something when one of their roles holds the permission, and only with the records that their roles
reach. Whoever holds two roles may do what either may. Without a role nothing is allowed. Every role works inside the
person's own organisation alone; a national analyst sees aggregates of all authorities after disclosure control, and no
child.
"""
HEADINGS = {"identity": "By name", "adopted": "Also adopted children"}
IN_SHORT = {
    Reach.NOTHING: "none",
    Reach.COUNTS: "counts",
    Reach.ASSIGNED: "allocated",
    Reach.TEAM: "team",
    Reach.AUTHORITY: "all",
}


def matrix_page() -> str:
    """The whole page in Markdown; it depends on the code alone, and so is the same wherever it is made."""
    return "\n".join([INTRODUCTION, _how_far(), _what(), _second_step(), _what_it_does_not_say()])


def abbreviation(role: Role) -> str:
    """The initials of a role's label, without what stands in brackets: "IRO"."""
    return "".join(word[0] for word in role.label.partition("(")[0].split()).upper()


def _how_far() -> str:
    flags = [field.name for field in fields(Grant) if field.name != "reach"]
    rows = []
    for role in Role:
        grant = ROLE_GRANTS[role]
        rows.append(
            [
                role.label,
                abbreviation(role),
                grant.reach.value + (" (the role is held in a team)" if role in TEAM_ROLES else ""),
                *(_yes(getattr(grant, flag)) for flag in flags),
                _yes(roles_need_second_factor([role])),
                _yes(ADMIN_PERMISSIONS & ROLE_PERMISSIONS[role]),
            ]
        )
    named = [HEADINGS.get(flag, flag.replace("_", " ").capitalize()) for flag in flags]
    headings = ["Role", "Short", "Reaches", *named, "Must sign in by two steps", "Has admin pages"]
    return "## How far each role reaches\n\n" + _table(headings, rows)


def _what() -> str:
    reached = ["**Children reached**", *(IN_SHORT[ROLE_GRANTS[role].reach] for role in Role)]
    rows = [[str(held), *(_yes(held in ROLE_PERMISSIONS[role]) for role in Role)] for held in Permission]
    headings = ["May", *(abbreviation(role) for role in Role)]
    return "## What each role may do\n\n" + _table(headings, [reached, *rows])


def _second_step() -> str:
    asked = [f"- {held}" for held in Permission if held in NEEDS_SECOND_FACTOR]
    everybody = (
        "An organisation may ask everybody for it (*Roles given lately*, in the admin pages); by itself none does."
    )
    return "\n".join(["## What asks for a second step at sign-in", "", *asked, "", everybody, ""])


def _what_it_does_not_say() -> str:
    return """\
## What this page does not say

- Who holds which role: an administrator sees that under *Users* in the admin pages.
- Records closed by more than a role: the threat model (`threat-model.md`) says which there are.
- Whoever has the server, the database or the private key of a backup is held by none of this.
"""


def _yes(holds: object) -> str:
    return "yes" if holds else ""


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    headings = list(headings)
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
