"""Addresses of reports."""

from django.urls import path

from pace_site.front.reports.dataset_views import DatasetFileView, DatasetView, DictionaryView
from pace_site.front.reports.feed_views import FeedDocumentationView, FeedPageView
from pace_site.front.reports.published_views import PublishedFileView, PublishedMonthsView, PublishedMonthView
from pace_site.front.reports.report_views import ReportFileView, ReportListView, ReportMakeView, ReportView

urlpatterns = [
    path("", ReportListView.as_view(), name="reports"),
    path("make/", ReportMakeView.as_view(), name="report_make"),
    path("national/", DatasetView.as_view(), name="national_dataset"),
    path("national/csv/", DatasetFileView.as_view(), name="national_dataset_file"),
    path("national/dictionary/", DictionaryView.as_view(), name="national_dataset_dictionary"),
    path("feed/", FeedPageView.as_view(), name="feed"),
    path("feed/<str:name>", FeedDocumentationView.as_view(), name="feed_documentation"),
    path("published/", PublishedMonthsView.as_view(), name="published_months"),
    path("published/<str:month>/", PublishedMonthView.as_view(), name="published_month"),
    path("published/<str:month>/<str:file_format>/", PublishedFileView.as_view(), name="published_file"),
    path("<int:pk>/", ReportView.as_view(), name="report"),
    path("<int:pk>/<str:file_format>/", ReportFileView.as_view(), name="report_file"),
]
