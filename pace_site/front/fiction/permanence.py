"""The way to a permanent home: from recommendation through panel, ADM and court to the order (`domain.md` 3.3)."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from milestones.catalogue import AdmOutcome, Route
from pace_site.front.fiction.history import Care, Happening
from pace_site.front.fiction.recipe import Recipe, days, draw, one_of

ORDER_OF_ROUTE = {Route.KINSHIP: "KCO", Route.PO: "PO", Route.POA: "POA", Route.ADOPT: "AO"}
CHANGE_REASONS = (
    "Kinship carer withdrew",
    "Assessment of an aunt came back positive",
    "Parents' circumstances changed",
    "No match found for adoption",
    "Foster carers wish to keep the child",
    "Child's own view, now older",
)
REVIEW_MINUTE, PANEL_MINUTE, LEGAL_TEAM, REPORTER = "review minute", "panel minute", "legal team", "hearing record"
OLDEST_FOR_ADOPTION = timedelta(days=7 * 365)


@dataclass
class Path:
    """Where the way led: the days that change where a child lives and on what ground. All may be empty."""

    happenings: list[Happening] = field(default_factory=list)
    settled_on: date | None = None  # in the final placement
    matched: bool = False  # ... with prospective adopters
    order_on: date | None = None
    order_type: str = ""
    leaves_on: date | None = None
    destination: str = ""

    def happen(self, kind: str, on: date, **details) -> None:
        self.happenings.append(Happening(kind, on, **details))


def away_route(rng: Random, *, birth: date, on: date, with_kin: bool) -> Route:
    """A route that fits the child's age and carers."""
    if with_kin:
        return draw(rng, (Route.KINSHIP, 0.55), (Route.PO, 0.42), (Route.POA, 0.03))
    if on - birth < OLDEST_FOR_ADOPTION:
        return draw(rng, (Route.PO, 0.65), (Route.POA, 0.20), (Route.ADOPT, 0.05), (Route.KINSHIP, 0.10))
    return draw(rng, (Route.PO, 0.93), (Route.KINSHIP, 0.07))


def way_to_permanence(
    rng: Random, recipe: Recipe, care: Care, *, birth: date, with_kin: bool, pre_birth_on: date | None
) -> Path:
    """Recommendation, perhaps a second one that supersedes it, and what follows from the one that holds."""
    start = care.start
    route = away_route(rng, birth=birth, on=start, with_kin=with_kin)
    if pre_birth_on:
        route = draw(rng, (Route.POA, 0.5), (Route.ADOPT, 0.2), (Route.PO, 0.3))
        recommended_on = pre_birth_on
    else:
        recommended_on = start + recommendation_delay(rng, recipe, start)
    path = Path()
    _before_recommendation(rng, recipe, path, start=start, recommended_on=recommended_on, route=route)
    path.happen("PERM_REC", recommended_on, route=route, source=REVIEW_MINUTE, pre_birth=bool(pre_birth_on))
    if rng.random() >= recipe.recommended_superseded:
        if rng.random() < 0.03:  # said again at a later review: the clock of the first one runs on
            path.happen("PERM_REC", recommended_on + days(rng, 60, 200), route=route, source=REVIEW_MINUTE)
        _onwards(rng, recipe, path, care, route=route, recommended_on=max(recommended_on, start), birth=birth)
        return path
    changed_on = max(recommended_on, start) + days(rng, 30, 280)
    first = Path()
    _onwards(rng, recipe, first, care, route=route, recommended_on=max(recommended_on, start), birth=birth)
    # An order that is already granted stands: then the plan changed before the court was asked.
    lodged = [each.on for each in first.happenings if each.kind == "COURT_LODGED"]
    changed_on = min([changed_on, *(on - timedelta(days=1) for on in lodged)])
    path.happenings += [each for each in first.happenings if each.on < changed_on and each.kind != "FINAL_PLACEMENT"]
    new_route = one_of(rng, [other for other in (Route.HOME, Route.KINSHIP, Route.PO, Route.POA) if other != route])
    reason = one_of(rng, CHANGE_REASONS) if rng.random() < 0.95 else ""
    path.happen("PERM_REC", changed_on, route=new_route, source=REVIEW_MINUTE, change_reason=reason)
    if new_route == Route.HOME:
        path.leaves_on, path.destination = changed_on + days(rng, 14, 90), "HOME_PARENTS"
    else:
        _onwards(rng, recipe, path, care, route=new_route, recommended_on=changed_on, birth=birth)
    return path


def recommendation_delay(rng: Random, recipe: Recipe, start: date) -> timedelta:
    """From accommodation to recommendation; PACE hurries those who still wait on its first day."""
    delay = recipe.recommendation.draw(rng, start, recipe.pace_start)
    waited = recipe.pace_start - start
    if timedelta(0) < waited < delay:
        return min(delay, waited + recipe.backlog.draw(rng, recipe.pace_start, recipe.pace_start))
    return delay


def _before_recommendation(
    rng: Random, recipe: Recipe, path: Path, *, start: date, recommended_on: date, route: Route
) -> None:
    """Advice, assessments, and the decisions that clear the way. Nothing here lies before the care began."""
    room = (recommended_on - start).days
    if room < 14:
        return

    def earlier(fewest: int, most: int) -> date:
        return max(start + timedelta(days=3), recommended_on - days(rng, fewest, most))

    pace = recipe.after_pace(recommended_on)
    if rng.random() < (0.4 if pace else 0.2):
        asked = earlier(30, 70)
        path.happen("LEGAL_ADVICE_REQ", asked, source=LEGAL_TEAM)
        path.happen("LEGAL_ADVICE_REC", max(asked, earlier(3, 25)), source=LEGAL_TEAM)
    if rng.random() < 0.2:
        begun = earlier(90, 160)
        path.happen("PCA_START", begun)
        path.happen("PCA_END", max(begun, earlier(10, 60)))
    if rng.random() < (0.6 if pace else 0.35):
        path.happen("REHAB_DECISION", earlier(0, 60), outcome="out", source=REVIEW_MINUTE)
    if route == Route.KINSHIP and rng.random() < 0.5:
        begun = earlier(70, 130)
        path.happen("KIN_ASSESS_START", begun)
        path.happen("KIN_ASSESS_END", max(begun, earlier(5, 50)))
        path.happen("KINSHIP_DECISION", earlier(0, 4), outcome="in", source=REVIEW_MINUTE)
    elif rng.random() < 0.15:
        path.happen("KINSHIP_DECISION", earlier(5, 60), outcome="out", source=REVIEW_MINUTE)
    if rng.random() < (0.7 if pace else 0.35):
        path.happen("PPM_DECISION", earlier(0, 21), route=route, source="planning meeting minute")


def _onwards(
    rng: Random, recipe: Recipe, path: Path, care: Care, *, route: Route, recommended_on: date, birth: date
) -> None:
    """From a recommendation away from home to the order."""
    panel_on = recommended_on + recipe.panel.draw(rng, recommended_on, recipe.pace_start)
    if route == Route.KINSHIP and rng.random() < 0.4:
        # Carers apply by themselves, without panel and agency decision maker.
        lodged_on = panel_on + recipe.court.draw(rng, panel_on, recipe.pace_start)
        _to_the_order(rng, recipe, path, route=route, lodged_on=lodged_on)
        path.settled_on = recommended_on + days(rng, 1, 60)
        path.happen("FINAL_PLACEMENT", path.settled_on)
        return
    if rng.random() < 0.4:
        path.happen("MEDICAL", _within(rng, recommended_on, panel_on))
    report = "REPORT_CAPR" if route in (Route.POA, Route.ADOPT) else "REPORT_S80"
    if rng.random() < 0.5:
        path.happen(report, _within(rng, recommended_on, panel_on))
    path.happen("PANEL_PRESENTED", panel_on, source=PANEL_MINUTE)
    if rng.random() < 0.6:
        path.happen("PANEL_REC", panel_on, route=route, source=PANEL_MINUTE)
    approved_on = _decide(rng, recipe, path, route=route, panel_on=panel_on)
    if approved_on is None:
        return
    if rng.random() < 0.6:
        path.happen("ADM_NOTIFIED", approved_on + days(rng, 1, 7 if rng.random() < 0.8 else 20))
    if route in (Route.POA, Route.ADOPT):
        path.matched = route == Route.ADOPT or rng.random() < 0.85
        path.settled_on = approved_on + days(rng, 30, 240)
        if path.matched:
            path.happen("MATCH_PANEL", path.settled_on - days(rng, 7, 28), source=PANEL_MINUTE)
    else:
        path.settled_on = max(recommended_on, approved_on + days(rng, -60, 120))
    path.happen("FINAL_PLACEMENT", path.settled_on)
    lodged_on = approved_on + recipe.court.draw(rng, approved_on, recipe.pace_start)
    if route == Route.ADOPT:
        lodged_on = max(lodged_on, path.settled_on + days(rng, 70, 200))
    elif rng.random() < 0.4:
        referred_on = _within(rng, approved_on, lodged_on)
        path.happen("HEARING_REFERRED", referred_on, source=REPORTER)
        path.happen("ADVICE_HEARING", _within(rng, referred_on, lodged_on), source=REPORTER)
    _to_the_order(rng, recipe, path, route=route, lodged_on=lodged_on)


def _decide(rng: Random, recipe: Recipe, path: Path, *, route: Route, panel_on: date) -> date | None:
    """The agency decision maker's decision; the day of approval, or None when refused."""

    def delay() -> timedelta:
        if rng.random() < recipe.adm_within_14_days:
            return days(rng, 1, 14)
        return days(rng, 15, 45)

    decided_on = panel_on + delay()
    outcome = draw(rng, (AdmOutcome.APPROVED, 0.93), (AdmOutcome.DEFERRED, 0.05), (AdmOutcome.REFUSED, 0.02))
    path.happen("ADM_DECISION", decided_on, route=route, outcome=outcome, source="decision letter")
    if outcome == AdmOutcome.DEFERRED:
        decided_on += days(rng, 14, 60)
        path.happen("ADM_DECISION", decided_on, route=route, outcome=AdmOutcome.APPROVED, source="decision letter")
    return None if outcome == AdmOutcome.REFUSED else decided_on


def _to_the_order(rng: Random, recipe: Recipe, path: Path, *, route: Route, lodged_on: date) -> None:
    path.happen("COURT_LODGED", lodged_on, route=route, order_type=ORDER_OF_ROUTE[route], source=LEGAL_TEAM)
    if rng.random() < 0.03:
        path.happen("APPLICATION_WITHDRAWN", lodged_on + days(rng, 30, 150), route=route, source=LEGAL_TEAM)
        return
    granted_on = lodged_on + recipe.order.draw(rng, lodged_on, recipe.pace_start)
    path.order_on, path.order_type = granted_on, ORDER_OF_ROUTE[route]
    path.happen("ORDER_GRANTED", granted_on, route=route, order_type=path.order_type, source="court")
    if route == Route.KINSHIP:
        path.leaves_on, path.destination = granted_on, "KINSHIP_CARE_ORDER"
    elif route == Route.ADOPT:
        path.leaves_on, path.destination = granted_on, "ADOPTED"
    elif route == Route.POA and path.matched:
        # The petition follows later, by the adopters.
        petition_on = granted_on + days(rng, 60, 200)
        adopted_on = petition_on + days(rng, 60, 150)
        path.happen("COURT_LODGED", petition_on, route=Route.ADOPT, order_type="AO", source="court")
        path.happen("ORDER_GRANTED", adopted_on, route=Route.ADOPT, order_type="AO", source="court")
        path.leaves_on, path.destination = adopted_on, "ADOPTED"


def _within(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=int(rng.random() * ((last - first).days + 1)))
