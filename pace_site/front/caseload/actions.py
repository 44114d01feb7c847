"""Export the caseload list, and leave word of it in the audit trail."""

from collections.abc import Sequence
from datetime import date

from aims.reports.csv_file import csv_bytes
from children.presenter import age_in_words
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.front.caseload.cases import Case
from pace_site.look.attachment import ExportedFile

# By column: its cell. Pseudonyms only: no name of a child or of a worker, no reference, no date of birth.
COLUMNS = {
    "pseudonym": lambda case: case.child.code,
    "age": lambda case: age_in_words(case.child, case.as_at),
    "team": lambda case: case.child.team.name if case.child.team else "",
    "placement": lambda case: case.living_label,
    "route": lambda case: case.route_label,
    "people_allocated": lambda case: "" if case.workers is None else len(case.workers),
    "state": lambda case: case.urgency_label,
    "next_step": lambda case: case.step.label if case.step else "",
    "due": lambda case: case.due.isoformat() if case.due else "",
    "days_left": lambda case: case.left,
    "steps_overdue": lambda case: case.overdue,
    "away_from_home_since": lambda case: case.away_since.isoformat() if case.away_since else "",
}


def export_list(cases: Sequence[Case], *, as_at: date, query: str, by: User) -> ExportedFile:
    """Write the cases, in their order, as CSV: UTF-8 as Excel reads it, dates as 2027-05-14.

    `query` says how the list was narrowed. Raises `PermissionDenied`.
    """
    check_can(by, Permission.EXPORT_LIST)
    body = csv_bytes(COLUMNS, ([cell(case) for cell in COLUMNS.values()] for case in cases))
    record(
        AuditEntry.Action.EXPORT,
        authority=by.organisation,
        record_type="caseload",
        record_id="",
        by=by,
        after={
            "as_at": as_at.isoformat(),
            "chosen": query,
            "rows": len(cases),
            "children": [case.child.code for case in cases],
        },
    )
    return ExportedFile(f"caseload_{as_at.isoformat()}.csv", "text/csv; charset=utf-8", body)
