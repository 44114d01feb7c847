"""The words of a timeline for people who work with the records. Families read `plain_wording.py`."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from children.codes import HOME_PARENT, KINSHIP_PLACEMENT
from milestones.catalogue import NOT_HELD, Precision, ReviewKind, Route, label_of, outcome_label
from pace_site.front.timelines.life import Episode, Event, Ground, Stay
from pace_site.look.words import lower_first


@dataclass(frozen=True)
class DueMark:
    """Something that was or is due: by when, and when it happened; `kind` is the milestone that was waited for."""

    label: str
    due: date
    happened: date | None = None
    kind: str = ""


class Wording(Protocol):
    """How a story is told; every method returns words, the `short_` ones a few for inside the drawing."""

    GAP: str
    SHORT_GAP: str
    LOOKED_AFTER: str
    SHORT_BREAK: str
    REFERRED: str
    ORDERED: str
    ROWS: dict[str, str]

    def stay(self, stay: Stay) -> str: ...
    def short_stay(self, stay: Stay) -> str: ...
    def ground(self, ground: Ground) -> str: ...
    def short_ground(self, ground: Ground) -> str: ...
    def event(self, event: Event) -> str: ...
    def short_event(self, event: Event) -> str: ...
    def expected(self, event: Event, *, is_past: bool) -> str: ...
    def due(self, due: DueMark) -> str: ...
    def began(self, episode: Episode) -> str: ...
    def ended(self, episode: Episode) -> str: ...


SHORT_STAYS = {
    HOME_PARENT: "Home",
    KINSHIP_PLACEMENT: "Kinship",
    "FOST_LA": "Foster",
    "FOST_PURCH": "Foster",
    "PROSP_ADOPT": "Adopters",
    "OTHER_COMM": "Community",
    "RES_LA": "Residential",
    "RES_VOL": "Residential",
    "RES_SCHOOL": "School",
    "RES_SECURE": "Secure",
    "RES_CRISIS": "Crisis",
    "RES_OTHER": "Residential",
    "NOT_KNOWN": "Not known",
}
SHORT_GROUNDS = {
    "S25": "Voluntary",
    "CPO": "CPO",
    "ICSO": "ICSO",
    "CSO": "CSO",
    "CSO_SECURE": "CSO secure",
    "PO": "PO",
    "POA": "POA",
    "KCO": "KCO",
    "AO": "Adoption",
}
SHORT_EVENTS = {
    "REFERRAL_FIRST": "First referral",
    "REPORTER_REFERRAL": "Reporter",
    "MTG_72H": "72 hours",
    "MTG_2WK": "2 weeks",
    "REVIEW": "Review",
    "PPM": "PPM",
    "PPM_DECISION": "PPM decision",
    "LEGAL_ADVICE_REQ": "Advice asked",
    "LEGAL_ADVICE_REC": "Legal advice",
    "PCA_START": "Parenting assmt. starts",
    "PCA_END": "Parenting assmt.",
    "KIN_ASSESS_START": "Kinship assmt. starts",
    "KIN_ASSESS_END": "Kinship assmt.",
    "MEDICAL": "Medical",
    "REPORT_CAPR": "CAPR",
    "REPORT_S80": "S.80 report",
    "REHAB_DECISION": "Return",
    "KINSHIP_DECISION": "Kinship",
    "PERM_REC": "Recommended",
    "PERM_DECISION": "Decided",
    "PANEL_PRESENTED": "Panel",
    "PANEL_REC": "Panel recommends",
    "ADM_DECISION": "ADM",
    "ADM_NOTIFIED": "Notified",
    "HEARING_REFERRED": "Advice sought",
    "ADVICE_HEARING": "Advice hearing",
    "ADVICE_REPORT": "Hearing's advice",
    "COURT_LODGED": "Lodged",
    "ORDER_GRANTED": "Order granted",
    "ORDER_REFUSED": "Order refused",
    "APPLICATION_WITHDRAWN": "Withdrawn",
    "MATCH_PANEL": "Match",
    "FINAL_PLACEMENT": "Final placement",
    "RETURN_HOME": "Returned home",
    "CSO_MADE": "CSO made",
    "CSO_REVIEWED": "CSO reviewed",
    "CSO_TERMINATED": "CSO ended",
    "AT_HOME_AUDIT": "At-home audit",
    "PLAN_REVIEW_2Y": "2-year review",
    "LA_TRANSFER_IN": "Transferred in",
    "LA_TRANSFER_OUT": "Transferred out",
    "DEATH": "Death",
}
SHORT_REVIEWS = {"6wk": "6-week", "3m": "3-month", "18wk": "18-week", "6m": "6-month", "at-home": "At-home"}
SHORT_OUTCOMES = {
    "approved": "approved",
    "refused": "refused",
    "deferred": "deferred",
    "in": "ruled in",
    "out": "ruled out",
    "recommended": "for",
    "not recommended": "against",
    **dict.fromkeys(NOT_HELD, "not held"),
}
ROUTES = dict(Route.choices)
REVIEWS = dict(ReviewKind.choices)


class ProfessionalWording:
    """The words of the catalogue and of the authority's own code tables."""

    GAP = "No placement is recorded"
    SHORT_GAP = "Gap"
    LOOKED_AFTER = "Looked after"
    SHORT_BREAK = "Short break"
    REFERRED = "first referral"
    ORDERED = "order granted"
    ROWS = {
        "marks": "What happened",
        "stays": "Placements",
        "grounds": "Legal basis",
        "dues": "Due dates and what happened",
    }

    def stay(self, stay: Stay) -> str:
        words = stay.label or stay.type
        return f"{words}, short break" if stay.short_break else words

    def short_stay(self, stay: Stay) -> str:
        return SHORT_STAYS.get(stay.type, stay.label or stay.type)

    def ground(self, ground: Ground) -> str:
        return ground.label or ground.measure

    def short_ground(self, ground: Ground) -> str:
        return SHORT_GROUNDS.get(ground.measure, ground.label or ground.measure)

    def event(self, event: Event) -> str:
        said = [label_of(event.kind)]
        if event.review_kind:
            said.append(REVIEWS.get(event.review_kind, event.review_kind))
        if event.route:
            said.append(ROUTES.get(event.route, event.route))
        if event.order_type and event.order_type != event.route:
            said.append(event.order_type)
        if event.outcome:
            said.append(outcome_label(event.outcome))
        if event.pre_birth:
            said.append("before birth")
        if event.reason:
            said.append(f"plan changed: {event.reason}")
        return ", ".join([said[0], *(lower_first(words) if _is_word(words) else words for words in said[1:])])

    def short_event(self, event: Event) -> str:
        words = SHORT_EVENTS.get(event.kind, label_of(event.kind))
        if event.kind == "REVIEW" and event.review_kind in SHORT_REVIEWS:
            words = f"{SHORT_REVIEWS[event.review_kind]} review"
        what = event.route or event.order_type
        known = SHORT_OUTCOMES.get(event.outcome, "")
        about = "about " if event.precision == Precision.MONTH else ""
        words = " ".join(part for part in (about + words, known) if part)
        return f"{words}: {what}" if what else words

    def expected(self, event: Event, *, is_past: bool) -> str:
        words = self.event(event)
        if event.outcome in NOT_HELD:
            return words
        return f"{words}: planned, and nothing is recorded of it" if is_past else f"{words}: planned"

    def due(self, due: DueMark) -> str:
        return due.label

    def began(self, episode: Episode) -> str:
        return "Became looked after"

    def ended(self, episode: Episode) -> str:
        left_to = f"; left to: {episode.destination_label}" if episode.destination_label else ""
        return f"Ceased to be looked after{left_to}"


def _is_word(words: str) -> bool:
    """Whether it starts like a sentence, so that its first letter may be small inside one."""
    return len(words) > 1 and words[1].islower()
