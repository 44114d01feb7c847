"""The statistics stand alone: numbers in, dataclasses out (`design.md` 1)."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from aims.spc import run_chart, shewhart

ROOT = Path(__file__).resolve().parents[3]
ASK = """
import sys
from aims.spc import run_chart, shewhart
from aims.spc import chance, words, simulate_chance
own = ("aims", "improvement", "milestones", "children", "pace_site", "django", "pandas", "numpy", "plotly")
print(*sorted({name for name in sys.modules if name.split(".")[0] in own}))
"""


def test_the_statistics_load_nothing_else_of_the_project_and_none_of_its_libraries():
    asked = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [name for name in asked.stdout.split() if name != "aims" and not name.startswith("aims.spc")] == []


@pytest.mark.parametrize("chart", [run_chart([1, 2] * 6), run_chart([1, 2] * 6).phases[0], shewhart([1, 2] * 6)])
def test_what_was_found_cannot_be_changed(chart):
    with pytest.raises(dataclasses.FrozenInstanceError):
        chart.n = 3
    assert hash(chart)
