"""Exported files as LibreOffice reads them: the numbers that it shows are those that `measure_aims` prints."""

import csv
import shutil
import subprocess
from collections import Counter
from io import StringIO
from pathlib import Path

import pymupdf
import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from tests.acceptance_extracts import printed_measures, take_in
from tests.aims.exports import csv_rows

SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed"),
]
# The sheets of a workbook one by one, in UTF-8, as shown.
ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


@pytest.fixture
def opened(tmp_path):
    """Export MID-1 of Midlothian, let LibreOffice write it anew, and return what it printed beside the new files."""

    def run(file_format: str, target: str) -> tuple[dict, list[Path]]:
        authority, as_at = take_in("midlothian")
        (measured,) = printed_measures(authority, as_at, "--aim=MID-1")["aims"]
        out = tmp_path / f"report.{file_format}"
        asked = [
            f"--authority={authority}",
            "--aim=MID-1",
            f"--as-at={as_at}",
            f"--format={file_format}",
            f"--out={out}",
        ]
        call_command("export_report", *asked, stdout=StringIO())
        profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
        command = [SOFFICE, profile, "--headless", "--convert-to", target, "--outdir", str(tmp_path / "new"), str(out)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return measured, sorted((tmp_path / "new").iterdir())

    return run


def rows_of(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.reader(text))


def test_the_workbook_shows_the_figures_and_every_clock(opened):
    measured, files = opened("xlsx", ALL_SHEETS)
    sheets = {file.stem.removeprefix("report-"): rows_of(file) for file in files}
    summary = {row[0]: row[1] for row in reversed(sheets["Summary"]) if len(row) > 1}
    counts = measured["counts"]

    assert float(summary["In time, of those decided"].rstrip(" %")) == measured["pct_decided"]
    assert float(summary["In time, of those decided or overdue"].rstrip(" %")) == measured["pct_decided_or_overdue"]
    states = {"Met": "MET", "Missed": "MISSED", "Overdue": "OVERDUE", "Waiting in time": "WAITING"}
    assert {label: int(summary[label]) for label in states} == {label: counts[key] for label, key in states.items()}
    assert len(sheets["Outcomes"]) - 1 == measured["clocks"] == len(measured["outcomes"])
    assert not any("Err:" in cell or cell.startswith("#") for rows in sheets.values() for row in rows for cell in row)


def test_the_slide_shows_the_figures(opened):
    measured, (file,) = opened("pptx", "pdf")
    counts = measured["counts"]
    with pymupdf.open(file) as pages:
        words = " ".join(" ".join(page.get_text().split()) for page in pages)
    assert (
        f"{counts['MET']} met, {counts['MISSED']} missed, {counts['OVERDUE']} overdue, "
        f"{counts['WAITING']} waiting in time."
    ) in words
    assert f"{measured['pct_decided'] + 1e-9:.0f} %" in words
    assert f"{measured['pct_decided_or_overdue'] + 1e-9:.0f} %" in words


def test_the_list_has_every_clock_in_its_state(opened):
    measured, (file,) = opened("csv", "xlsx")
    header, *rows = load_workbook(file).active.iter_rows(values_only=True)
    found = [dict(zip(header, row, strict=True)) for row in rows]
    original = csv_rows((file.parent.parent / "report.csv").read_bytes())
    assert [row["child"] for row in found] == [row["child"] for row in original]
    assert len(found) == measured["clocks"]
    states = Counter(row["state"] for row in found)
    assert states == Counter(row["state"] for row in measured["outcomes"])
