"""Addresses of data quality, under /data-quality/."""

from django.urls import path

from pace_site.front.data_quality.authority_page import DataQualityView, FindingsView
from pace_site.front.data_quality.completeness_page import CompletenessView, UnrecordedView
from pace_site.front.data_quality.export_page import ExtractExportView
from pace_site.front.data_quality.policy_page import RecordingPolicyView

urlpatterns = [
    path("", DataQualityView.as_view(), name="data_quality"),
    path("findings/", FindingsView.as_view(), name="data_quality_findings"),
    path("not-recorded/", CompletenessView.as_view(), name="completeness"),
    path("not-recorded/children/", UnrecordedView.as_view(), name="unrecorded"),
    path("export/", ExtractExportView.as_view(), name="extract_export"),
    path("policy/", RecordingPolicyView.as_view(), name="recording_policy"),
]
