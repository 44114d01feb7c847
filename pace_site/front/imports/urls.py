"""Addresses of imports."""

from django.urls import path

from pace_site.look.pages import page

urlpatterns = [
    path("", page("pace_site.front.imports.import_views.ImportListView"), name="imports"),
    path("new/", page("pace_site.front.imports.import_views.ImportNewView"), name="import_new"),
    path("missing/", page("pace_site.front.imports.missing_views.MissingChildrenView"), name="missing_children"),
    path("<int:pk>/", page("pace_site.front.imports.import_views.ImportView"), name="import"),
    path("<int:pk>/columns/", page("pace_site.front.imports.mapping_views.MappingView"), name="import_mapping"),
    path(
        "<int:pk>/corrections/",
        page("pace_site.front.imports.mapping_views.CorrectionsView"),
        name="import_corrections",
    ),
    path("<int:pk>/rejects/", page("pace_site.front.imports.import_views.ImportRejectsView"), name="import_rejects"),
]
