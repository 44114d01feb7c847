"""Code tables: placement types, legal bases, destinations.

Our own stable codes (`domain.md` 3.4 and 3.5); the authority fills in its `clas_code`. Shipped as data and kept
present: a row that people changed keeps what they changed.
"""

HOME_PARENT = "HOME_PARENT"
KINSHIP_PLACEMENT = "KIN"
CSO = "CSO"

PLACEMENT_TYPES = [
    # code, label, group
    (HOME_PARENT, "At home with parents", "At home"),
    (KINSHIP_PLACEMENT, "Kinship carers: friends or relatives", "Community"),
    ("FOST_LA", "Foster carers provided by the authority", "Community"),
    ("FOST_PURCH", "Foster carers purchased by the authority", "Community"),
    ("PROSP_ADOPT", "Prospective adopters", "Community"),
    ("OTHER_COMM", "Other community", "Community"),
    ("RES_LA", "Local authority home", "Residential"),
    ("RES_VOL", "Voluntary home", "Residential"),
    ("RES_SCHOOL", "Residential school", "Residential"),
    ("RES_SECURE", "Secure accommodation", "Residential"),
    ("RES_CRISIS", "Crisis care", "Residential"),
    ("RES_OTHER", "Other residential", "Residential"),
    ("NOT_KNOWN", "Away from home, type not known", "Not known"),
]

LEGAL_MEASURES = [
    # code, label, basis
    ("S25", "Voluntary accommodation", "Children (Scotland) Act 1995 s.25"),
    ("CPO", "Child protection order", "Children's Hearings (Scotland) Act 2011"),
    ("ICSO", "Interim compulsory supervision order", "Children's Hearings (Scotland) Act 2011"),
    (CSO, "Compulsory supervision order", "Children's Hearings (Scotland) Act 2011"),
    ("CSO_SECURE", "Compulsory supervision order with secure authorisation", "Children's Hearings (Scotland) Act 2011"),
    ("PO", "Permanence order", "Adoption and Children (Scotland) Act 2007 s.80"),
    ("POA", "Permanence order with authority to adopt", "Adoption and Children (Scotland) Act 2007 s.80, s.83"),
    ("KCO", "Kinship care order", "Children (Scotland) Act 1995 s.11"),
    ("AO", "Adoption order", "Adoption and Children (Scotland) Act 2007"),
    ("OTHER", "Other: warrant, criminal court provision, legacy order", ""),
]

DESTINATIONS = [
    ("HOME_PARENTS", "Home with parents"),
    ("FRIENDS_RELATIVES", "Friends or relatives"),
    ("KINSHIP_CARE_ORDER", "Kinship care order"),
    ("FORMER_FOSTER", "Former foster carers"),
    ("ADOPTED", "Adopted"),
    ("CONTINUING_CARE", "Continuing care"),
    ("SUPPORTED_ACCOM", "Supported accommodation"),
    ("OWN_TENANCY", "Own tenancy"),
    ("RESIDENTIAL", "Residential"),
    ("HOMELESS", "Homeless"),
    ("CUSTODY", "Custody"),
    ("OTHER", "Other"),
    ("DIED", "Died"),
    ("NOT_KNOWN", "Not known"),
]


def ship_code_tables(**_kwargs) -> None:
    """Create whichever code is missing."""
    from children.models import Destination, LegalMeasure, PlacementType

    PlacementType.objects.bulk_create(
        [PlacementType(code=code, label=label, group=group) for code, label, group in PLACEMENT_TYPES],
        ignore_conflicts=True,
    )
    LegalMeasure.objects.bulk_create(
        [LegalMeasure(code=code, label=label, basis=basis) for code, label, basis in LEGAL_MEASURES],
        ignore_conflicts=True,
    )
    Destination.objects.bulk_create(
        [Destination(code=code, label=label) for code, label in DESTINATIONS], ignore_conflicts=True
    )
