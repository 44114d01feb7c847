"""What a column of a council's sheet can be: the columns of the files of an extract, and those of a wide spreadsheet.

`names` are the words by which sheets and the information systems of councils call a column, in small letters; the
name of the column itself and its label count as well. They are words to recognise, never codes to rely on.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from milestones.catalogue import BY_CODE, AdmOutcome, OrderType, ReviewKind
from milestones.extract.files import CHILDREN, EPISODES, EVENTS, IDENTITIES, LEGAL, PLACEMENTS

WIDE = "wide"


class Reading(StrEnum):
    """How the cells of a column are read."""

    REF = "reference"
    WORDS = "words"
    DAY = "date"
    CODE = "code"
    FLAG = "yes or no"


@dataclass(frozen=True)
class Field:
    """One thing that a column can say.

    `codes`   the code table of a CODE
    `months`  a DAY may be a month, or not known
    `event`   on a wide spreadsheet, the milestone whose date (or, for a CODE, route or outcome) this is
    `fixed`   what the column's own meaning adds to the event
    """

    key: str
    label: str
    reading: Reading = Reading.WORDS
    names: tuple[str, ...] = ()
    codes: str = ""
    must_fill: bool = False
    must_exist: bool = False
    months: bool = False
    event: str = ""
    fixed: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        return (self.key.replace("_", " ").lower(), self.label.lower(), *self.names)


REF = Field(
    "child_ref",
    "Reference of the child",
    Reading.REF,
    names=(
        *("client id", "client no", "client number", "client ref", "client reference", "person id", "person ref"),
        *("person number", "child id", "child no", "child number", "child reference", "service user id", "su id"),
        *("service user ref", "swift id", "swis id", "carefirst id", "carefirst number", "mosaic id", "eclipse id"),
        *("liquidlogic id", "ais number", "p number", "p no", "case id", "case number", "case ref", "sw ref"),
        *("social work id", "social work number", "system id", "unique id", "id number", "id", "ref", "reference"),
    ),
    must_fill=True,
    must_exist=True,
)
START = ("start", "start date", "date started", "from", "from date", "date from", "begin", "began", "effective from")
END = ("end", "end date", "date ended", "to", "to date", "date to", "until", "ceased", "effective to", "closed")

CHILD_FIELDS = (
    Field(
        "family_ref",
        "Reference of the family",
        names=("family id", "family number", "sibling group", "sibling group id", "household id", "family group"),
    ),
    Field(
        "date_of_birth",
        "Date of birth",
        Reading.DAY,
        names=("dob", "d o b", "birth date", "birthdate", "birth", "born", "born on", "childs dob", "client dob"),
    ),
    Field("sex", "Sex", Reading.CODE, codes="sex", names=("gender", "gender sex", "sex gender", "m f")),
    Field("ethnicity", "Ethnicity", names=("ethnic group", "ethnic origin", "ethnic background", "ethnic")),
    Field("disability", "Disability", names=("disabled", "disability status", "disability type", "has a disability")),
    Field("locality", "Locality", names=("area", "neighbourhood", "town", "location", "patch", "ward", "local area")),
    Field(
        "team",
        "Team",
        names=("team name", "sw team", "social work team", "allocated team", "responsible team", "area team", "office"),
    ),
    Field(
        "expected_on",
        "Expected date of birth",
        Reading.DAY,
        names=("edd", "due date", "expected date", "expected date of delivery", "expected delivery date"),
    ),
)
NAME_FIELDS = (
    Field(
        "given_name",
        "First name",
        names=("forename", "forenames", "given name", "given names", "christian name", "firstname", "first names"),
    ),
    Field("family_name", "Surname", names=("last name", "lastname", "family name", "second name", "childs surname")),
    Field(
        "full_name",
        "Whole name",
        names=("name", "child", "childs name", "child name", "client name", "client", "full name", "name of child"),
    ),
)

DESTINATION = Field(
    "destination",
    "Destination on leaving care",
    Reading.CODE,
    codes="destination",
    names=(
        *("destination on discharge", "discharge destination", "destination on leaving", "leaving destination"),
        *("destination on ceasing to be looked after", "left care to", "where to", "moved on to", "outcome on leaving"),
        *("reason left care", "reason for leaving care", "reason episode ended", "destination at discharge"),
    ),
)
PLACEMENT_TYPE = Field(
    "placement_type",
    "Type of placement",
    Reading.CODE,
    codes="placement_type",
    names=("placement", "current placement", "current placement type", "type", "accommodation type", "placed with"),
)
LEGAL_CODE = Field(
    "legal_code",
    "Legal basis",
    Reading.CODE,
    codes="legal_code",
    names=(
        *("legal status", "legal reason", "legal", "statute", "current legal status", "legal order", "status"),
        *("legal measure", "statutory basis", "looked after reason", "order", "legislation"),
    ),
)

NAMES_OF_EVENTS: dict[str, tuple[str, ...]] = {
    "REFERRAL_FIRST": ("first referral", "date of first referral", "first referred", "referral date"),
    "REPORTER_REFERRAL": ("referred to reporter", "reporter referral", "referral to scra", "scra referral"),
    "MTG_72H": ("72 hour meeting", "72hr meeting", "72 hour review", "72hrs", "72 hour planning meeting"),
    "MTG_2WK": ("2 week meeting", "two week meeting", "2 week planning meeting", "2wk meeting"),
    "PPM": ("permanence planning meeting", "ppm", "date of ppm", "ppm date", "permanency planning meeting"),
    "PPM_DECISION": ("ppm decision", "ppm decision date", "decision of ppm"),
    "LEGAL_ADVICE_REQ": ("legal advice sought", "legal advice requested", "date legal advice sought"),
    "LEGAL_ADVICE_REC": ("legal advice received", "legal advice given", "legal advice", "date legal advice received"),
    "PCA_START": ("parenting assessment started", "pca start", "parenting capacity assessment start"),
    "PCA_END": ("parenting assessment completed", "pca end", "parenting capacity assessment end", "pca completed"),
    "KIN_ASSESS_START": ("kinship assessment started", "kinship assessment start"),
    "KIN_ASSESS_END": ("kinship assessment completed", "kinship assessment end"),
    "MEDICAL": ("medical", "adoption medical", "permanence medical", "lac medical"),
    "REPORT_CAPR": ("capr", "capr completed", "form e", "form e completed", "childs adoption and permanence report"),
    "REPORT_S80": ("s80 report", "section 80 report", "section 80 report completed"),
    "PERM_REC": (
        *("recommendation", "recommendation date", "date of recommendation", "permanence recommendation", "perm rec"),
        *("lac recommendation", "lac review recommendation", "date of permanence recommendation", "rec date", "rec"),
        *("permanence recommended", "recommended for permanence", "date recommended", "plan agreed"),
        *("date permanence recommended", "permanence plan agreed", "date of lac recommendation for permanence"),
    ),
    "PERM_DECISION": ("permanence decision", "decision for permanence", "permanence decision date"),
    "PANEL_PRESENTED": (
        *("panel", "panel date", "date of panel", "adoption panel", "permanence panel", "presented to panel"),
        *("fostering and adoption panel", "permanence panel date", "adoption and permanence panel", "heard at panel"),
    ),
    "PANEL_REC": ("panel recommendation", "panel recommendation date", "recommendation of panel"),
    "ADM_NOTIFIED": ("adm notified", "notification of adm decision", "parties notified", "adm letter"),
    "HEARING_REFERRED": ("referred for advice hearing", "hearing referral", "advice hearing requested"),
    "ADVICE_HEARING": ("advice hearing", "advice hearing date", "date of advice hearing"),
    "ADVICE_REPORT": ("advice report", "advice sent to court", "report to court"),
    "COURT_LODGED": (
        *("court", "court date", "court application", "application lodged", "court application lodged", "lodged"),
        *("date lodged", "date lodged in court", "petition lodged", "application to court", "court application date"),
        *("po application", "po application lodged", "application submitted to court", "date of court application"),
        *("application date", "lodged at court", "lodged in court"),
    ),
    "ORDER_GRANTED": ("order granted", "date order granted", "order date", "date of order", "granted", "court order"),
    "ORDER_REFUSED": ("order refused", "application refused"),
    "APPLICATION_WITHDRAWN": ("application withdrawn", "withdrawn"),
    "MATCH_PANEL": ("matching panel", "match", "matched", "match date", "linking panel", "date matched"),
    "FINAL_PLACEMENT": ("placed with adopters", "permanent placement", "final placement", "date placed for adoption"),
    "RETURN_HOME": ("returned home", "return home", "date returned home", "rehabilitated home", "home date"),
    "CSO_MADE": ("cso made", "cso date", "date of cso", "cso granted", "cso start"),
    "CSO_REVIEWED": ("cso reviewed", "cso review", "last cso review"),
    "CSO_TERMINATED": ("cso terminated", "cso ended", "cso end"),
    "AT_HOME_AUDIT": ("at home audit",),
    "PLAN_REVIEW_2Y": ("2 year review", "two year review", "two year plan review"),
    "LA_TRANSFER_IN": ("transferred in", "transfer in date"),
    "LA_TRANSFER_OUT": ("transferred out", "transfer out date"),
    "DEATH": ("date of death", "died", "died on"),
}
REVIEWS = (
    (ReviewKind.SIX_WEEKS, ("6 week review", "six week review", "6wk review", "6 wk lac review", "first lac review")),
    (ReviewKind.THREE_MONTHS, ("3 month review", "three month review", "3 mth review", "second lac review")),
    (ReviewKind.EIGHTEEN_WEEKS, ("18 week review", "18wk review")),
    (ReviewKind.SIX_MONTHS, ("6 month review", "six month review", "6 mth review", "third lac review")),
    (ReviewKind.AT_HOME, ("review at home", "home review")),
    (ReviewKind.OTHER, ("lac review", "review", "review date", "last lac review", "latest review", "last review")),
)
ORDERS = (
    (OrderType.PO, ("po granted", "permanence order granted", "po date", "date po granted", "permanence order")),
    (OrderType.POA, ("poa granted", "po with authority to adopt granted", "poa date", "date poa granted")),
    (OrderType.AO, ("adoption order", "adoption order granted", "adoption granted", "date adopted", "ao granted")),
    (OrderType.KCO, ("kinship care order", "kco granted", "kinship order", "section 11 order", "s11 order granted")),
)
ADM_NAMES = (
    *("adm", "adm date", "adm sign off", "adm signoff", "adm approved", "adm approval", "adm agreed", "adm ratified"),
    *("date of adm sign off", "agency decision maker", "agency decision maker approval", "adm sign off date"),
    *("date adm approved", "signed off by adm", "date signed off by adm"),
)


def _event_fields() -> tuple[Field, ...]:
    """A date for each milestone of the catalogue; reviews by their kind, orders also by theirs."""

    def dated(key: str, label: str, names: tuple[str, ...], event: str, **fixed: str) -> Field:
        return Field(key, label, Reading.DAY, names, months=True, event=event, fixed=tuple(fixed.items()))

    fields = []
    for kind in BY_CODE.values():
        if kind.derived or kind.code in ("REVIEW", "ADM_DECISION", "REHAB_DECISION", "KINSHIP_DECISION"):
            continue
        fields.append(dated(kind.code, kind.label, NAMES_OF_EVENTS.get(kind.code, ()), kind.code))
    fields += [dated(f"REVIEW:{kind}", kind.label, names, "REVIEW", review_kind=kind.value) for kind, names in REVIEWS]
    fields += [
        dated(f"ORDER_GRANTED:{order}", f"{order.label} granted", names, "ORDER_GRANTED", order_type=order.value)
        for order, names in ORDERS
    ]
    approved = AdmOutcome.APPROVED.value
    fields += [
        dated("ADM_APPROVED", "Approved by the agency decision maker", ADM_NAMES, "ADM_DECISION", outcome=approved),
        dated(
            "ADM_DECISION",
            "Agency decision maker's decision, whatever it was",
            ("adm decision", "adm decision date", "date of adm decision", "agency decision maker decision"),
            "ADM_DECISION",
        ),
    ]
    return tuple(fields)


# Where a wide spreadsheet has one route, these milestones have it; each may have a column of its own instead.
ROUTED = ("PERM_REC", "PPM_DECISION", "PANEL_REC", "ADM_DECISION")
WIDE_FIELDS = (
    REF,
    *NAME_FIELDS,
    *CHILD_FIELDS,
    Field(
        "looked_after_on",
        "Became looked after",
        Reading.DAY,
        names=("looked after from", "date looked after", "lac start", "lac date", "date became lac", "lac start date"),
    ),
    Field(
        "accommodated_on",
        "Accommodated away from home (first, where there are two columns)",
        Reading.DAY,
        names=(
            *("first accommodated", "date first accommodated", "accommodated", "date accommodated"),
            *("accommodation date", "date of accommodation", "first date accommodated", "accommodated on"),
            *("accommodated away from home", "date became accommodated", "laac date", "laac start"),
        ),
    ),
    Field(
        "last_accommodated_on",
        "Last accommodated: the start of the latest time away from home",
        Reading.DAY,
        names=("last accommodated", "date last accommodated", "most recently accommodated", "last date accommodated"),
    ),
    Field(
        "first_accommodation_ended_on",
        "First accommodation ended, where there was a later one",
        Reading.DAY,
        names=("first accommodation ended", "first accommodation end date", "first accommodated to"),
    ),
    Field(
        "accommodation_ended_on",
        "Accommodation ended",
        Reading.DAY,
        names=("accommodation ended", "no longer accommodated", "accommodation end date", "date accommodation ended"),
    ),
    Field(
        "left_care_on",
        "Left care",
        Reading.DAY,
        names=(
            *("left care", "date left care", "ceased to be looked after", "date of discharge", "discharged", "lac end"),
            *("discharge date", "date ceased lac", "lac end date", "end of care", "looked after until", "leaving date"),
        ),
    ),
    DESTINATION,
    PLACEMENT_TYPE,
    Field(
        "placement_started_on",
        "Placement began",
        Reading.DAY,
        names=("placement start", "placement start date", "date placed", "current placement start", "placed on"),
    ),
    LEGAL_CODE,
    Field(
        "legal_started_on",
        "Legal basis from",
        Reading.DAY,
        names=("legal start", "legal status start", "legal start date", "legal status date", "legal status from"),
    ),
    *_event_fields(),
    Field(
        "route",
        "Route to permanence",
        Reading.CODE,
        codes="route",
        names=(
            *("recommendation route", "recommended route", "permanence route", "permanence plan", "plan", "care plan"),
            *("type of permanence", "permanence type", "route recommended", "recommended plan", "pathway"),
            *("recommendation type", "recommended permanence route", "permanence option"),
        ),
    ),
    *(
        Field(
            f"{event}.route",
            f"Route: {BY_CODE[event].label.lower()}",
            Reading.CODE,
            names,
            codes="route",
            event=event,
        )
        for event, names in (
            ("PERM_REC", ()),
            ("PANEL_REC", ("panel route",)),
            ("ADM_DECISION", ("adm route",)),
            ("COURT_LODGED", ("application type", "type of application", "court route")),
        )
    ),
    Field(
        "ADM_DECISION.outcome",
        "Outcome of the agency decision maker's decision",
        Reading.CODE,
        ("adm outcome", "adm decision outcome", "outcome of adm", "decision"),
        codes="adm_outcome",
        event="ADM_DECISION",
    ),
    Field(
        "ORDER_GRANTED.order_type",
        "Type of the order granted",
        Reading.CODE,
        ("order type", "type of order", "order granted type"),
        codes="order_type",
        event="ORDER_GRANTED",
    ),
)

FIELDS: dict[str, tuple[Field, ...]] = {
    CHILDREN: (REF, *CHILD_FIELDS),
    IDENTITIES: (REF, *NAME_FIELDS),
    EPISODES: (
        REF,
        Field(
            "start",
            "Became looked after",
            Reading.DAY,
            ("episode start", "episode start date", "lac start", *START),
            must_fill=True,
            must_exist=True,
        ),
        Field("end", "Ceased to be looked after", Reading.DAY, ("episode end", "episode end date", "lac end", *END)),
        DESTINATION,
    ),
    PLACEMENTS: (
        REF,
        Field(
            "start",
            "Placement began",
            Reading.DAY,
            ("placement start", "placement start date", "date placed", *START),
            must_fill=True,
            must_exist=True,
        ),
        Field("end", "Placement ended", Reading.DAY, ("placement end", "placement end date", *END)),
        replace(PLACEMENT_TYPE, must_fill=True, must_exist=True),
        Field("provider", "Provider", names=("placement provider", "agency", "organisation", "carer agency")),
        Field("short_break", "Short break", Reading.FLAG, ("respite", "is respite", "short break y n", "respite y n")),
        Field("carer", "Carer's pseudonym", names=("carer", "carer id", "carer ref", "carer code", "foster carer id")),
    ),
    LEGAL: (
        REF,
        Field(
            "start",
            "Legal basis from",
            Reading.DAY,
            ("legal start", "legal start date", "legal status start", "order start", *START),
            must_fill=True,
            must_exist=True,
        ),
        Field("end", "Legal basis until", Reading.DAY, ("legal end", "legal end date", "order end", *END)),
        replace(LEGAL_CODE, must_fill=True, must_exist=True),
    ),
    EVENTS: (
        REF,
        Field(
            "event_code",
            "Milestone",
            Reading.CODE,
            ("event", "event type", "milestone type", "activity", "activity type", "process", "stage"),
            codes="event_code",
            must_fill=True,
            must_exist=True,
        ),
        Field(
            "date",
            "Date",
            Reading.DAY,
            ("event date", "milestone date", "date of event", "activity date", "happened on", "held on"),
            must_exist=True,
            months=True,
        ),
        Field("precision", "Precision of the date", Reading.CODE, ("date precision",), codes="precision"),
        Field(
            "route",
            "Route",
            Reading.CODE,
            ("permanence route", "plan", "recommendation route", "permanence plan", "pathway"),
            codes="route",
        ),
        Field("outcome", "Outcome", Reading.CODE, ("decision", "result", "event outcome"), codes="outcome"),
        Field("source", "Source", names=("source of date", "recorded from", "evidence")),
        Field("note", "Note", names=("notes", "comment", "comments", "remarks")),
        Field("review_kind", "Kind of review", Reading.CODE, ("review type", "type of review"), codes="review_kind"),
        Field("order_type", "Type of order", Reading.CODE, ("type of order",), codes="order_type"),
        Field("planned_on", "Planned for", Reading.DAY, ("planned date", "scheduled", "scheduled date", "due")),
        Field("pre_birth", "Made before birth", Reading.FLAG, ("pre birth", "prebirth", "before birth")),
        Field("void_reason", "Reason it is void"),
        Field("change_reason", "Reason the plan changed", names=("reason for change", "reason plan changed")),
        Field("recorded_by", "Recorded by", names=("worker", "entered by", "user")),
        Field("first_accommodated_on", "First accommodated, for a transfer in", Reading.DAY),
    ),
    WIDE: WIDE_FIELDS,
}
BY_KEY: dict[str, dict[str, Field]] = {kind: {field.key: field for field in fields} for kind, fields in FIELDS.items()}

# Both hold a row for each child and nothing else; a sheet with more is wide.
IDENTITY_KINDS = (CHILDREN, IDENTITIES)

SHEET_LABELS = {
    CHILDREN: "Children, a row each",
    IDENTITIES: "Names of children",
    EPISODES: "Episodes of care",
    PLACEMENTS: "Placements",
    LEGAL: "Legal bases",
    EVENTS: "Milestones, a row each",
    WIDE: "One wide sheet: a row for each child with its dates in columns",
}
