"""The columns of a wide spreadsheet that are dates of milestones, by the words that councils use for them."""

from milestones.catalogue import BY_CODE, AdmOutcome, OrderType, ReviewKind
from milestones.sheets.field_kinds import Field, Reading

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
RULED = (
    ("REHAB_DECISION", "in", ("rehab ruled in", "return home ruled in", "rehabilitation ruled in")),
    ("REHAB_DECISION", "out", ("rehab ruled out", "return home ruled out", "rehabilitation ruled out")),
    ("KINSHIP_DECISION", "in", ("kinship ruled in", "kinship agreed")),
    ("KINSHIP_DECISION", "out", ("kinship ruled out", "kinship not viable")),
)
# Those of which a sheet has a column for each kind or outcome.
OTHERWISE = frozenset(("REVIEW", "ADM_DECISION", "REHAB_DECISION", "KINSHIP_DECISION"))
ADM_NAMES = (
    *("adm", "adm date", "adm sign off", "adm signoff", "adm approved", "adm approval", "adm agreed", "adm ratified"),
    *("date of adm sign off", "agency decision maker", "agency decision maker approval", "adm sign off date"),
    *("date adm approved", "signed off by adm", "date signed off by adm"),
)


def event_fields() -> tuple[Field, ...]:
    """A date for each milestone of the catalogue; reviews by their kind, orders also by theirs."""

    def dated(key: str, label: str, names: tuple[str, ...], event: str, **fixed: str) -> Field:
        return Field(key, label, Reading.DAY, names, months=True, event=event, fixed=tuple(fixed.items()))

    fields = []
    for kind in BY_CODE.values():
        if kind.derived or kind.code in OTHERWISE:
            continue
        fields.append(dated(kind.code, kind.label, NAMES_OF_EVENTS.get(kind.code, ()), kind.code))
    fields += [dated(f"REVIEW:{kind}", kind.label, names, "REVIEW", review_kind=kind.value) for kind, names in REVIEWS]
    fields += [
        dated(f"ORDER_GRANTED:{order}", f"{order.label} granted", names, "ORDER_GRANTED", order_type=order.value)
        for order, names in ORDERS
    ]
    ruled = {"in": "Return to parents ruled in", "out": "Return to parents ruled out"}
    ruled_kin = {"in": "Kinship ruled in", "out": "Kinship ruled out"}
    fields += [
        dated(f"{event}:{way}", (ruled if event == "REHAB_DECISION" else ruled_kin)[way], names, event, outcome=way)
        for event, way, names in RULED
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
