"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from aims.reminder_views import ReminderSnoozeView
from pace_site.front.child_page import ChildView
from pace_site.front.home import HomeView
from pace_site.front.timelines.histories_page import HistoriesView
from pace_site.front.timelines.timeline_page import ChildTimelineView, SiblingTimelinesView

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("aims/", include("aims.urls")),
    path("children/", include("children.urls")),
    path("children/", include("pace_site.front.recording.urls")),
    path("children/<str:code>/", ChildView.as_view(), name="child"),
    path("children/<str:code>/timeline/", ChildTimelineView.as_view(), name="child_timeline"),
    path("children/<str:code>/timeline/siblings/", SiblingTimelinesView.as_view(), name="sibling_timelines"),
    path("timelines/", HistoriesView.as_view(), name="timelines"),
    path("reminders/snooze/", ReminderSnoozeView.as_view(), name="reminder_snooze"),
    path("accounts/", include("pace_site.front.account_urls")),
    path("admin/", admin.site.urls),
]
