"""The rules of data quality as a page, made from their declarations."""

from milestones.quality.rules import LATE, MISSING, RULES, SEVERITIES
from pace_site.front.reference.markdown import head, table

INTRODUCTION = """\
The checks look through all records, each night and when somebody asks for it (*Data quality*). What they find changes
no figure: what a clock uses is said in the [design](../design.md), section 3, and what an import refuses in section 4.
Numbers 1 to 40 are those of the [domain](../domain.md), section 3.7; higher ones are our own. How a rule is added:
[A data-quality rule](../engineers/add-a-data-quality-rule.md).
"""


def quality_rules_page() -> str:
    parts = [head("Data-quality rules", INTRODUCTION)]
    counts = ", ".join(
        f"{sum(each.severity == code for each in RULES)} of severity {label.lower()}"
        for code, label in SEVERITIES.items()
    )
    parts.append(f"There are {len(RULES)} rules: {counts}.\n")
    rows = [
        (each.code, each.severity_label, each.name, each.to_do, _about(each.number), _fields(each.fields, each.perhaps))
        for each in RULES
    ]
    headings = ["Rule", "Severity", "What it finds", "What to do", "Says that", "Fields in doubt"]
    return "\n".join([*parts, table(headings, rows)]).rstrip() + "\n"


def _about(number: int) -> str:
    if number in MISSING:
        return "something is missing"
    return "something is late" if number in LATE else "something is odd or wrong"


def _fields(fields: tuple[str, ...], perhaps: tuple[str, ...]) -> str:
    """Those of the records that a finding names, and in brackets those that may be what is wrong."""
    return ", ".join([*(f"`{each}`" for each in fields), *(f"(`{each}`)" for each in perhaps)])
