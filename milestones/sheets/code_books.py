"""The codes of each table and the words that councils use for them; a word is recognised, or found similar, or neither.

The words are those in use on sheets and in information systems; a council's own code of a table (its CLAS code) comes
from whoever asks. Nothing found only similar is used before a person has said so.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from children.codes import DESTINATIONS, LEGAL_MEASURES, PLACEMENT_TYPES
from milestones.catalogue import (
    BY_CODE,
    OUTCOME_LABELS,
    RECORDED_CODES,
    AdmOutcome,
    OrderType,
    Precision,
    ReviewKind,
    Route,
)
from milestones.sheets.text import plain_words

CERTAIN, RECOGNISED = 100, 95
# Of 100; below it two phrases have no more in common than any two of social work.
SIMILAR_ENOUGH = 75
SHORTEST_COMPARED = 4
# Numbers are somebody's own codes, and never similar to anything.
WORDS_FOR: dict[str, dict[str, tuple[str, ...]]] = {
    "placement_type": {
        "HOME_PARENT": ("home", "at home", "parents", "with parents", "parent", "home with parents", "lac at home"),
        "KIN": (
            *(
                "kinship",
                "kinship care",
                "kinship carer",
                "kinship carers",
                "friends and relatives",
                "family and friends",
            ),
            *(
                "relatives",
                "with relatives",
                "grandparents",
                "friends relatives",
                "formal kinship",
                "kinship placement",
            ),
        ),
        "FOST_LA": (
            *("foster la", "la foster", "la foster care", "local authority foster care", "foster care local authority"),
            *(
                "in house foster",
                "in house fostering",
                "in house foster carer",
                "internal foster care",
                "foster internal",
            ),
            *("la foster carer", "council foster carer", "foster carers provided by la", "foster carer in house"),
        ),
        "FOST_PURCH": (
            *("foster purchased", "purchased foster", "purchased foster care", "external foster care", "ifa", "ifp"),
            *("independent fostering", "independent foster carer", "foster external", "agency foster care"),
            *("foster carers purchased by la", "external foster carer", "private foster provider", "foster agency"),
        ),
        "PROSP_ADOPT": ("prospective adopters", "adopters", "pre adoptive", "adoptive placement", "with adopters"),
        "OTHER_COMM": ("other community", "community other", "supported lodgings"),
        "RES_LA": (
            "la residential",
            "childrens home",
            "council childrens home",
            "la childrens home",
            "childrens house",
        ),
        "RES_VOL": ("voluntary home", "voluntary residential", "residential voluntary"),
        "RES_SCHOOL": ("residential school", "res school", "school residential"),
        "RES_SECURE": ("secure", "secure unit", "secure care"),
        "RES_CRISIS": ("crisis", "crisis unit", "emergency unit"),
        "RES_OTHER": ("other residential", "residential other", "residential"),
        "NOT_KNOWN": ("not known", "unknown", "away from home", "accommodated"),
    },
    "legal_code": {
        "S25": ("s25", "section 25", "sect 25", "s 25", "voluntary", "accommodated s25", "s25 voluntary accommodation"),
        "CPO": ("cpo", "child protection order"),
        "ICSO": ("icso", "interim cso", "interim compulsory supervision order", "interim supervision order"),
        "CSO": ("cso", "compulsory supervision order", "supervision order", "cso at home", "cso residence", "csr"),
        "CSO_SECURE": ("cso secure", "cso with secure authorisation", "secure authorisation", "secure cso"),
        "PO": ("po", "permanence order", "s80", "section 80"),
        "POA": ("poa", "po with authority to adopt", "permanence order with authority", "pota", "powa", "poata"),
        "KCO": ("kco", "kinship order", "section 11", "s11", "s11 order", "residence order"),
        "AO": ("ao", "adoption", "adopted"),
        "OTHER": ("other", "warrant"),
    },
    "destination": {
        "HOME_PARENTS": ("home", "parents", "returned home", "home to parents", "with parents", "rehabilitated"),
        "FRIENDS_RELATIVES": ("friends relatives", "relatives", "family", "with relatives", "kinship"),
        "KINSHIP_CARE_ORDER": ("kco", "s11", "section 11", "residence order", "kinship order"),
        "FORMER_FOSTER": ("former foster carer", "foster carers", "stayed with foster carers"),
        "ADOPTED": ("adoption", "adoption order", "with adopters"),
        "CONTINUING_CARE": ("continuing", "continuing care placement"),
        "SUPPORTED_ACCOM": ("supported", "supported accomodation", "supported living"),
        "OWN_TENANCY": ("tenancy", "own house", "own flat"),
        "RESIDENTIAL": ("residential care", "residential unit"),
        "HOMELESS": ("homeless accommodation",),
        "CUSTODY": ("prison", "yoi", "secure custody"),
        "OTHER": ("other destination",),
        "DIED": ("deceased", "death", "dead"),
        "NOT_KNOWN": ("unknown", "n k", "nk"),
    },
    "route": {
        "HOME": (
            "home",
            "return home",
            "rehabilitation",
            "rehab",
            "at home",
            "parents",
            "remain at home",
            "with parents",
        ),
        "KINSHIP": ("kinship", "kinship care", "kco", "kinship care order", "s11", "section 11", "residence order"),
        "PO": ("po", "permanence order", "s80", "section 80", "permanence order s80", "permanent fostering"),
        "POA": ("poa", "po with authority to adopt", "permanence order with authority", "pota", "powa", "poata"),
        "ADOPT": (
            "adoption",
            "adopt",
            "ao",
            "adoption order",
            "direct petition",
            "direct adoption",
            "adoption petition",
        ),
    },
    "adm_outcome": {
        "approved": ("yes", "y", "agreed", "accepted", "ratified", "signed off", "upheld", "approve"),
        "refused": ("no", "n", "not approved", "rejected", "declined", "not agreed", "refuse"),
        "deferred": ("adjourned", "postponed", "more information", "defer", "continued"),
    },
    "order_type": {
        "PO": ("permanence order", "s80", "section 80"),
        "POA": ("po with authority to adopt", "permanence order with authority", "pota", "powa", "poata"),
        "AO": ("adoption", "adoption order"),
        "KCO": ("kinship care order", "s11", "section 11", "residence order", "kinship order"),
    },
    "sex": {"F": ("female", "girl", "f", "fem"), "M": ("male", "boy", "m"), "X": ("other", "non binary", "x")},
    "precision": {"day": ("exact", "date", "d"), "month": ("month", "m"), "unknown": ("not known", "unknown", "u")},
    "event_code": {
        "REVIEW": ("lac review", "looked after review", "review"),
        "ADM_DECISION": ("adm", "adm decision", "adm sign off"),
    },
    "review_kind": {
        "6wk": ("6 week", "six week", "6 weeks", "first"),
        "3m": ("3 month", "three month", "3 months", "second"),
        "6m": ("6 month", "six month", "6 months", "third"),
        "18wk": ("18 week", "18 weeks"),
        "at-home": ("at home", "home"),
    },
    "outcome": {
        "approved": ("agreed", "ratified", "signed off"),
        "refused": ("not approved", "rejected", "declined"),
        "in": ("ruled in",),
        "out": ("ruled out",),
    },
}
# A value of these that is no code stands as it was written, for most kinds of milestone take any words.
OPEN = frozenset(("outcome", "review_kind", "order_type"))
# A value that says nothing about these is left empty, and not asked about.
SAYS_NOTHING = frozenset(("not recorded", "n a", "na", "none", "not applicable", "null", ""))
LEAVE_EMPTY_LABEL = "Nothing: leave it empty"
MAY_BE_EMPTY = frozenset(
    ("destination", "route", "adm_outcome", "sex", "order_type", "precision", "outcome", "review_kind")
)


@dataclass(frozen=True)
class CodeBook:
    """The codes of one table: `labels` as people read them, `codes` by every phrase that is recognised."""

    labels: dict[str, str]
    codes: dict[str, str]
    open: bool = False

    def guess(self, value: str) -> tuple[str, int]:
        """Return the code that `value` says and how sure that is (0 to 100); "" and 0 when nothing is like it."""
        if value in self.labels:
            return value, CERTAIN
        words = plain_words(value)
        if words in self.codes:
            return self.codes[words], RECOGNISED
        if self.open and len(words.split()) > 3:
            return "", 0
        if len(words) < SHORTEST_COMPARED or not any(letter.isalpha() for letter in words):
            return "", 0
        found = process.extractOne(words, self.codes.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=SIMILAR_ENOUGH)
        if found is None or len(found[0]) < SHORTEST_COMPARED:
            return "", 0
        return self.codes[found[0]], min(round(found[1]), RECOGNISED - 1)


def code_books(also: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None) -> dict[str, CodeBook]:
    """Return the book of each table; `also` are a council's own words: table -> code -> phrases."""
    labels = {
        "placement_type": {code: label for code, label, _ in PLACEMENT_TYPES},
        "legal_code": {code: label for code, label, _ in LEGAL_MEASURES},
        "destination": dict(DESTINATIONS),
        "route": dict(Route.choices),
        "adm_outcome": dict(AdmOutcome.choices),
        "order_type": dict(OrderType.choices),
        "sex": {"F": "Female", "M": "Male", "X": "Other"},
        "precision": dict(Precision.choices),
        "event_code": {code: BY_CODE[code].label for code in BY_CODE if code in RECORDED_CODES},
        "review_kind": dict(ReviewKind.choices),
        "outcome": OUTCOME_LABELS,
    }
    return {table: _book(table, known, (also or {}).get(table, {})) for table, known in labels.items()}


def _book(table: str, labels: dict[str, str], also: Mapping[str, tuple[str, ...]]) -> CodeBook:
    labels = {**labels, **{code: names[0] for code, names in also.items() if code not in labels and names}}
    codes: dict[str, str] = {}
    twice = set()
    for code, label in labels.items():
        known = (code, label, *WORDS_FOR.get(table, {}).get(code, ()), *also.get(code, ()))
        for phrase in {plain_words(name) for name in known if name}:
            if codes.setdefault(phrase, code) != code:
                twice.add(phrase)
    # What means two codes means neither for certain.
    return CodeBook(labels, {phrase: code for phrase, code in codes.items() if phrase not in twice}, table in OPEN)
