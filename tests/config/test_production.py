"""Production starts only with settings of its own, and then has nothing that `check --deploy` complains of."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from pace_site.config.production import refuse_unsaid_elsewhere
from pace_site.config.settings import DEVELOPMENT_KEY

ROOT = Path(__file__).parents[2]
KEY = "kX9-zQ2_vB7nM4pL8rT1wY6uE3iO5aSdFgHjKcVbNmQwErTyUiOp0"
PRODUCTION = {
    "PRODUCTION": "true",
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "pace.council.example",
    "SITE_URL": "https://pace.council.example",
    "DATABASE_URL": "postgres://pace:not-told-again@localhost/pace",
    "EMAIL_URL": "smtp+tls://pace:not-told-again@mail.council.example:587",
    "EMAIL_FROM": "pace@council.example",
}
WHAT_IS_SET = """
import json
from django.conf import settings
shown = ("SECURE_", "SESSION_COOKIE", "CSRF_COOKIE", "EMAIL_", "DEBUG")
names = [name for name in dir(settings) if name.startswith(shown)]
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""


def run(*arguments: str, **more: str) -> subprocess.CompletedProcess:
    """Run with an environment of its own; a variable that is empty is not set."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {name: value for name, value in more.items() if value}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**kept, "DJANGO_SETTINGS_MODULE": "pace_site.config.settings", **given},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def in_production() -> dict:
    ran = run("-c", WHAT_IS_SET, **PRODUCTION)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_the_check_for_deployment_has_nothing_to_say():
    ran = run("-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "System check identified no issues (0 silenced).\n", "")


def test_cookies_go_over_tls_to_this_host_alone_and_no_script_reads_them(in_production):
    for cookie in ("SESSION_COOKIE", "CSRF_COOKIE"):
        # A browser refuses a name with this beginning unless all three hold.
        assert in_production[f"{cookie}_NAME"].startswith("__Host-")
        assert in_production[f"{cookie}_SECURE"] is True
        assert (in_production[f"{cookie}_PATH"], in_production[f"{cookie}_DOMAIN"]) == ("/", None)
        assert in_production[f"{cookie}_HTTPONLY"] is True
        assert in_production[f"{cookie}_SAMESITE"] == "Lax"


def test_everything_goes_over_tls_for_a_year(in_production):
    assert in_production["SECURE_SSL_REDIRECT"] is True
    assert in_production["SECURE_HSTS_SECONDS"] == 31_536_000
    assert in_production["DEBUG"] is False


def test_the_mail_server_comes_from_the_environment(in_production):
    told = [in_production[f"EMAIL_{name}"] for name in ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS")]
    assert told == ["mail.council.example", 587, "pace", "not-told-again", True]


def test_only_behind_a_proxy_is_its_word_taken_for_tls(in_production):
    assert in_production["SECURE_PROXY_SSL_HEADER"] is None
    behind = json.loads(run("-c", WHAT_IS_SET, **PRODUCTION | {"TRUSTED_PROXIES": "1"}).stdout)
    assert behind["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"SECRET_KEY": ""}, "published key"),
        ({"SECRET_KEY": DEVELOPMENT_KEY}, "published key"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be 50"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY must be 50"),
        ({"SECRET_KEY_FALLBACKS": DEVELOPMENT_KEY}, "Set SECRET_KEY_FALLBACKS"),
        ({"DEBUG": "true"}, "DEBUG must not be set"),
        ({"ALLOWED_HOSTS": ""}, "Set ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "must name every host"),
        ({"SITE_URL": ""}, "Set SITE_URL"),
        ({"SITE_URL": "http://pace.council.example"}, "Set SITE_URL to the https://"),
        ({"SITE_URL": "https://elsewhere.example"}, "at a host of ALLOWED_HOSTS"),
        ({"CSRF_TRUSTED_ORIGINS": "http://pace.council.example"}, "CSRF_TRUSTED_ORIGINS"),
        ({"DATABASE_URL": ""}, "Set DATABASE_URL"),
        ({"DATABASE_URL": "sqlite://:memory:"}, "in memory"),
        ({"EMAIL_URL": ""}, "Set EMAIL_URL"),
        ({"EMAIL_URL": "consolemail://"}, "Set EMAIL_URL"),
        ({"EMAIL_URL": "smtp://mail.council.example:25"}, "must use TLS"),
        ({"EMAIL_FROM": ""}, "Set EMAIL_FROM"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN must be 30"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be one of"),
    ],
    ids=lambda value: "" if isinstance(value, str) else "=".join(next(iter(value.items()))),
)
def test_production_refuses_to_start(wrong, said):
    ran = run("-c", "from django.conf import settings; settings.DEBUG", **PRODUCTION | wrong)
    assert ran.returncode == 1
    assert said in ran.stderr.rpartition("ImproperlyConfigured")[2]
    assert "not-told-again" not in ran.stderr


def test_everything_that_is_wrong_is_told_at_once():
    said = run("-c", "from django.conf import settings; settings.DEBUG", PRODUCTION="true", SECRET_KEY=KEY).stderr
    for name in ("ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "EMAIL_URL", "EMAIL_FROM"):
        assert f"Set {name}" in said


def test_a_former_key_still_opens_what_it_signed():
    ran = run(
        "-c",
        "from django.conf import settings; print(settings.SECRET_KEY_FALLBACKS)",
        **PRODUCTION | {"SECRET_KEY_FALLBACKS": f"{KEY}1,{KEY}2"},
    )
    assert ran.stdout.strip() == str([f"{KEY}1", f"{KEY}2"])


def test_a_site_that_others_reach_says_whether_it_is_production():
    there, here = ["127.0.0.1", "pace.council.example"], ["127.0.0.1", "localhost"]
    refuse_unsaid_elsewhere(hosts=here, debug=True, given={})
    refuse_unsaid_elsewhere(hosts=there, debug=False, given={"PRODUCTION": "false"})
    with pytest.raises(ImproperlyConfigured, match="set PRODUCTION=true"):
        refuse_unsaid_elsewhere(hosts=there, debug=False, given={})
    with pytest.raises(ImproperlyConfigured, match="DEBUG shows"):
        refuse_unsaid_elsewhere(hosts=there, debug=True, given={"PRODUCTION": "false"})
    ran = run("-c", "from django.conf import settings; settings.DEBUG", SECRET_KEY=KEY, ALLOWED_HOSTS=there[1])
    assert "set PRODUCTION=true" in ran.stderr


def test_a_mail_server_on_this_machine_needs_no_tls():
    ran = run(
        "-c", "from django.conf import settings; settings.DEBUG", **PRODUCTION | {"EMAIL_URL": "smtp://localhost:25"}
    )
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    ("hosts", "starts"), [("", True), ("localhost", True), ("pace.council.example", False), ("*", False)]
)
def test_without_production_the_published_key_serves_this_machine_alone(hosts, starts):
    ran = run("-c", "from django.conf import settings; settings.DEBUG", ALLOWED_HOSTS=hosts)
    assert (ran.returncode == 0) is starts, ran.stderr
    if not starts:
        assert "Set SECRET_KEY" in ran.stderr
