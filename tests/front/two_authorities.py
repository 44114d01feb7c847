"""Three of everything: of one's own team, of another team of the same authority, and of another authority."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

from allauth.mfa.models import Authenticator
from django.utils import timezone

from aims.models import Aim, AimVersion, Annotation, PublishedMonth, Report
from children.models import (
    Allocation,
    Child,
    Destination,
    LegalBasis,
    LegalMeasure,
    Merge,
    PlacementType,
    Restriction,
    default_source,
)
from children.retention.models import Pseudonymisation, RightsRequest
from improvement.diagram_content import content_of
from improvement.models import (
    Action,
    Barrier,
    ChangeIdea,
    ChildInCycle,
    DiagramVersion,
    Driver,
    DriverDiagram,
    DriverLink,
    GroupMember,
    IdeaLink,
    Implementation,
    Measure,
    Meeting,
    PdsaCycle,
    Programme,
    ProgressScore,
    TestOfChange,
)
from milestones.extract.differences import Counts
from milestones.extract.mapped_sheets import MappedSheets
from milestones.extract.previews import Preview, keep_preview
from milestones.extract.rejects import Reject
from milestones.extract.sheet_actions import keep_looks
from milestones.models import ImportRun
from milestones.sheets.looks import SheetLook
from milestones.sheets.mapping import Mapping, SheetUse
from pace_site.accounts.models import Organisation, RoleMembership, Team, User
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.long_work.models import LongWork
from tests.builders import allocate, authority, child, milestone, person, team

AIM = {
    "title": "A recommendation within 26 weeks",
    "start_event": "ACCOM_START",
    "stop_event": ["PERM_REC"],
    "limit": "26 weeks",
    "target_pct": 80,
}


@dataclass
class Side:
    """The objects of one team: `rows` by app and model, as the admin pages name them."""

    child: Child
    aim: Aim
    team: Team
    shut: Child  # restricted to a colleague
    adopted: Child
    rows: dict = field(default_factory=dict)

    @property
    def identity(self) -> tuple[str, ...]:
        """Everything that tells who the child is."""
        return self.identity_of(self.child)

    @staticmethod
    def identity_of(child: Child) -> tuple[str, ...]:
        born = child.date_of_birth
        name = child.identity
        return (
            child.local_ref,
            name.given_name,
            name.family_name,
            born.isoformat(),
            f"{born.day} {born:%B %Y}",
            f"{born:%d/%m/%Y}",
        )


@dataclass
class TwoAuthorities:
    own: Side
    other_team: Side
    elsewhere: Side

    def allocate_own_to(self, user: User) -> None:
        """Let a person work with their own side's child, and take part in its test of change."""
        self.own.rows["children_allocation"] = allocate(user, self.own.child)
        # Scope follows the allocation, and these stay closed all the same.
        allocate(user, self.own.shut)
        allocate(user, self.own.adopted)
        self.own.rows["improvement_testofchange"].members.add(user)
        GroupMember.objects.create(
            programme=self.own.rows["improvement_programme"], user=user, joined_on=timezone.localdate()
        )


def a_report(version: AimVersion, day: date, code: str, by: User) -> Report:
    report = Report.objects.create(authority=version.aim.authority, as_at=day, content={"aims": []}, issued_by=by)
    report.aims.create(version=version, figures={"child": code})
    body = f"{code} waits".encode()
    report.files.create(
        format="pdf", name="report.pdf", content_type="application/pdf", body=body, sha256=sha256(body).hexdigest()
    )
    return report


def a_published_month(version: AimVersion) -> PublishedMonth:
    """A month with one aim, which each authority published in a month of its own."""
    of = version.aim.authority
    month, is_new = PublishedMonth.objects.get_or_create(
        authority=of,
        defaults={"month_end": date(2020, 2, 29) if of == authority() else date(2020, 3, 31), "smallest_shown": 5},
    )
    if is_new:
        counts = {"met": 20, "late": 10, "left_undecided": 0, "overdue": 5, "waiting": 8}
        month.aims.create(version=version, counts=counts, hidden=[])
    return month


def two_authorities() -> TwoAuthorities:
    own = an_aim(authority(), "AIM-OWN")
    return TwoAuthorities(
        own=a_side(own, team("Team North"), "PX-OWN7", ("Ownagiven", "Sweepown"), date(2014, 3, 17)),
        other_team=a_side(own, team("Team South"), "PX-SOUTH7", ("Southgiven", "Sweepsouth"), date(2013, 4, 18)),
        elsewhere=a_side(
            an_aim(authority("S12000033"), "AIM-ELSEWHERE"),
            team("Team West", organisation=authority("S12000033")),
            "PX-WEST7",
            ("Westgiven", "Sweepwest"),
            date(2012, 7, 19),
        ),
    )


def an_aim(of: Organisation, code: str) -> Aim:
    aim = Aim.objects.create(authority=of, code=code)
    AimVersion.objects.create(aim=aim, number=1, data={"code": code, **AIM})
    return aim


def an_adopted_test(idea: ChangeIdea, *, with_child: Child, lead: User) -> TestOfChange:
    """A test of an idea with a child in its only cycle, which adopted it."""
    today = timezone.localdate()
    test = TestOfChange.objects.create(
        authority=idea.authority, aim=idea.aim, idea=idea, title=idea.title, lead=lead, begun_on=today
    )
    cycle = PdsaCycle.objects.create(
        test=test,
        number=1,
        questions=[{"question": "Is it used?", "prediction": "Yes", "came_true": "yes"}],
        data_items=["Meetings"],
        started_on=today,
        ended_on=today,
        what_happened="It was used",
        results="It was used",
        comparison="As predicted",
        decision="adopt",
        decision_reason="It works",
        decided_on=today,
    )
    ChildInCycle.objects.create(cycle=cycle, child=with_child)
    Implementation.objects.create(test=test, owner=lead)
    return test


def a_driver_diagram(idea: ChangeIdea, *, by: User) -> DriverDiagram:
    """A diagram with a primary driver, a secondary one and an idea, and its first version."""
    diagram = DriverDiagram.objects.create(
        authority=idea.authority, title=f"Diagram of {idea}", aim=idea.aim, sentence="Every child knows where to live"
    )
    primary = Driver.objects.create(diagram=diagram, level="primary", text="Leadership", order=1)
    secondary = Driver.objects.create(diagram=diagram, level="secondary", text="Leaders ask", order=1)
    DriverLink.objects.create(secondary=secondary, primary=primary)
    IdeaLink.objects.create(secondary=secondary, idea=idea)
    DiagramVersion.objects.create(diagram=diagram, number=1, content=content_of(diagram).to_json(), by=by)
    return diagram


def a_meeting(aim: Aim, *, about: Child, owner: User) -> list:
    """A meeting whose minutes, action and barrier speak of a child by pseudonym, and a member of its group."""
    today, of = timezone.localdate(), aim.authority
    programme, _new = Programme.objects.get_or_create(authority=of)
    member = GroupMember.objects.create(programme=programme, user=owner, joined_on=today)
    if not programme.scores.exists():
        ProgressScore.objects.create(
            programme=programme, month=today.replace(day=1), score=Decimal("2.5"), reason="Tests begun", by=owner
        )
    meeting = Meeting.objects.create(authority=of, on=today - timedelta(days=7), guests=f"Asked about {about.code}")
    said = f"The plan of {about.code}"
    meeting.items.create(position=1, title="Children waiting longest", notes=said, decisions=said)
    action = Action.objects.create(meeting=meeting, text=f"Ask about {about.code}", owner=owner, due_on=today)
    barrier = Barrier.objects.create(
        authority=of, aim=aim, text=f"No panel for {about.code}", asked=said, raised_on=today, owner=owner
    )
    return [programme, member, meeting, action, barrier]


def a_measure(aim: Aim, of_team: Team, **more) -> Measure:
    name = f"Measure of {of_team}"
    return Measure.objects.create(authority=of_team.organisation, aim=aim, name=name, definition="A share", **more)


def a_proposal(about: Child, *, by: User) -> Pseudonymisation:
    proposal = Pseudonymisation.objects.create(authority=about.authority, reason="Its period is over", proposed_by=by)
    proposal.children.set([about])
    return proposal


def a_shut_child(like: Child, *, named: User) -> Restriction:
    """A restricted child of the same team and family, opened once by break-glass, some hours ago."""
    row = _another(like, "S", "Shut", months=2)
    restriction = Restriction.objects.create(child=row, reason="A relative of somebody who works here", set_by=named)
    restriction.accesses.create(user=named, given_by=named)
    then = timezone.now() - timedelta(hours=3)
    reason = "Nobody who is named was there"
    restriction.opened.create(user=named, reason=reason, at=then, until=then + timedelta(hours=1))
    return restriction


def a_merge(into: Child, *, by: User) -> Merge:
    """A second record of the child, given up."""
    other = child(
        of_team=into.team,
        code=into.code.replace("PX", "PG"),
        name=("Givenup", f"Given{into.identity.family_name.lower()}"),
        born=into.date_of_birth.replace(day=28),
    )
    Child.objects.filter(pk=other.pk).update(merged_into=into)
    return Merge.objects.create(kept=into, other=other, reason="One child", by=by)


def an_adopted_child(like: Child) -> Child:
    row = _another(like, "A", "Was", months=4)
    milestone(row, "ORDER_GRANTED", timezone.localdate() - timedelta(days=5), order_type="AO", route="ADOPT")
    return row


def _another(like: Child, letter: str, called: str, *, months: int) -> Child:
    """A child in care with a council's extract, a review and a supervision order, as in the lists of every page."""
    today, name = timezone.localdate(), like.identity
    row = child(
        of_team=like.team,
        code=like.code.replace("PX", f"P{letter}"),
        name=(f"{called}{name.given_name.lower()}", f"{called}{name.family_name.lower()}"),
        born=like.date_of_birth.replace(month=like.date_of_birth.month + months),
        family=like.family.ref,
        accommodated=today - timedelta(days=300),
    )
    milestone(row, "REVIEW", today - timedelta(days=100), note=f"{called} child is well")
    return row


def an_import_that_waits(row: Child, shut: Child, *, by: User) -> ImportRun:
    """A sheet with a dry run in which both children would change and are missing, and a cell is rejected."""
    use, cell = SheetUse("Tracker.xlsx", "Sheet1", confirmed=True), ("Tracker.xlsx", "Sheet1", "B3")
    run = ImportRun.objects.create(
        authority=row.authority,
        extract_date=timezone.localdate(),
        source=default_source(row.authority),
        by=by,
        state=ImportRun.State.PREVIEWED,
        mapping=MappedSheets(Mapping((use,))).as_json(),
    )
    keep_looks(run, [SheetLook(use.file, use.sheet, 1, 0, ())])
    change = {"file": "episodes.csv", "key": {"start": "2026-01-05"}, "before": {"end": None}, "after": None}
    preview = Preview(
        usable=True,
        files={"episodes.csv": Counts(gone=2, rejected=1)},
        rejects=[
            Reject("events.csv", 3, "event_code", "NONSENSE", "unknown-code", "this is not an event code", "", cell)
        ],
        reject_count=1,
        rejected_rows=1,
        warnings=[],
        missing=[row.code, shut.code],
        differences=[{**change, "child": each.code} for each in (row, shut)],
        difference_count=2,
    )
    keep_preview(preview, of=run)
    return run


def a_side(aim: Aim, of_team: Team, code: str, name: tuple[str, str], born: date) -> Side:
    today = timezone.localdate()
    row = child(
        of_team=of_team, code=code, name=name, born=born, family=f"F{code}", accommodated=today - timedelta(days=300)
    )
    colleague = person(Role.PRACTITIONER, of_team=of_team)
    legal = LegalBasis.objects.create(child=row, start=today - timedelta(days=300), measure_id="S25")
    review = milestone(row, "REVIEW", today - timedelta(days=100), note=f"{name[0]} is well")
    record(
        AuditEntry.Action.CHANGE,
        authority=of_team.organisation,
        record_type="child",
        record_id=row.pk,
        by=None,
        child_code=code,
        before={"given_name": "Unnamed"},
        after={"given_name": name[0], "local_ref": row.local_ref},
    )
    version = aim.versions.get()
    idea = ChangeIdea.objects.create(authority=of_team.organisation, title=f"An idea of {of_team}", aim=aim)
    restriction = a_shut_child(row, named=colleague)
    rows = [
        restriction,
        of_team.organisation,
        of_team,
        colleague,
        RoleMembership.objects.get(user=colleague),
        AuditEntry.objects.get(child_code=code),
        PlacementType.objects.first(),
        LegalMeasure.objects.first(),
        Destination.objects.first(),
        row.family,
        row,
        row.identity,
        Allocation.objects.create(child=row, user=colleague, start=today),
        row.episodes.get(),
        row.placements.get(),
        legal,
        review,
        ImportRun.objects.create(
            authority=of_team.organisation,
            extract_date=today,
            source=default_source(of_team.organisation),
            by=colleague,
            applied_at=timezone.now(),
        ),
        aim,
        version,
        Annotation.objects.create(aim=aim, on=today, label=f"Since {of_team}"),
        a_report(version, today, code, colleague),
        LongWork.objects.create(owner=colleague, kind="report", title=f"{aim.code}: {code}", asked={}),
        a_published_month(version),
        idea,
        a_measure(aim, of_team, rule={"compute": "standing", "stage": "REC"}, unit="number"),
        a_measure(aim, of_team, collector=colleague),
        an_adopted_test(idea, with_child=row, lead=colleague),
        a_driver_diagram(idea, by=colleague),
        a_proposal(row, by=colleague),
        a_merge(row, by=colleague),
        RightsRequest.objects.create(
            child=row,
            kind="correction",
            reference="DP 1",
            received_on=today,
            due_on=today + timedelta(days=30),
            recorded_by=colleague,
        ),
        *a_meeting(aim, about=row, owner=colleague),
        an_import_that_waits(row, restriction.child, by=colleague),
        Authenticator.objects.create(user=colleague, type=Authenticator.Type.WEBAUTHN, data={"name": "Passkey"}),
    ]
    adopted = an_adopted_child(row)
    return Side(
        row, aim, of_team, restriction.child, adopted, {one._meta.label_lower.replace(".", "_"): one for one in rows}
    )


def somebody(role, world):
    """A person of the own authority, or of the national body for the role that is held there."""
    if role == Role.NATIONAL_ANALYST:
        return person(role, organisation=Organisation.objects.get(kind=Organisation.Kind.NATIONAL))
    user = person(role, of_team=world.own.team)
    world.allocate_own_to(user)
    return user
