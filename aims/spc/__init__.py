"""Statistical process control for small numbers: run charts and Shewhart charts, in pure Python (`spc.md`)."""

from aims.spc.run_chart import RunChart, run_chart
from aims.spc.shewhart import Shewhart, shewhart

__all__ = ["RunChart", "Shewhart", "run_chart", "shewhart"]
