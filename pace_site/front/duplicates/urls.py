"""Addresses under /duplicates/."""

from django.urls import path

from pace_site.look.pages import page

urlpatterns = [
    path("", page("pace_site.front.duplicates.pair_views.PairsView"), name="duplicates"),
    path("<str:code>/<str:other>/", page("pace_site.front.duplicates.pair_views.PairView"), name="duplicate_pair"),
    path("merged/<int:pk>/undo/", page("pace_site.front.duplicates.pair_views.UndoMergeView"), name="undo_merge"),
]
