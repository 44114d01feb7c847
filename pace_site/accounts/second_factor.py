"""Who must sign in by two steps, and whether a session has seen the second.

The mark in the session names the person and the way. It is written where the second step was really taken: by a code, a
passkey, a recovery code, or a council's provider that says so.
"""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest

from pace_site.accounts.models import User
from pace_site.accounts.permissions import ROLE_PERMISSIONS, Permission

MARK = "second_factor"

# Whoever manages people, takes in or hands out rows about single children, or reads who did what with them. Exports by
# pseudonym count: of a handful of children a pseudonym tells who it is (`domain.md` 8, internal use).
NEEDS_SECOND_FACTOR = frozenset(
    {
        Permission.MANAGE_PEOPLE,
        Permission.MANAGE_AIMS,
        Permission.MANAGE_FEED,
        Permission.EDIT_CODE_TABLES,
        Permission.IMPORT_DATA,
        Permission.EXPORT_AIM,
        Permission.EXPORT_LIST,
        Permission.EXPORT_IDENTIFIED,
        Permission.ISSUE_REPORT,
        Permission.SEND_NATIONAL,
        Permission.VIEW_AUDIT,
    }
)


def roles_need_second_factor(roles: Iterable[str]) -> bool:
    return any(NEEDS_SECOND_FACTOR & ROLE_PERMISSIONS[role] for role in roles)


def is_excused(user: User) -> bool:
    """People of the demo try it without a telephone at hand; nobody of a real authority is ever excused."""
    return settings.FICTION_WITHOUT_SECOND_FACTOR and user.organisation.fictional


def mark_second_factor(request: HttpRequest, user: User, *, by: str) -> None:
    """Note in the session that `user` has taken the second step; `by` says how."""
    request.session[MARK] = {"user": user.pk, "by": by}


def second_factor_taken(request: HttpRequest, user: User) -> str:
    """How `user` took the second step in this session; empty where they did not. Somebody else's mark is none."""
    mark = request.session.get(MARK) or {}
    return mark["by"] if mark.get("user") == user.pk else ""


def forget_second_factor(request: HttpRequest) -> None:
    request.session.pop(MARK, None)
