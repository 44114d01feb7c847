"""Addresses of the list of children; the child's own page composes several apps and lies in the front."""

from django.urls import path

from pace_site.look.pages import page

urlpatterns = [
    path("", page("children.views.ChildListView"), name="children"),
]
