"""Two sources of one council at random: what each says twice changes nothing, and undoing restores what was there."""

import csv
import json
from datetime import date, timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from django.db import transaction

from children.models import CareEpisode, Child, LegalBasis, Placement
from milestones.extract.undoing import undo_run
from milestones.models import ImportRun, Milestone
from pace_site.accounts.models import Organisation
from tests.acceptance_extracts import ACCEPTANCE, AUTHORITIES, printed_measures

AUTHORITY, DAY = AUTHORITIES["moray"], "2021-12-31"
COLUMNS = {
    "children": ("child_ref", "family_ref", "date_of_birth", "sex", "ethnicity", "disability", "locality", "team"),
    "episodes": ("child_ref", "start", "end", "destination"),
    "placements": ("child_ref", "start", "end", "placement_type", "provider", "short_break"),
    "legal": ("child_ref", "start", "end", "legal_code"),
    "events": ("child_ref", "event_code", "date", "precision", "route", "outcome", "source", "note"),
}
KINDS = ("PERM_REC", "REVIEW", "PERM_DECISION", "PANEL_PRESENTED", "REHAB_DECISION")
OF_A_CHILD = ("local_ref", "date_of_birth", "sex", "locality", "family__ref", "team__name")
# The case system, a tracker, and a second tracker, in the order in which they come.
ORDERS = ("CT", "TC", "TUCUT")

Files = dict[str, list[dict[str, str]]]


def whole(rng: Random, children: int) -> Files:
    """What a case system says of some children, each in care up to three times."""
    files: Files = {name: [] for name in COLUMNS}
    for number in range(children):
        ref = f"K{number}"
        born = date(2010, 1, 1) + timedelta(rng.randrange(2000))
        files["children"].append(
            {"child_ref": ref, "family_ref": f"F{number // 2}", "date_of_birth": str(born), "sex": rng.choice("MF")}
            | {"locality": rng.choice(["North", ""]), "team": rng.choice(["Pear", ""])}
        )
        start = date(2017, 6, 1) + timedelta(rng.randrange(300))
        for _ in range(rng.randint(1, 3)):
            end = start + timedelta(rng.randrange(30, 400))
            goes_on = rng.random() < 0.3
            of_care(rng, files, ref, start, end, goes_on=goes_on)
            if goes_on:
                break
            start = end + timedelta(rng.randrange(5, 100))
    return files


def of_care(rng: Random, files: Files, ref: str, start: date, end: date, *, goes_on: bool) -> None:
    ended = "" if goes_on else str(end)
    stretch = {"child_ref": ref, "start": str(start), "end": ended}
    files["episodes"].append(stretch | {"destination": "HOME_PARENTS" if ended else ""})
    files["legal"].append(stretch | {"legal_code": rng.choice(["CSO", "S25"])})
    moved = start
    while moved is not None:
        following = moved + timedelta(rng.randrange(30, 200))
        last = following >= end
        files["placements"].append(
            {"child_ref": ref, "start": str(moved), "end": ended if last else str(following), "short_break": "0"}
            | {"placement_type": rng.choice(["FOST_LA", "KIN", "HOME_PARENT"])}
        )
        moved = None if last else following
    for _ in range(rng.randint(0, 4)):
        day, kind = start + timedelta(rng.randrange(400)), rng.choice(KINDS)
        precision = rng.choice(["day", "day", "day", "month"])
        day = day.replace(day=1) if precision == "month" else day
        route = rng.choice(["PO", "ADOPT", ""]) if kind == "PERM_REC" else ""
        files["events"].append(
            {"child_ref": ref, "event_code": kind, "date": str(day), "precision": precision, "route": route}
        )


def part(rng: Random, files: Files) -> Files:
    """What a tracker says of some of those children: less, and less exactly, and nothing else."""
    tracked = {row["child_ref"] for row in files["children"] if rng.random() < 0.6}
    return {
        name: [
            less_exactly(rng, name, row)
            for row in rows
            if row["child_ref"] in tracked and (name == "children" or rng.random() < 0.7)
        ]
        for name, rows in files.items()
    }


def less_exactly(rng: Random, name: str, row: dict[str, str]) -> dict[str, str]:
    row = dict(row)
    if name == "children":
        row |= {column: "" for column in ("sex", "locality", "team", "date_of_birth") if rng.random() < 0.3}
    if name == "events":
        chance = rng.random()
        if chance < 0.25:
            row |= {"date": f"{row['date'][:8]}01", "precision": "month"}
        elif chance < 0.35:
            row |= {"date": "", "precision": "unknown"}
        if rng.random() < 0.4:
            row["route"] = ""
    if name == "placements" and rng.random() < 0.5:
        row["placement_type"] = "NOT_KNOWN"
    return row


def take_in(folder, files: Files, source: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, columns in COLUMNS.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(files[name])
    options = () if source == "C" else ("--source", source)
    call_command(
        "import_extract", str(folder), "--authority", AUTHORITY, "--extract-date", DAY, *options,
        stdout=StringIO(), stderr=StringIO(),
    )  # fmt: skip


def recorded() -> dict[str, list[str]]:
    """Every row that counts, but for how often it was changed."""
    rows = {"Child": sorted(map(repr, Child.objects.values_list(*OF_A_CHILD, "extract_source", "filled_by")))}
    for model in (CareEpisode, Placement, LegalBasis, Milestone):
        columns = [field.attname for field in model._meta.concrete_fields if field.name != "edition"]
        rows[model.__name__] = sorted(map(repr, model.objects.values_list(*columns)))
    return rows


def measured() -> dict:
    """The figures of every aim of the acceptance data, the order of the outcomes aside."""
    for area in AUTHORITIES:
        aims = ACCEPTANCE / area / "aims.yaml"
        call_command("load_aims", str(aims), "--authority", AUTHORITY, stdout=StringIO())
    found = printed_measures(AUTHORITY, DAY)
    return {
        aim["code"]: aim | {"outcomes": sorted(json.dumps(each, sort_keys=True) for each in aim["outcomes"])}
        for aim in found["aims"]
    }


@pytest.fixture
def lead(lead):
    lead.organisation = Organisation.objects.get(code=AUTHORITY)
    lead.save()
    return lead


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_beside_trackers_that_know_no_more_every_figure_is_that_of_the_full_list_alone(seed, tmp_path, lead):
    rng = Random(seed)
    full = whole(rng, 8)
    says = {"C": full, "T": part(rng, full), "U": part(rng, full)}

    def in_order(order: str) -> dict:
        """The figures once each has come, twice; and everything undone again, one import after the other."""
        point, before = transaction.savepoint(), []
        for source in order:
            before.append((ImportRun.objects.count(), recorded()))
            take_in(tmp_path / source, says[source], source)
            once = recorded()
            take_in(tmp_path / source, says[source], source)
            assert recorded() == once
        figures = measured()
        for runs, rows in reversed(before):
            while ImportRun.objects.filter(state="applied").count() > runs:
                undo_run(ImportRun.objects.filter(state="applied").order_by("applied_at", "pk").last(), by=lead)
            assert recorded() == rows
        transaction.savepoint_rollback(point)
        return figures

    alone = in_order("C")
    for order in ORDERS:
        assert in_order(order) == alone
