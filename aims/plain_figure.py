"""What every plotly figure of an aim shares: colours, the bare layout, a plain line, days as weeks, plotly's check."""

from dataclasses import dataclass
from typing import Any

MET, MISSED, OVERDUE, WAITING = "#00664c", "#9a3b00", "#a31515", "#7fb2d6"
INK, GRID = "#1b2733", "#e3e8ec"
# Long enough that the first month does not touch the 0 of the other axis.
TICKS = {"ticks": "outside", "ticklen": 8, "tickcolor": GRID}
FONT = {"family": "system-ui, sans-serif", "size": 13, "color": INK}


@dataclass(frozen=True)
class DrawnChart:
    """A figure ready for the page (data, layout, and the layout for a narrow screen), and how much it shows.

    `told`: what it shows, in words, for whoever does not see it.
    `cut_at`: the weeks at which its axis ends and longer bars are cut; None where nothing is.
    """

    figure: dict[str, Any]
    told: str
    points: int
    all_points: int
    bars: int = 0
    all_bars: int = 0
    cut_at: int | None = None

    @property
    def is_whole(self) -> bool:
        return self.points == self.all_points and self.bars == self.all_bars


def plain_layout(*, is_narrow: bool) -> dict:
    """A white sheet with its legend below, without anything to drag."""
    return {
        "template": "none",
        "margin": {"l": 48 if is_narrow else 56, "r": 12, "t": 16, "b": 100 if is_narrow else 84},
        "font": FONT,
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "hovermode": "closest",
        "dragmode": False,
        "showlegend": True,
        "legend": {"orientation": "h", "y": -0.2, "yanchor": "top", "x": 0},
    }


def plain_line(x: list, y: list, *, name: str, colour: str, dash: str) -> dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x,
        "y": y,
        "hoverinfo": "skip",
        "line": {"color": colour, "width": 1.5, "dash": dash},
    }


def in_weeks(days: float) -> float:
    """Days as weeks, finely enough that a step on the due date lies on the line."""
    return round(days / 7, 2)


def checked(figure: dict) -> dict[str, Any]:
    """Let plotly itself check every property; what it would not draw raises here and not in somebody's browser."""
    import plotly.graph_objects as go  # slow to import, and only pages with a chart draw

    for layout in ("layout", "narrow"):
        go.Figure({"data": figure["data"], "layout": figure[layout]})
        # "none" names plotly.py's template without a look of its own; in the browser that is the absence of one.
        figure[layout] = {name: value for name, value in figure[layout].items() if name != "template"}
    return figure
