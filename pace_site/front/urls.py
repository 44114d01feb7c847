"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from aims.reminder_views import ReminderSnoozeView
from pace_site.front.child_page import ChildView
from pace_site.front.home import HomeView

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("aims/", include("aims.urls")),
    path("children/", include("children.urls")),
    path("children/", include("pace_site.front.recording.urls")),
    path("children/<str:code>/", ChildView.as_view(), name="child"),
    path("reminders/snooze/", ReminderSnoozeView.as_view(), name="reminder_snooze"),
    path("accounts/", include("pace_site.front.account_urls")),
    path("admin/", admin.site.urls),
]
