"""Two machines over one PostgreSQL: whoever is sent from one to the other notices nothing.

The long form, with people and restarts, is `make machines`.
"""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection, connections
from django.utils import timezone

from aims.models import Aim, AimVersion
from milestones.models import Milestone
from pace_site.accounts.models import Organisation, User
from pace_site.accounts.roles import Role
from pace_site.long_work.models import LongWork
from pace_site.operations.running import claim
from pace_site.operations.timetable import Clock, Job
from tests.builders import PASSWORD, allocate, child, milestone, person
from tests.front.two_authorities import AIM
from tests.reliability.crowd import COLLIDED
from tests.reliability.running_site import NO_LIMITS, Visitor, hidden_fields
from tests.reliability.two_machines import TwoMachines

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = "data.lead@braeburn.example"


@pytest.fixture
def database(transactional_db):
    """The address of the database of the tests, as other processes must be told it."""
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    return os.environ["DATABASE_URL"].replace("/pace?", f"/{connection.settings_dict['NAME']}?")


@pytest.fixture
def world():
    """A fictional council, where nobody needs a second step; somebody who records, exports and issues; two children."""
    council = Organisation.objects.create(code="S12009998", name="Braeburn", fictional=True)
    aim = Aim.objects.create(authority=council, code="AIM-1", status=Aim.Status.ACTIVE)
    AimVersion.objects.create(aim=aim, number=1, data={"code": "AIM-1", **AIM, "stop_event": ["MEDICAL"]})
    by = person(Role.DATA_LEAD, Role.PACE_LEAD, Role.PRACTITIONER, organisation=council, email=EMAIL)
    # As the machines read it; the tests have a quicker way that they do not know.
    User.objects.filter(pk=by.pk).update(password=PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1000))
    today = timezone.localdate()
    rows = [
        child(organisation=council, accommodated=today - timedelta(days=100), code=code)
        for code in ("QX-ONE7", "QX-TWO7")
    ]
    for row in rows:
        allocate(by, row)
    return by, rows, milestone(rows[1], "MEDICAL", today - timedelta(days=20))


@pytest.fixture
def machines(database, tmp_path, world):
    limits = NO_LIMITS | {"LOCKOUT_PEOPLE_OF_ADDRESS": "2", "REPORT_AT_ONCE": "0"}
    both = TwoMachines(tmp_path, restarts=False, limits=limits, DATABASE_URL=database, WEB_CONCURRENCY="1")
    try:
        both.start()
        yield both.machines
        assert both.complaints() == []
    finally:
        both.kill()
        for each in both.machines:
            each.log.close()


def test_whoever_is_sent_from_one_machine_to_the_other_notices_nothing(machines, world, run_a_worker):
    one, two = machines
    by, (row, _other), medical = world
    visitor = Visitor(one)

    # Signed in at one, at work on the other.
    visitor.sign_in(EMAIL, PASSWORD)
    visitor.site = two
    met = "/aims/AIM-1/children/?show=met"
    assert visitor.get(met)[0] == 200
    assert row.code not in visitor.page

    # Recorded at one, in the figures of the other at once.
    visitor.site = one
    day = (timezone.localdate() - timedelta(days=5)).isoformat()
    assert visitor.post(f"/children/{row.code}/record/medical/", {"happened_on": day}) == 302, visitor.page
    visitor.site = two
    visitor.get(met)
    assert row.code in visitor.page

    # Two forms of one record, each from another machine: the second is told of the first.
    address = f"/children/{medical.child.code}/milestone/{medical.pk}/correct/"
    typed = {"happened_on": medical.happened_on.isoformat(), "precision": medical.precision}
    forms = {}
    for machine in machines:
        visitor.site = machine
        forms[machine] = hidden_fields(visitor.get(address)[1])
    answers = []
    for machine in machines:
        visitor.site = machine
        answers.append(visitor.send(address, forms[machine] | typed | {"note": f"from {machine.port}"})[0])
    assert answers == [302, 200]
    assert COLLIDED in visitor.page
    assert Milestone.objects.get(pk=medical.pk).note == f"from {one.port}"

    # Asked for at one, made by a worker elsewhere (this process), fetched from the other.
    visitor.site = one
    visitor.get("/aims/AIM-1/export/csv/")
    place = re.search(r"/long-work/\d+/", visitor.headers["Location"])[0]
    visitor.site = two
    run_a_worker()
    status, file = visitor.get(f"{place}file/")
    assert status == 200, LongWork.objects.get().failure
    assert row.local_ref in file or row.code in file

    # Failures at both are counted together: the third is not even looked at.
    statuses = []
    for machine, name in zip([one, two, one], ["a", "b", "c"], strict=True):
        stranger = Visitor(machine)
        statuses.append(stranger.post("/accounts/login/", {"login": f"{name}@council.example", "password": "wrong"}))
    assert statuses == [200, 429, 429]


def test_of_two_clocks_that_find_a_job_due_at_the_same_moment_one_does_it(database):
    job, now, both = Job("look", ("look_through",), Clock(time(4, 0)), ""), timezone.now(), Barrier(2)

    def find_it_due(_clock):
        connection.ensure_connection()
        both.wait(timeout=10)
        try:
            return claim(job, now, now=now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as clocks:
        found = list(clocks.map(find_it_due, range(2)))
    assert [run is None for run in found].count(True) == 1
