"""Write a made-up authority in bulk: thousands of rows a second, all in one transaction."""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from random import Random

from django.db import transaction
from django.utils import timezone

from aims.models import Aim, NationalFile, PublishedMonth, ReminderSent, ReminderSnooze, Report
from children.models import Allocation, CareEpisode, Child, Family, Identity, LegalBasis, Origin, Placement
from children.pseudonyms import new_codes
from children.retention.models import ForgottenReference, KeptLonger, Pseudonymisation, RightsRequest
from improvement.models import (
    Action,
    AgendaItem,
    Attendance,
    Barrier,
    ChangeIdea,
    DiagramVersion,
    Driver,
    DriverDiagram,
    GroupMember,
    Implementation,
    Measure,
    MeasureValue,
    Meeting,
    PdsaCycle,
    Programme,
    ProgressScore,
    TestOfChange,
)
from milestones.models import ImportRun, Milestone
from pace_site.accounts.models import Organisation, Team
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.front.fiction.history import Happening, Life
from pace_site.front.fiction.people import TEAM_NAMES
from pace_site.front.fiction.population import made_up_children
from pace_site.front.fiction.recipe import Recipe

# Leaves first, each with the way to its authority.
IMPROVEMENT_WORK = (
    (MeasureValue, "measure__authority"),
    (Measure, "authority"),
    (Action, "meeting__authority"),
    (Attendance, "meeting__authority"),
    (AgendaItem, "meeting__authority"),
    (Meeting, "authority"),
    (Barrier, "authority"),
    (ProgressScore, "programme__authority"),
    (GroupMember, "programme__authority"),
    (Programme, "authority"),
    (Implementation, "test__authority"),
    (PdsaCycle, "test__authority"),
    (TestOfChange, "authority"),
    (DiagramVersion, "diagram__authority"),
    (Driver, "diagram__authority"),
    (DriverDiagram, "authority"),
    (ChangeIdea, "authority"),
)
CHUNK = 2_000  # children simulated and written at a time, so that memory stays small
BATCH = 2_000
RECORDER = "Business support"
RECORD_TYPE = "fictional authority"


class NotFictional(Exception):
    """Somebody asked to fill or clear an authority that is real."""


def open_fictional(*, code: str, name: str) -> Organisation:
    """Make an empty fictional authority; refuse a code that somebody has already."""
    taken = Organisation.objects.filter(code=code).first()
    if taken is not None:
        raise NotFictional(f"{code} is {taken.name} already: choose another code, or renew it if it is fictional.")
    return Organisation.objects.create(code=code, name=name, fictional=True)


@transaction.atomic
def write_authority(organisation: Organisation, *, children: int, seed: int, recipe: Recipe) -> Counter:
    """Fill a fictional authority with `children` made-up children; return how many rows of each model it wrote.

    The same size, seed and recipe give the same rows.
    """
    if not organisation.fictional:
        raise NotFictional(f"{organisation.name} is a real authority: it gets no made-up children.")
    rng = Random(seed)  # nosec B311 # repeatable made-up lives, and no secret
    written = Counter()
    teams = Team.objects.bulk_create([Team(organisation=organisation, name=name) for name in TEAM_NAMES])
    written["Team"] = len(teams)
    codes = iter(new_codes(organisation, children, rng=rng))
    lives = made_up_children(rng, recipe, count=children)
    numbers = iter(range(1, children + 1))
    families: dict[int, Family] = {}
    with _garbage_kept():
        while chunk := list(islice(lives, CHUNK)):
            _open_families(organisation, chunk, families, written)
            enrolled = [
                _child(
                    organisation,
                    life,
                    code=next(codes),
                    number=next(numbers),
                    families=families,
                    teams=teams,
                    recipe=recipe,
                )
                for life in chunk
            ]
            _write(Child, enrolled, written)
            _write_histories(list(zip(enrolled, chunk, strict=True)), written)
    summary = {
        "files": {name: {"new": count} for name, count in _as_files(written).items()},
        "missing_children": 0,
        "rejects": 0,
    }
    ImportRun.objects.create(
        authority=organisation, extract_date=recipe.as_at, summary=summary, applied_at=timezone.now()
    )
    record(
        AuditEntry.Action.CREATE,
        authority=organisation,
        record_type=RECORD_TYPE,
        record_id=organisation.code,
        by=None,
        after={"children": children, "seed": seed, "as_at": recipe.as_at.isoformat()},
    )
    return written


@transaction.atomic
def remove_authority(organisation: Organisation) -> None:
    """Take away a fictional authority and all that belongs to it; its audit trail stays."""
    if not organisation.fictional:
        raise NotFictional(f"{organisation.name} is a real authority: nothing of it is removed.")
    Report.objects.filter(authority=organisation).delete()
    PublishedMonth.objects.filter(authority=organisation).delete()
    _remove_improvement_work(organisation)
    for model in (ReminderSent, ReminderSnooze):
        model.objects.filter(child__authority=organisation).delete()
    Aim.objects.filter(authority=organisation).delete()
    for model in (Pseudonymisation, ForgottenReference):
        model.objects.filter(authority=organisation).delete()
    for model in (KeptLonger, RightsRequest):
        model.objects.filter(child__authority=organisation).delete()
    # Leaves first, so that the database deletes each table in one statement.
    for model in (Milestone, LegalBasis, Placement, CareEpisode, Identity, Allocation):
        model.objects.filter(child__authority=organisation).delete()
    for model in (Child, Family, ImportRun, NationalFile):
        model.objects.filter(authority=organisation).delete()
    organisation.people.all().delete()
    organisation.teams.all().delete()
    record(
        AuditEntry.Action.REMOVE,
        authority=organisation,
        record_type=RECORD_TYPE,
        record_id=organisation.code,
        by=None,
        before={"name": organisation.name},
        reason="Made-up data",
    )
    organisation.delete()


def _remove_improvement_work(organisation: Organisation) -> None:
    for model, path in IMPROVEMENT_WORK:
        # The base manager, as people can only ever add progress scores.
        model._base_manager.filter(**{path: organisation}).delete()


@contextmanager
def _garbage_kept() -> Iterator[None]:
    """Look for no garbage meanwhile: hundreds of thousands of living rows cost a third of the time to look through."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _open_families(organisation: Organisation, lives: list[Life], families: dict[int, Family], written) -> None:
    new = [number for number in dict.fromkeys(life.family for life in lives) if number not in families]
    made = [Family(authority=organisation, ref=f"F{number:05d}") for number in new]
    _write(Family, made, written)
    families.update(zip(new, made, strict=True))


def _child(organisation: Organisation, life: Life, *, code, number, families, teams, recipe: Recipe) -> Child:
    return Child(
        authority=organisation,
        code=code,
        local_ref=f"C{number:06d}",
        family=families[life.family],
        date_of_birth=life.birth,
        expected_on=life.expected_on,
        sex=life.sex,
        ethnicity=life.ethnicity,
        disability=life.disability,
        locality=life.locality,
        team=teams[life.team],
        origin=Origin.EXTRACT,
        last_extract_on=recipe.as_at,
    )


def _write_histories(enrolled: list[tuple[Child, Life]], written: Counter) -> None:
    _write(
        Identity,
        [
            Identity(child_id=child.pk, given_name=life.given_name, family_name=life.family_name)
            for child, life in enrolled
        ],
        written,
    )
    cares = [(child.pk, care) for child, life in enrolled for care in life.care]
    _write(
        CareEpisode,
        [
            CareEpisode(
                child_id=child,
                start=care.start,
                end=care.end,
                destination_id=care.destination or None,
                origin=Origin.EXTRACT,
            )
            for child, care in cares
        ],
        written,
    )
    _write(
        Placement,
        [
            Placement(
                child_id=child,
                start=stay.start,
                end=stay.end,
                placement_type_id=stay.placement_type,
                provider=stay.provider,
                carer=stay.carer,
                short_break=stay.short_break,
                origin=Origin.EXTRACT,
            )
            for child, care in cares
            for stay in care.stays
        ],
        written,
    )
    _write(
        LegalBasis,
        [
            LegalBasis(
                child_id=child, start=basis.start, end=basis.end, measure_id=basis.measure, origin=Origin.EXTRACT
            )
            for child, care in cares
            for basis in care.bases
        ],
        written,
    )
    _write(Milestone, [_milestone(child.pk, each) for child, life in enrolled for each in life.all_happenings], written)


def _milestone(child: int, happening: Happening) -> Milestone:
    return Milestone(
        child_id=child,
        kind=happening.kind,
        planned_on=happening.planned_on,
        happened_on=happening.on,
        precision=happening.precision,
        route=happening.route,
        outcome=happening.outcome,
        review_kind=happening.review_kind,
        order_type=happening.order_type,
        pre_birth=happening.pre_birth,
        first_accommodated_on=happening.first_accommodated_on,
        source=happening.source,
        note=happening.note,
        change_reason=happening.change_reason,
        recorder=RECORDER,
        recorded_on=happening.recorded_on,
        void_reason=happening.void_reason,
        voided_on=happening.voided_on,
        origin=Origin.EXTRACT,
    )


def _write(model, rows: Iterable, written: Counter) -> None:
    rows = list(rows)
    model.objects.bulk_create(rows, batch_size=BATCH)
    written[model.__name__] += len(rows)


def _as_files(written: Counter) -> dict[str, int]:
    """The counts under the names of the extract's files."""
    files = {
        "children": "Child",
        "episodes": "CareEpisode",
        "placements": "Placement",
        "legal": "LegalBasis",
        "events": "Milestone",
    }
    return {file: written[model] for file, model in files.items()}
