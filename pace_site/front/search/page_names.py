"""The pages that people look for by name, and what each is for."""

from collections.abc import Set
from dataclasses import dataclass

from django.urls import resolve, reverse

from pace_site.accounts.permissions import Permission
from pace_site.look.pages import view_class_of


@dataclass(frozen=True)
class NamedPage:
    """A page whose address names nothing; `also` are other words by which people look for it."""

    name: str
    address: str
    what: str
    also: str = ""
    of_national_body: bool = False

    @property
    def needs(self) -> Permission | None:
        """What its view, or its model in the admin pages, asks for; None where everybody may open it."""
        view = resolve(reverse(self.address)).func
        return getattr(getattr(view, "model_admin", None) or view_class_of(view), "needs", None)

    def opens_to(self, held: Set[Permission], *, national: bool) -> bool:
        """Whether it opens to whoever holds these, in a national body or not."""
        return self.needs in {None, *held} and (national or not self.of_national_body)


PAGES = (
    NamedPage("My work", "home", "What you have to do, the most urgent first", also="start home tasks to do reminders"),
    NamedPage("Help", "help", "Pages, roles and every word", also="glossary words tour guide manual"),
    NamedPage("How you sign in", "mfa_index", "Password, second step, passkeys", also="account code app recovery"),
    NamedPage("Files and long work", "long_works", "What you asked for that takes longer", also="downloads progress"),
    NamedPage("Aims", "aims", "Every aim with its figures", also="percentage target chart"),
    NamedPage("Time per stage", "stages", "Median weeks between steps", also="homes median weeks"),
    NamedPage("Meeting view", "meeting_view", "Large figures for the wall of a meeting", also="screen"),
    NamedPage("Manage aims", "aims_manage", "Begin, change and close aims", also="definition template"),
    NamedPage("Begin an aim", "aim_new", "From a template or from nothing", also="new"),
    NamedPage("Caseload", "caseload", "Clocks of your children, by what is due", also="due overdue"),
    NamedPage("Saved filters", "saved_filters", "Choices of the caseload that you kept"),
    NamedPage("Allocate children", "allocate", "Who works with whom", also="leaver hand over worker"),
    NamedPage("Children", "children", "Every child whom you may open", also="list"),
    NamedPage("Record a new child", "new_child", "A child who comes into care", also="add accommodated"),
    NamedPage("Placement histories", "timelines", "Where children lived, drawn", also="timeline"),
    NamedPage("Ages at home", "at_home_ages", "Children at home on an order", also="cso supervision"),
    NamedPage("Data quality", "data_quality", "What looks wrong in the records", also="errors checks"),
    NamedPage("Findings", "data_quality_findings", "Each record to look at", also="data quality"),
    NamedPage("Completeness", "completeness", "What is recorded, and what lacks", also="missing"),
    NamedPage("Not recorded", "unrecorded", "Milestones expected and not recorded", also="missing"),
    NamedPage("Recording policy", "recording_policy", "What is recorded by when", also="rules"),
    NamedPage("Records that may be of one child", "duplicates", "To merge or tell apart"),
    NamedPage("Break-glass", "break_glass_alerts", "Restricted records opened", also="restricted"),
    NamedPage("Tests of change", "improvement", "What is tried, by aim", also="pdsa improvement"),
    NamedPage("Begin a test of change", "test_new", "Plan a first PDSA cycle", also="new pdsa start"),
    NamedPage("Change ideas", "change_ideas", "What others tried, and yours", also="library"),
    NamedPage("Driver diagrams", "driver_diagrams", "What leads to the aim", also="primary secondary"),
    NamedPage("Measures", "measures", "Outcome, process and balancing", also="run chart"),
    NamedPage("Programme", "programme", "Charter, progress score and groups", also="plan"),
    NamedPage("Progress score", "programme_progress", "From 0.5 to 5", also="ihi scale"),
    NamedPage("Self-check", "self_check", "What the programme has and lacks", also="readiness"),
    NamedPage("Champions' group", "champions_group", "Who is in it", also="members partner"),
    NamedPage("Meetings", "meetings", "Agendas, packs, minutes, actions", also="minutes agenda"),
    NamedPage("Plan a meeting", "meeting_new", "Date, agenda and who comes", also="new"),
    NamedPage("Barriers", "barriers", "What stands in the way", also="obstacles risks issues"),
    NamedPage("Reports", "reports", "Issued reports on aims", also="smt pdf slides excel"),
    NamedPage("Make a report", "report_make", "Freeze and issue the figures", also="smt new issue"),
    NamedPage("Published months", "published_months", "Figures that others may see", also="public"),
    NamedPage("Feed", "feed", "Published figures for other programs", also="power bi api token"),
    NamedPage("National dataset", "national_dataset", "The file for the national team", also="celcis"),
    NamedPage("National", "national", "All authorities together", also="scotland", of_national_body=True),
    NamedPage("National files", "national_files", "Files that councils sent", also="dataset", of_national_body=True),
    NamedPage("Imports", "imports", "Extracts that were taken in", also="csv excel spreadsheet"),
    NamedPage("New import", "import_new", "Take in an extract or a spreadsheet", also="csv excel upload"),
    NamedPage("Missing children", "missing_children", "No longer in the extract", also="absent"),
    NamedPage("Export an extract", "extract_export", "The records as files, by name", also="csv"),
    NamedPage("Retention", "retention", "Records whose period is over", also="delete erase review"),
    NamedPage("Requests about data", "rights_requests", "Access, correction, objection", also="gdpr"),
    NamedPage("Roles given", "roles_given", "Who was given which role", also="people access"),
    NamedPage("Second step for everybody", "second_step_for_everybody", "Ask it of all", also="mfa"),
    NamedPage("Audit trail", "audit_trail", "Who did and saw what", also="log history"),
    NamedPage("People", "admin:accounts_user_changelist", "Accounts and roles", also="users staff"),
    NamedPage("Teams", "admin:accounts_team_changelist", "The teams of the council"),
    NamedPage("Placement types", "admin:children_placementtype_changelist", "Codes", also="clas"),
)
