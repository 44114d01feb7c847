"""What production must be told, and what it refuses to start with. Everything comes from the environment."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# As `manage.py check --deploy` asks for them.
SHORTEST_KEY, FEWEST_DIFFERENT = 50, 5
SHORTEST_TOKEN = 30
LOOPBACK_NAMES = frozenset({"localhost", ".localhost"})


def refuse_published_key_elsewhere(*, key: str, published: str, hosts: list[str]) -> None:
    """The published key serves this very machine alone: a demo, or a developer's."""
    if key == published and not all(_is_loopback(host) for host in hosts):
        raise ImproperlyConfigured(
            "Set SECRET_KEY in the environment: with the published key ALLOWED_HOSTS may name this machine alone."
        )


def refuse_unsaid_elsewhere(*, hosts: list[str], debug: bool, given: Mapping[str, str]) -> None:
    """A site that other machines reach says whether it is production: forgotten, it would go without TLS."""
    if all(_is_loopback(host) for host in hosts):
        return
    if not given.get("PRODUCTION"):
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS names another machine than this one: set PRODUCTION=true, or PRODUCTION=false for a trial "
            "with made-up children alone."
        )
    if debug:
        raise ImproperlyConfigured("DEBUG shows what is in the program's memory: only this machine may ask then.")


def refuse_unsafe(settings: Mapping[str, Any], *, published_key: str, given: Mapping[str, str]) -> None:
    """Raise `ImproperlyConfigured` with everything that production may not start with.

    `given` is the environment. No value is told again: some of them are secrets.
    """
    faults = [
        *_of_keys(settings, published_key),
        *_of_hosts(settings, given),
        *_of_database(settings, given),
        *_of_mail(settings, given),
    ]
    if 0 < len(settings["METRICS_TOKEN"]) < SHORTEST_TOKEN:
        faults.append(f"METRICS_TOKEN must be {SHORTEST_TOKEN} random characters or more, or not set.")
    if settings["DEBUG"]:
        faults.append("DEBUG must not be set.")
    if faults:
        raise ImproperlyConfigured("Production does not start like this:\n- " + "\n- ".join(faults))


def _of_keys(settings: Mapping[str, Any], published: str) -> list[str]:
    faults = []
    named = [("SECRET_KEY", settings["SECRET_KEY"])]
    named += [("SECRET_KEY_FALLBACKS", key) for key in settings["SECRET_KEY_FALLBACKS"]]
    for name, key in named:
        if key == published:
            faults.append(f"Set {name} in the environment: production never runs with the published key.")
        elif len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_DIFFERENT or key.startswith("django-insecure-"):
            faults.append(f"{name} must be {SHORTEST_KEY} random characters or more.")
    return faults


def _of_hosts(settings: Mapping[str, Any], given: Mapping[str, str]) -> list[str]:
    faults = []
    hosts = settings["ALLOWED_HOSTS"]
    if not given.get("ALLOWED_HOSTS") or not hosts:
        faults.append("Set ALLOWED_HOSTS to the names under which the site is reached.")
    if any("*" in host for host in hosts):
        faults.append("ALLOWED_HOSTS must name every host: “*” would let a visitor choose it.")
    site = urlsplit(settings["SITE_URL"])
    if not given.get("SITE_URL") or site.scheme != "https" or site.hostname not in hosts:
        faults.append("Set SITE_URL to the https:// address of the site, at a host of ALLOWED_HOSTS.")
    if any(not origin.startswith("https://") or "*" in origin for origin in settings["CSRF_TRUSTED_ORIGINS"]):
        faults.append("CSRF_TRUSTED_ORIGINS must begin with https:// and name every host.")
    return faults


def _of_database(settings: Mapping[str, Any], given: Mapping[str, str]) -> list[str]:
    database = settings["DATABASES"]["default"]
    if not given.get("DATABASE_URL"):
        return ["Set DATABASE_URL."]
    name = str(database["NAME"])
    if database["ENGINE"].endswith("sqlite3") and (not name or ":memory:" in name or "mode=memory" in name):
        return ["DATABASE_URL must not be in memory: all would be lost at the next start."]
    return []


def _of_mail(settings: Mapping[str, Any], given: Mapping[str, str]) -> list[str]:
    """Links for a new password, reminders and alerts go by mail: without it the site is not whole."""
    faults = []
    is_safe = settings["EMAIL_USE_TLS"] or settings["EMAIL_USE_SSL"] or _is_loopback(settings["EMAIL_HOST"] or "")
    if not settings["EMAIL_BACKEND"].endswith(".smtp.EmailBackend") or not given.get("EMAIL_URL"):
        faults.append("Set EMAIL_URL to the mail server, for example smtp+tls://NAME:PASSWORD@HOST:587.")
    elif not is_safe:
        faults.append("EMAIL_URL must use TLS (smtp+tls:// or smtp+ssl://), unless the mail server is this machine.")
    if not given.get("EMAIL_FROM"):
        faults.append("Set EMAIL_FROM to the address from which e-mails come.")
    return faults


def _is_loopback(host: str) -> bool:
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
