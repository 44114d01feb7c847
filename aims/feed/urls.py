"""Addresses of the feed. Whatever else begins like them is answered in JSON, too."""

from django.urls import path, re_path

from aims.feed.views import AimsView, AimView, DictionaryView, FeedView

urlpatterns = [
    path("v1/aims.<str:file_format>", AimsView.as_view(), name="feed_aims"),
    path("v1/aims/<str:code>.<str:file_format>", AimView.as_view(), name="feed_aim"),
    path("v1/dictionary.<str:file_format>", DictionaryView.as_view(), name="feed_dictionary"),
    re_path("", FeedView.as_view(), name="feed_nothing"),
]
