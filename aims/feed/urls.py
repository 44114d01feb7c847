"""Addresses of the feed. Whatever else begins like them is answered in JSON, too."""

from django.urls import path, re_path

from pace_site.look.pages import page

urlpatterns = [
    path("v1/aims.<str:file_format>", page("aims.feed.views.AimsView"), name="feed_aims"),
    path("v1/aims/<str:code>.<str:file_format>", page("aims.feed.views.AimView"), name="feed_aim"),
    path("v1/dictionary.<str:file_format>", page("aims.feed.views.DictionaryView"), name="feed_dictionary"),
    re_path("", page("aims.feed.views.FeedView"), name="feed_nothing"),
]
