"""The second view of an aim: by the month in which clocks fell due, so that censoring cannot flatter."""

from aims.by_month.months import Month, Monthly, by_month, due_months
from aims.by_month.section import MonthSection, month_section

__all__ = ["Month", "MonthSection", "Monthly", "by_month", "due_months", "month_section"]
