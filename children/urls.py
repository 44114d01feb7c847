"""Addresses of the list of children; the child's own page composes several apps and lies in the front."""

from django.urls import path

from children.views import ChildListView, ChildSearchView

urlpatterns = [
    path("", ChildListView.as_view(), name="children"),
    path("search/", ChildSearchView.as_view(), name="child_search"),
]
