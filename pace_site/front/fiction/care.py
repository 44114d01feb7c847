"""Simulated care: where a child lived, on what legal ground, from coming into care to leaving it."""

from datetime import date, timedelta
from random import Random

from children.codes import CSO, HOME_PARENT, KINSHIP_PLACEMENT
from pace_site.front.fiction.history import Basis, Care, Stay
from pace_site.front.fiction.meetings import meet_at_home, meet_away
from pace_site.front.fiction.permanence import Path, recommendation_delay, way_to_permanence
from pace_site.front.fiction.recipe import Recipe, days, draw, one_of

DAY = timedelta(days=1)
YEAR = timedelta(days=365)
KIN, FOSTER, RESIDENTIAL = "kin", "foster", "residential"
PROVIDERS = ("Tidewater Fostering (fictional)", "Larkspur Care (fictional)", "Harbour Homes (fictional)")
# How many moves a child makes before settling, besides a return home or the move to the final placement.
MOVES = ((0, 0.22), (1, 0.24), (2, 0.22), (3, 0.17), (4, 0.10), (5, 0.05))
OTHER_PARENT = 0.4  # of those at home, who move from one parent to the other
LEAVING_AT_18 = (("CONTINUING_CARE", 0.35), ("OWN_TENANCY", 0.25), ("SUPPORTED_ACCOM", 0.25), ("OTHER", 0.15))


def home_care(rng: Random, recipe: Recipe, *, start: date, birth: date, ends_on: date | None) -> Care:
    """Looked after at home on a supervision order; one in ten is accommodated later."""
    care = Care(start)
    leaves_on = ends_on or start + recipe.at_home.draw(rng, start, recipe.pace_start)
    if ends_on is None and rng.random() < 0.1:
        away_on = start + (leaves_on - start) / 2
        care.stays.append(Stay(start, away_on, HOME_PARENT))
        _supervise(rng, recipe, care, since=start, until=None)
        _live_away(rng, recipe, care, since=away_on, birth=birth, pre_birth_on=None)
        meet_at_home(rng, recipe, care, since=start, until=away_on)
        return care
    care.stays.append(Stay(start, None, HOME_PARENT))
    if rng.random() < OTHER_PARENT:
        moved_on = start + DAY * round((leaves_on - start).days * rng.uniform(0.2, 0.8))
        care.stays[-1].end = moved_on
        care.stays.append(Stay(moved_on, None, HOME_PARENT))
    _supervise(rng, recipe, care, since=start, until=leaves_on)
    meet_at_home(rng, recipe, care, since=start, until=leaves_on)
    _leave(rng, care, on=leaves_on, destination="HOME_PARENTS")
    return care


def away_care(
    rng: Random, recipe: Recipe, *, start: date, birth: date, ends_on: date | None, pre_birth_on: date | None = None
) -> Care:
    """Accommodated away from home: back to the parents, or on the way to a permanent home elsewhere."""
    care = Care(start)
    if ends_on and rng.random() < 0.5:
        _stay_briefly(rng, recipe, care, birth=birth, ends_on=ends_on)
        return care
    if ends_on or (pre_birth_on is None and rng.random() < recipe.returns_home):
        _return_home(rng, recipe, care, birth=birth, ends_on=ends_on)
        return care
    _hold_away(rng, recipe, care)
    _live_away(rng, recipe, care, since=start, birth=birth, pre_birth_on=pre_birth_on)
    return care


def leave_at_18(rng: Random, care: Care, *, birth: date) -> None:
    """End the care on the 18th birthday if it would last longer."""
    day = 28 if (birth.month, birth.day) == (2, 29) else birth.day
    birthday = birth.replace(year=birth.year + 18, day=day)
    if care.end is None or care.end > birthday:
        care.close(birthday, draw(rng, *LEAVING_AT_18))


def transfer(rng: Random, recipe: Recipe, care: Care, *, birth: date) -> None:
    """Now and then responsibility comes from, or goes to, another authority."""
    mark = rng.random()
    if mark < recipe.transferred_in:
        first = max(birth, care.start - days(rng, 30, 500))
        known = rng.random() < 0.75
        care.happen("LA_TRANSFER_IN", care.start, first_accommodated_on=first if known else None)
    elif mark < recipe.transferred_in + recipe.transferred_out:
        out_on = care.start + days(rng, 60, 700)
        if care.end is None or out_on < care.end:
            care.close(out_on, "OTHER")
            care.happen("LA_TRANSFER_OUT", out_on)


def _stay_briefly(rng: Random, recipe: Recipe, care: Care, *, birth: date, ends_on: date) -> None:
    """Away for a while, then to relatives without an order; no plan was made."""
    _place(rng, care, _away_setting(rng, care.start - birth), since=care.start, until=ends_on, birth=birth)
    _hold_away(rng, recipe, care, until=ends_on)
    meet_away(rng, recipe, care, since=care.start, until=ends_on)
    _leave(rng, care, on=ends_on, destination="FRIENDS_RELATIVES")


def _return_home(rng: Random, recipe: Recipe, care: Care, *, birth: date, ends_on: date | None) -> None:
    start = care.start
    home_on = start + recipe.return_home.draw(rng, start, recipe.pace_start)
    if ends_on:
        home_on = min(home_on, start + (ends_on - start) * rng.uniform(0.5, 1))
    stays_on_order = rng.random() < 0.5
    leaves_on = home_on
    if stays_on_order:
        leaves_on = ends_on if ends_on and ends_on > home_on else home_on + days(rng, 120, 500)
    _place(rng, care, _away_setting(rng, start - birth), since=start, until=home_on, birth=birth)
    if not stays_on_order:
        _hold_away(rng, recipe, care, until=leaves_on)
    else:
        care.stays[-1].end = home_on
        care.stays.append(Stay(home_on, None, HOME_PARENT))
        care.bases.append(Basis(start, home_on, "S25"))
        _supervise(rng, recipe, care, since=home_on, until=leaves_on)
        meet_at_home(rng, recipe, care, since=home_on, until=leaves_on)
    meet_away(rng, recipe, care, since=start, until=home_on)
    recommended_on = start + recommendation_delay(rng, recipe, start)
    if recommended_on < home_on:
        if rng.random() < 0.6:
            care.happen("REHAB_DECISION", recommended_on, outcome="in", source="review minute")
        care.happen("PERM_REC", recommended_on, route="HOME", source="review minute")
    if rng.random() < 0.6:
        care.happen("RETURN_HOME", home_on, source="review minute")
    _leave(rng, care, on=leaves_on, destination="HOME_PARENTS")


def _live_away(rng: Random, recipe: Recipe, care: Care, *, since: date, birth: date, pre_birth_on: date | None) -> None:
    """From `since` on the child lives away, on the way to permanence."""
    setting = _away_setting(rng, since - birth)
    away = Care(since)
    path = way_to_permanence(rng, recipe, away, birth=birth, with_kin=setting == KIN, pre_birth_on=pre_birth_on)
    _place(rng, care, setting, since=since, until=path.settled_on, birth=birth)
    _settle(rng, care, path)
    care.happenings += path.happenings
    if path.order_on and path.order_type in ("PO", "POA"):
        care.bases = [each for each in care.bases if each.start < path.order_on]
        for basis in care.bases:
            basis.end = min(basis.end or path.order_on, path.order_on)
        care.happenings = [each for each in care.happenings if each.kind != "CSO_REVIEWED" or each.on < path.order_on]
        care.bases.append(Basis(path.order_on, None, path.order_type))
    until = min(each for each in (path.leaves_on, path.order_on, recipe.as_at) if each)
    meet_away(rng, recipe, care, since=since, until=until)
    if path.leaves_on:
        care.close(path.leaves_on, path.destination)


def _settle(rng: Random, care: Care, path: Path) -> None:
    """Move to the final placement, or stay where one is."""
    if path.settled_on is None or path.settled_on <= care.stays[-1].start:
        return
    if path.matched:
        kind = "PROSP_ADOPT"
    elif rng.random() < 0.3:
        kind = draw(rng, (KINSHIP_PLACEMENT, 0.4), ("FOST_LA", 0.45), ("FOST_PURCH", 0.15))
    else:
        return
    care.stays[-1].end = path.settled_on
    care.stays.append(_stay(rng, path.settled_on, kind))


def _place(rng: Random, care: Care, setting: str, *, since: date, until: date | None, birth: date) -> None:
    """Placements from `since` on, each beginning on the day on which the last ends."""
    stay = _stay(rng, since, _placement_type(rng, setting))
    care.stays.append(stay)
    for _ in range(draw(rng, *MOVES)):
        moved_on = stay.start + DAY * max(3, round(rng.lognormvariate(4.75, 0.9)))
        if until and moved_on >= until:
            break
        setting = _next_setting(rng, setting, moved_on - birth)
        stay.end = moved_on
        stay = _stay(rng, moved_on, _placement_type(rng, setting))
        care.stays.append(stay)


def _away_setting(rng: Random, age: timedelta) -> str:
    """Kinship, foster or residential, so that all ages together come to the mix of 31 July 2023."""
    years = age / YEAR
    if years < 8:
        return draw(rng, (KIN, 0.55), (FOSTER, 0.45))
    if years < 12:
        return draw(rng, (KIN, 0.44), (FOSTER, 0.30), (RESIDENTIAL, 0.26))
    return draw(rng, (KIN, 0.27), (FOSTER, 0.18), (RESIDENTIAL, 0.55))


def _next_setting(rng: Random, setting: str, age: timedelta) -> str:
    if setting == RESIDENTIAL:
        return draw(rng, (RESIDENTIAL, 0.75), (FOSTER, 0.25))
    if setting == KIN:
        return draw(rng, (KIN, 0.6), (FOSTER, 0.4))
    if age < 8 * YEAR:
        return draw(rng, (FOSTER, 0.5), (KIN, 0.5))
    return draw(rng, (FOSTER, 0.45), (KIN, 0.3), (RESIDENTIAL, 0.25))


def _placement_type(rng: Random, setting: str) -> str:
    if setting == KIN:
        return KINSHIP_PLACEMENT
    if setting == FOSTER:
        return draw(rng, ("FOST_LA", 0.66), ("FOST_PURCH", 0.29), ("OTHER_COMM", 0.05))
    return draw(
        rng, ("RES_LA", 0.5), ("RES_SCHOOL", 0.25), ("RES_VOL", 0.15), ("RES_SECURE", 0.04), ("RES_OTHER", 0.06)
    )


def _stay(rng: Random, start: date, kind: str) -> Stay:
    purchased = kind in ("FOST_PURCH", "RES_VOL", "RES_SCHOOL")
    carer = "" if kind.startswith("RES") else f"CARER-{int(rng.random() * 900) + 100}"
    return Stay(start, None, kind, provider=one_of(rng, PROVIDERS) if purchased else "", carer=carer)


def _hold_away(rng: Random, recipe: Recipe, care: Care, *, until: date | None = None) -> None:
    """The ground on which a child is accommodated: agreed with the parents, or ordered."""
    begun = care.start
    way = draw(rng, ("S25", 0.5), ("CPO", 0.17), ("ICSO", 0.13), (CSO, 0.2))
    if way == "S25":
        ordered_on = begun + days(rng, 40, 300) if rng.random() < 0.4 else None
        care.bases.append(Basis(begun, ordered_on, "S25"))
        if ordered_on is None or (until and ordered_on >= until):
            return
        begun = ordered_on
    if way == "CPO":
        care.bases.append(Basis(begun, begun + 7 * DAY, "CPO"))
        begun += 7 * DAY
    if way in ("CPO", "ICSO"):
        for _ in range(rng.randint(1, 3)):
            care.bases.append(Basis(begun, begun + 21 * DAY, "ICSO"))
            begun += 22 * DAY
    _supervise(rng, recipe, care, since=begun, until=until)


def _supervise(rng: Random, recipe: Recipe, care: Care, *, since: date, until: date | None) -> None:
    """A supervision order, continued each year by a hearing."""
    last = until or recipe.as_at
    made_on = since
    if rng.random() < 0.35:
        care.happen("CSO_MADE", since, source="hearing record")
    while made_on <= last:
        runs_out = made_on + YEAR - DAY
        care.bases.append(Basis(made_on, runs_out, CSO))
        made_on = runs_out + DAY
        if made_on <= last and rng.random() < 0.4:
            care.happen("CSO_REVIEWED", made_on, source="hearing record")


def _leave(rng: Random, care: Care, *, on: date, destination: str) -> None:
    care.close(on, destination)
    if care.bases and care.bases[-1].measure == CSO and rng.random() < 0.7:
        care.happen("CSO_TERMINATED", on, source="hearing record")
