"""Plan a meeting, order its agenda, write its minutes, keep its pack and close it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from aims.models import Aim
from improvement.editions import at_edition, change
from improvement.meetings import group_of, template_of
from improvement.models import AgendaItem, Attendance, GroupMember, Meeting
from improvement.models.programme import TEXT
from improvement.named_children import refuse_named_children
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.actions import remove_record, save_record

NO_MINUTES = "Nothing more is written into this meeting: it is called off, or its minutes are closed."
MOST_ITEMS = 30


@transaction.atomic
def plan_meeting(
    *, on: date, aim: Aim | None = None, place: str = "", chair: GroupMember | None = None, by: User
) -> Meeting:
    """Plan a meeting of the Champions' Group, or of the group of `aim`, with the agenda of the template."""
    check_can(by, Permission.LEAD_IMPROVEMENT)
    if aim is not None and aim.authority_id != by.organisation_id:
        raise ValidationError({"aim": "Choose an aim of your own authority."})
    kind = Meeting.Kind.CHAMPIONS if aim is None else Meeting.Kind.AIM_GROUP
    meeting = Meeting(authority=by.organisation, kind=kind, aim=aim, on=on)
    for name, value in _checked(meeting, {"on": on, "place": place, "chair": chair}, by=by).items():
        setattr(meeting, name, value)
    save_record(meeting, by=by)
    for position, (title, fills) in enumerate(template_of(meeting), 1):
        save_record(AgendaItem(meeting=meeting, position=position, title=title, fills=fills), by=by)
    return meeting


@transaction.atomic
def change_meeting(meeting: Meeting, said: Mapping[str, Any], *, edition: int, by: User) -> bool:
    """Say anew when and where it is and who chairs; False when it says so already. Raises `Collision`."""
    current = _open(meeting, edition=edition, by=by)
    return change(meeting, _checked(current, said, by=by), edition=edition, by=by)


@transaction.atomic
def call_off_meeting(meeting: Meeting, *, reason: str, edition: int, by: User) -> None:
    """It does not take place; what was agreed before stays with the meeting before."""
    current = _open(meeting, edition=edition, by=by)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": "Say why it is called off, so that others understand."})
    if current.state != "planned" or current.actions.exists():
        raise ValidationError("This meeting was held: its minutes say who came or what was said.")
    refuse_named_children({"reason": reason}, by=by)
    change(meeting, {"called_off_reason": reason}, edition=edition, by=by)


@transaction.atomic
def set_agenda(meeting: Meeting, items: Sequence[tuple[int | None, str]], *, edition: int, by: User) -> bool:
    """Let the agenda be these (key, title) in this order, without a key for a new one; those left out are removed.

    Raises `Collision`, and `ValidationError` where something with minutes is left out.
    """
    current = _open(meeting, edition=edition, by=by)
    wanted = [(key, title.strip()) for key, title in items]
    before = list(current.items.all())
    rows = {item.pk: item for item in before}
    kept = [key for key, _title in wanted if key is not None]
    if len(wanted) > MOST_ITEMS:
        raise ValidationError(f"An agenda has at most {MOST_ITEMS} items.")
    if not wanted or not all(title for _key, title in wanted):
        raise ValidationError("Give each item a title, and keep at least one.")
    if set(kept) - set(rows) or len(kept) != len(set(kept)):
        raise ValidationError("An item is not on this agenda any more. Look at it as it is now.")
    if spoken := [item.title for item in before if item.pk not in kept and (item.notes or item.decisions)]:
        raise ValidationError(f"There are minutes of “{spoken[0]}”, so it stays on the agenda.")
    refuse_named_children({f"title_{number}": title for number, (_key, title) in enumerate(wanted)}, by=by)
    if [(item.pk, item.title) for item in before] == wanted:
        return False
    for item in before:
        if item.pk not in kept:
            remove_record(item, by=by)
    for position, (key, title) in enumerate(wanted, 1):
        item = rows.get(key) or AgendaItem(meeting=current)
        item.position, item.title = position, title
        save_record(item, by=by)
    return change(meeting, {}, edition=edition, by=by, with_others=True)


@transaction.atomic
def write_minutes(
    meeting: Meeting,
    *,
    answers: Mapping[int, str],
    guests: str,
    said: Mapping[int, tuple[str, str]],
    edition: int,
    by: User,
) -> bool:
    """Write who came and what was said; False when the minutes say so already. Raises `Collision`.

    `answers` are those of members by key, empty where nothing is known; `said` are (notes, decisions) of items by key.
    Children are named by pseudonym, and never otherwise.
    """
    current = _open(meeting, edition=edition, by=by)
    guests = _tidy(guests)
    said = {key: (_tidy(notes), _tidy(decisions)) for key, (notes, decisions) in said.items()}
    items = {item.pk: item for item in current.items.all()}
    if set(said) - set(items):
        raise ValidationError("An item is not on this agenda any more. Look at it as it is now.")
    texts = {f"notes_{key}": notes for key, (notes, _decisions) in said.items()}
    texts |= {f"decisions_{key}": decisions for key, (_notes, decisions) in said.items()}
    if too_long := [name for name, text in texts.items() if len(text) > TEXT]:
        raise ValidationError(dict.fromkeys(too_long, f"Say it in {TEXT:,} characters."))
    refuse_named_children(texts | {"guests": guests}, by=by, but_pseudonyms=True)
    others = _answer(current, answers, by=by)
    for key, (notes, decisions) in said.items():
        item = items[key]
        if (item.notes, item.decisions) != (notes, decisions):
            item.notes, item.decisions = notes, decisions
            save_record(item, by=by)
            others = True
    return change(meeting, {"guests": guests}, edition=edition, by=by, with_others=others)


@transaction.atomic
def answer_invitation(meeting: Meeting, *, answer: str, by: User) -> None:
    """A member says whether they will come; once the minutes are written, they say who came."""
    check_can(by, Permission.VIEW_IMPROVEMENT)
    current = type(meeting).objects.visible_to(by).select_for_update().get(pk=meeting.pk)
    if current.state != "planned":
        raise ValidationError("The minutes of this meeting say who came.")
    member = group_of(current).filter(user=by).first()
    if member is None:
        raise PermissionDenied("Only members of this group say whether they come.")
    if answer not in (Attendance.Answer.WILL_COME, Attendance.Answer.APOLOGIES):
        raise ValidationError("Say that you will come, or that you send apologies.")
    _answer(current, {member.pk: answer}, by=by)


@transaction.atomic
def keep_pack(meeting: Meeting, pack: dict[str, Any], *, edition: int, by: User) -> None:
    """Freeze the figures as they are shown: later corrections do not change them (`design.md` 7)."""
    current = _open(meeting, edition=edition, by=by)
    if current.on > timezone.localdate():
        raise ValidationError("The pack is kept once the day of the meeting has come.")
    if current.pack is not None:
        raise ValidationError("The pack of this meeting is kept already.")
    kept = {"pack": pack, "pack_kept_on": timezone.localdate(), "pack_kept_by": by}
    change(meeting, kept, edition=edition, by=by)


@transaction.atomic
def close_minutes(meeting: Meeting, *, edition: int, by: User, on: date | None = None) -> None:
    """The minutes stand: nothing more is written into them."""
    current = _open(meeting, edition=edition, by=by)
    if current.state != "held":
        raise ValidationError("There are no minutes to close: say who came, or what was said.")
    if current.on > timezone.localdate():
        raise ValidationError("Minutes are closed once the day of the meeting has come.")
    change(meeting, {"closed_on": on or timezone.localdate(), "closed_by": by}, edition=edition, by=by)


@transaction.atomic
def reopen_minutes(meeting: Meeting, *, edition: int, by: User) -> None:
    """Let the minutes be put right; the trail keeps that they were closed."""
    check_can(by, Permission.LEAD_IMPROVEMENT)
    type(meeting).objects.visible_to(by).get(pk=meeting.pk)
    if at_edition(meeting, edition).closed_on is None:
        raise ValidationError("The minutes of this meeting are open.")
    change(meeting, {"closed_on": None, "closed_by": None}, edition=edition, by=by)


def _open(meeting: Meeting, *, edition: int, by: User) -> Meeting:
    check_can(by, Permission.LEAD_IMPROVEMENT)
    type(meeting).objects.visible_to(by).get(pk=meeting.pk)
    current = at_edition(meeting, edition)
    if not current.takes_minutes:
        raise ValidationError(NO_MINUTES)
    return current


def _checked(meeting: Meeting, said: Mapping[str, Any], *, by: User) -> dict[str, Any]:
    values = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    chair = values.get("chair")
    if chair is not None and chair != meeting.chair and chair not in set(group_of(meeting)):
        raise ValidationError({"chair": "Choose a member of the group that meets."})
    refuse_named_children({"place": values.get("place", "")}, by=by)
    return values


def _answer(meeting: Meeting, answers: Mapping[int, str], *, by: User) -> bool:
    """Write what members answered; True when that changed something."""
    before = {each.member_id: each for each in meeting.attendance.all()}
    able = {member.pk for member in group_of(meeting)} | set(before)
    if set(answers) - able:
        raise ValidationError("Somebody is not in this group any more. Look at it as it is now.")
    changed = False
    for key, answer in answers.items():
        row = before.get(key)
        if (row.answer if row else "") == answer:
            continue
        changed = True
        if not answer:
            remove_record(row, by=by)
            continue
        row = row or Attendance(meeting=meeting, member_id=key)
        row.answer = answer
        save_record(row, by=by)
    return changed


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
