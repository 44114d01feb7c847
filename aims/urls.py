"""Addresses of the aim pages."""

from django.urls import path

from aims.chart_views import AimChartView
from aims.export_views import AimExportView
from aims.views import AimChildrenView, AimListView, AimView

urlpatterns = [
    path("", AimListView.as_view(), name="aims"),
    path("<str:code>/", AimView.as_view(), name="aim"),
    path("<str:code>/chart/", AimChartView.as_view(), name="aim_chart"),
    path("<str:code>/children/", AimChildrenView.as_view(), name="aim_children"),
    path("<str:code>/export/<str:file_format>/", AimExportView.as_view(), name="aim_export"),
]
