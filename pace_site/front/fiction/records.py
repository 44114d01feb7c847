"""How the made-up history was written down: as known on the as-at day, now and then late, vague or wrong."""

from datetime import date, timedelta
from random import Random

from milestones.catalogue import Precision
from pace_site.front.fiction.history import Happening, Life, Stay
from pace_site.front.fiction.recipe import Recipe, days, one_of

PLANNED_AHEAD = timedelta(days=60)
PLANNED_KINDS = frozenset({"REVIEW", "PANEL_PRESENTED", "ADVICE_HEARING", "PPM"})
ALWAYS_EXACT = frozenset({"LA_TRANSFER_IN", "LA_TRANSFER_OUT"})
VOID_REASONS = ("Recorded on the wrong child", "Date read from the wrong minute", "Entered twice")
WRITTEN_LATE = 21
SHARE_VOIDED = 0.005
SHARE_SHORT_BREAK = 0.015
SHARE_ODD = 0.03


def keep_records(rng: Random, recipe: Recipe, life: Life) -> None:
    """Cut the life at the as-at day and write it down."""
    for care in life.care:
        care.known_on(recipe.as_at)
        care.happenings = _written(rng, recipe, care.happenings)
    life.happenings = _written(rng, recipe, life.happenings)
    if life.care and rng.random() < SHARE_SHORT_BREAK:
        _short_break(rng, recipe, life)
    if life.care and rng.random() < SHARE_ODD:
        one_of(rng, ODDITIES)(rng, life)


def _written(rng: Random, recipe: Recipe, happenings: list[Happening]) -> list[Happening]:
    """What of `happenings` is on record: past ones, the next planned ones, and a few that were voided."""
    as_at = recipe.as_at
    kept, planned = [], set()
    for each in happenings:
        day = each.on
        if day > as_at:
            soon = each.kind in PLANNED_KINDS and day <= as_at + PLANNED_AHEAD and each.kind not in planned
            if soon and rng.random() < 0.7:
                planned.add(each.kind)
                each.on, each.planned_on, each.outcome = None, day, ""
                each.recorded_on = as_at - days(rng, 0, 20)
                kept.append(each)
            continue
        each.recorded_on = min(as_at, day + timedelta(days=int(rng.random() * WRITTEN_LATE)))
        if rng.random() < SHARE_VOIDED:
            kept.append(_voided(rng, each, as_at))
        if rng.random() < recipe.inexact_dates and each.kind not in ALWAYS_EXACT and not each.pre_birth:
            _blur(rng, each)
        kept.append(each)
    return kept


def _blur(rng: Random, happening: Happening) -> None:
    """Only the month is remembered, or nothing at all."""
    if rng.random() < 0.6:
        happening.on, happening.precision = happening.on.replace(day=1), Precision.MONTH
    else:
        happening.on, happening.precision = None, Precision.UNKNOWN


def _voided(rng: Random, happening: Happening, as_at: date) -> Happening:
    """The same milestone as somebody first entered it, by mistake."""
    return Happening(
        happening.kind,
        happening.on - days(rng, 1, 12),
        route=happening.route,
        outcome=happening.outcome,
        review_kind=happening.review_kind,
        order_type=happening.order_type,
        source=happening.source,
        recorded_on=happening.recorded_on,
        void_reason=one_of(rng, VOID_REASONS),
        voided_on=min(as_at, happening.recorded_on + days(rng, 0, 20)),
    )


def _short_break(rng: Random, recipe: Recipe, life: Life) -> None:
    stay = life.care[-1].stays[-1]
    last = (stay.end or recipe.as_at) - timedelta(days=4)
    if last > stay.start:
        begun = stay.start + timedelta(days=int(rng.random() * (last - stay.start).days))
        life.care[-1].stays.append(Stay(begun, begun + timedelta(days=2), "FOST_LA", short_break=True))


# Plausible slips for the data-quality report: none breaks a constraint.


def _forget_birth(rng: Random, life: Life) -> None:
    life.birth = life.expected_on = None


def _leave_a_gap(rng: Random, life: Life) -> None:
    """A move recorded some days late: nobody knows where the child lived between."""
    for stay in life.care[0].stays:
        if not stay.short_break and stay.end and stay.end - stay.start > timedelta(days=30):
            stay.end -= days(rng, 3, 12)
            return


def _forget_destination(rng: Random, life: Life) -> None:
    life.care[0].destination = ""


def _forget_placements(rng: Random, life: Life) -> None:
    life.care[-1].stays.clear()


def _forget_route(rng: Random, life: Life) -> None:
    for each in life.care[-1].happenings:
        if each.kind == "PERM_REC":
            each.route = ""


def _forget_lodging(rng: Random, life: Life) -> None:
    care = life.care[-1]
    care.happenings = [each for each in care.happenings if each.kind != "COURT_LODGED"]


def _type_old_century(rng: Random, life: Life) -> None:
    """An empty cell of a spreadsheet that was read as a date."""
    for each in life.care[-1].happenings:
        if each.kind == "MEDICAL":
            each.on, each.precision, each.recorded_on = date(1900, 1, 1), Precision.DAY, life.care[-1].start


ODDITIES = (
    _forget_birth,
    _leave_a_gap,
    _forget_destination,
    _forget_placements,
    _forget_route,
    _forget_lodging,
    _type_old_century,
)
