"""The highlight report as PDF, exported as PDF/UA-1: tagged, titled, every chart with its text alternative."""

from pathlib import Path

from aims.reports.highlight import Highlight
from aims.reports.printed_charts import chart_svg
from aims.reports.report_words import report_words
from pace_site.long_work.progress import UNWATCHED, Progress
from pace_site.look.typesetting import typeset

TEMPLATE = Path(__file__).parent / "typeset" / "highlight.typ"


def pdf_file(report: Highlight, progress: Progress = UNWATCHED) -> bytes:
    """Typeset the report."""
    words = report_words(report)
    for aim, said in zip(report.aims, words["aims"], strict=True):
        progress.step(f"Drawing the chart of {aim.code}.")
        chart = chart_svg(aim)
        said["chart"] = "" if chart is None else chart.decode()
    return typeset(TEMPLATE, words)
