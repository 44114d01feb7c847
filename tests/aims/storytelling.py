"""Say what matters of one child in a line or two; the rest is ordinary."""

from datetime import date

from aims.definition import AimDefinition
from tests.naive.histories import ChildHistory, Episode, Event, Legal, Placement


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def looked_after(start: str, end: str | None = None) -> Episode:
    return Episode(day(start), day(end))


def placed(kind: str, start: str, end: str | None = None, *, short_break: bool = False) -> Placement:
    return Placement(day(start), day(end), kind, short_break)


def foster(start: str, end: str | None = None, **more) -> Placement:
    return placed("FOST_LA", start, end, **more)


def home(start: str, end: str | None = None, **more) -> Placement:
    return placed("HOME_PARENT", start, end, **more)


def order(code: str, start: str, end: str | None = None) -> Legal:
    return Legal(day(start), day(end), code)


def event(kind: str, on: str | None, **more) -> Event:
    return Event(kind, day(on), **more)


def recommended(on: str, route: str = "PO", **more) -> Event:
    return event("PERM_REC", on, route=route, **more)


def adm(on: str, outcome: str = "approved", route: str = "PO", **more) -> Event:
    return event("ADM_DECISION", on, outcome=outcome, route=route, **more)


def child(*parts, born: str | None = "2012-05-05", ref: str = "C1", family: str | None = None) -> ChildHistory:
    """A child with whatever `parts` say, in the order given."""

    def of(kind):
        return tuple(part for part in parts if isinstance(part, kind))

    return ChildHistory(
        ref=ref,
        family=family,
        born=day(born),
        episodes=of(Episode),
        placements=of(Placement),
        legal=of(Legal),
        events=of(Event),
    )


def accommodated(on: str, *parts, left: str | None = None, **more) -> ChildHistory:
    """A child in foster care from a day, perhaps until a day."""
    return child(looked_after(on, left), foster(on, left), *parts, **more)


def aim(**changes) -> AimDefinition:
    """Recommendation within 26 weeks of accommodation, but for the changes."""
    plain = {
        "code": "TEST",
        "title": "A test aim",
        "start_event": "ACCOM_START",
        "stop_event": ["PERM_REC"],
        "limit": "26 weeks",
        "target_pct": 80,
    }
    return AimDefinition.from_mapping({**plain, **changes})


def panel_aim(**changes) -> AimDefinition:
    plain = {
        "start_event": "PERM_REC",
        "stop_event": ["PANEL_PRESENTED"],
        "limit": "12 weeks",
        "routes": ["PO", "POA", "ADOPT"],
    }
    return aim(**{**plain, **changes})


def court_aim(**changes) -> AimDefinition:
    plain = {
        "start_event": "ADM_APPROVED",
        "stop_event": ["COURT_LODGED"],
        "limit": "14 weeks",
        "routes": ["PO", "POA"],
    }
    return aim(**{**plain, **changes})
