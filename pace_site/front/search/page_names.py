"""The pages that people look for by name: what each is for, and who may open it."""

from collections.abc import Set
from dataclasses import dataclass

from pace_site.accounts.permissions import Permission


@dataclass(frozen=True)
class NamedPage:
    """A page whose address names nothing; `also` are other words by which people look for it."""

    name: str
    address: str
    what: str
    needs: Permission | None = None
    also: str = ""
    of_national_body: bool = False

    def opens_to(self, held: Set[Permission], *, national: bool) -> bool:
        """Whether it opens to whoever holds these, in a national body or not."""
        return (self.needs is None or self.needs in held) and (national or not self.of_national_body)


PAGES = (
    NamedPage("My work", "home", "What you have to do, the most urgent first", also="start home tasks to do reminders"),
    NamedPage("Help", "help", "Pages, roles and every word", also="glossary words tour guide manual"),
    NamedPage("How you sign in", "mfa_index", "Password, second step, passkeys", also="account code app recovery"),
    NamedPage("Files and long work", "long_works", "What you asked for that takes longer", also="downloads progress"),
    NamedPage("Aims", "aims", "Every aim with its figures", Permission.VIEW_AIMS, "percentage target chart"),
    NamedPage("Time per stage", "stages", "Median weeks between steps", Permission.VIEW_AIMS, "homes median weeks"),
    NamedPage(
        "Meeting view", "meeting_view", "Large figures for the wall of a meeting", Permission.VIEW_AIMS, "screen"
    ),
    NamedPage(
        "Manage aims", "aims_manage", "Begin, change and close aims", Permission.MANAGE_AIMS, "definition template"
    ),
    NamedPage("Begin an aim", "aim_new", "From a template or from nothing", Permission.MANAGE_AIMS, "new"),
    NamedPage(
        "Caseload", "caseload", "Clocks of your children, by what is due", Permission.VIEW_CHILDREN, "due overdue"
    ),
    NamedPage("Saved filters", "saved_filters", "Choices of the caseload that you kept", Permission.VIEW_CHILDREN),
    NamedPage("Allocate children", "allocate", "Who works with whom", Permission.ALLOCATE, "leaver hand over worker"),
    NamedPage("Children", "children", "Every child whom you may open", Permission.VIEW_CHILDREN, "list"),
    NamedPage(
        "Record a new child", "new_child", "A child who comes into care", Permission.RECORD_CARE, "add accommodated"
    ),
    NamedPage("Placement histories", "timelines", "Where children lived, drawn", Permission.VIEW_CHILDREN, "timeline"),
    NamedPage(
        "Ages at home", "at_home_ages", "Children at home on an order", Permission.VIEW_CHILDREN, "cso supervision"
    ),
    NamedPage(
        "Data quality", "data_quality", "What looks wrong in the records", Permission.VIEW_CHILDREN, "errors checks"
    ),
    NamedPage("Findings", "data_quality_findings", "Each record to look at", Permission.VIEW_CHILDREN, "data quality"),
    NamedPage("Completeness", "completeness", "What is recorded, and what lacks", Permission.VIEW_CHILDREN, "missing"),
    NamedPage(
        "Not recorded", "unrecorded", "Milestones expected and not recorded", Permission.VIEW_CHILDREN, "missing"
    ),
    NamedPage("Recording policy", "recording_policy", "What is recorded by when", Permission.VIEW_CHILDREN, "rules"),
    NamedPage("Records that may be of one child", "duplicates", "To merge or tell apart", Permission.MERGE_RECORDS),
    NamedPage(
        "Break-glass", "break_glass_alerts", "Restricted records opened", Permission.RESTRICT_RECORDS, "restricted"
    ),
    NamedPage(
        "Tests of change", "improvement", "What is tried, by aim", Permission.VIEW_IMPROVEMENT, "pdsa improvement"
    ),
    NamedPage("Begin a test of change", "test_new", "Plan a first PDSA cycle", Permission.RUN_TESTS, "new pdsa start"),
    NamedPage("Change ideas", "change_ideas", "What others tried, and yours", Permission.VIEW_IMPROVEMENT, "library"),
    NamedPage(
        "Driver diagrams", "driver_diagrams", "What leads to the aim", Permission.VIEW_IMPROVEMENT, "primary secondary"
    ),
    NamedPage("Measures", "measures", "Outcome, process and balancing", Permission.VIEW_IMPROVEMENT, "run chart"),
    NamedPage("Programme", "programme", "Charter, progress score and groups", Permission.VIEW_IMPROVEMENT, "plan"),
    NamedPage("Progress score", "programme_progress", "From 0.5 to 5", Permission.VIEW_IMPROVEMENT, "ihi scale"),
    NamedPage("Self-check", "self_check", "What the programme has and lacks", Permission.VIEW_IMPROVEMENT, "readiness"),
    NamedPage("Champions' group", "champions_group", "Who is in it", Permission.VIEW_IMPROVEMENT, "members partner"),
    NamedPage(
        "Meetings", "meetings", "Agendas, packs, minutes, actions", Permission.VIEW_IMPROVEMENT, "minutes agenda"
    ),
    NamedPage("Plan a meeting", "meeting_new", "Date, agenda and who comes", Permission.LEAD_IMPROVEMENT, "new"),
    NamedPage("Barriers", "barriers", "What stands in the way", Permission.VIEW_IMPROVEMENT, "obstacles risks issues"),
    NamedPage("Reports", "reports", "Issued reports on aims", Permission.VIEW_REPORTS, "smt pdf slides excel"),
    NamedPage("Make a report", "report_make", "Freeze and issue the figures", Permission.ISSUE_REPORT, "smt new issue"),
    NamedPage(
        "Published months", "published_months", "Figures that others may see", Permission.VIEW_PUBLISHED, "public"
    ),
    NamedPage("Feed", "feed", "Published figures for other programs", Permission.MANAGE_FEED, "power bi api token"),
    NamedPage(
        "National dataset", "national_dataset", "The file for the national team", Permission.SEND_NATIONAL, "celcis"
    ),
    NamedPage("National", "national", "All authorities together", Permission.VIEW_NATIONAL, "scotland", True),
    NamedPage(
        "National files", "national_files", "Files that councils sent", Permission.RECEIVE_NATIONAL, "dataset", True
    ),
    NamedPage("Imports", "imports", "Extracts that were taken in", Permission.IMPORT_DATA, "csv excel spreadsheet"),
    NamedPage(
        "New import", "import_new", "Take in an extract or a spreadsheet", Permission.IMPORT_DATA, "csv excel upload"
    ),
    NamedPage("Missing children", "missing_children", "No longer in the extract", Permission.IMPORT_DATA, "absent"),
    NamedPage(
        "Export an extract", "extract_export", "The records as files, by name", Permission.EXPORT_IDENTIFIED, "csv"
    ),
    NamedPage("Retention", "retention", "Records whose period is over", Permission.PSEUDONYMISE, "delete erase review"),
    NamedPage(
        "Requests about data", "rights_requests", "Access, correction, objection", Permission.KEEP_REQUESTS, "gdpr"
    ),
    NamedPage("Roles given", "roles_given", "Who was given which role", Permission.SEE_ROLES_GIVEN, "people access"),
    NamedPage(
        "Second step for everybody", "second_step_for_everybody", "Ask it of all", Permission.ASK_EVERYBODY, "mfa"
    ),
    NamedPage("Audit trail", "audit_trail", "Who did and saw what", Permission.VIEW_AUDIT, "log history"),
    NamedPage(
        "People", "admin:accounts_user_changelist", "Accounts and roles", Permission.MANAGE_PEOPLE, "users staff"
    ),
    NamedPage("Teams", "admin:accounts_team_changelist", "The teams of the council", Permission.MANAGE_PEOPLE),
    NamedPage(
        "Placement types", "admin:children_placementtype_changelist", "Codes", Permission.EDIT_CODE_TABLES, "clas"
    ),
)
