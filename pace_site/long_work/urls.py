"""Addresses of long work."""

from django.urls import path

from pace_site.look.pages import page

urlpatterns = [
    path("", page("pace_site.long_work.views.LongWorkListView"), name="long_works"),
    path("<int:pk>/", page("pace_site.long_work.views.LongWorkView"), name="long_work"),
    path("<int:pk>/file/", page("pace_site.long_work.views.LongWorkFileView"), name="long_work_file"),
]
