"""What to put into the addresses of pages: whose child, aim or row. The sweep fails for a parameter not named here."""

from tests.front.two_authorities import Side

# Pages of one child, by its pseudonym.
OF_A_CHILD = (
    "child",
    "child_allocate",
    "restrict",
    "child_timeline",
    "seen_by",
    "sibling_timelines",
    "record_menu",
    "record",
    "correct",
    "void",
    "history",
    "keep_longer",
    "subject_access",
    "duplicate_pair",
    "finding_accept",
)


def _code(name: str, side: Side) -> str:
    return side.child.code if name in OF_A_CHILD else side.aim.code


# Pages whose address names a row by its key, apart from those of the admin: whose row that is.
OF_A_ROW = {
    "break_glass": "children_restriction",
    "change_idea": "improvement_changeidea",
    "measure": "improvement_measure",
    "measure_edit": "improvement_measure",
    "test_of_change": "improvement_testofchange",
    "test_edit": "improvement_testofchange",
    "pdsa_cycle": "improvement_testofchange",
    "implementation": "improvement_testofchange",
    "group_member": "improvement_groupmember",
    "meeting": "improvement_meeting",
    "meeting_edit": "improvement_meeting",
    "meeting_agenda": "improvement_meeting",
    "meeting_pack": "improvement_meeting",
    "meeting_hand_on": "improvement_meeting",
    "meeting_write": "improvement_meeting",
    "meeting_action_new": "improvement_meeting",
    "meeting_minutes": "improvement_meeting",
    "meeting_minutes_pdf": "improvement_meeting",
    "meeting_action": "improvement_action",
    "barrier": "improvement_barrier",
    "report": "aims_report",
    "report_file": "aims_report",
    "import": "milestones_importrun",
    "import_rejects": "milestones_importrun",
    "import_mapping": "milestones_importrun",
    "import_corrections": "milestones_importrun",
    "long_work": "long_work_longwork",
    "long_work_file": "long_work_longwork",
    "mfa_remove_webauthn": "mfa_authenticator",
    "retention_proposal": "children_pseudonymisation",
    "undo_merge": "children_merge",
    "rights_request": "children_rightsrequest",
    "driver_diagram": "improvement_driverdiagram",
    "diagram_versions": "improvement_driverdiagram",
    "diagram_version": "improvement_driverdiagram",
}


def _record(name: str, side: Side):
    return side.rows[name.removeprefix("admin:").rpartition("_")[0]].pk


# By parameter: what to put in, given the page's name and whose object is asked for.
PARAMETERS = {
    "code": _code,
    # Whoever compares records opens adopted ones as well.
    "other": lambda _name, side: side.adopted.code,
    "file_format": lambda name, _side: "pdf" if name == "report_file" else "csv",
    "stage": lambda _name, _side: "REC",
    "slug": lambda _name, _side: "review",
    "what": lambda _name, _side: "milestone",
    "pk": lambda name, side: side.rows[OF_A_ROW.get(name, "milestones_milestone")].pk,
    "name": lambda _name, _side: "feed.md",
    "number": lambda _name, _side: 1,
    "rule": lambda _name, _side: 42,
    "month": lambda _name, side: f"{side.rows['aims_publishedmonth'].month_end:%Y-%m}",
    "object_id": _record,
    "id": lambda _name, side: side.rows["accounts_user"].pk,
    "app_label": lambda _name, _side: "children",
    "url": lambda _name, _side: "no-such-page",
    "uidb36": lambda _name, _side: "1",
    "key": lambda _name, _side: "spent-key",
    "provider_id": lambda _name, _side: "no-such-council",
}
