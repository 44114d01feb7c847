"""What `deploy/` says agrees with itself, with the timetable and with what the site reads, and is closed.

No container and no system manager runs here: `docs/deployment.md` says what was tried by hand, and what was not.
"""

import json
import os
import re
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest
import yaml

from pace_site.operations.management.commands.scheduled import in_a_table
from pace_site.operations.timetable import jobs
from pace_site.operations.urls import urlpatterns

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
GUIDE = ROOT / "docs" / "deployment.md"
SITE = ("migrate", "web", "worker", "scheduler")
UNITS = ("pace-web.service", "pace-worker.service", "pace-job@.service")
CLOSED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "RestrictNamespaces": "yes",
    "LockPersonality": "yes",
    "UMask": "0077",
    "User": "pace",
}


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


@pytest.fixture(autouse=True)
def _with_a_folder_for_backups(settings):
    settings.BACKUP_DIR, settings.BACKUP_KEEP = "/backups", 35


def unit(name: str) -> RawConfigParser:
    """A unit of systemd; of a key that stands twice the last is read."""
    found = RawConfigParser(strict=False, interpolation=None)
    found.optionxform = str
    found.read_string((DEPLOY / "systemd" / name).read_text())
    return found


def test_no_service_may_write_outside_its_volumes_or_gain_a_right(compose):
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.get("privileged"), name
        assert service["logging"]["options"]["max-size"], name
    assert {name: each["cap_add"] for name, each in compose["services"].items() if "cap_add" in each} == {
        "proxy": ["NET_BIND_SERVICE"]
    }


def test_the_world_reaches_the_proxy_alone_and_the_database_reaches_nobody(compose):
    services, networks = compose["services"], compose["networks"]
    assert [name for name, each in services.items() if "ports" in each] == ["proxy"]
    assert services["database"]["networks"] == ["inside"]
    assert networks["inside"]["internal"] is True
    assert "inside" not in services["proxy"]["networks"]


def test_whatever_a_service_names_is_declared_and_nothing_else_is(compose):
    """What `docker compose config` would refuse: names that lead nowhere, and variables that nobody is told of."""
    services = compose["services"].values()
    for kind in ("networks", "secrets"):
        assert {name for each in services for name in each.get(kind, [])} == set(compose[kind]), kind
    sources = [volume.removeprefix("${BACKUP_FOLDER:-") for each in services for volume in each.get("volumes", [])]
    assert {name.partition(":")[0] for name in sources if name[0] not in "./"} == set(compose["volumes"])
    for name in (name.partition(":")[0] for name in sources if name[0] == "."):
        assert (DEPLOY / name).is_file(), name
    assert {name for each in services for name in each.get("depends_on", {})} <= set(compose["services"])
    assert all("image" in each or "build" in each for each in services)
    of_compose = (DEPLOY / ".env.example").read_text().partition("# -- Needed")[0]
    asked = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text()))
    assert asked == set(re.findall(r"^(?:# )?([A-Z_]+)=", of_compose, re.MULTILINE))


def test_every_secret_is_a_file_that_is_made_and_none_stands_in_the_compose_file(compose, tmp_path):
    subprocess.run([DEPLOY / "make_secrets.sh", tmp_path / "secrets"], check=True, capture_output=True)
    made = {each.name for each in (tmp_path / "secrets").iterdir()}
    assert made == set(compose["secrets"])
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    used = {secret for each in compose["services"].values() for secret in each.get("secrets", [])}
    assert used == made
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD|TOKEN|_URL", name) and name != "SITE_URL":
                assert value.startswith("/run/secrets/"), name


def test_what_is_there_is_not_made_anew(tmp_path):
    make = [DEPLOY / "make_secrets.sh", tmp_path]
    subprocess.run(make, check=True, capture_output=True)
    before = {each.name: each.read_text() for each in tmp_path.iterdir()}
    subprocess.run(make, check=True, capture_output=True)
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == before
    assert before["database_password"] in before["database_url"]
    assert len({*before.values()}) == len(before) - 1  # the two of TLS are empty


def test_production_starts_with_the_files_that_are_made_and_with_what_compose_tells(compose, tmp_path):
    subprocess.run([DEPLOY / "make_secrets.sh", tmp_path], check=True, capture_output=True)
    (tmp_path / "email_url").chmod(0o644)
    (tmp_path / "email_url").write_text("smtp+tls://pace:secret@mail.council.example:587\n")
    told = {}
    for name, value in compose["services"]["web"]["environment"].items():
        told[name] = value.replace("/run/secrets", str(tmp_path)).replace(
            "${SITE_HOST:?the name of the site}", "pace.example"
        )
        told[name] = told[name].replace("${SITE_HOST}", "pace.example")
    shown = """
import json
from django.conf import settings
print(json.dumps([settings.DATABASES["default"][x] for x in ("HOST", "NAME", "OPTIONS")] + [
    len(settings.SECRET_KEY), len(settings.METRICS_TOKEN), settings.EMAIL_HOST, settings.BACKUP_DIR,
    settings.MIDDLEWARE]))
"""
    ran = subprocess.run(
        [sys.executable, "-c", shown],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "pace_site.config.settings",
            "EMAIL_FROM": "a@b.example",
        }
        | told,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    *found, middleware = json.loads(ran.stdout)
    assert found == ["database", "pace", {"connect_timeout": 5}, 64, 40, "mail.council.example", "/backups"]
    # The probes stand before all that asks for a host, for TLS or for a session, and what is counted is what follows.
    probes = middleware.index("pace_site.operations.middleware.ProbesMiddleware")
    assert middleware[probes + 1] == "django_prometheus.middleware.PrometheusBeforeMiddleware"
    assert middleware[-1] == "pace_site.operations.request_metrics.CountByViewMiddleware"


def test_the_image_has_no_tools_to_build_with_and_runs_as_nobody_in_particular():
    lines = (DEPLOY / "Dockerfile").read_text()
    last = lines.rpartition("\nFROM ")[2]
    assert re.search(r"^ARG BASE=python:\d+\.\d+\.\d+-slim-\w+$", lines, re.MULTILINE)
    assert "USER 10001" in last.splitlines()
    assert last.index("USER 10001") > last.index("RUN apt-get")
    assert not re.search(r"build-essential|gcc|-dev\b", lines)
    assert "/readyz" in re.search(r"HEALTHCHECK.*\n.*", last)[0]
    copied = set(re.findall(r"^COPY (\w+) \./", lines, re.MULTILINE))
    left_in = set(re.findall(r"^!(\w+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE))
    assert copied == left_in == {"children", "milestones", "aims", "improvement", "pace_site", "templates", "static"}


def test_the_program_and_the_database_of_compose_are_of_one_version(compose):
    client = re.search(r"postgresql-client-(\d+)", (DEPLOY / "Dockerfile").read_text())[1]
    assert compose["services"]["database"]["image"].startswith(f"postgres:{client}.")


def test_compose_runs_pages_a_worker_and_the_clock_and_migrates_before(compose):
    services = compose["services"]
    assert [services[name].get("command", ["gunicorn"])[-1] for name in ("web", "worker", "scheduler")] == [
        "gunicorn",
        "work",
        "scheduled",
    ]
    for name in SITE[1:]:
        assert services[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
        assert services[name]["image"] == services["migrate"]["image"]
    assert any(volume.endswith(":/backups") for volume in services["scheduler"]["volumes"])


def test_each_job_of_the_timetable_has_its_timer_and_there_is_no_other():
    timers = {path.name: unit(path.name)["Timer"] for path in (DEPLOY / "systemd").glob("*.timer")}
    wanted = {f"pace-job@{job.name}.timer": job.clock.on_calendar for job in jobs()}
    assert {name: timer["OnCalendar"] for name, timer in timers.items()} == wanted
    assert all(timer["Persistent"] == "true" for timer in timers.values())
    assert unit("pace-job@.service")["Service"]["ExecStart"].endswith("manage.py scheduled %i")


def test_the_guide_has_the_timetable_as_it_is():
    assert in_a_table(jobs()) in GUIDE.read_text()


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_may_do_no_more_than_it_must(name):
    service = unit(name)["Service"]
    assert {key: service[key] for key in CLOSED} == CLOSED


def test_the_proxy_keeps_inside_what_is_for_inside_and_writes_no_address_down():
    told = (DEPLOY / "Caddyfile").read_text()
    inside = set(re.search(r"@inside path (.*)", told)[1].split())
    assert inside | {"/healthz"} == {f"/{each.pattern}" for each in urlpatterns}
    assert "request>uri delete" in told
    assert "request>headers delete" in told
    assert "health_uri /healthz" in told
