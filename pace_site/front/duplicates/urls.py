"""Addresses under /duplicates/."""

from django.urls import path

from pace_site.front.duplicates.pair_views import PairsView, PairView, UndoMergeView

urlpatterns = [
    path("", PairsView.as_view(), name="duplicates"),
    path("<str:code>/<str:other>/", PairView.as_view(), name="duplicate_pair"),
    path("merged/<int:pk>/undo/", UndoMergeView.as_view(), name="undo_merge"),
]
