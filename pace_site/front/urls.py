"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from aims.reminder_views import ReminderSnoozeView
from pace_site.front.aim_page import AimPageView
from pace_site.front.auditing.views import SeenByView, TrailExportView, TrailView
from pace_site.front.caseload.allocation_page import AllocateView, ChildAllocateView
from pace_site.front.caseload.caseload_page import CaseloadExportView, CaseloadView, SavedFiltersView
from pace_site.front.champions.meeting_view import MeetingView
from pace_site.front.child_page import ChildView
from pace_site.front.data_quality.accept_views import FindingAcceptView
from pace_site.front.data_quality.doubtful_page import AimDoubtfulView
from pace_site.front.home import HomeView
from pace_site.front.identified.by_name_views import AimByNameView, CaseloadByNameView
from pace_site.front.people.views import RolesGivenView, SecondStepForEverybodyView
from pace_site.front.reports.export_views import AimExportView
from pace_site.front.restricted.restriction_views import BreakGlassAlertsView, BreakGlassView, RestrictView
from pace_site.front.subject_access.views import SubjectAccessView
from pace_site.front.timelines.histories_page import HistoriesView
from pace_site.front.timelines.timeline_page import ChildTimelineView, SiblingTimelinesView

urlpatterns = [
    path("", include("pace_site.operations.urls")),
    path("", HomeView.as_view(), name="home"),
    path("aims/", include("aims.urls")),
    path("aims/<str:code>/export/<str:file_format>/", AimExportView.as_view(), name="aim_export"),
    path("aims/<str:code>/doubtful/", AimDoubtfulView.as_view(), name="aim_doubtful"),
    path("aims/<str:code>/by-name/", AimByNameView.as_view(), name="aim_by_name"),
    path("aims/<str:code>/", AimPageView.as_view(), name="aim"),
    path("reports/", include("pace_site.front.reports.urls")),
    path("imports/", include("pace_site.front.imports.urls")),
    path("long-work/", include("pace_site.long_work.urls")),
    path("meeting/", MeetingView.as_view(), name="meeting_view"),
    path("national/", include("aims.national.urls")),
    path("feed/", include("aims.feed.urls")),
    path("caseload/", CaseloadView.as_view(), name="caseload"),
    path("caseload/csv/", CaseloadExportView.as_view(), name="caseload_export"),
    path("caseload/by-name/", CaseloadByNameView.as_view(), name="caseload_by_name"),
    path("caseload/filters/", SavedFiltersView.as_view(), name="saved_filters"),
    path("caseload/allocate/", AllocateView.as_view(), name="allocate"),
    path("children/<str:code>/allocate/", ChildAllocateView.as_view(), name="child_allocate"),
    path("children/", include("children.urls")),
    path("children/", include("pace_site.front.recording.urls")),
    path("children/<str:code>/", ChildView.as_view(), name="child"),
    path("children/<str:code>/timeline/", ChildTimelineView.as_view(), name="child_timeline"),
    path("children/<str:code>/timeline/siblings/", SiblingTimelinesView.as_view(), name="sibling_timelines"),
    path("children/<str:code>/seen-by/", SeenByView.as_view(), name="seen_by"),
    path("children/<str:code>/restrict/", RestrictView.as_view(), name="restrict"),
    path("restricted-records/<int:pk>/open/", BreakGlassView.as_view(), name="break_glass"),
    path("restricted-records/opened/", BreakGlassAlertsView.as_view(), name="break_glass_alerts"),
    path("audit/", TrailView.as_view(), name="audit_trail"),
    path("audit/<str:file_format>/", TrailExportView.as_view(), name="audit_trail_export"),
    path("children/<str:code>/subject-access/", SubjectAccessView.as_view(), name="subject_access"),
    path("timelines/", HistoriesView.as_view(), name="timelines"),
    path("duplicates/", include("pace_site.front.duplicates.urls")),
    path("data-quality/", include("pace_site.front.data_quality.urls")),
    path("children/<str:code>/findings/<int:rule>/", FindingAcceptView.as_view(), name="finding_accept"),
    path("retention/", include("pace_site.front.retention.urls")),
    path("people/roles-given/", RolesGivenView.as_view(), name="roles_given"),
    path("people/second-step/", SecondStepForEverybodyView.as_view(), name="second_step_for_everybody"),
    path("improvement/", include("improvement.urls")),
    path("reminders/snooze/", ReminderSnoozeView.as_view(), name="reminder_snooze"),
    path("accounts/", include("pace_site.front.account_urls")),
    path("admin/", admin.site.urls),
]

# Also for a database that is away or full.
handler500 = "pace_site.defences.outage_page.server_error"
