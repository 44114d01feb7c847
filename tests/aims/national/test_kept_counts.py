"""What is kept of the national view is never of other rows than the database shows, and is withheld as ever."""

import random
import re
from contextlib import contextmanager
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from aims.management.commands import count_national
from aims.models import NationalCounts
from aims.national import kept_counts
from aims.national.figures import national_definitions
from aims.national.kept_counts import counts_of, keep
from aims.national_dataset.recommendations import recommendation_aim
from children.models import CareEpisode, Child, LegalBasis, Placement
from milestones.kept_journeys import _TRUSTED
from milestones.models import Milestone
from tests.aims.national.two_bodies import ABERDEEN, AS_AT, MIDLOTHIAN, analyst
from tests.builders import authority, child, milestone

ROOT = Path(__file__).parents[3]
DAYS = (AS_AT, date(2020, 3, 31))


@pytest.fixture(autouse=True)
def _looks_for_the_triggers():
    _TRUSTED.clear()


@pytest.fixture
def two(db):
    """Two authorities, with a child each."""
    both = [authority(code) for code in (MIDLOTHIAN, ABERDEEN)]
    for each in both:
        placed(each)
    return both


def placed(organisation):
    return child(accommodated=date(2019, 10, 1), organisation=organisation)


def counted(authorities, *, definitions=(), days=DAYS[:1]):
    return counts_of(
        [each.pk for each in authorities], Child.objects.all(), definitions or [recommendation_aim()], days
    )


def opened(authorities, **on):
    """The counts as an opening of the view has them, and the authorities that it counted anew."""
    found = counted(authorities, **on)
    keep(found)
    return found.of, {*found.fresh}


@contextmanager
def nothing_kept(settings):
    most, settings.KEPT_FIGURES_BYTES = settings.KEPT_FIGURES_BYTES, 0
    yield
    settings.KEPT_FIGURES_BYTES = most


def queries_of(authorities) -> str:
    asked = []
    with connection.execute_wrapper(lambda execute, *query: (asked.append(query[0]), execute(*query))[1]):
        opened(authorities)
    return " ".join(asked)


def test_random_writes_between_two_openings_are_in_the_figures_and_count_that_authority_alone_again(two, settings):
    draw = random.Random(20261122)
    opened(two)
    for _step in range(8):
        where = draw.choice(two)
        row = draw.choice([*Child.objects.filter(authority=where)])
        on = date(2019, 11, 1) + timedelta(days=draw.randrange(200))
        act = draw.choice(
            [
                lambda row=row, on=on: milestone(row, "PERM_REC", on),
                lambda row=row: Milestone.objects.filter(child=row).delete(),
                lambda row=row, on=on: CareEpisode.objects.filter(child=row).update(end=on),
                lambda row=row, on=on: Placement.objects.create(child=row, start=on, placement_type_id="HOME_PARENT"),
                lambda row=row, on=on: LegalBasis.objects.create(child=row, start=on, measure_id="CSO"),
                lambda where=where: placed(where),
                lambda row=row: Milestone.objects.filter(child=row).update(voided_on=AS_AT, void_reason="Wrong"),
            ]
        )
        try:
            with transaction.atomic():
                act()
                figures, anew = opened(two)
                assert anew <= {where.pk}
                with nothing_kept(settings):
                    assert figures == counted(two).of
                if draw.random() < 0.3:
                    raise IntegrityError
        except IntegrityError:  # undone, and what was kept with it
            with nothing_kept(settings):
                plain = counted(two).of
            assert opened(two) == (plain, set())


def test_who_opens_it_next_reads_no_row_of_a_child(two):
    assert "milestones_milestone" in queries_of(two)
    asked = queries_of(two)
    assert "aims_nationalcounts" in asked
    assert not [table for table in ("milestones_milestone", "children_") if table in asked]


def test_another_day_definition_or_release_counts_for_itself(two, monkeypatch):
    everybody = {each.pk for each in two}
    assert opened(two)[1] == everybody
    assert opened(two)[1] == set()
    assert opened(two, days=DAYS)[1] == everybody
    assert opened(two, days=DAYS, definitions=national_definitions()[:1])[1] == everybody
    monkeypatch.setattr(kept_counts, "_program", lambda: "another release")
    assert opened(two, days=DAYS, definitions=national_definitions()[:1])[1] == everybody
    assert NationalCounts.objects.count() == 2


def test_nothing_is_kept_where_nothing_says_by_which_program_it_was_counted(two, monkeypatch):
    monkeypatch.setattr(kept_counts, "LOADED_AT", 0.0)  # as though every file had been written since
    kept_counts._program.cache_clear()
    try:
        assert opened(two)[1] == set()
    finally:
        kept_counts._program.cache_clear()


def test_what_somebody_writes_while_it_is_counted_is_not_kept(two, monkeypatch):
    row = placed(two[0])
    read = kept_counts.journeys_for

    def read_and_written(*args):
        found = read(*args)
        milestone(row, "PERM_REC", date(2019, 12, 1))
        return found

    monkeypatch.setattr(kept_counts, "journeys_for", read_and_written)
    assert opened(two)[1] == {two[1].pk}


def test_the_command_counts_ahead_where_somebody_looks(two, monkeypatch):
    monkeypatch.setattr(count_national, "quarter_ends", lambda _today: DAYS)
    told = StringIO()
    call_command("count_national", stdout=told)
    assert "Nothing was counted" in told.getvalue()
    analyst()
    call_command("count_national", stdout=told)
    assert "2 authorities were counted anew and kept, of 2." in told.getvalue()
    assert opened(two, days=DAYS, definitions=national_definitions())[1] == set()


def test_what_is_kept_is_read_by_the_national_figures_alone():
    """It was counted before anything is withheld: `figures.py` hands it on to disclosure control."""
    users = {
        path.relative_to(ROOT).as_posix()
        for app in ("pace_site", "children", "milestones", "aims", "improvement")
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
        and {"NationalCounts", "counts_of"} & {*re.findall(r"\w+", path.read_text(encoding="utf-8"))}
    }
    assert users == {
        "aims/models/__init__.py",
        "aims/models/national.py",
        "aims/national/figures.py",
        "aims/national/kept_counts.py",
    }
