"""What a column of a council's sheet can be: the columns of the files of an extract, and those of a wide spreadsheet.

`names` are the words by which sheets and the information systems of councils call a column, in small letters; the
name of the column itself and its label count as well. They are words to recognise, never codes to rely on.
"""

from dataclasses import replace

from milestones.catalogue import BY_CODE
from milestones.extract.files import CHILDREN, EPISODES, EVENTS, IDENTITIES, LEGAL, PLACEMENTS
from milestones.sheets.event_fields import event_fields
from milestones.sheets.field_kinds import Field, Reading

WIDE = "wide"


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
    *event_fields(),
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

# The fields that hold a name.
NAMES = frozenset(known.key for known in NAME_FIELDS)
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


def grouped(kind: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields of a kind of sheet in groups, as (group, [(key, label)]), for somebody to choose from."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for known in FIELDS[kind]:
        groups.setdefault(_group(kind, known), []).append((known.key, known.label))
    return list(groups.items())


def _group(kind: str, known: Field) -> str:
    if kind != WIDE:
        return "Columns of this file"
    if known.event and known.months:
        return "Dates of milestones"
    if known.codes in ("route", "adm_outcome", "order_type"):
        return "Routes and outcomes"
    return "The child" if known in (REF, *NAME_FIELDS, *CHILD_FIELDS) else "Time in care"
