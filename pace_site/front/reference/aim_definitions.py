"""The shipped aims and how every figure is counted, as a page, in the words of the aims' own pages."""

from datetime import date

import pandas as pd

from aims.aim_file import read_aim_file, registered_files
from aims.aim_templates import NATIONAL_FILE
from aims.compliance import Compliance, Measured
from aims.definition import AimDefinition
from aims.definition_words import definition_in_words
from aims.figure_definitions import FigureDefinition, define_figures
from aims.figure_words import STATE_LABELS, STATE_MEANINGS, VERDICTS
from aims.outcomes import LeftOut, Outcomes
from milestones.clocks.days import OPEN
from milestones.clocks.limits import to_day
from milestones.clocks.states import State
from pace_site.front.reference.markdown import head, table

INTRODUCTION = """\
An aim is data: a clock that starts and stops, who is counted, how long it may take, and a target. This page says in
words what each shipped aim says; the aims of a council are told in the same words on their own pages, under *How the
figures are counted*. How a kind of aim is added: [An aim kind](../engineers/add-an-aim-kind.md).
"""
EXAMPLE_START, EXAMPLE_DAY = date(2017, 11, 1), date(2018, 11, 1)
# An invented cohort: how many clocks are in each state, and how many days the decided ones took.
EXAMPLE = {State.MET: 20, State.MISSED: 4, State.OVERDUE: 5, State.WAITING: 7, State.EXITED: 2}
EXAMPLE_DAYS = 153
EXAMPLE_AIM = "MID-1"


def aim_definitions_page() -> str:
    definitions = {name: read_aim_file(path) for name, path in registered_files().items()}
    example = next(each for aims in definitions.values() for each in aims if each.code == EXAMPLE_AIM)
    parts = [
        head("Aims and figures", INTRODUCTION),
        _states(),
        _figures(example),
        "## National aims\n",
        *(_aim(each) for each in definitions.pop(NATIONAL_FILE)),
        "## Published local aims\n",
        *(_aim(each) for aims in definitions.values() for each in aims),
    ]
    return "\n".join(parts)


def _states() -> str:
    rows = [(STATE_LABELS[state], f"`{state.value}`", STATE_MEANINGS[state]) for state in State]
    verdicts = [(f"`{code}`", words) for code, words in VERDICTS.items()]
    return (
        "## The state of a clock\n\n"
        + table(["State", "In files", "Means"], rows)
        + "## The verdict\n\n"
        + table(["In files", "Means"], verdicts)
    ).rstrip() + "\n"


def _figures(definition: AimDefinition) -> str:
    told = define_figures(Measured(now=Compliance(_example(definition)), at_by_date=None)).figures
    return (
        "## How each figure is counted\n\n"
        f"With the numbers of an invented example, as at the day on which {definition.code} is judged: "
        "20 met, 4 missed (1 of them left undecided), 5 overdue, 7 waiting in time and 2 left in time.\n\n"
        + table(["Figure", "Example", "What is counted", "Of what", "Left out", "Shown"], map(_figure, told))
    ).rstrip() + "\n"


def _figure(told: FigureDefinition) -> tuple[str, ...]:
    return told.name, told.value, told.numerator, told.denominator, told.left_out, told.shown


def _example(definition: AimDefinition) -> Outcomes:
    """An invented cohort, in which every decided child took the same time."""
    states = [state.value for state, count in EXAMPLE.items() for _ in range(count)]
    start = to_day(EXAMPLE_START)
    decided = {State.MET.value, State.MISSED.value}
    frame = pd.DataFrame(
        {
            "child": range(len(states)),
            "state": states,
            "route": "",
            "start": start,
            "due": OPEN,
            "stop": [start + EXAMPLE_DAYS if state in decided else OPEN for state in states],
            "exit": OPEN,
            "exit_reason": "",
            "days": EXAMPLE_DAYS,
            "waited": EXAMPLE_DAYS,
            # The first of those who missed it: somebody who left.
            "left_undecided": [number == states.index(State.MISSED.value) for number in range(len(states))],
        }
    )
    frame.loc[frame["left_undecided"], "stop"] = OPEN
    return Outcomes(
        definition=definition,
        as_at=EXAMPLE_DAY,
        frame=frame,
        children=pd.DataFrame({"id": frame["child"], "code": "", "local_ref": "", "family": 0}),
        unplaced=(LeftOut(0, "", "", "the start has no exact day"),),
        excluded=(),
    )


def _aim(definition: AimDefinition) -> str:
    text = f"### {definition.code}: {definition.title}\n\n"
    if definition.text:
        text += f"> {' '.join(definition.text.split())}\n\n"
    return (text + table(["", ""], definition_in_words(definition))).rstrip() + "\n"
