"""The words of a timeline for meetings with families: no names, no notes, no codes, no words of the trade."""

from dataclasses import dataclass

from milestones.catalogue import NOT_HELD, Precision
from pace_site.front.timelines.life import Episode, Event, Ground, Stay
from pace_site.front.timelines.wording import DueMark


@dataclass(frozen=True)
class PlainKind:
    """A kind of milestone: `noun` names it ("A review meeting"), `told` says what happened."""

    noun: str
    told: str


KINDS = {
    "REFERRAL_FIRST": PlainKind("A first request for help", "Social work was first asked to help."),
    "REPORTER_REFERRAL": PlainKind(
        "A letter to the Children's Reporter", "The Children's Reporter was asked if a hearing was needed."
    ),
    "MTG_72H": PlainKind("A first meeting", "A meeting made a first plan, in the first few days."),
    "MTG_2WK": PlainKind("A second meeting", "A meeting looked at how the first two weeks had gone."),
    "REVIEW": PlainKind("A review meeting", "A review meeting talked about how things were going and about the plan."),
    "PPM": PlainKind("A planning meeting", "A meeting talked about a home for the long term."),
    "PPM_DECISION": PlainKind("A planning decision", "A meeting decided what the long-term plan should be."),
    "LEGAL_ADVICE_REQ": PlainKind("A question to a lawyer", "A lawyer was asked for advice."),
    "LEGAL_ADVICE_REC": PlainKind("Advice from a lawyer", "A lawyer gave advice."),
    "PCA_START": PlainKind(
        "Work to understand parents' strengths", "Work began to understand what parents can do and what help they need."
    ),
    "PCA_END": PlainKind(
        "The end of the work with parents", "The work to understand what parents can do was finished."
    ),
    "KIN_ASSESS_START": PlainKind(
        "Work with relatives or friends", "Work began with relatives or friends who might offer a home."
    ),
    "KIN_ASSESS_END": PlainKind(
        "The end of the work with relatives or friends", "The work with relatives or friends was finished."
    ),
    "MEDICAL": PlainKind("A health check", "A doctor checked health and what may be needed later."),
    "REPORT_CAPR": PlainKind("A report", "A report about the child's needs was finished."),
    "REPORT_S80": PlainKind("A report for the court", "A report for the court was finished."),
    "REHAB_DECISION": PlainKind(
        "A decision about going home", "A decision was made about going home to live with parents."
    ),
    "KINSHIP_DECISION": PlainKind(
        "A decision about relatives or friends", "A decision was made about living with relatives or friends."
    ),
    "PERM_REC": PlainKind("A long-term plan", "A meeting decided what the long-term plan should be."),
    "PERM_DECISION": PlainKind("A long-term plan", "It was decided what the long-term plan should be."),
    "PANEL_PRESENTED": PlainKind(
        "A meeting of independent people", "A group of independent people looked at the long-term plan."
    ),
    "PANEL_REC": PlainKind(
        "Advice of independent people", "A group of independent people gave their advice about the long-term plan."
    ),
    "ADM_DECISION": PlainKind("The council's decision", "The council made its decision about the long-term plan."),
    "ADM_NOTIFIED": PlainKind("A letter with the decision", "The family was told about the council's decision."),
    "HEARING_REFERRED": PlainKind(
        "A question to a children's hearing", "A children's hearing was asked what it thought of the plan."
    ),
    "ADVICE_HEARING": PlainKind("A children's hearing", "A children's hearing talked about the plan."),
    "ADVICE_REPORT": PlainKind(
        "The hearing's advice", "The children's hearing told the court what it thought of the plan."
    ),
    "COURT_LODGED": PlainKind("A request to the court", "The court was asked to make a decision."),
    "ORDER_GRANTED": PlainKind("The court's decision", "The court agreed."),
    "ORDER_REFUSED": PlainKind("The court's decision", "The court did not agree."),
    "APPLICATION_WITHDRAWN": PlainKind(
        "A change of mind about court", "The court was told that its decision was no longer asked for."
    ),
    "MATCH_PANEL": PlainKind("A new family", "It was agreed which family would be the right one."),
    "FINAL_PLACEMENT": PlainKind("A move to stay", "Moved to the home that is meant to last."),
    "RETURN_HOME": PlainKind("Going home", "Went home to live with parents."),
    "CSO_MADE": PlainKind("A children's hearing", "A children's hearing decided that help must be given."),
    "CSO_REVIEWED": PlainKind("A children's hearing", "A children's hearing looked again at its decision."),
    "CSO_TERMINATED": PlainKind("A children's hearing", "A children's hearing decided that its help could end."),
    "AT_HOME_AUDIT": PlainKind("A check of the plan at home", "The plan at home was checked."),
    "PLAN_REVIEW_2Y": PlainKind("A check of the plan at home", "After two years the plan at home was looked at again."),
    "LA_TRANSFER_IN": PlainKind("A new council", "This council took over from another one."),
    "LA_TRANSFER_OUT": PlainKind("A new council", "Another council took over."),
    "DEATH": PlainKind("Died", "Died."),
}
PLANS = {
    "HOME": "living at home with parents",
    "KINSHIP": "living with relatives or friends",
    "PO": "a long-term home that a court makes secure",
    "POA": "a long-term home that a court makes secure, and that may lead to adoption",
    "ADOPT": "adoption",
}
# By kind: what was said when a plan is named.
WITH_A_PLAN = {
    "PPM_DECISION": "A meeting decided that the long-term plan should be {plan}.",
    "PERM_REC": "A meeting decided that the long-term plan should be {plan}.",
    "PERM_DECISION": "It was decided that the long-term plan should be {plan}.",
    "PANEL_REC": "A group of independent people thought that the long-term plan should be {plan}.",
    "COURT_LODGED": "The court was asked to agree to {plan}.",
    "ORDER_GRANTED": "The court agreed to {plan}.",
    "ORDER_REFUSED": "The court did not agree to {plan}.",
}
# By kind and outcome; any other outcome is somebody's own words, which have no place here.
WITH_AN_OUTCOME = {
    ("REVIEW", "plan continues"): "A review meeting decided that the plan should carry on.",
    ("REVIEW", "recommendation made"): "A review meeting decided that it was time for a long-term plan.",
    ("REVIEW", "plan changed"): "A review meeting decided to change the plan.",
    ("REHAB_DECISION", "in"): "It was decided to work towards going home to live with parents.",
    ("REHAB_DECISION", "out"): "It was decided that going home to live with parents would not be safe or right.",
    ("KINSHIP_DECISION", "in"): "It was decided to work towards living with relatives or friends.",
    ("KINSHIP_DECISION", "out"): "It was decided that living with relatives or friends would not be possible.",
    ("PANEL_PRESENTED", "recommended"): "A group of independent people agreed with the long-term plan.",
    ("PANEL_PRESENTED", "not recommended"): "A group of independent people did not agree with the long-term plan.",
    ("PANEL_PRESENTED", "deferred"): "A group of independent people asked for more time or information.",
    ("ADM_DECISION", "refused"): "The council decided not to go ahead with the long-term plan.",
    ("ADM_DECISION", "deferred"): "The council put off its decision about the long-term plan.",
    ("AT_HOME_AUDIT", "no change"): "The plan at home was checked, and carries on.",
    ("AT_HOME_AUDIT", "plan changed"): "The plan at home was checked, and was changed.",
    ("PLAN_REVIEW_2Y", "no change"): "After two years the plan at home was looked at again, and carries on.",
    ("PLAN_REVIEW_2Y", "plan changed"): "After two years the plan at home was looked at again, and was changed.",
}
COUNCIL_AGREED = "The council agreed that the long-term plan should be {plan}."
COUNCIL_AGREED_TO_THE_PLAN = "The council agreed with the long-term plan."
STAYS = {
    "HOME_PARENT": ("Home", "at home with parents"),
    "KIN": ("Relatives, friends", "with relatives or friends"),
    "FOST_LA": ("Foster carers", "with foster carers"),
    "FOST_PURCH": ("Foster carers", "with foster carers"),
    "PROSP_ADOPT": ("New family", "with the family who hope to adopt"),
    "OTHER_COMM": ("Another home", "in another family or home"),
    "RES_LA": ("Children's house", "in a children's house"),
    "RES_VOL": ("Children's house", "in a children's house"),
    "RES_SCHOOL": ("School", "at a school with rooms to live in"),
    "RES_SECURE": ("Secure house", "in a house that is locked to keep children safe"),
    "RES_CRISIS": ("Emergency", "in a home for emergencies"),
    "RES_OTHER": ("Children's house", "in a children's house"),
}
SOMEWHERE = ("Away", "away from home")
GROUNDS = {
    "S25": ("No order", "Living away from home without an order of a hearing or court"),
    "CPO": ("Emergency", "An emergency decision of a court to keep the child safe"),
    "ICSO": ("Hearing, for now", "A children's hearing's decision for a short time"),
    "CSO": ("Children's hearing", "A children's hearing's decision that help must be given"),
    "CSO_SECURE": ("Children's hearing", "A children's hearing's decision that a locked house may be needed"),
    "PO": ("Court", "A court's decision that makes a long-term home secure"),
    "POA": ("Court", "A court's decision that makes a long-term home secure and allows adoption"),
    "KCO": ("Court", "A court's decision about living with relatives or friends"),
    "AO": ("Adopted", "Adopted"),
}
ANOTHER_GROUND = ("Another decision", "Another legal decision")
DESTINATIONS = {
    "HOME_PARENTS": "living at home with parents",
    "FRIENDS_RELATIVES": "living with relatives or friends",
    "KINSHIP_CARE_ORDER": "living with relatives or friends",
    "FORMER_FOSTER": "staying with the foster family",
    "ADOPTED": "adopted",
    "CONTINUING_CARE": "staying in the same home as a young adult",
    "SUPPORTED_ACCOM": "living in a place with support",
    "OWN_TENANCY": "living in an own home",
}
DUES = {
    "MTG_72H": "First meeting",
    "MTG_2WK": "Second meeting",
    "REVIEW": "Review meeting",
    "PERM_REC": "Long-term plan",
    "PERM_DECISION": "Long-term plan",
    "PANEL_PRESENTED": "Independent people",
    "ADM_DECISION": "The council's decision",
    "ADM_NOTIFIED": "Letter with the decision",
    "COURT_LODGED": "Request to the court",
    "ORDER_GRANTED": "The court's decision",
    "CSO_REVIEWED": "Children's hearing",
    "PLAN_REVIEW_2Y": "Check of the plan at home",
}


class PlainWording:
    """Told to children and families: whole sentences, and only words that everybody knows."""

    GAP = "Where home was in this time is not written down"
    SHORT_GAP = "?"
    LOOKED_AFTER = "In the council's care"
    SHORT_BREAK = "Short break"
    REFERRED = "first asked to help"
    ORDERED = "the court agreed"
    ROWS = {
        "marks": "What happened",
        "stays": "Where home was",
        "grounds": "Decisions of hearings and courts",
        "dues": "When things should have happened, and when they did",
    }

    def stay(self, stay: Stay) -> str:
        _short, where = STAYS.get(stay.type, SOMEWHERE)
        return f"Short break {where}" if stay.short_break else f"Living {where}"

    def short_stay(self, stay: Stay) -> str:
        return STAYS.get(stay.type, SOMEWHERE)[0]

    def ground(self, ground: Ground) -> str:
        return GROUNDS.get(ground.measure, ANOTHER_GROUND)[1]

    def short_ground(self, ground: Ground) -> str:
        return GROUNDS.get(ground.measure, ANOTHER_GROUND)[0]

    def event(self, event: Event) -> str:
        plan = PLANS.get(event.route, "")
        if event.kind == "ADM_DECISION" and event.outcome in ("approved", ""):
            if plan:
                return COUNCIL_AGREED.format(plan=plan)
            return COUNCIL_AGREED_TO_THE_PLAN if event.outcome else KINDS[event.kind].told
        if (event.kind, event.outcome) in WITH_AN_OUTCOME:
            return WITH_AN_OUTCOME[event.kind, event.outcome]
        if plan and event.kind in WITH_A_PLAN:
            return WITH_A_PLAN[event.kind].format(plan=plan)
        return KINDS[event.kind].told

    def short_event(self, event: Event) -> str:
        about = "About: " if event.precision == Precision.MONTH else ""
        return about + _without_article(KINDS[event.kind].noun)

    def expected(self, event: Event, *, is_past: bool) -> str:
        noun = KINDS[event.kind].noun
        if event.outcome in NOT_HELD:
            return f"{noun} was planned and did not take place."
        return f"{noun} was planned; it is not written down what became of it." if is_past else f"{noun} is planned."

    def due(self, due: DueMark) -> str:
        return DUES.get(due.kind, "")

    def began(self, episode: Episode) -> str:
        return "The council began to look after the child"

    def ended(self, episode: Episode) -> str:
        afterwards = DESTINATIONS.get(episode.destination, "")
        return "The council's care ended" + (f"; afterwards {afterwards}" if afterwards else "")


def _without_article(noun: str) -> str:
    for article in ("A ", "The "):
        if noun.startswith(article):
            rest = noun.removeprefix(article)
            return rest[0].upper() + rest[1:]
    return noun
