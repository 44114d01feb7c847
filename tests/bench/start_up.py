"""Starting beside a bare Django project: `python -m tests.bench.start_up`, processor time, turn about.

The floor is a project with the same installed apps of other people, their addresses and nothing of ours, made in a
temporary folder. Both are measured in fresh processes, with their compiled files kept as a server keeps them: the
command `check`, and a start up to the answer of the first request, which is the page to sign in. Beside them the first
request of a page that measures, which reads pandas, is told without a floor.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.__main__ import print_table
from tests.own_code import PACKAGES, ROOT

REPEATS = 9
SETTINGS = """
SECRET_KEY = "of a bare project that nobody asks anything, only measured and thrown away"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = {apps!r}
MIDDLEWARE = {middleware!r}
ROOT_URLCONF = "bare_urls"
AUTHENTICATION_BACKENDS = {backends!r}
TEMPLATES = [{{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {{"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]}},
}}]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": {database!r}}}}}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
STATIC_URL = "static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
"""
URLS = """
from django.contrib import admin
from django.urls import include, path

urlpatterns = [path("admin/", admin.site.urls), path("accounts/", include("allauth.urls"))]
"""
CHECK = (
    "from django.core.management import execute_from_command_line; execute_from_command_line(['manage.py', 'check'])"
)
MIGRATE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""
FIRST_REQUEST = """
from wsgiref.util import setup_testing_defaults
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
asked = {"PATH_INFO": "/accounts/login/", "HTTP_HOST": "localhost"}
setup_testing_defaults(asked)
said = []
body = b"".join(application(asked, lambda status, headers: said.append(status)))
assert said == ["200 OK"] and b"password" in body, said
"""
FIRST_FIGURES = """
import django
django.setup()
from django.core.management import call_command
call_command("measure_aims", "--authority", "S12000019", "--as-at", "2026-10-31", "--json")
"""


def main() -> None:
    print_table(rows())


def rows() -> list[dict]:
    """One row for each way of starting; the floor is the bare project."""
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = _ours(Path(folder)), _bare(Path(folder))
        for place in (ours, bare):
            _run(MIGRATE, place)
        return [
            _compared("manage.py check", CHECK, ours, bare),
            _compared("first request after start", FIRST_REQUEST, ours, bare),
            _row("first figures after start", [_run(FIRST_FIGURES, ours) for _ in range(3)]),
        ]


def _ours(folder: Path) -> dict[str, str]:
    return {
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "pace_site.config.settings",
        "DATABASE_URL": f"sqlite:///{folder / 'ours.sqlite3'}",
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }


def _bare(folder: Path) -> dict[str, str]:
    """Write the bare project, with what our settings install and is not ours."""
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import json\nfrom pace_site.config import settings as s\n"
            "print(json.dumps([s.INSTALLED_APPS, s.MIDDLEWARE, s.AUTHENTICATION_BACKENDS]))",
        ],
        check=True,
        capture_output=True,
        text=True,
        env=_environment(_ours(folder)),
    ).stdout
    apps, middleware, backends = ([each for each in names if not _is_ours(each)] for names in json.loads(said))
    project = folder / "bare"
    project.mkdir()
    database = str(folder / "bare.sqlite3")
    # Ours installs the admin by a configuration of its own, and asks for a sign-in on every page.
    text = SETTINGS.format(
        apps=["django.contrib.admin", *apps],
        middleware=[each for each in middleware if not each.endswith("LoginRequiredMiddleware")],
        backends=backends,
        database=database,
    )
    (project / "bare_settings.py").write_text(text)
    (project / "bare_urls.py").write_text(URLS)
    return {
        "PYTHONPATH": str(project),
        "DJANGO_SETTINGS_MODULE": "bare_settings",
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }


def _is_ours(name: str) -> bool:
    return name.split(".")[0] in PACKAGES


def _environment(place: dict[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], **place}


def _compared(name: str, code: str, ours: dict[str, str], bare: dict[str, str]) -> dict:
    _run(code, ours), _run(code, bare)  # the first compiles the files
    pairs = [(_run(code, ours), _run(code, bare)) for _ in range(REPEATS)]
    return _row(name, [pair[0] for pair in pairs], floor=[pair[1] for pair in pairs])


def _row(name: str, times: list[float], *, floor: list[float] | None = None) -> dict:
    p50 = statistics.median(times)
    row = {"name": name, "size": "", "database": "sqlite", "p50_ms": round(p50), "note": "processor time"}
    if floor:
        row |= {"floor_ms": round(statistics.median(floor)), "ratio": round(p50 / statistics.median(floor), 2)}
    return row


def _run(code: str, place: dict[str, str]) -> float:
    """Milliseconds of processor that a fresh process with this code takes, of the program and of the system."""
    process = subprocess.Popen([sys.executable, "-c", code], env=_environment(place), stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"This did not run in {place['DJANGO_SETTINGS_MODULE']}: {code}")
    return (used.ru_utime + used.ru_stime) * 1000


if __name__ == "__main__":
    main()
