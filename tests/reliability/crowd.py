"""Many people record and read at once: no error, nothing lost."""

import random
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import StringIO

from django.core.management import call_command
from django.db import connections

from children.models import Child
from tests.reliability.kills import LEAD, PASSWORD, RECORDER, faults_of_records, faults_of_trail
from tests.reliability.running_site import GONE, RunningSite, Visitor

SIGN_INS = 20
READ = ("/aims/", "/aims/NAT-2/", "/caseload/", "/children/{code}/", "/children/{code}/record/medical/")


@dataclass
class Crowd:
    """What the crowd met: answers by status, times in seconds, notes that were taken in, and what went wrong."""

    answers: Counter = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def in_words(self) -> str:
        middle = statistics.median(self.seconds) * 1000
        slow = statistics.quantiles(self.seconds, n=20)[-1] * 1000
        return (
            f"{len(self.seconds)} requests, {len(self.acknowledged)} records, answers {dict(self.answers)}, "
            f"median {middle:.0f} ms, p95 {slow:.0f} ms"
        )


def run(people: int, *, seconds: float, children: int = 40) -> Crowd:
    """Let `people` read and record for some seconds on the demo; each acknowledged record must be there afterwards."""
    call_command("migrate", verbosity=0)
    call_command("demo", children=children, password=PASSWORD, stdout=StringIO())
    codes = list(Child.objects.filter(authority__code="S12009999").values_list("code", flat=True))
    connections.close_all()
    site, crowd = RunningSite(), Crowd()
    site.start()
    try:
        # As many sign-ins as one address may do in a minute; the others are second windows of these.
        signed_in = [Visitor(site) for _person in range(min(people, SIGN_INS))]
        for number, visitor in enumerate(signed_in):
            visitor.sign_in((RECORDER, LEAD)[number % 2], PASSWORD)
        visitors = [signed_in[number % len(signed_in)].another_window() for number in range(people)]
        until = time.monotonic() + seconds
        threads = [
            threading.Thread(target=_use, args=(visitor, number % 2 == 0, until, codes, crowd, random.Random(number)))
            for number, visitor in enumerate(visitors)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        site.kill()
    crowd.faults += [f"{count} answers of {status}" for status, count in crowd.answers.items() if status >= 500]
    crowd.faults += [*faults_of_records(crowd.acknowledged), *faults_of_trail()]
    return crowd


def _use(visitor: Visitor, records: bool, until: float, codes: list[str], crowd: Crowd, chance: random.Random) -> None:
    while time.monotonic() < until:
        code, began = chance.choice(codes), time.monotonic()
        try:
            if records and chance.random() < 0.2:
                note = f"killed {chance.getrandbits(64):x}"
                day = date(2025, 1, 1) + timedelta(days=chance.randrange(600))
                status = visitor.post(
                    f"/children/{code}/record/medical/", {"happened_on": day.isoformat(), "note": note}
                )
                if status == 302:
                    crowd.acknowledged.append(note)
            else:
                status, _page = visitor.get(chance.choice(READ).format(code=code))
        except GONE as problem:
            crowd.faults.append(f"no answer: {problem}")
            continue
        crowd.answers[status] += 1
        crowd.seconds.append(time.monotonic() - began)
