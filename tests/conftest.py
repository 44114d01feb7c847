import pytest
from django.db import connections


@pytest.fixture(autouse=True)
def test_settings(settings):
    """Plain static files (the live server reads them from the source) and a quick password hasher."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, tmp_path_factory, django_db_modify_db_settings_parallel_suffix):
    """Keep SQLite in a file while browsers are about: in memory, all requests at once would share one connection."""
    told_in_a_browser = any(item.get_closest_marker("browser") for item in request.session.items)
    if told_in_a_browser and connections["default"].vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connections["default"].settings_dict["TEST"]["NAME"] = str(file)
