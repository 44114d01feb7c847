"""The ageing list of children at home on an order as a plotly figure: one bar a child, lines at 18 and 24 months."""

from collections.abc import Mapping, Sequence
from typing import Any

from aims.at_home import BANDS, FROM_18, LINE_MONTHS, OVER_24, UNDER_18, WARNING_MONTHS, AtHome
from aims.plain_figure import GRID, INK, MISSED, OVERDUE, WAITING, checked, plain_layout
from pace_site.look.words import british_date

MOST_BARS = 60
LOOKS = {OVER_24.key: (OVERDUE, ""), FROM_18.key: (MISSED, "/"), UNDER_18.key: (WAITING, ".")}


def at_home_figure(rows: Sequence[AtHome], *, links: Mapping[str, str]) -> dict[str, Any] | None:
    """Draw the longest 60 of `rows`, which come longest first; None without anybody."""
    if not rows:
        return None
    drawn = rows[:MOST_BARS]
    reach = max(drawn[0].months, LINE_MONTHS) * 1.04
    figure = {"data": [_bars(drawn, band, links) for band in BANDS if any(row.band.key == band for row in drawn)]}
    for name, is_narrow in (("layout", False), ("narrow", True)):
        figure[name] = plain_layout(is_narrow=is_narrow) | {
            "margin": {"l": 72 if is_narrow else 84, "r": 12, "t": 64 if is_narrow else 36, "b": 56},
            "barmode": "overlay",
            "bargap": 0.25,
            "xaxis": {
                "title": {"text": "Months at home" if is_narrow else "Months at home on an order, without a break"},
                "range": [0, reach],
                "dtick": 12 if is_narrow or reach > 100 else 6,
                "gridcolor": GRID,
                "fixedrange": True,
                "zeroline": True,
            },
            "yaxis": {
                "type": "category",
                "categoryorder": "array",
                "categoryarray": [row.code for row in reversed(drawn)],
                "fixedrange": True,
                "tickfont": {"size": 11},
                "showgrid": False,
            },
            "legend": {
                "orientation": "h",
                "y": 1.0,
                "yanchor": "bottom",
                "x": 0 if is_narrow else 1,
                "xanchor": "left" if is_narrow else "right",
            },
            "shapes": [_line(WARNING_MONTHS, "dot"), _line(LINE_MONTHS, "dash")],
        }
    return checked(figure)


def _bars(rows: Sequence[AtHome], band: str, links: Mapping[str, str]) -> dict:
    colour, pattern = LOOKS[band]
    shown = [row for row in rows if row.band.key == band]
    return {
        "type": "bar",
        "orientation": "h",
        "name": BANDS[band].label,
        "x": [round(row.months, 2) for row in shown],
        "y": [row.code for row in shown],
        "marker": {
            "color": colour,
            "line": {"color": INK, "width": 1},
            "pattern": {"shape": pattern, "fgcolor": INK, "fillmode": "overlay", "size": 6, "solidity": 0.2},
        },
        "text": [f"{row.code}: {row.length}, since {british_date(row.start)}" for row in shown],
        "textposition": "none",
        "hoverinfo": "text",
        "customdata": [links.get(row.code, "") for row in shown],
    }


def _line(months: int, dash: str) -> dict:
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": months,
        "x1": months,
        "y0": 0,
        "y1": 1,
        "line": {"color": INK, "width": 2, "dash": dash},
    }
