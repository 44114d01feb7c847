"""May this role do this? One table; scope (`scope.py`) answers the other question, to whose records."""

from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import View

from pace_site.accounts.models import User
from pace_site.accounts.roles import Role

# Whoever asks for a page; nobody has signed in yet where it is an `AnonymousUser`, who may do nothing.
Visitor = User | AnonymousUser


class Permission(StrEnum):
    VIEW_AIMS = "view aims and their figures"
    VIEW_CHILDREN = "open children in scope"
    RECORD_CARE = "record children, where they live and on what ground"
    RECORD_CASEWORK = "record meetings, assessments and reports"
    RECORD_REVIEWS = "record reviews and what they recommend"
    RECORD_PANEL = "record panel and agency decisions"
    RECORD_COURT = "record legal advice, hearings and court dates"
    VOID_ANY = "void what others recorded"
    ACCEPT_FINDINGS = "accept what the checks of data quality find, with a reason"
    LOOK_THROUGH = "have all records looked through by the checks of data quality"
    ALLOCATE = "allocate children to people"
    RESTRICT_RECORDS = "restrict children's records to named people"
    ANSWER_BREAK_GLASS = "look at every restricted record opened by break-glass"
    READ_BREAK_GLASS = "read why a restricted record was opened by break-glass"
    EXPORT_AIM = "export an aim's pseudonymised outcomes"
    VIEW_REPORTS = "read issued reports"
    VIEW_PUBLISHED = "read published figures"
    ISSUE_REPORT = "issue and withdraw reports"
    EXPORT_LIST = "export lists of children by pseudonym"
    EXPORT_IDENTIFIED = "export children by name"
    PSEUDONYMISE = "review records whose period is over, and pseudonymise them"
    KEEP_REQUESTS = "keep the log of requests about people's data"
    MANAGE_AIMS = "create and change aims"
    VIEW_NATIONAL = "see the aggregates of all authorities"
    SEND_NATIONAL = "make the authority's file of the national dataset"
    RECEIVE_NATIONAL = "take in files of the national dataset"
    MANAGE_FEED = "open the feed of published figures to other programs"
    VIEW_IMPROVEMENT = "see tests of change and how improvement is led"
    RUN_TESTS = "take part in tests of change"
    LEAD_IMPROVEMENT = "lead the improvement programme"
    KEEP_MEASURES = "plan measures and type in any value"
    IMPORT_DATA = "import extracts"
    MERGE_RECORDS = "merge two records of one child"
    EDIT_CODE_TABLES = "change code tables"
    MANAGE_PEOPLE = "manage people, teams and roles"
    SEE_ROLES_GIVEN = "see which roles were given lately"
    ASK_EVERYBODY = "ask everybody of the organisation for a second step"
    VIEW_AUDIT = "read the audit trail"
    VIEW_SEEN_BY = "see who has seen a child's record"


# Whoever holds one of these has something to do in the admin pages.
ADMIN_PERMISSIONS = frozenset(
    {Permission.MANAGE_PEOPLE, Permission.EDIT_CODE_TABLES, Permission.MANAGE_AIMS, Permission.VIEW_AUDIT}
)

CASEWORK = frozenset({Permission.VIEW_AIMS, Permission.VIEW_CHILDREN})
RECORDING = frozenset(
    {
        Permission.RECORD_CARE,
        Permission.RECORD_CASEWORK,
        Permission.RECORD_REVIEWS,
        Permission.RECORD_PANEL,
        Permission.RECORD_COURT,
    }
)
WATCHES_ACCESS = frozenset({Permission.SEE_ROLES_GIVEN, Permission.ASK_EVERYBODY})
RETENTION = frozenset({Permission.PSEUDONYMISE, Permission.KEEP_REQUESTS})
EXPORTS = frozenset({Permission.EXPORT_AIM, Permission.EXPORT_LIST})
READS_REPORTS = frozenset({Permission.VIEW_REPORTS, Permission.VIEW_PUBLISHED})
IMPROVEMENT = frozenset({Permission.VIEW_IMPROVEMENT, Permission.RUN_TESTS})
LEADS_IMPROVEMENT = IMPROVEMENT | {Permission.LEAD_IMPROVEMENT, Permission.KEEP_MEASURES}
# Of the whole authority: who is let in, what leaves it, and that it is right.
ANSWERS_FOR_RECORDS = (
    EXPORTS
    | READS_REPORTS
    | RETENTION
    | WATCHES_ACCESS
    | {
        Permission.EXPORT_IDENTIFIED,
        Permission.VOID_ANY,
        Permission.ACCEPT_FINDINGS,
        Permission.LOOK_THROUGH,
        Permission.VIEW_SEEN_BY,
        Permission.READ_BREAK_GLASS,
        Permission.ALLOCATE,
        Permission.SEND_NATIONAL,
        Permission.MANAGE_FEED,
    }
)
REVIEWS_TO_ADM = frozenset({Permission.RECORD_REVIEWS, Permission.RECORD_PANEL})

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.PRACTITIONER: CASEWORK | IMPROVEMENT | RECORDING,
    Role.TEAM_MANAGER: CASEWORK
    | IMPROVEMENT
    | RECORDING
    | EXPORTS
    | {
        Permission.VOID_ANY,
        Permission.ACCEPT_FINDINGS,
        Permission.VIEW_SEEN_BY,
        Permission.ALLOCATE,
        Permission.RESTRICT_RECORDS,
    },
    Role.IRO: CASEWORK | IMPROVEMENT | REVIEWS_TO_ADM | {Permission.EXPORT_LIST},
    Role.PANEL_ADMINISTRATOR: CASEWORK | IMPROVEMENT | REVIEWS_TO_ADM,
    Role.LEGAL: CASEWORK | IMPROVEMENT | {Permission.RECORD_COURT},
    Role.ADM: CASEWORK | IMPROVEMENT | {Permission.RECORD_PANEL},
    Role.DATA_LEAD: CASEWORK
    | IMPROVEMENT
    | RECORDING
    | ANSWERS_FOR_RECORDS
    | {
        Permission.KEEP_MEASURES,
        Permission.IMPORT_DATA,
        Permission.MERGE_RECORDS,
        Permission.EDIT_CODE_TABLES,
    },
    Role.PACE_LEAD: CASEWORK
    | LEADS_IMPROVEMENT
    | ANSWERS_FOR_RECORDS
    | {
        Permission.RESTRICT_RECORDS,
        Permission.ANSWER_BREAK_GLASS,
        Permission.ISSUE_REPORT,
        Permission.MANAGE_AIMS,
    },
    Role.ADMINISTRATIVE_LEAD: CASEWORK | LEADS_IMPROVEMENT | READS_REPORTS,
    Role.AIM_GROUP_LEAD: CASEWORK | LEADS_IMPROVEMENT | READS_REPORTS,
    Role.CHAMPION: CASEWORK | IMPROVEMENT | {Permission.VIEW_PUBLISHED},
    Role.SENIOR_LEADER: frozenset({Permission.VIEW_AIMS, Permission.VIEW_IMPROVEMENT}) | READS_REPORTS,
    Role.IG_AUDITOR: frozenset({Permission.VIEW_AUDIT, Permission.READ_BREAK_GLASS, Permission.SEE_ROLES_GIVEN}),
    Role.SYSTEM_ADMINISTRATOR: WATCHES_ACCESS | {Permission.MANAGE_PEOPLE},
    Role.NATIONAL_ANALYST: frozenset({Permission.VIEW_NATIONAL, Permission.RECEIVE_NATIONAL}),
}


def permissions_of(user: Visitor) -> frozenset[Permission]:
    """Return everything `user` may do by the roles they hold now; asked of the database once per user object."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if not hasattr(user, "_permissions"):
        roles = user.memberships.values_list("role", flat=True)
        user._permissions = frozenset(permission for role in roles for permission in ROLE_PERMISSIONS[role])
    return user._permissions


def roles_of(user: User) -> list[Role]:
    """The roles that a person holds now, each once, in the order of the table of roles."""
    held = set(user.memberships.values_list("role", flat=True))
    return [role for role in Role if role in held]


def can(user: Visitor, permission: Permission) -> bool:
    return permission in permissions_of(user)


def check_can(user: Visitor, permission: Permission) -> None:
    """Raise `PermissionDenied` with words for the person when `user` may not do this."""
    if not can(user, permission):
        raise PermissionDenied(f"Your role does not allow you to {permission}.")


class PermissionRequiredMixin(View):
    """A view that states the one permission it needs; a view that states none cannot be built."""

    needs: Permission

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        check_can(request.user, self.needs)
        return super().dispatch(request, *args, **kwargs)
