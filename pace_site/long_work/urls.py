"""Addresses of long work."""

from django.urls import path

from pace_site.long_work.views import LongWorkFileView, LongWorkListView, LongWorkView

urlpatterns = [
    path("", LongWorkListView.as_view(), name="long_works"),
    path("<int:pk>/", LongWorkView.as_view(), name="long_work"),
    path("<int:pk>/file/", LongWorkFileView.as_view(), name="long_work_file"),
]
