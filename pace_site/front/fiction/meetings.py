"""Made-up planning meetings, reviews and audits (`domain.md` 3.2)."""

from datetime import date, timedelta
from random import Random

from pace_site.front.fiction.history import Care
from pace_site.front.fiction.recipe import Recipe, days, draw

REVIEW_MINUTE = "review minute"
HALF_YEAR = timedelta(days=182)
AUDIT_OUTCOMES = (("no change", 0.5), ("plan changed", 0.3), ("seek to end CSO", 0.2))


def meet_away(rng: Random, recipe: Recipe, care: Care, *, since: date, until: date) -> None:
    """Meetings of a child accommodated on `since`, as far as `until`."""

    def hold(kind: str, on: date, **details) -> None:
        if on <= until:
            care.happen(kind, on, **details)

    if rng.random() < 0.8:
        hold("MTG_72H", since + days(rng, 1, 3 if rng.random() < 0.85 else 9))
    if recipe.after_pace(since) and rng.random() < 0.8:
        hold("MTG_2WK", since + days(rng, 9, 18))
    for kind, due, share in (("6wk", 42, 0.85), ("3m", 133, 0.65), ("18wk", 126, 0.2), ("6m", 230, 0.6)):
        if kind == "18wk" and not recipe.after_pace(since):
            continue
        if rng.random() < share:
            early = 40 if kind == "6m" and recipe.after_pace(since) else 8
            _review(rng, hold, since + timedelta(days=due) + days(rng, -early, 9), kind)
    review_on = since + timedelta(days=230) + HALF_YEAR
    while review_on <= until:
        if rng.random() < recipe.later_reviews:
            _review(rng, hold, review_on + days(rng, -20, 14), "other")
        review_on += HALF_YEAR


def meet_at_home(rng: Random, recipe: Recipe, care: Care, *, since: date, until: date) -> None:
    """Reviews of a child at home on a supervision order, and the review of the plan at two years."""

    def hold(kind: str, on: date, **details) -> None:
        if on <= until:
            care.happen(kind, on, **details)

    if recipe.after_pace(since) and rng.random() < 0.7:
        _review(rng, hold, since + days(rng, 35, 48), "at-home")
        _review(rng, hold, since + days(rng, 85, 105), "at-home")
    review_on = since + HALF_YEAR
    for _ in range(4):
        if rng.random() < recipe.reviews_at_home:
            _review(rng, hold, review_on + days(rng, -25, 25), "at-home")
        review_on += HALF_YEAR
    pace = recipe.after_pace(since + timedelta(days=640))
    if rng.random() < (0.3 if pace else 0.1):
        hold("AT_HOME_AUDIT", since + days(rng, 560, 700), outcome=draw(rng, *AUDIT_OUTCOMES), source="audit report")
    if rng.random() < (0.6 if pace else 0.35):
        late = 100 if not pace or rng.random() < 0.25 else 0
        hold("PLAN_REVIEW_2Y", since + days(rng, 660, 728 + late), source=REVIEW_MINUTE)


def _review(rng: Random, hold, on: date, kind: str) -> None:
    planned_on = on - days(rng, 0, 21) if rng.random() < 0.2 else None
    hold("REVIEW", on, review_kind=kind, planned_on=planned_on, source=REVIEW_MINUTE)
