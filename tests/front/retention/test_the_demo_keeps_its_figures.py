"""Pseudonymise whoever is due in the demo: every figure of every aim is what it was, as at any day."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from aims.outcomes import outcomes
from children.models import Child, Identity
from milestones.journeys import load_journeys
from pace_site.accounts.models import Organisation, User
from pace_site.front.fiction.demo import BRAEBURN
from pace_site.front.retention.actions import TYPED, carry_out, propose, reviewed_by
from pace_site.front.retention.pseudonymising import definitions_of
from tests.builders import authority, child

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]
DAYS = [date(2019, 1, 31) + timedelta(days=173 * n) for n in range(17)]


def figures(organisation):
    journeys = load_journeys(Child.objects.filter(authority=organisation), max(DAYS))
    said = {}
    for day in DAYS:
        on_day = journeys.on(day)
        for definition in definitions_of(organisation):
            found = outcomes(definition, on_day)
            clocks = sorted(
                (row.child_id, row.start, row.route, row.state, row.due, row.stop, row.exit) for row in found.rows
            )
            said[day, definition.code] = (found.counts, found.child_count, found.family_count, clocks)
    return said


def test_every_figure_of_every_aim_stays_on_every_day():
    call_command("demo", "--children", "120", stdout=StringIO())
    organisation = Organisation.objects.get(code=BRAEBURN.code)
    organisation.retention_years = 1
    organisation.save()
    lead, second = (User.objects.get(email=f"{who}@braeburn.example") for who in ("data.lead", "pace.lead"))
    due = [one.child.code for one in reviewed_by(lead, on=timezone.localdate()) if one.is_due]
    assert len(due) > 10
    before = figures(organisation)
    carry_out(propose(due, reason="Its period is over", typed=TYPED, by=lead), typed=TYPED, by=second)
    assert figures(organisation) == before
    assert not Identity.objects.filter(child__code__in=due, child__authority=organisation).exists()


def test_the_command_lists_and_changes_nothing():
    row = child(code="P-0042")
    row.episodes.create(start=date(2018, 1, 9), end=date(2020, 3, 3))
    out = StringIO()
    call_command("list_due_for_review", "--authority", authority().code, stdout=out)
    assert out.getvalue().splitlines() == ["P-0042: care ended 3 March 2020, period over 3 March 2023, due for review"]
    assert Identity.objects.filter(child=row).exists()


def test_the_command_refuses_an_authority_that_is_not_there():
    with pytest.raises(CommandError):
        call_command("list_due_for_review", "--authority", "S1")
