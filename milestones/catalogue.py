"""The catalogue of milestones: every kind of event, what it means, and what may be said of it (`domain.md` 3.1)."""

from dataclasses import dataclass

from django.db.models import TextChoices


class Route(TextChoices):
    """The routes to permanence (`domain.md` 1.1)."""

    HOME = "HOME", "Home with parents"
    KINSHIP = "KINSHIP", "Kinship"
    PO = "PO", "Permanence order"
    POA = "POA", "Permanence order with authority to adopt"
    ADOPT = "ADOPT", "Adoption"


class Precision(TextChoices):
    """How exactly a date is known; a month is written as its first day, an unknown date is left empty."""

    DAY = "day", "Exact day"
    MONTH = "month", "Month only"
    UNKNOWN = "unknown", "Date not known"


class AdmOutcome(TextChoices):
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    DEFERRED = "deferred", "Deferred"


class ChangePrompt(TextChoices):
    """What prompted a change of plan; the reason is told in words beside it."""

    ASSESSMENT = "assessment", "An assessment"
    HEARING = "hearing", "A children's hearing or the court"
    CARER = "carer", "A carer's wish or withdrawal"
    PARENT = "parent", "A change for the parents"
    CHILD = "child", "The child's own view or need"
    ADVICE = "advice", "Legal, medical or panel advice"
    OTHER = "other", "Something else"


class ReviewKind(TextChoices):
    """The reviews of `domain.md` 3.1; which one it was is said by whoever holds it."""

    SIX_WEEKS = "6wk", "6-week review"
    THREE_MONTHS = "3m", "3-month review"
    EIGHTEEN_WEEKS = "18wk", "18-week review"
    SIX_MONTHS = "6m", "6-month review"
    AT_HOME = "at-home", "Review at home"
    OTHER = "other", "Other review"


class ReviewOutcome(TextChoices):
    """What came of a review. One that was put off or cancelled was not held: it has a planned day only."""

    CONTINUES = "plan continues", "The plan continues"
    RECOMMENDED = "recommendation made", "A recommendation for permanence was made"
    CHANGED = "plan changed", "The plan changed"
    POSTPONED = "postponed", "Not held: put off"
    CANCELLED = "cancelled", "Not held: cancelled"


NOT_HELD = frozenset({ReviewOutcome.POSTPONED, ReviewOutcome.CANCELLED})


class AuditOutcome(TextChoices):
    """What came of looking again at a plan at home (`domain.md` 4.9)."""

    NO_CHANGE = "no change", "No change"
    CHANGED = "plan changed", "The plan changed"
    SEEK_END = "seek to end CSO", "Seek to end the supervision order"


class PanelOutcome(TextChoices):
    RECOMMENDED = "recommended", "Recommended"
    NOT_RECOMMENDED = "not recommended", "Not recommended"
    DEFERRED = "deferred", "Deferred"


class OrderType(TextChoices):
    PO = "PO", "Permanence order"
    POA = "POA", "Permanence order with authority to adopt"
    AO = "AO", "Adoption order"
    KCO = "KCO", "Kinship care order"


class Source(TextChoices):
    """Where a date was read."""

    REVIEW = "review minute", "Review minute"
    MEETING = "planning meeting minute", "Minute of a planning meeting"
    PANEL = "panel minute", "Panel minute"
    LETTER = "decision letter", "Decision letter"
    LEGAL = "legal team", "Legal team"
    HEARING = "hearing record", "Record of a hearing"
    COURT = "court", "Court"
    AUDIT = "audit report", "Audit report"
    FILE = "case file", "Case file"


@dataclass(frozen=True)
class Kind:
    """One kind of milestone. `derived` kinds come from episodes, placements and legal bases and are never recorded.

    `outcomes` are all that there are; `offered` are those that a form offers, while an extract may use other words.
    `within` is how many days after the day it is to be recorded [INF], and `read_from` are the papers it is read in.
    """

    code: str
    label: str
    has_route: bool = False
    outcomes: tuple[str, ...] = ()
    derived: bool = False
    offered: tuple[str, ...] = ()
    has_order: bool = False
    within: int = 14
    read_from: tuple[str, ...] = ()


IN_OR_OUT = ("in", "out")
OUTCOME_LABELS = {
    "in": "Ruled in",
    "out": "Ruled out",
    **dict(AdmOutcome.choices),
    **dict(PanelOutcome.choices),
    **dict(ReviewOutcome.choices),
    **dict(AuditOutcome.choices),
}

WEEK = 7  # days: what a clock waits for is recorded sooner
KINDS = (
    Kind("REFERRAL_FIRST", "First referral", read_from=(Source.FILE,)),
    Kind("REPORTER_REFERRAL", "Referral to the Children's Reporter", read_from=(Source.FILE,)),
    Kind("LAC_START", "Became looked after", derived=True),
    Kind("LAC_END", "Ceased to be looked after", derived=True),
    Kind("ACCOM_START", "Accommodated away from home", derived=True),
    Kind("ACCOM_END", "Left accommodation", derived=True),
    Kind("AT_HOME_CSO_START", "At home on a supervision order", derived=True),
    Kind("AT_HOME_CSO_END", "No longer at home on a supervision order", derived=True),
    Kind("AT_HOME_2Y", "At home on a supervision order for the aim's threshold", derived=True),
    Kind("MTG_72H", "Planning meeting within 72 hours", read_from=(Source.MEETING,)),
    Kind("MTG_2WK", "Two-week planning meeting", read_from=(Source.MEETING,)),
    Kind("REVIEW", "Looked-after child review", offered=tuple(ReviewOutcome.values), read_from=(Source.REVIEW,)),
    Kind("PPM", "Permanence planning meeting", read_from=(Source.MEETING,)),
    Kind("PPM_DECISION", "Decision of the permanence planning meeting", has_route=True, read_from=(Source.MEETING,)),
    Kind("LEGAL_ADVICE_REQ", "Legal advice requested", read_from=(Source.LEGAL,)),
    Kind("LEGAL_ADVICE_REC", "Legal advice received", read_from=(Source.LEGAL,)),
    Kind("PCA_START", "Parenting capacity assessment started", read_from=(Source.FILE,)),
    Kind("PCA_END", "Parenting capacity assessment completed", read_from=(Source.FILE,)),
    Kind("KIN_ASSESS_START", "Kinship carer assessment started", read_from=(Source.FILE,)),
    Kind("KIN_ASSESS_END", "Kinship carer assessment completed", read_from=(Source.FILE,)),
    Kind("MEDICAL", "Permanence medical", read_from=(Source.FILE,)),
    Kind("REPORT_CAPR", "Child's adoption and permanence report completed", read_from=(Source.FILE,)),
    Kind("REPORT_S80", "Section 80 report completed", read_from=(Source.FILE,)),
    Kind(
        "REHAB_DECISION",
        "Return to parents ruled in or out",
        outcomes=IN_OR_OUT,
        read_from=(Source.REVIEW, Source.MEETING),
    ),
    Kind("KINSHIP_DECISION", "Kinship ruled in or out", outcomes=IN_OR_OUT, read_from=(Source.REVIEW, Source.MEETING)),
    Kind(
        "PERM_REC",
        "Recommendation for permanence",
        has_route=True,
        within=WEEK,
        read_from=(Source.REVIEW, Source.MEETING),
    ),
    Kind(
        "PERM_DECISION",
        "Decision for permanence",
        has_route=True,
        within=WEEK,
        read_from=(Source.REVIEW, Source.MEETING),
    ),
    Kind(
        "PANEL_PRESENTED",
        "Presented to panel",
        offered=tuple(PanelOutcome.values),
        within=WEEK,
        read_from=(Source.PANEL,),
    ),
    Kind("PANEL_REC", "Panel's recommendation", has_route=True, within=WEEK, read_from=(Source.PANEL,)),
    Kind(
        "ADM_DECISION",
        "Agency decision maker's decision",
        has_route=True,
        outcomes=tuple(AdmOutcome.values),
        within=WEEK,
        read_from=(Source.LETTER,),
    ),
    Kind("ADM_NOTIFIED", "Parties notified of the decision", within=WEEK, read_from=(Source.LETTER,)),
    Kind("HEARING_REFERRED", "Referred for a hearing's advice", read_from=(Source.HEARING,)),
    Kind("ADVICE_HEARING", "Advice hearing", read_from=(Source.HEARING,)),
    Kind("ADVICE_REPORT", "Hearing's advice reported to court", read_from=(Source.HEARING,)),
    Kind(
        "COURT_LODGED",
        "Application lodged in court",
        has_route=True,
        has_order=True,
        within=WEEK,
        read_from=(Source.LEGAL, Source.COURT),
    ),
    Kind(
        "ORDER_GRANTED",
        "Order granted",
        has_route=True,
        has_order=True,
        within=WEEK,
        read_from=(Source.COURT, Source.LEGAL),
    ),
    Kind(
        "ORDER_REFUSED",
        "Order refused",
        has_route=True,
        has_order=True,
        within=WEEK,
        read_from=(Source.COURT, Source.LEGAL),
    ),
    Kind(
        "APPLICATION_WITHDRAWN",
        "Application withdrawn",
        has_route=True,
        has_order=True,
        within=WEEK,
        read_from=(Source.COURT, Source.LEGAL),
    ),
    Kind("MATCH_PANEL", "Match approved at panel", read_from=(Source.PANEL,)),
    Kind("FINAL_PLACEMENT", "Moved to the final placement", within=WEEK, read_from=(Source.FILE,)),
    Kind("RETURN_HOME", "Returned to parents' care", within=WEEK, read_from=(Source.FILE,)),
    Kind("CSO_MADE", "Supervision order made", read_from=(Source.HEARING,)),
    Kind("CSO_REVIEWED", "Supervision order reviewed", read_from=(Source.HEARING,)),
    Kind("CSO_TERMINATED", "Supervision order ended", read_from=(Source.HEARING,)),
    Kind(
        "AT_HOME_AUDIT",
        "At-home audit reported to managers",
        offered=tuple(AuditOutcome.values),
        read_from=(Source.AUDIT,),
    ),
    Kind(
        "PLAN_REVIEW_2Y",
        "Two-year review of the child's plan at home",
        offered=tuple(AuditOutcome.values),
        read_from=(Source.REVIEW,),
    ),
    Kind("LA_TRANSFER_IN", "Transferred in from another authority", within=WEEK, read_from=(Source.FILE,)),
    Kind("LA_TRANSFER_OUT", "Transferred out to another authority", within=WEEK, read_from=(Source.FILE,)),
    Kind("DEATH", "Death of the child", within=1, read_from=(Source.FILE,)),
)


BY_CODE = {kind.code: kind for kind in KINDS}
RECORDED_CODES = frozenset(kind.code for kind in KINDS if not kind.derived)
KIND_CHOICES = [(kind.code, kind.label) for kind in KINDS if not kind.derived]

# Names an aim may use besides the recorded ones (`design.md` 7).
ADM_APPROVED = "ADM_APPROVED"
ALIASES = {"PLAN_AGREED": "PERM_REC"}
AIM_EVENT_CODES = frozenset(BY_CODE) | {ADM_APPROVED} | frozenset(ALIASES)


def label_of(code: str) -> str:
    """The words for an event code, an aim's own names included."""
    if code == ADM_APPROVED:
        return "Approved by the agency decision maker"
    return BY_CODE[ALIASES.get(code, code)].label


def outcome_label(outcome: str) -> str:
    """The words for an outcome; most kinds take any words, which stand as they were recorded."""
    return OUTCOME_LABELS.get(outcome, outcome)
