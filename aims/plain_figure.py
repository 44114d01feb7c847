"""What every plotly figure of an aim shares: the bare layout, a plain line, days as weeks, and plotly's own check."""

from typing import Any

from aims.charts import FONT


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
