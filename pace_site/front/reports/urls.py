"""Addresses of reports."""

from django.urls import path

from pace_site.look.pages import page

urlpatterns = [
    path("", page("pace_site.front.reports.report_views.ReportListView"), name="reports"),
    path("make/", page("pace_site.front.reports.report_views.ReportMakeView"), name="report_make"),
    path("national/", page("pace_site.front.reports.dataset_views.DatasetView"), name="national_dataset"),
    path("national/csv/", page("pace_site.front.reports.dataset_views.DatasetFileView"), name="national_dataset_file"),
    path(
        "national/dictionary/",
        page("pace_site.front.reports.dataset_views.DictionaryView"),
        name="national_dataset_dictionary",
    ),
    path("feed/", page("pace_site.front.reports.feed_views.FeedPageView"), name="feed"),
    path(
        "feed/<str:name>", page("pace_site.front.reports.feed_views.FeedDocumentationView"), name="feed_documentation"
    ),
    path("published/", page("pace_site.front.reports.published_views.PublishedMonthsView"), name="published_months"),
    path(
        "published/<str:month>/",
        page("pace_site.front.reports.published_views.PublishedMonthView"),
        name="published_month",
    ),
    path(
        "published/<str:month>/<str:file_format>/",
        page("pace_site.front.reports.published_views.PublishedFileView"),
        name="published_file",
    ),
    path("<int:pk>/", page("pace_site.front.reports.report_views.ReportView"), name="report"),
    path(
        "<int:pk>/<str:file_format>/", page("pace_site.front.reports.report_views.ReportFileView"), name="report_file"
    ),
]
