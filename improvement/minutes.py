"""The minutes of a meeting, for copying as text and for setting as PDF. Children stand in them by pseudonym alone."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from improvement.meetings import carried_over
from improvement.models import Action, AgendaItem, GroupMember, Meeting
from improvement.models.meetings import Attendance, MeetingState
from improvement.packs import Pack
from pace_site.look.typesetting import typeset
from pace_site.look.words import british_date

TEMPLATE = Path(__file__).parent / "typst" / "minutes.typ"
Fills = AgendaItem.Fills
TOOK_PLACE = frozenset({MeetingState.HELD, MeetingState.CLOSED})


@dataclass(frozen=True)
class MinutedItem:
    """One item: `shown` is what the kept pack says of it."""

    title: str
    shown: list[str]
    notes: list[str]
    decisions: list[str]


@dataclass(frozen=True)
class MinutedAction:
    """What somebody does by a day; `state` is empty for what the meeting itself agreed."""

    text: str
    owner: str
    due: str
    state: str


@dataclass(frozen=True)
class Minutes:
    """What the minutes say, in the words that one person may read."""

    title: str
    authority: str
    day: str
    place: str
    chair: str
    state: str
    present: list[str]
    apologies: list[str]
    guests: list[str]
    pack: str
    items: list[MinutedItem]
    agreed: list[MinutedAction]
    carried: list[MinutedAction]

    @property
    def filename(self) -> str:
        return f"{self.title}.pdf"


def minutes_of(
    meeting: Meeting, *, members: list[GroupMember], pack: Pack | None, words: Callable[[str], str]
) -> Minutes:
    """The minutes of a meeting; `words` hides the pseudonyms that the reader may not know, `pack` is the kept one."""
    answers = {each.member_id: each.answer for each in meeting.attendance.all()}
    state = meeting.state
    coming = Attendance.Answer.CAME if state in TOOK_PLACE else Attendance.Answer.WILL_COME

    def who(answer: str) -> list[str]:
        return [_called(each, meeting) for each in members if answers.get(each.pk) == answer]

    return Minutes(
        title=f"Minutes: {meeting}" if state in TOOK_PLACE else f"Agenda: {meeting}",
        authority=str(meeting.authority),
        day=british_date(meeting.on),
        place=meeting.place,
        chair=meeting.chair.called if meeting.chair else "",
        state=_state_in_words(meeting, state),
        present=who(coming),
        apologies=who(Attendance.Answer.APOLOGIES),
        guests=_lines(words(meeting.guests)),
        pack=f"Figures as at {pack['as_at_words']}, as they were shown: {pack['whose']}." if pack else "",
        items=[
            MinutedItem(
                item.title,
                _shown(item.fills, pack) if pack else [],
                _lines(words(item.notes)),
                _lines(words(item.decisions)),
            )
            for item in meeting.items.all()
        ],
        agreed=[_action(each, words) for each in meeting.actions.select_related("owner")],
        carried=[_action(each, words, heard_on=meeting.on) for each in carried_over(meeting)],
    )


def minutes_as_text(minutes: Minutes) -> str:
    """Plain lines, to be copied into a mail or a document."""
    lines = [minutes.title, minutes.authority]
    lines += [f"{label}: {said}" for label, said in _head(minutes) if said]
    lines += [minutes.state]
    for number, item in enumerate(minutes.items, 1):
        lines += ["", f"{number}. {item.title}", *(f"   {line}" for line in item.shown)]
        lines += [f"   {line}" for line in item.notes]
        lines += [f"   Decision: {line}" for line in item.decisions]
    for heading, actions in (("Actions agreed", minutes.agreed), ("Actions from earlier meetings", minutes.carried)):
        if actions:
            lines += ["", heading]
            lines += [
                f"- {each.text} ({each.owner}, by {each.due}{each.state and '; '}{each.state})" for each in actions
            ]
    if minutes.pack:
        lines += ["", minutes.pack]
    return "\n".join(lines) + "\n"


def minutes_as_pdf(minutes: Minutes) -> bytes:
    data = asdict(minutes) | {"head": [[label, said] for label, said in _head(minutes) if said]}
    return typeset(TEMPLATE, data)


def _head(minutes: Minutes) -> list[tuple[str, str]]:
    return [
        ("Place", minutes.place),
        ("Chair", minutes.chair),
        ("Present" if minutes.title.startswith("Minutes") else "Will come", ", ".join(minutes.present)),
        ("Apologies", ", ".join(minutes.apologies)),
        ("Guests", ", ".join(minutes.guests)),
    ]


def _state_in_words(meeting: Meeting, state: MeetingState) -> str:
    if state == MeetingState.CLOSED:
        return f"Minutes closed on {british_date(meeting.closed_on)}."
    if state == MeetingState.CALLED_OFF:
        return f"Called off: {meeting.called_off_reason}"
    return "Draft minutes, not closed yet." if state == MeetingState.HELD else "There are no minutes yet."


def _called(member: GroupMember, meeting: Meeting) -> str:
    role = "lead" if member.leads else member.get_role_display() if member.role != "other" else ""
    if meeting.aim and member.user_id is not None and member.user_id == meeting.aim.lead_id:
        role = "lead"
    return f"{member} ({role})" if role else str(member)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _action(action: Action, words: Callable[[str], str], *, heard_on: date | None = None) -> MinutedAction:
    """An action as the meeting agreed it or, with `heard_on`, as it stood when the meeting heard of it."""
    state = "" if heard_on is None else "open"
    if heard_on is not None and action.done_on is not None and action.done_on <= heard_on:
        outcome = f": {words(action.outcome)}" if action.outcome else ""
        state = f"done {british_date(action.done_on)}{outcome}"
    return MinutedAction(words(action.text), action.owned_by, british_date(action.due_on), state)


def _shown(fills: str, pack: Pack) -> list[str]:
    """The lines of the pack that belong to one item."""
    if fills == Fills.AIMS:
        return [_aim_line(aim) for aim in pack["aims"]] + [pack["stages_headline"]]
    if fills == Fills.TESTS:
        return [_test_line(test) for test in pack["tests"]]
    if fills == Fills.WAITS:
        return [f"{aim['code']}: {_waits(aim)}" for aim in pack["aims"] if aim["waits"]]
    if fills == Fills.BARRIERS:
        return [_barrier_line(barrier) for barrier in pack["barriers"]]
    return []


def _aim_line(aim: dict) -> str:
    parts = [f"{aim['code']}: {aim['headline']}.", *(f"{shown} ({words})." for shown, words in aim["percentages"])]
    return " ".join([*parts, aim["verdict"]]).strip()


def _test_line(test: dict) -> str:
    line = f"{test['aim']}, {test['title']}, cycle {test['cycle']} with {test['scale']}. {test['stage']}."
    return f"{line} {test['learned']}" if test["learned"] else line


def _waits(aim: dict) -> str:
    return ", ".join(
        f"{wait['code']} {wait['weeks']}".strip() + (" (overdue)" if wait["overdue"] else "") for wait in aim["waits"]
    )


def _barrier_line(barrier: dict) -> str:
    line = f"{barrier['text']} ({barrier['owner']}, since {barrier['raised']})"
    asked = f" Leaders are asked: {barrier['asked']}" if barrier["asked"] else ""
    return f"{line}.{asked}" + (f" Resolved {barrier['resolved']}" if barrier["resolved"] else "")
