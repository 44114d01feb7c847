"""Addresses of data quality, under /data-quality/."""

from django.urls import path

from pace_site.look.pages import page

urlpatterns = [
    path("", page("pace_site.front.data_quality.authority_page.DataQualityView"), name="data_quality"),
    path("findings/", page("pace_site.front.data_quality.authority_page.FindingsView"), name="data_quality_findings"),
    path("not-recorded/", page("pace_site.front.data_quality.completeness_page.CompletenessView"), name="completeness"),
    path(
        "not-recorded/children/",
        page("pace_site.front.data_quality.completeness_page.UnrecordedView"),
        name="unrecorded",
    ),
    path("export/", page("pace_site.front.data_quality.export_page.ExtractExportView"), name="extract_export"),
    path("policy/", page("pace_site.front.data_quality.policy_page.RecordingPolicyView"), name="recording_policy"),
]
