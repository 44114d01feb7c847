import pytest


@pytest.fixture(autouse=True)
def test_settings(settings):
    """Plain static files (the live server reads them from the source) and a quick password hasher."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
