"""Addresses of imports."""

from django.urls import path

from pace_site.front.imports.import_views import ImportListView, ImportNewView, ImportRejectsView, ImportView
from pace_site.front.imports.mapping_views import CorrectionsView, MappingView
from pace_site.front.imports.missing_views import MissingChildrenView

urlpatterns = [
    path("", ImportListView.as_view(), name="imports"),
    path("new/", ImportNewView.as_view(), name="import_new"),
    path("missing/", MissingChildrenView.as_view(), name="missing_children"),
    path("<int:pk>/", ImportView.as_view(), name="import"),
    path("<int:pk>/columns/", MappingView.as_view(), name="import_mapping"),
    path("<int:pk>/corrections/", CorrectionsView.as_view(), name="import_corrections"),
    path("<int:pk>/rejects/", ImportRejectsView.as_view(), name="import_rejects"),
]
