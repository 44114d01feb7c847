"""Write a made-up authority past the ORM: tens of thousands of rows a second, all in one transaction."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from random import Random
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from children.models import (
    CareEpisode,
    Child,
    Family,
    Identity,
    LegalBasis,
    Listed,
    Origin,
    Placement,
    default_source,
)
from children.pseudonyms import new_codes
from milestones.extract import bulk
from milestones.models import ImportRun, Milestone
from milestones.revision_triggers import written_without_triggers
from pace_site.accounts.models import Organisation, Team
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.config.garbage import nothing_collected
from pace_site.front.fiction.history import Happening, Life
from pace_site.front.fiction.people import TEAM_NAMES
from pace_site.front.fiction.population import made_up_children
from pace_site.front.fiction.recipe import Recipe

CHUNK = 2_000  # children simulated and written at a time, so that memory stays small
CHILDREN_OF_AN_AREA = 1_000  # a larger authority has the same teams in several areas
RECORDER = "Business support"
RECORD_TYPE = "fictional authority"
OF_A_CHILD = (Child, Identity, CareEpisode, Placement, LegalBasis, Milestone)
ORIGIN = str(Origin.EXTRACT)


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
    source = default_source(organisation)
    imported = {"origin": ORIGIN, "extract_source_id": source.pk}
    teams = _open_teams(organisation, areas=max(1, children // CHILDREN_OF_AN_AREA))
    written["Team"] = len(teams)
    codes = iter(new_codes(organisation, children, rng=rng))
    lives = made_up_children(rng, recipe, count=children)
    numbers = iter(range(1, children + 1))
    families: dict[int, int] = {}
    with nothing_collected(), written_without_triggers(using=Child.objects.db):
        while chunk := list(islice(lives, CHUNK)):
            _open_families(organisation, chunk, families, written)
            enrolled = [
                {
                    "authority_id": organisation.pk,
                    "code": next(codes),
                    "local_ref": f"C{next(numbers):06d}",
                    "family_id": families[life.family],
                    "date_of_birth": life.birth,
                    "expected_on": life.expected_on,
                    "sex": life.sex,
                    "ethnicity": life.ethnicity,
                    "disability": life.disability,
                    "locality": life.locality,
                    "team_id": _team(life, teams),
                    **imported,
                    "last_extract_on": recipe.as_at,
                }
                for life in chunk
            ]
            keys = _write(Child, enrolled, written)
            listed = ({"child_id": key, "source_id": source.pk, "last_on": recipe.as_at} for key in keys)
            _write(Listed, listed, written)
            _write_histories(list(zip(keys, chunk, strict=True)), written, imported=imported)
    bulk.tell_planner(OF_A_CHILD)
    summary = {
        "files": {name: {"new": count} for name, count in _as_files(written).items()},
        "missing_children": 0,
        "rejects": 0,
    }
    ImportRun.objects.create(
        authority=organisation, extract_date=recipe.as_at, source=source, summary=summary, applied_at=timezone.now()
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


def _open_teams(organisation: Organisation, *, areas: int) -> list[Team]:
    """The teams of each area, one area after the other; those of the first have plain names."""
    names = [name if area == 1 else f"{name} {area}" for area in range(1, areas + 1) for name in TEAM_NAMES]
    return Team.objects.bulk_create([Team(organisation=organisation, name=name) for name in names])


def _team(life: Life, teams: list[Team]) -> int:
    area = life.family % (len(teams) // len(TEAM_NAMES))
    return teams[area * len(TEAM_NAMES) + life.team].pk


def _open_families(organisation: Organisation, lives: list[Life], families: dict[int, int], written) -> None:
    new = [number for number in dict.fromkeys(life.family for life in lives) if number not in families]
    rows = ({"authority_id": organisation.pk, "ref": f"F{number:05d}"} for number in new)
    families.update(zip(new, _write(Family, rows, written), strict=True))


def _write_histories(enrolled: list[tuple[int, Life]], written: Counter, *, imported: dict[str, Any]) -> None:
    """Names, care and milestones of children, each given with its key."""
    names = (
        {"child_id": child, "given_name": life.given_name, "family_name": life.family_name} for child, life in enrolled
    )
    _write(Identity, names, written)
    cares = [(child, care) for child, life in enrolled for care in life.care]
    _write(
        CareEpisode,
        (
            {
                "child_id": child,
                "start": care.start,
                "end": care.end,
                "destination_id": care.destination or None,
                **imported,
            }
            for child, care in cares
        ),
        written,
    )
    _write(
        Placement,
        (
            {
                "child_id": child,
                "start": stay.start,
                "end": stay.end,
                "placement_type_id": stay.placement_type,
                "provider": stay.provider,
                "carer": stay.carer,
                "short_break": stay.short_break,
                **imported,
            }
            for child, care in cares
            for stay in care.stays
        ),
        written,
    )
    _write(
        LegalBasis,
        (
            {"child_id": child, "start": basis.start, "end": basis.end, "measure_id": basis.measure, **imported}
            for child, care in cares
            for basis in care.bases
        ),
        written,
    )
    happenings = (_milestone(child, each) | imported for child, life in enrolled for each in life.all_happenings)
    _write(Milestone, happenings, written)


def _milestone(child: int, happening: Happening) -> dict[str, Any]:
    return {
        "child_id": child,
        "kind": happening.kind,
        "planned_on": happening.planned_on,
        "happened_on": happening.on,
        "precision": happening.precision,
        "route": happening.route,
        "outcome": happening.outcome,
        "review_kind": happening.review_kind,
        "order_type": happening.order_type,
        "pre_birth": happening.pre_birth,
        "first_accommodated_on": happening.first_accommodated_on,
        "source": happening.source,
        "note": happening.note,
        "change_reason": happening.change_reason,
        "recorder": RECORDER,
        "recorded_on": happening.recorded_on,
        "void_reason": happening.void_reason,
        "voided_on": happening.voided_on,
    }


def _write(model: type[models.Model], rows: Iterable[dict[str, Any]], written: Counter) -> list[int]:
    """Write rows of one model, count them, and return their keys."""
    keys = bulk.insert(model, list(rows))
    written[model.__name__] += len(keys)
    return keys


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
