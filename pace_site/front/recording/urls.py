"""Addresses of recording, under /children/."""

from django.urls import path

from pace_site.look.pages import page

urlpatterns = [
    path("new/", page("pace_site.front.recording.views.NewChildView"), name="new_child"),
    path("<str:code>/record/", page("pace_site.front.recording.views.RecordMenuView"), name="record_menu"),
    path("<str:code>/record/<slug:slug>/", page("pace_site.front.recording.views.RecordView"), name="record"),
    path(
        "<str:code>/<slug:what>/<int:pk>/correct/",
        page("pace_site.front.recording.correction_views.CorrectView"),
        name="correct",
    ),
    path(
        "<str:code>/<slug:what>/<int:pk>/void/",
        page("pace_site.front.recording.correction_views.VoidView"),
        name="void",
    ),
    path(
        "<str:code>/<slug:what>/<int:pk>/history/",
        page("pace_site.front.recording.correction_views.HistoryView"),
        name="history",
    ),
]
