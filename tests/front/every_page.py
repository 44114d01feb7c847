"""Every address of the site and what it needs: a new page is added here or the sweep fails."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import get_resolver, reverse

from pace_site.accounts.models import Organisation
from pace_site.accounts.permissions import ADMIN_PERMISSIONS, Permission, permissions_of
from pace_site.accounts.roles import ROLE_GRANTS, Role
from tests.front.address_parameters import PARAMETERS
from tests.front.two_authorities import Side
from tests.front.what_is_sent import QUERIES

# Signing in and out: open to whoever has not signed in.
PUBLIC = "public"
# The frame of the admin pages: for whoever holds one of the admin permissions.
ENTERS_ADMIN = "enters the admin pages"
SIGNED_IN = None
# For whoever opens children by name.
IDENTIFIES = "opens children by name"
# For people of a national body who may see the aggregates of all authorities.
AGGREGATES = "sees the aggregates of all authorities"
# For programs that hold a token of the feed; whoever signs in gets nothing there.
BY_TOKEN = "a token of the feed"
# Several permissions of which one is enough.
ANY_OF = frozenset()

NEEDS = {
    # For programs that watch over the site; `metrics` wants a token of its own, where there is one at all.
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "metrics": PUBLIC,
    "home": SIGNED_IN,
    "search": SIGNED_IN,
    "help": SIGNED_IN,
    "tour": SIGNED_IN,
    "aims": Permission.VIEW_AIMS,
    "aim": Permission.VIEW_AIMS,
    "aim_children": Permission.VIEW_CHILDREN,
    "aim_chart": Permission.MANAGE_AIMS,
    "aim_definition": Permission.VIEW_AIMS,
    "aim_compare": Permission.VIEW_AIMS,
    "at_home_ages": Permission.VIEW_CHILDREN,
    "reports": Permission.VIEW_REPORTS,
    "report_make": Permission.ISSUE_REPORT,
    "report": Permission.VIEW_REPORTS,
    "report_file": Permission.VIEW_REPORTS,
    "imports": Permission.IMPORT_DATA,
    "import_new": Permission.IMPORT_DATA,
    "import": Permission.IMPORT_DATA,
    "import_rejects": Permission.IMPORT_DATA,
    "import_mapping": Permission.IMPORT_DATA,
    "import_corrections": Permission.IMPORT_DATA,
    "missing_children": Permission.IMPORT_DATA,
    "long_works": SIGNED_IN,
    "long_work": SIGNED_IN,
    "long_work_file": SIGNED_IN,
    "published_months": Permission.VIEW_PUBLISHED,
    "published_month": Permission.VIEW_PUBLISHED,
    "published_file": Permission.VIEW_PUBLISHED,
    "meeting_view": Permission.VIEW_AIMS,
    "stages": Permission.VIEW_AIMS,
    "stage_children": Permission.VIEW_CHILDREN,
    "aims_manage": Permission.MANAGE_AIMS,
    "aim_new": Permission.MANAGE_AIMS,
    "aim_manage": Permission.MANAGE_AIMS,
    "aim_edit": Permission.MANAGE_AIMS,
    "aim_export": Permission.EXPORT_AIM,
    "aim_doubtful": Permission.VIEW_CHILDREN,
    "aim_by_name": Permission.EXPORT_IDENTIFIED,
    "national": AGGREGATES,
    "national_export": AGGREGATES,
    "national_files": AGGREGATES,
    "national_dataset": Permission.SEND_NATIONAL,
    "national_dataset_file": Permission.SEND_NATIONAL,
    "national_dataset_dictionary": Permission.SEND_NATIONAL,
    "feed": Permission.MANAGE_FEED,
    "feed_documentation": Permission.MANAGE_FEED,
    "feed_aims": BY_TOKEN,
    "feed_aim": BY_TOKEN,
    "feed_dictionary": BY_TOKEN,
    "feed_nothing": BY_TOKEN,
    "caseload": Permission.VIEW_CHILDREN,
    "caseload_export": Permission.EXPORT_LIST,
    "caseload_by_name": Permission.EXPORT_IDENTIFIED,
    "saved_filters": Permission.VIEW_CHILDREN,
    "allocate": Permission.ALLOCATE,
    "child_allocate": Permission.ALLOCATE,
    "children": Permission.VIEW_CHILDREN,
    "child": Permission.VIEW_CHILDREN,
    "child_timeline": Permission.VIEW_CHILDREN,
    "sibling_timelines": Permission.VIEW_CHILDREN,
    "timelines": Permission.VIEW_CHILDREN,
    "seen_by": Permission.VIEW_SEEN_BY,
    "audit_trail": Permission.VIEW_AUDIT,
    "audit_trail_export": Permission.VIEW_AUDIT,
    "restrict": Permission.RESTRICT_RECORDS,
    "break_glass": IDENTIFIES,
    "break_glass_alerts": Permission.RESTRICT_RECORDS,
    "data_quality": Permission.VIEW_CHILDREN,
    "data_quality_findings": Permission.VIEW_CHILDREN,
    "completeness": Permission.VIEW_CHILDREN,
    "unrecorded": Permission.VIEW_CHILDREN,
    "recording_policy": Permission.VIEW_CHILDREN,
    "extract_export": Permission.EXPORT_IDENTIFIED,
    "finding_accept": Permission.ACCEPT_FINDINGS,
    "new_child": Permission.RECORD_CARE,
    "record_menu": IDENTIFIES,
    "record": Permission.RECORD_REVIEWS,
    "correct": Permission.RECORD_REVIEWS,
    "void": ANY_OF | {Permission.RECORD_REVIEWS, Permission.VOID_ANY},
    "history": IDENTIFIES,
    "improvement": Permission.VIEW_IMPROVEMENT,
    "improvement_export": Permission.LEAD_IMPROVEMENT,
    "change_ideas": Permission.VIEW_IMPROVEMENT,
    "change_idea_new": Permission.RUN_TESTS,
    "change_idea": Permission.VIEW_IMPROVEMENT,
    "measures": Permission.VIEW_IMPROVEMENT,
    "measure_new": Permission.KEEP_MEASURES,
    "measure_register": Permission.KEEP_MEASURES,
    "measure": Permission.VIEW_IMPROVEMENT,
    "measure_edit": Permission.KEEP_MEASURES,
    "test_new": Permission.RUN_TESTS,
    "test_of_change": Permission.VIEW_IMPROVEMENT,
    "test_edit": Permission.RUN_TESTS,
    "pdsa_cycle": Permission.VIEW_IMPROVEMENT,
    "implementation": Permission.VIEW_IMPROVEMENT,
    "driver_diagrams": Permission.VIEW_IMPROVEMENT,
    "driver_diagram_new": Permission.LEAD_IMPROVEMENT,
    "driver_diagram": Permission.VIEW_IMPROVEMENT,
    "diagram_versions": Permission.VIEW_IMPROVEMENT,
    "diagram_version": Permission.VIEW_IMPROVEMENT,
    "programme": Permission.VIEW_IMPROVEMENT,
    "programme_charter": Permission.LEAD_IMPROVEMENT,
    "programme_progress": Permission.VIEW_IMPROVEMENT,
    "self_check": Permission.VIEW_IMPROVEMENT,
    "champions_group": Permission.VIEW_IMPROVEMENT,
    "aim_group": Permission.VIEW_IMPROVEMENT,
    "group_member": Permission.LEAD_IMPROVEMENT,
    "meetings": Permission.VIEW_IMPROVEMENT,
    "meeting_new": Permission.LEAD_IMPROVEMENT,
    "meeting": Permission.VIEW_IMPROVEMENT,
    "meeting_edit": Permission.LEAD_IMPROVEMENT,
    "meeting_agenda": Permission.LEAD_IMPROVEMENT,
    "meeting_pack": Permission.VIEW_IMPROVEMENT,
    "meeting_hand_on": Permission.VIEW_IMPROVEMENT,
    "meeting_write": Permission.LEAD_IMPROVEMENT,
    "meeting_action_new": Permission.LEAD_IMPROVEMENT,
    "meeting_minutes": Permission.VIEW_IMPROVEMENT,
    "meeting_minutes_pdf": Permission.VIEW_IMPROVEMENT,
    "meeting_action": Permission.VIEW_IMPROVEMENT,
    "barriers": Permission.VIEW_IMPROVEMENT,
    "barrier_new": Permission.LEAD_IMPROVEMENT,
    "barrier": Permission.VIEW_IMPROVEMENT,
    "duplicates": Permission.MERGE_RECORDS,
    "duplicate_pair": Permission.MERGE_RECORDS,
    "undo_merge": Permission.MERGE_RECORDS,
    "retention": Permission.PSEUDONYMISE,
    "keep_longer": Permission.PSEUDONYMISE,
    "retention_proposal": Permission.PSEUDONYMISE,
    "rights_requests": Permission.KEEP_REQUESTS,
    "rights_request": Permission.KEEP_REQUESTS,
    "subject_access": Permission.EXPORT_IDENTIFIED,
    "reminder_snooze": Permission.VIEW_CHILDREN,
    "roles_given": Permission.SEE_ROLES_GIVEN,
    "second_step_for_everybody": Permission.ASK_EVERYBODY,
    "set_up": PUBLIC,
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "session_left": SIGNED_IN,
    "sign_out_everywhere": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_authenticate": PUBLIC,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_login_webauthn": PUBLIC,
    "openid_connect_login": PUBLIC,
    "openid_connect_callback": PUBLIC,
    "admin:index": ENTERS_ADMIN,
    "admin:login": ENTERS_ADMIN,
    "admin:logout": ENTERS_ADMIN,
    "admin:password_change": ENTERS_ADMIN,
    "admin:password_change_done": ENTERS_ADMIN,
    "admin:autocomplete": ENTERS_ADMIN,
    "admin:jsi18n": ENTERS_ADMIN,
    "admin:app_list": ENTERS_ADMIN,
    "admin:no such page": ENTERS_ADMIN,
    "admin:auth_user_password_change": Permission.MANAGE_PEOPLE,
    "admin:accounts_user_sign_in": Permission.MANAGE_PEOPLE,
}

# The admin pages of each model: its list, and adding, changing, removing and the history of one record.
ADMIN_MODELS = {
    "accounts_organisation": Permission.MANAGE_PEOPLE,
    "accounts_team": Permission.MANAGE_PEOPLE,
    "accounts_user": Permission.MANAGE_PEOPLE,
    "accounts_rolemembership": Permission.MANAGE_PEOPLE,
    "audit_auditentry": Permission.VIEW_AUDIT,
    "children_placementtype": Permission.EDIT_CODE_TABLES,
    "children_legalmeasure": Permission.EDIT_CODE_TABLES,
    "children_destination": Permission.EDIT_CODE_TABLES,
    "children_family": Permission.IMPORT_DATA,
    "children_child": Permission.IMPORT_DATA,
    "children_identity": Permission.IMPORT_DATA,
    "children_allocation": Permission.IMPORT_DATA,
    "children_careepisode": Permission.IMPORT_DATA,
    "children_placement": Permission.IMPORT_DATA,
    "children_legalbasis": Permission.IMPORT_DATA,
    "milestones_milestone": Permission.IMPORT_DATA,
    "milestones_importrun": Permission.IMPORT_DATA,
    "aims_aim": Permission.MANAGE_AIMS,
    "aims_aimversion": Permission.MANAGE_AIMS,
    "aims_annotation": Permission.MANAGE_AIMS,
    "aims_report": Permission.MANAGE_AIMS,
}
OF_A_RECORD = ("changelist", "add", "history", "delete", "change", "short")
NEEDS |= {f"admin:{model}_{page}": needs for model, needs in ADMIN_MODELS.items() for page in OF_A_RECORD}

# A code table is the same in every authority, so no row of it is somebody else's.
SHARED_RECORDS = ("children_placementtype", "children_legalmeasure", "children_destination")

# Whoever may open one of these gets a page, not a refusal: without this the sweep would pass on an empty site.
OPENS = {name for name, needs in NEEDS.items() if isinstance(needs, Permission) and not name.startswith("admin:")}
OPENS |= {f"admin:{model}_{page}" for model in ADMIN_MODELS for page in ("changelist", "change", "history")}
OPENS |= {
    "national",
    "national_export",
    "national_files",
    "admin:index",
    "admin:auth_user_password_change",
    "admin:accounts_user_sign_in",
    "account_change_password",
    "mfa_index",
}

# Pages of a role that opens no child which all the same show pseudonyms, and why.
SHOWS_PSEUDONYMS = {
    # The trail is searched by child when somebody asks what was done with a record (`domain.md` 8, audit log).
    Role.IG_AUDITOR: ("admin:audit_auditentry_", "audit_trail"),
    # An issued report names the longest waits by pseudonym, and leaders are whom it is for (`domain.md` 6.8).
    Role.SENIOR_LEADER: ("report_file",),
}

SIGNS_OUT = ("account_logout", "sign_out_everywhere")


@dataclass(frozen=True)
class Page:
    """One address of the site."""

    name: str
    route: str
    parameters: tuple[str, ...]
    is_named: bool

    def __str__(self):
        return self.name

    @property
    def is_of_somebody(self) -> bool:
        """Whether its address names an object that may be another team's or another authority's."""
        model = self.name.removeprefix("admin:").rpartition("_")[0]
        names_one = bool({"code", "object_id", "id", "pk"} & set(self.parameters)) or self.name in QUERIES
        return model not in SHARED_RECORDS and names_one

    def address(self, side: Side) -> str:
        values = {parameter: PARAMETERS[parameter](self.name, side) for parameter in self.parameters}
        if self.is_named:
            query = urlencode(QUERIES[self.name](side)) if self.name in QUERIES else ""
            return reverse(self.name, kwargs=values) + (f"?{query}" if query else "")
        if "object_id" in values:
            return "/" + re.sub(r"<\w+:object_id>", str(values["object_id"]), self.route)
        return f"/admin/{values['url']}/"

    def is_allowed_for(self, user) -> bool:
        needs = NEEDS[self.name]
        held = permissions_of(user)
        if needs is ENTERS_ADMIN:
            return bool(ADMIN_PERMISSIONS & held)
        if needs is IDENTIFIES:
            return any(ROLE_GRANTS[member.role].identity for member in user.memberships.all())
        if needs is AGGREGATES:
            return Permission.VIEW_NATIONAL in held and user.organisation.kind == Organisation.Kind.NATIONAL
        if isinstance(needs, frozenset):
            return bool(needs & held)
        return needs in (SIGNED_IN, PUBLIC) or needs in held


def every_page() -> list[Page]:
    return list(_pages(get_resolver()))


def _pages(resolver, route="", namespace=""):
    for pattern in resolver.url_patterns:
        here = route + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _pages(pattern, here, namespace + (f"{pattern.namespace}:" if pattern.namespace else ""))
            continue
        parameters = tuple(pattern.pattern.regex.groupindex)
        yield Page(namespace + (pattern.name or _unnamed(here)), here, parameters, is_named=bool(pattern.name))


def _unnamed(route: str) -> str:
    """Django gives two kinds of admin address no name: the short one of a record, and what catches all others."""
    short = re.fullmatch(r"admin/(\w+)/(\w+)/<path:object_id>/", route)
    return f"{short[1]}_{short[2]}_short" if short else "no such page" if route.startswith("admin/(?P<url>") else route
