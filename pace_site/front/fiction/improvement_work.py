"""Tell the year of improvement work of the demo: the story is data, and what its people did goes through actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from aims.models import Aim
from children.models import Child
from improvement.actions.agreed import agree_action, complete_action
from improvement.actions.barriers import raise_barrier, resolve_barrier
from improvement.actions.change_ideas import propose_idea, take_from_library
from improvement.actions.cycles import decide, open_next_cycle, plan_cycle, record_do, record_study
from improvement.actions.driver_diagrams import start_diagram, text_of
from improvement.actions.drivers import add_driver, link_idea
from improvement.actions.implementations import change_implementation
from improvement.actions.measures import add_from_register, change_measure, months_before, type_value
from improvement.actions.meetings import close_minutes, plan_meeting, write_minutes
from improvement.actions.programme import NOT_WRITTEN_YET, add_member, give_score, write_charter
from improvement.actions.tests_of_change import start_test
from improvement.meetings import members_of
from improvement.models import Action, ChangeIdea, GroupMember, Implementation, PdsaCycle, TestOfChange
from improvement.models.drivers import Level
from pace_site.accounts.models import User
from pace_site.accounts.roles import Role

STORY = Path(__file__).parent / "improvement_story.yaml"
JUST_ACCOMMODATED = timedelta(weeks=6)  # before a cycle: such children are tried with
PLAN = ("scale", "objective", "who", "what", "where", "when", "data_items")
STUDIED = {
    "results": "results",
    "comparison": "comparison",
    "parents": "parents_said",
    "children": "children_said",
    "practitioners": "practitioners_said",
    "learned": "learned",
}


@dataclass
class Storyteller:
    """The people and the last day of one made-up authority. Weeks count back from that day; ideas are by name."""

    people: Mapping[str, User]
    last: date
    ideas: dict[str, ChangeIdea]

    @property
    def lead(self) -> User:
        return self.people[Role.PACE_LEAD]

    def monday(self, weeks: int) -> date:
        """The Monday of the week so many weeks before the last one; of a later one for less than 0."""
        day = self.last - timedelta(weeks=weeks)
        return day - timedelta(days=day.weekday())

    def happened(self, weeks: int, *, after: int = 0) -> date:
        """A day so many days after a Monday, and never after the last."""
        return min(self.monday(weeks) + timedelta(days=after), self.last)

    def aim(self, code: str | None) -> Aim | None:
        return Aim.objects.get(authority=self.lead.organisation, code=code) if code else None


def tell_improvement_work(people: Mapping[str, User], *, as_at: date) -> None:
    """Write a year of improvement work up to `as_at` for the made-up staff of one authority, by role."""
    with STORY.open(encoding="utf-8") as file:
        story = yaml.safe_load(file)
    # Nobody writes down what is still to come, even where the made-up data run ahead of the calendar.
    teller = Storyteller(people, min(as_at, timezone.localdate()), ideas={})
    _programme(teller, story["programme"])
    for idea in story["ideas"]:
        _idea(teller, idea)
    _diagram(teller, story["diagram"])
    for test in story["tests"]:
        _test(teller, test)
    _measures(teller, story["measures"])
    _meetings(teller, story["programme"])


def _idea(teller: Storyteller, said: dict[str, Any]) -> None:
    if "library" in said:
        teller.ideas[said["library"]] = take_from_library(said["library"], by=teller.lead)
    else:
        values = {"title": said["title"], "description": said["description"], "source": said["source"]}
        teller.ideas[said["title"]] = propose_idea(**values, aim=teller.aim(said["aim"]), by=teller.lead)


def _diagram(teller: Storyteller, said: dict[str, Any]) -> None:
    aim = teller.aim(said["aim"])
    diagram = start_diagram(
        title=said["title"],
        sentence=text_of(aim),
        definitions=said["definitions"],
        aim=aim,
        from_national=True,
        by=teller.lead,
    )
    primary = {driver.text: driver for driver in diagram.drivers.filter(level=Level.PRIMARY)}
    for each in said["drivers"]:
        serves = [primary[text] for text in (each["primary"], each.get("also")) if text]
        driver = add_driver(
            diagram,
            level=Level.SECONDARY,
            text=each["text"],
            definition=each.get("definition", ""),
            serves=serves,
            by=teller.lead,
            reason="Adapted to what delays children here",
        )
        for name in each["ideas"]:
            link_idea(driver, teller.ideas[name], by=teller.lead)


def _test(teller: Storyteller, said: dict[str, Any]) -> None:
    leader = teller.people[said["lead"]]
    test = start_test(
        title=said["title"],
        aim=teller.aim(said["aim"]),
        lead=leader,
        idea=teller.ideas[said["idea"]],
        members=[teller.people[role] for role in said["members"]],
        by=teller.lead,
        on=teller.happened(said["begun"]),
    )
    for number, cycle in enumerate(said["cycles"], 1):
        row = test.cycles.get() if number == 1 else open_next_cycle(_again(test), by=teller.lead)
        _cycle(teller, row, cycle, leader=leader)
    if "implementation" in said:
        kept = said["implementation"]
        row = Implementation.objects.get(test=test)
        values = {name: kept[name] for name in ("training", "procedure", "measure")}
        values |= {"owner": teller.people[kept["owner"]], "review_on": teller.monday(kept["review"])}
        change_implementation(row, values, edition=row.edition, by=teller.lead)


def _again(test: TestOfChange) -> TestOfChange:
    return TestOfChange.objects.get(pk=test.pk)


def _cycle(teller: Storyteller, cycle: PdsaCycle, said: dict[str, Any], *, leader: User) -> None:
    plan = {name: said[name] for name in PLAN if name in said}
    plan["questions"] = [(question, prediction) for question, prediction, _came_true in said["questions"]]
    began = teller.happened(said["start"]) if "start" in said else None
    plan["planned_start"] = began or teller.monday(said["planned"])
    children = _children(teller, count=said.get("with", 0), on=began)
    plan_cycle(cycle, plan, children=children, edition=cycle.edition, by=teller.lead)
    if began is None:
        return
    ended = teller.happened(said["start"] - said["weeks"], after=-3) if "weeks" in said else None
    done = {"started_on": began, "ended_on": ended, "as_planned": True, "what_happened": said["happened"]}
    done["observations"] = said.get("observations", "")
    record_do(cycle, done, edition=cycle.edition, by=leader, as_on=teller.last)
    if ended is None:
        return
    study = {field: said[name] for name, field in STUDIED.items() if name in said}
    study["came_true"] = [came_true for _question, _prediction, came_true in said["questions"]]
    record_study(cycle, study, edition=cycle.edition, by=leader)
    act = {"decision": said["decision"], "decision_reason": said["reason"], "next_step": said["next"]}
    act["decided_on"] = min(ended + timedelta(days=6), teller.last)
    decide(cycle, act, edition=cycle.edition, by=leader, as_on=teller.last)


def _children(teller: Storyteller, *, count: int, on: date | None) -> list[Child]:
    """The first few of those who came into care shortly before a cycle began."""
    if on is None or not count:
        return []
    lately = Child.objects.visible_to(teller.lead).filter(
        episodes__start__gt=on - JUST_ACCOMMODATED, episodes__start__lte=on
    )
    return list(lately.distinct().order_by("local_ref")[:count])


def _measures(teller: Storyteller, said: dict[str, Any]) -> None:
    aim = teller.aim(said["aim"])
    for code in said["register"]:
        add_from_register(aim, code, by=teller.lead, on=teller.last)
    typed = add_from_register(aim, said["typed"], by=teller.lead, on=teller.last)
    change_measure(typed, {"collector": teller.people[said["collector"]]}, edition=typed.edition, by=teller.lead)
    first = months_before(teller.last.replace(day=1), len(said["values"]))
    for place, (numerator, denominator) in enumerate(said["values"]):
        type_value(
            typed,
            months_before(first, -place),
            numerator=Decimal(numerator),
            denominator=Decimal(denominator),
            by=teller.people[said["collector"]],
            today=teller.last,
        )


def _programme(teller: Storyteller, said: dict[str, Any]) -> None:
    by, joined = teller.lead, teller.happened(52)
    charter = said["charter"] | {"starts_on": joined, "ends_on": teller.monday(-104)}
    write_charter(charter, edition=NOT_WRITTEN_YET, by=by)
    for each in said["members"]:
        add_member(
            user=teller.people[each["person"]] if "person" in each else None,
            name=each.get("name", ""),
            agency=each.get("agency", ""),
            role=each["role"],
            leads=each.get("leads", False),
            by=by,
            on=joined,
        )
    for code, roles in said["aim_groups"].items():
        for role in roles:
            add_member(aim=teller.aim(code), user=teller.people[role], by=by, on=joined)
    month = teller.last.replace(day=1)
    for ago, score, reason in said["scores"]:
        give_score(month=months_before(month, ago - 1), score=Decimal(score), reason=reason, by=by)
    for each in said["barriers"]:
        _barrier(teller, each)


def _barrier(teller: Storyteller, said: dict[str, Any]) -> None:
    told = {"text": said["text"], "aim": teller.aim(said["aim"]), "owner": teller.people[said["owner"]]}
    told |= {"asked": said["asked"], "raised_on": teller.happened(said["raised"], after=1)}
    barrier = raise_barrier(told, by=teller.lead)
    if "resolved" in said:
        day = teller.happened(said["resolved"], after=1)
        resolve_barrier(barrier, resolution=said["resolution"], edition=barrier.edition, by=teller.lead, on=day)


def _meetings(teller: Storyteller, said: dict[str, Any]) -> None:
    """Each meeting, and then what came of its actions: a later meeting hears of them."""
    for number, each in enumerate(said["meetings"]):
        _meeting(teller, each, answers=said["attendance"], turn=number)


def _meeting(teller: Storyteller, said: dict[str, Any], *, answers: list[str], turn: int) -> None:
    by, on = teller.lead, teller.happened(said["week"], after=1)
    members = list(members_of(by.organisation_id, None, on=on).order_by("pk"))
    meeting = plan_meeting(on=on, place="Council offices, room 4, and online", chair=_chair(members), by=by)
    told = {}
    for item in meeting.items.all():
        notes, decisions = said["notes"].get(item.fills, ""), said["decisions"].get(item.fills, "")
        if item.fills and (notes or decisions):
            told[item.pk] = (notes, decisions)
    # Somebody else is away each time, and the lead never is.
    came = {member.pk: answers[(place + turn) % len(answers)] for place, member in enumerate(members)}
    came |= {member.pk: "came" for member in members if member.leads}
    write_minutes(meeting, answers=came, guests="", said=told, edition=meeting.edition, by=by)
    for text, owner, due, done, outcome in said["actions"]:
        action = agree_action(meeting, text=text, owner=teller.people[owner], due_on=teller.monday(due), by=by)
        if done is not None:
            _complete(teller, action, outcome=outcome, on=teller.happened(done, after=3))
    close_minutes(meeting, edition=meeting.edition, by=by, on=min(on + timedelta(days=7), teller.last))


def _chair(members: list[GroupMember]) -> GroupMember | None:
    return next((member for member in members if member.leads), None)


def _complete(teller: Storyteller, action: Action, *, outcome: str, on: date) -> None:
    complete_action(action, outcome=outcome, edition=action.edition, by=teller.lead, on=on)
