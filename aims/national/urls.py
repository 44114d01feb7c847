"""Addresses of the national view."""

from django.urls import path

from aims.national.views import NationalExportView, NationalView
from aims.national_dataset.views import NationalFilesView

urlpatterns = [
    path("", NationalView.as_view(), name="national"),
    path("csv/", NationalExportView.as_view(), name="national_export"),
    path("files/", NationalFilesView.as_view(), name="national_files"),
]
