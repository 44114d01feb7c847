"""Desks: who records which milestones, and under which heading they are found (`domain.md` 8.1)."""

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

from milestones.catalogue import RECORDED_CODES
from pace_site.accounts.permissions import Permission


@dataclass(frozen=True)
class Desk:
    """A heading of the recording menu: the kinds under it, and the permission that each of them needs."""

    label: str
    permission: Permission
    kinds: tuple[str, ...]


DESKS = (
    Desk(
        "Reviews and decisions",
        Permission.RECORD_REVIEWS,
        (
            "REVIEW", "PERM_REC", "PERM_DECISION", "PPM", "PPM_DECISION", "REHAB_DECISION", "KINSHIP_DECISION",
            "PLAN_REVIEW_2Y", "AT_HOME_AUDIT",
        ),
    ),
    Desk(
        "Panel and agency decision",
        Permission.RECORD_PANEL,
        ("PANEL_PRESENTED", "PANEL_REC", "ADM_DECISION", "ADM_NOTIFIED", "MATCH_PANEL"),
    ),
    Desk(
        "Legal advice, hearings and court",
        Permission.RECORD_COURT,
        (
            "LEGAL_ADVICE_REQ", "LEGAL_ADVICE_REC", "HEARING_REFERRED", "ADVICE_HEARING", "ADVICE_REPORT",
            "COURT_LODGED", "ORDER_GRANTED", "ORDER_REFUSED", "APPLICATION_WITHDRAWN", "CSO_MADE", "CSO_REVIEWED",
            "CSO_TERMINATED",
        ),
    ),
    Desk(
        "Meetings, assessments and reports",
        Permission.RECORD_CASEWORK,
        (
            "MTG_72H", "MTG_2WK", "REFERRAL_FIRST", "REPORTER_REFERRAL", "PCA_START", "PCA_END", "KIN_ASSESS_START",
            "KIN_ASSESS_END", "MEDICAL", "REPORT_CAPR", "REPORT_S80", "FINAL_PLACEMENT",
        ),
    ),
    Desk(
        "Responsibility",
        Permission.RECORD_CASEWORK,
        ("LA_TRANSFER_IN", "LA_TRANSFER_OUT", "DEATH"),
    ),
)  # fmt: skip
# A return is recorded as a placement at home; the event alone comes with extracts and may be corrected.
ONLY_FROM_EXTRACTS = frozenset({"RETURN_HOME"})
PERMISSIONS = {kind: desk.permission for desk in DESKS for kind in desk.kinds} | dict.fromkeys(
    ONLY_FROM_EXTRACTS, Permission.RECORD_CASEWORK
)
if set(PERMISSIONS) != RECORDED_CODES:
    raise ImproperlyConfigured("Each kind of milestone that is recorded needs a desk and its permission.")


def permission_to_record(kind: str) -> Permission:
    """The permission that recording, correcting or voiding this kind of milestone needs."""
    return PERMISSIONS[kind]
