"""Take in the programme of another authority: its charter, groups, scores, barriers and meetings."""

from typing import Any

from aims.models import Aim
from improvement.actions.programme import CHARTER, programme_of
from improvement.models import Action, AgendaItem, Barrier, GroupMember, Meeting, Programme, ProgressScore
from improvement.sharing.shapes import LEAD
from improvement.sharing.taking import Standing, Taking, given


def take_in_programme(taking: Taking, said: dict[str, Any]) -> None:
    """Write the charter, groups, scores, barriers and meetings, unless the authority has a charter of its own."""
    if not any(said.values()):
        return
    charter = said.get("charter", {})
    row = Programme.objects.filter(authority=taking.authority).first()
    own = {name: getattr(row, name) for name in CHARTER if getattr(row, name)} if row else {}
    if own and own != charter:
        taking.taken.notes.append(
            f"The charter, groups, scores, barriers and meetings were left out: {taking.authority.name} has a "
            "charter of its own."
        )
        return
    row = row or programme_of(taking.by)
    if not own and charter:
        for name, value in charter.items():
            setattr(row, name, value)
        taking.save(row, "programme, charter")
        taking.count("charter", is_new=True)
    _members(taking, row, said.get("members", []))
    _scores(taking, row, said.get("scores", []))
    _barriers(taking, said.get("barriers", []))
    _meetings(taking, said.get("meetings", []))


def _members(taking: Taking, programme: Programme, members: list[dict[str, Any]]) -> None:
    rows = list(GroupMember.objects.filter(programme=programme).order_by("pk"))
    standing = Standing(rows, lambda row: (row.user_id or row.name, row.aim_id, row.joined_on))
    there = {(row.user_id, row.aim_id) for row in rows if row.left_on is None}
    has_lead = any(row.leads for row in rows)
    for number, said in enumerate(members, 1):
        aim, is_there = taking.aim_of(said, what=f"Member {number} of the groups")
        if not is_there:
            continue
        who = {"user": taking.by} if said["who"] == LEAD else {"name": said["who"]}
        key = aim and aim.pk
        found = standing.take(taking.by.pk if "user" in who else said["who"], key, said["joined_on"])
        is_new = found is None and not ("user" in who and not said.get("left_on") and (taking.by.pk, key) in there)
        taking.count("member", is_new=is_new)
        if not is_new:
            continue
        leads = bool(said.get("leads")) and not has_lead
        values = given(said, "agency", "role", "joined_on", "left_on")
        row = GroupMember(programme=programme, aim=aim, leads=leads, **who, **values)
        taking.save(row, f"programme, member {number}")


def _scores(taking: Taking, programme: Programme, scores: list[dict[str, Any]]) -> None:
    rows = ProgressScore.objects.filter(programme=programme).order_by("pk")
    standing = Standing(rows, lambda row: (row.month, row.score, row.reason))
    for number, said in enumerate(scores, 1):
        found = standing.take(said["month"], said["score"], said["reason"])
        taking.count("progress score", is_new=found is None)
        if found is None:
            taking.save(ProgressScore(programme=programme, by=taking.by, **said), f"programme, score {number}")


def _barriers(taking: Taking, barriers: list[dict[str, Any]]) -> None:
    rows = Barrier.objects.filter(authority=taking.authority).order_by("pk")
    standing = Standing(rows, lambda row: (row.text, row.aim_id, row.raised_on))
    for number, said in enumerate(barriers, 1):
        aim, is_there = taking.aim_of(said, what=f"Barrier {number}")
        if not is_there:
            continue
        found = standing.take(said["text"], aim and aim.pk, said["raised_on"])
        taking.count("barrier", is_new=found is None)
        if found is None:
            values = given(said, "text", "raised_on", "asked", "resolved_on", "resolution")
            row = Barrier(authority=taking.authority, aim=aim, **_owner(taking, said), **values)
            taking.save(row, f"programme, barrier {number}")


def _owner(taking: Taking, said: dict[str, Any]) -> dict[str, Any]:
    return {"owner": taking.by} if said["owner"] == LEAD else {"partner": said["owner"]}


def _meetings(taking: Taking, meetings: list[dict[str, Any]]) -> None:
    rows = Meeting.objects.filter(authority=taking.authority).order_by("pk")
    standing = Standing(rows, lambda row: (row.kind, row.aim_id, row.on))
    for number, said in enumerate(meetings, 1):
        aim, is_there = taking.aim_of(said, what=f"The meeting of {said['on']}")
        if not is_there:
            continue
        found = standing.take(said["kind"], aim and aim.pk, said["on"])
        taking.count("meeting", is_new=found is None)
        if found is None:
            _meeting(taking, said, aim, f"programme, meeting {number}")


def _meeting(taking: Taking, said: dict[str, Any], aim: Aim | None, place: str) -> None:
    meeting = Meeting(
        authority=taking.authority, aim=aim, **given(said, "kind", "on", "called_off_reason", "closed_on")
    )
    meeting.closed_by = taking.by if meeting.closed_on else None
    taking.save(meeting, place)
    for position, each in enumerate(said.get("agenda", []), 1):
        taking.save(AgendaItem(meeting=meeting, position=position, **each), f"{place}, agenda item {position}")
    for number, each in enumerate(said.get("actions", []), 1):
        values = given(each, "text", "due_on", "done_on", "outcome")
        row = Action(
            meeting=meeting, done_by=taking.by if "done_on" in each else None, **_owner(taking, each), **values
        )
        taking.save(row, f"{place}, action {number}")
