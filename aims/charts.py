"""The PACE run chart with its still-waiting bars, as a plotly figure.

Left: one dot per decided child, in the order in which the process ended. Right: one bar per child still waiting,
longest first, on the same scale of weeks. This draws; the outcomes and `findings` compute (`domain.md` 5.1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aims.compliance import Compliance
from aims.findings import median_days
from aims.outcomes import Outcome
from milestones.clocks.states import State
from pace_site.look.words import british_date, weeks, weeks_number

MOST_POINTS = 200
MOST_BARS = 60
MONTH_LABELS = 7
MET, MISSED, OVERDUE, WAITING = "#00664c", "#9a3b00", "#a31515", "#7fb2d6"
INK, GRID = "#1b2733", "#e3e8ec"


@dataclass(frozen=True)
class DrawnChart:
    """A figure ready for the page, and how much of what there is it shows."""

    figure: dict[str, Any]
    points: int
    all_points: int
    bars: int
    all_bars: int


def run_chart_figure(figures: Compliance, *, links: Mapping[str, str], whole: bool = False) -> DrawnChart | None:
    """Draw an aim's chart; `links` leads from pseudonym to address, and without a link no pseudonym is shown.

    Shows the latest 200 points unless `whole`; None when there is nothing to draw.
    """
    decided = sorted(
        (row for row in figures.outcomes.rows if row.days is not None),
        key=lambda row: (row.stop, row.child_code, row.start),
    )
    waiting = sorted(
        figures.outcomes.of_state(State.WAITING, State.OVERDUE), key=lambda row: (-row.waited, row.child_code)
    )
    if not decided and not waiting:
        return None
    points = decided if whole else decided[-MOST_POINTS:]
    bars = waiting if whole else waiting[:MOST_BARS]
    has_claim = figures.definition.has_claim
    traces = [
        *_dots(points, links, has_claim=has_claim),
        *_bars(bars, links, has_claim=has_claim),
    ]
    figure = {
        "data": traces,
        "layout": _layout(points, bars, middle=median_days(decided), limit=_limit_days(figures), all_bars=len(waiting)),
    }
    return DrawnChart(
        figure=_checked(figure), points=len(points), all_points=len(decided), bars=len(bars), all_bars=len(waiting)
    )


def _dots(points: Sequence[Outcome], links: Mapping[str, str], *, has_claim: bool) -> list[dict]:
    kinds = [(State.MET, "Decided in time" if has_claim else "Decided", MET, "circle")]
    if has_claim:
        kinds.append((State.MISSED, "Decided late", MISSED, "x"))
    traces = []
    for state, name, colour, symbol in kinds:
        placed = [(place, row) for place, row in enumerate(points, 1) if row.state == state]
        if placed:
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": name,
                    "x": [place for place, _row in placed],
                    "y": [float(weeks_number(row.days)) for _place, row in placed],
                    "marker": {"color": colour, "symbol": symbol, "size": 9},
                    "text": [
                        _hover(row, links, f"decided {british_date(row.stop)}", row.days) for _place, row in placed
                    ],
                    "hoverinfo": "text",
                    "customdata": [links.get(row.child_code, "") for _place, row in placed],
                }
            )
    return traces


def _bars(bars: Sequence[Outcome], links: Mapping[str, str], *, has_claim: bool) -> list[dict]:
    in_time = "Waiting in time" if has_claim else "Waiting"
    traces = []
    for state, name, colour, pattern in (
        (State.OVERDUE, "Overdue", OVERDUE, ""),
        (State.WAITING, in_time, WAITING, "/"),
    ):
        placed = [(place, row) for place, row in enumerate(bars, 1) if row.state == state]
        if placed:
            traces.append(
                {
                    "type": "bar",
                    "name": name,
                    "xaxis": "x2",
                    "yaxis": "y",
                    "x": [place for place, _row in placed],
                    "y": [float(weeks_number(row.waited)) for _place, row in placed],
                    "marker": {
                        "color": colour,
                        "line": {"color": INK, "width": 1},
                        "pattern": {
                            "shape": pattern,
                            "fgcolor": INK,
                            "fillmode": "overlay",
                            "size": 6,
                            "solidity": 0.2,
                        },
                    },
                    "text": [_hover(row, links, _due_words(row), row.waited) for _place, row in placed],
                    "textposition": "none",
                    "hoverinfo": "text",
                    "customdata": [links.get(row.child_code, "") for _place, row in placed],
                }
            )
    return traces


def _layout(points, bars, *, middle: float | None, limit: float | None, all_bars: int) -> dict:
    share = len(points) / ((len(points) + len(bars)) or 1)
    split = min(max(share, 0.35), 0.7) if points and bars else (1.0 if points else 0.0)
    ticks = _month_ticks(points)
    lines, labels = [], []
    if middle is not None and points:
        _line(lines, labels, middle / 7, "x", f"median {middle / 7:.1f}", "solid", INK)
    if limit is not None:
        _line(lines, labels, limit / 7, "paper", f"limit {limit / 7:.1f}", "dash", OVERDUE)
    if points:
        labels.append(_caption("Decided, in the order of the decision", split / 2))
    if bars:
        labels.append(_caption(f"Still waiting ({all_bars:,}), longest first", (split + 1) / 2 + 0.02))
    plain = {"showgrid": False, "zeroline": False, "fixedrange": True}
    return {
        "template": "none",
        "margin": {"l": 52, "r": 64, "t": 34, "b": 84},
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": INK},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "hovermode": "closest",
        "bargap": 0.25,
        "legend": {"orientation": "h", "y": -0.2, "x": 0},
        "xaxis": {
            **plain,
            "domain": [0, max(split - 0.02, 0.01)],
            "range": [0, len(points) + 1],
            "tickmode": "array",
            "tickvals": [place for place, _label in ticks],
            "ticktext": [label for _place, label in ticks],
            "visible": bool(points),
        },
        "xaxis2": {**plain, "domain": [min(split + 0.02, 0.99), 1], "range": [0, len(bars) + 1], "visible": False},
        "yaxis": {
            "title": {"text": "Weeks"},
            "rangemode": "tozero",
            "gridcolor": GRID,
            "fixedrange": True,
            "zeroline": True,
        },
        "shapes": lines,
        "annotations": labels,
    }


def _line(lines: list, labels: list, y: float, across: str, label: str, dash: str, colour: str) -> None:
    """A level line: over the dots only ("x" domain) or over the whole chart ("paper"), with its label at the end."""
    xref = "x domain" if across == "x" else "paper"
    lines.append(
        {
            "type": "line",
            "xref": xref,
            "x0": 0,
            "x1": 1,
            "y0": y,
            "y1": y,
            "line": {"color": colour, "width": 1.5, "dash": dash},
        }
    )
    at_end = across == "paper"
    labels.append(
        {
            "xref": xref,
            "x": 1 if at_end else 0,
            "xanchor": "left" if at_end else "left",
            "y": y,
            "yanchor": "middle" if at_end else "bottom",
            "text": label.replace(" ", "<br>") if at_end else label,
            "showarrow": False,
            "align": "left",
            "font": {"color": colour, "size": 12},
        }
    )


def _caption(text: str, x: float) -> dict:
    return {
        "xref": "paper",
        "yref": "paper",
        "x": x,
        "y": 1.0,
        "xanchor": "center",
        "yanchor": "bottom",
        "text": text,
        "showarrow": False,
        "font": {"size": 13},
    }


def _month_ticks(points: Sequence[Outcome]) -> list[tuple[int, str]]:
    """Where the month of the decision changes, thinned so that the labels do not touch."""
    changes, last = [], None
    for place, row in enumerate(points, 1):
        month = (row.stop.year, row.stop.month)
        if month != last:
            changes.append((place, f"{row.stop:%b}<br>{row.stop.year}"))
            last = month
    gap = max(1, len(points) // MONTH_LABELS)
    kept: list[tuple[int, str]] = []
    for place, label in changes:
        if not kept or place - kept[-1][0] >= gap:
            kept.append((place, label))
    return kept


def _limit_days(figures: Compliance) -> float | None:
    """The limit as days; by calendar months it differs a little from child to child, so the median is drawn."""
    if figures.definition.limit is None:
        return None
    allowed = sorted((row.due - row.start).days for row in figures.outcomes.rows)
    return allowed[len(allowed) // 2] if allowed else None


def _hover(row: Outcome, links: Mapping[str, str], what: str, days: int) -> str:
    who = f"{row.child_code}: " if row.child_code in links else ""
    before = " (before accommodation)" if row.stop is not None and row.stop < row.start else ""
    return f"{who}{weeks(days)}, {what}{before}"


def _due_words(row: Outcome) -> str:
    return "no limit set" if row.due is None else f"due {british_date(row.due)}"


def _checked(figure: dict) -> dict[str, Any]:
    """Let plotly itself check every property; what it would not draw raises here and not in somebody's browser."""
    import plotly.graph_objects as go

    checked = {"data": figure["data"], "layout": {**figure["layout"], "template": None}}
    go.Figure(checked)
    return checked
