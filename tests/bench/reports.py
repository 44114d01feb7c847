"""Reports of a council: a PDF of one aim beside its floor, and how much memory each format takes for all aims.

The floor is drawing the chart and setting the pages alone, with everything measured and worded before.
"""

import json
import os
import statistics
import subprocess
import sys
from datetime import date

from aims.models import Aim, AimVersion
from aims.reports.actions import FORMATS, export_report
from aims.reports.pdf_file import TEMPLATE
from aims.reports.printed_charts import chart_svg
from aims.reports.report_words import report_words
from aims.reports.since_last import report_with_changes
from pace_site.look.typesetting import typeset
from tests.bench.councils import Council
from tests.bench.visits import milliseconds

REPEATS = 3
MOST_MIB = 600
# One format in a process of its own, which says how much memory it took at most. Not by getrusage: that counts what the
# process that started it held, too.
ONE_EXPORT = """
import json, re, sys, time
import django
django.setup()
from datetime import date
from aims.models import Aim
from aims.reports.actions import FORMATS, export_report
authority, aim, file_format, as_at = sys.argv[1:]
aims = Aim.objects.filter(authority__code=authority)
versions = list((aims.filter(code=aim) if aim else aims).current_versions())
begun = time.perf_counter()
made = export_report(versions, as_at=date.fromisoformat(as_at), file_format=FORMATS[file_format], by=None)
took = time.perf_counter() - begun
peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
print(json.dumps({"seconds": took, "mib": peak / 1024, "bytes": len(made.body)}))
"""


def rows(council: Council) -> list[dict]:
    """A PDF beside its floor, and the memory of each format."""
    return [
        _one_pdf(council),
        _memory(council, "NAT-2", "one aim", "pdf"),
        *(_memory(council, "", "all aims", name) for name in FORMATS),
    ]


def _one_pdf(council: Council) -> dict:
    versions = list(Aim.objects.filter(authority=council.organisation, code="NAT-2").current_versions())
    words, aim = _worded(versions, council.as_at)
    times, floors = [], []
    for number in range(REPEATS + 1):
        whole = milliseconds(lambda: export_report(versions, as_at=council.as_at, file_format=FORMATS["pdf"], by=None))
        alone = milliseconds(lambda: _drawn_and_set(words, aim))
        if number:  # the first loads the libraries
            times.append(whole)
            floors.append(alone)
    p50, floor = statistics.median(times), statistics.median(floors)
    return {
        "name": "PDF of one aim",
        "p50_ms": round(p50, 1),
        "floor_ms": round(floor, 1),
        "ratio": round(p50 / floor, 2),
    }


def _worded(versions: list[AimVersion], as_at: date):
    report, _previous = report_with_changes(versions, as_at=as_at, by=None)
    return report_words(report), report.aims[0]


def _drawn_and_set(words: dict, aim) -> bytes:
    words["aims"][0]["chart"] = chart_svg(aim).decode()
    return typeset(TEMPLATE, words)


def _memory(council: Council, aim: str, what: str, file_format: str) -> dict:
    command = [sys.executable, "-c", ONE_EXPORT, council.organisation.code, aim, file_format, council.as_at.isoformat()]
    measured = json.loads(subprocess.run(command, check=True, capture_output=True, env=os.environ).stdout)
    if measured["mib"] > MOST_MIB:
        sys.exit(f"{what} as {file_format} took {measured['mib']:.0f} MiB, which is more than {MOST_MIB}")
    return {
        "name": f"{what} as {file_format}, in a fresh process",
        "p50_ms": round(measured["seconds"] * 1000, 1),
        "note": f"{measured['mib']:.0f} MiB, {measured['bytes']:,} bytes",
    }
