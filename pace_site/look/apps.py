"""Look: what every page shares."""

from django.apps import AppConfig


class LookConfig(AppConfig):
    name = "pace_site.look"
    label = "look"

    def ready(self):
        # Fields can be read once the applications are there.
        from pace_site.look.wording_of_errors import use_our_words

        use_our_words()
