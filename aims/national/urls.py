"""Addresses of the national view."""

from django.urls import path

from pace_site.look.pages import page

urlpatterns = [
    path("", page("aims.national.views.NationalView"), name="national"),
    path("csv/", page("aims.national.views.NationalExportView"), name="national_export"),
    path("files/", page("aims.national_dataset.views.NationalFilesView"), name="national_files"),
]
