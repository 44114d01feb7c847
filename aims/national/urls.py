"""Addresses of the national view."""

from django.urls import path

from aims.national.views import NationalExportView, NationalView

urlpatterns = [
    path("", NationalView.as_view(), name="national"),
    path("csv/", NationalExportView.as_view(), name="national_export"),
]
