"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from pace_site.look.pages import page

urlpatterns = [
    path("", include("pace_site.operations.urls")),
    path("", page("pace_site.front.home.HomeView"), name="home"),
    path("set-up/", page("pace_site.front.setting_up.set_up_page.SetUpView"), name="set_up"),
    path("help/", page("pace_site.front.help.help_page.HelpView"), name="help"),
    path("tour/", page("pace_site.front.tour.tour_page.TourView"), name="tour"),
    path("search/", page("pace_site.front.search.search_page.SearchView"), name="search"),
    path("aims/", include("aims.urls")),
    path(
        "aims/<str:code>/export/<str:file_format>/",
        page("pace_site.front.reports.export_views.AimExportView"),
        name="aim_export",
    ),
    path(
        "aims/<str:code>/doubtful/",
        page("pace_site.front.data_quality.doubtful_page.AimDoubtfulView"),
        name="aim_doubtful",
    ),
    path(
        "aims/<str:code>/by-name/", page("pace_site.front.identified.by_name_views.AimByNameView"), name="aim_by_name"
    ),
    path("aims/<str:code>/", page("pace_site.front.aim_page.AimPageView"), name="aim"),
    path("reports/", include("pace_site.front.reports.urls")),
    path("imports/", include("pace_site.front.imports.urls")),
    path("long-work/", include("pace_site.long_work.urls")),
    path("meeting/", page("pace_site.front.champions.meeting_view.MeetingView"), name="meeting_view"),
    path("national/", include("aims.national.urls")),
    path("feed/", include("aims.feed.urls")),
    path("caseload/", page("pace_site.front.caseload.caseload_page.CaseloadView"), name="caseload"),
    path("caseload/csv/", page("pace_site.front.caseload.caseload_page.CaseloadExportView"), name="caseload_export"),
    path(
        "caseload/by-name/",
        page("pace_site.front.identified.by_name_views.CaseloadByNameView"),
        name="caseload_by_name",
    ),
    path("caseload/filters/", page("pace_site.front.caseload.caseload_page.SavedFiltersView"), name="saved_filters"),
    path("caseload/allocate/", page("pace_site.front.caseload.allocation_page.AllocateView"), name="allocate"),
    path(
        "children/<str:code>/allocate/",
        page("pace_site.front.caseload.allocation_page.ChildAllocateView"),
        name="child_allocate",
    ),
    path("children/", include("children.urls")),
    path("children/", include("pace_site.front.recording.urls")),
    path("children/<str:code>/", page("pace_site.front.child_page.ChildView"), name="child"),
    path(
        "children/<str:code>/timeline/",
        page("pace_site.front.timelines.timeline_page.ChildTimelineView"),
        name="child_timeline",
    ),
    path(
        "children/<str:code>/timeline/siblings/",
        page("pace_site.front.timelines.timeline_page.SiblingTimelinesView"),
        name="sibling_timelines",
    ),
    path("children/<str:code>/seen-by/", page("pace_site.front.auditing.views.SeenByView"), name="seen_by"),
    path(
        "children/<str:code>/restrict/",
        page("pace_site.front.restricted.restriction_views.RestrictView"),
        name="restrict",
    ),
    path(
        "restricted-records/<int:pk>/open/",
        page("pace_site.front.restricted.restriction_views.BreakGlassView"),
        name="break_glass",
    ),
    path(
        "restricted-records/opened/",
        page("pace_site.front.restricted.restriction_views.BreakGlassAlertsView"),
        name="break_glass_alerts",
    ),
    path("audit/", page("pace_site.front.auditing.views.TrailView"), name="audit_trail"),
    path("audit/<str:file_format>/", page("pace_site.front.auditing.views.TrailExportView"), name="audit_trail_export"),
    path(
        "children/<str:code>/subject-access/",
        page("pace_site.front.subject_access.views.SubjectAccessView"),
        name="subject_access",
    ),
    path("timelines/", page("pace_site.front.timelines.histories_page.HistoriesView"), name="timelines"),
    path("duplicates/", include("pace_site.front.duplicates.urls")),
    path("data-quality/", include("pace_site.front.data_quality.urls")),
    path(
        "children/<str:code>/findings/<int:rule>/",
        page("pace_site.front.data_quality.accept_views.FindingAcceptView"),
        name="finding_accept",
    ),
    path("retention/", include("pace_site.front.retention.urls")),
    path("people/roles-given/", page("pace_site.front.people.views.RolesGivenView"), name="roles_given"),
    path(
        "people/second-step/",
        page("pace_site.front.people.views.SecondStepForEverybodyView"),
        name="second_step_for_everybody",
    ),
    path("improvement/", include("improvement.urls")),
    path("reminders/snooze/", page("aims.reminder_views.ReminderSnoozeView"), name="reminder_snooze"),
    path("accounts/", include("pace_site.front.account_urls")),
    path("admin/", admin.site.urls),
]

# Also for a database that is away or full.
handler500 = "pace_site.defences.outage_page.server_error"
