"""Who must sign in by two steps, and whether a session has seen the second.

The mark in the session names the person and the way. It is written where the second step was really taken: by a code, a
passkey, a recovery code, or a council's provider that says so.
"""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from pace_site.accounts.models import User
from pace_site.accounts.permissions import ROLE_PERMISSIONS, Permission

MARK = "second_factor"
# In whose session the last factor was removed: that session showed it, and may set up the next.
REMOVED_BY = "second_factor_removed_by"

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
        Permission.ASK_EVERYBODY,
        Permission.VIEW_AUDIT,
    }
)


def roles_need_second_factor(roles: Iterable[str]) -> bool:
    return any(NEEDS_SECOND_FACTOR & ROLE_PERMISSIONS[role] for role in roles)


def is_excused(user: User) -> bool:
    """People of the demo try it without a telephone at hand; nobody of a real authority is ever excused.

    What an organisation asks of everybody, it asks in the demo too: there somebody has switched it on.
    """
    return settings.FICTION_WITHOUT_SECOND_FACTOR and user.organisation.fictional


def mark_second_factor(request: HttpRequest, user: User, *, by: str) -> None:
    """Note in the session that `user` has taken the second step; `by` says how."""
    request.session[MARK] = {"user": user.pk, "by": by}
    request.session.pop(REMOVED_BY, None)


def second_factor_taken(request: HttpRequest, user: User) -> str:
    """How `user` took the second step in this session; empty where they did not. Somebody else's mark is none."""
    mark = request.session.get(MARK) or {}
    return mark["by"] if mark.get("user") == user.pk else ""


def may_change_factors(request: HttpRequest) -> bool:
    """Whether this session may set up, remove or make anew a factor of its person.

    Whoever has a factor must have shown one. Whoever has none, and came by the password alone, may set up the first
    only for some days after an administrator made the account or opened it: a password that somebody learns later does
    not let them set up a telephone of their own.
    """
    user = request.user
    if second_factor_taken(request, user) or request.session.get(REMOVED_BY) == user.pk:
        return True
    if Authenticator.objects.filter(user=user).exists():
        return False
    return user.set_up_until > timezone.now() or is_excused(user)


def forget_second_factor(request: HttpRequest) -> None:
    """The last factor was removed: the session takes a second step again, and may set one up for that."""
    if second_factor_taken(request, request.user):
        request.session[REMOVED_BY] = request.user.pk
    request.session.pop(MARK, None)
