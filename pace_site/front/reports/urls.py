"""Addresses of reports."""

from django.urls import path

from pace_site.front.reports.report_views import ReportFileView, ReportListView, ReportMakeView, ReportView

urlpatterns = [
    path("", ReportListView.as_view(), name="reports"),
    path("make/", ReportMakeView.as_view(), name="report_make"),
    path("<int:pk>/", ReportView.as_view(), name="report"),
    path("<int:pk>/<str:file_format>/", ReportFileView.as_view(), name="report_file"),
]
