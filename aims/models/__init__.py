"""Aims and their versions, how their charts are judged, and what has left by them: reports and files."""

from aims.models.aims import Aim, AimVersion, Annotation, ChartSettings, Phase
from aims.models.feed import FeedSwitch, FeedToken
from aims.models.national import NationalClock, NationalCounts, NationalFile, PseudonymSecret
from aims.models.published import PublishedAim, PublishedMonth
from aims.models.reminders import ReminderSent, ReminderSnooze
from aims.models.reports import Report, ReportedAim, ReportFile

__all__ = [
    "Aim",
    "AimVersion",
    "Annotation",
    "ChartSettings",
    "FeedSwitch",
    "FeedToken",
    "NationalClock",
    "NationalCounts",
    "NationalFile",
    "Phase",
    "PseudonymSecret",
    "PublishedAim",
    "PublishedMonth",
    "Report",
    "ReportFile",
    "ReportedAim",
    "ReminderSent",
    "ReminderSnooze",
]
