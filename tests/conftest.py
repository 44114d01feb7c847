import gc
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aims.reports.actions import FORMATS
from milestones.kept_journeys import KEPT, revision_of
from pace_site.accounts.second_factor import MARK
from tests import builders, migrated
from tests.audit.lifting import lift_guards


def pytest_addoption(parser):
    parser.addoption("--keep", action="store_true", help="Write down anew what pages take (tests/bench/kept.json).")
    parser.addoption("--on-database", action="store_true", help="Only the tests of what may differ between databases.")


def pytest_collection_modifyitems(config, items):
    """For a second database: what never touches one says the same on any.

    Nor do the words of a page differ: two roles open every page there, and what writes, searches, counts or locks by
    way of pages is marked `each_database`.
    """
    if config.getoption("--on-database"):
        kept = [item for item in items if _may_differ(item)]
        config.hook.pytest_deselected(items=[item for item in items if not _may_differ(item)])
        items[:] = kept


def pytest_collection_finish(session):
    """Let the collector of garbage look less often: it went through all that is loaded, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _may_differ(item: pytest.Item) -> bool:
    if item.get_closest_marker("each_database"):
        return True
    if item.get_closest_marker("sweep") or "client" in item.fixturenames:
        return False
    return item.get_closest_marker("django_db") is not None or bool({"db", "transactional_db"} & {*item.fixturenames})


@pytest.fixture(autouse=True)
def queries_are_counted_with_nothing_kept(monkeypatch):
    """A page asks less when its figures are kept from the page before: what is compared is a page that reads them."""
    enter = CaptureQueriesContext.__enter__

    def enter_with_nothing_kept(counting):
        revision_of(0, using=counting.connection.alias)  # each process asks once whether the triggers stand
        KEPT.clear()
        return enter(counting)

    monkeypatch.setattr(CaptureQueriesContext, "__enter__", enter_with_nothing_kept)


@pytest.fixture(autouse=True)
def test_settings(settings):
    """Plain static files (the live server reads them from the source), a quick password hasher, no limits of use."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # A sweep asks thousands of times; tests of the limits set their own.
    settings.SEARCHES_A_MINUTE = settings.EXPORTS_AN_HOUR = settings.UNSIGNED_REQUESTS_A_MINUTE = 0
    settings.SIGN_INS_A_MINUTE = settings.PASSWORD_LINKS_AN_HOUR = 0


@pytest.fixture(autouse=True)
def _signed_in_by_two_steps(monkeypatch):
    """`force_login` stands for a whole sign-in: its session carries the mark of the second step, as a real one does.

    Tests of the second step itself sign in by the form.
    """
    one_step = Client._login

    def two_steps(client, user, backend=None):
        one_step(client, user, backend)
        session = client.session
        session[MARK] = {"user": user.pk, "by": "a test"}
        session.save()

    monkeypatch.setattr(Client, "_login", two_steps)


@pytest.fixture(scope="session")
def kept_database(request):
    """Where a migrated database is kept, or None where it is not SQLite."""
    if connections["default"].vendor != "sqlite":
        return None
    return migrated.kept_in(request.config.cache.mkdir("migrated"))


@pytest.fixture(scope="session")
def django_db_keepdb(kept_database):
    """A database filled beforehand is taken as it is."""
    return kept_database is not None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request, tmp_path_factory, kept_database, django_db_modify_db_settings_parallel_suffix
):
    """Fill the database beforehand where that can be done.

    SQLite is kept in a file while browsers are about: in memory, all requests at once would share one connection.
    """
    if kept_database is None:
        yield
        return
    connection = connections["default"]
    if any(item.get_closest_marker("browser") for item in request.session.items):
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
    if not kept_database.exists():
        yield
        return
    filled = migrated.fill(connection.creation._get_test_db_name(), kept=kept_database)
    yield
    filled.close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, kept_database):
    """Keep what was migrated, for the next run."""
    if kept_database is not None and not kept_database.exists():
        with django_db_blocker.unblock():
            connections["default"].ensure_connection()
            migrated.keep(connections["default"].connection, kept=kept_database)


@pytest.fixture
def authority(db):
    return builders.authority()


@pytest.fixture
def quick(monkeypatch):
    """Files are tested where they are made: here they are a few bytes each."""
    for name, each in FORMATS.items():
        quick = type(each)(name, each.label, each.content_type, lambda _report, _progress: b"file")
        monkeypatch.setitem(FORMATS, name, quick)


@pytest.fixture(scope="session", autouse=True)
def the_trail_is_emptied_between_tests():
    """Tests of committed rows empty every table afterwards, which the audit trail refuses; they put its guards back."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def empty(operations, statements):
        lift_guards()
        return flush(operations, statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", empty)
        yield


@pytest.fixture
def run_a_worker(monkeypatch):
    """Let a worker carry out all that waits, inside the transaction of the test: it must not drop its connection."""
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)

    def run():
        call_command("work", batch=True, startup_delay=False, verbosity=0, stdout=StringIO())

    return run
