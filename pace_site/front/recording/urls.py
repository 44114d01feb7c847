"""Addresses of recording, under /children/."""

from django.urls import path

from pace_site.front.recording.correction_views import CorrectView, HistoryView, VoidView
from pace_site.front.recording.views import NewChildView, RecordMenuView, RecordView

urlpatterns = [
    path("new/", NewChildView.as_view(), name="new_child"),
    path("<str:code>/record/", RecordMenuView.as_view(), name="record_menu"),
    path("<str:code>/record/<slug:slug>/", RecordView.as_view(), name="record"),
    path("<str:code>/<slug:what>/<int:pk>/correct/", CorrectView.as_view(), name="correct"),
    path("<str:code>/<slug:what>/<int:pk>/void/", VoidView.as_view(), name="void"),
    path("<str:code>/<slug:what>/<int:pk>/history/", HistoryView.as_view(), name="history"),
]
