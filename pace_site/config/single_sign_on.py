"""Councils' own sign-in by OpenID Connect, told by the environment alone.

`SSO=midlothian,moray` names them; of each, `SSO_MIDLOTHIAN_ISSUER`, `..._CLIENT_ID`, `..._CLIENT_SECRET` and
`..._ORGANISATION` (the code of the council whose people it lets in) must be told, and `..._NAME` (on the button) and
`..._SECOND_FACTOR_ACR` (values of `acr` by which the provider says that it asked for a second step) may be.
"""

import re

import environ
from django.core.exceptions import ImproperlyConfigured

SLUG = re.compile(r"[a-z][a-z0-9-]*")
NEEDED = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "ORGANISATION")


def providers_in(env: environ.Env, *, production: bool) -> list[dict]:
    """The providers as allauth reads them; `ImproperlyConfigured` names the variable that is missing or wrong."""
    return [_provider(slug.strip(), env, production=production) for slug in env.list("SSO", default=[])]


def _provider(slug: str, env: environ.Env, *, production: bool) -> dict:
    if not SLUG.fullmatch(slug):
        raise ImproperlyConfigured(f"SSO: {slug!r} is not a name of small letters, digits and hyphens.")
    prefix = f"SSO_{slug.upper().replace('-', '_')}_"
    told = {name: env.str(prefix + name, default="") for name in NEEDED}
    for name, value in told.items():
        if not value:
            raise ImproperlyConfigured(f"SSO names {slug}, but {prefix}{name} is not set.")
    if production and not told["ISSUER"].startswith("https://"):
        raise ImproperlyConfigured(f"{prefix}ISSUER must begin with https://.")
    return {
        "provider_id": slug,
        "name": env.str(prefix + "NAME", default=slug.replace("-", " ").title()),
        "client_id": told["CLIENT_ID"],
        "secret": told["CLIENT_SECRET"],
        "settings": {
            "server_url": told["ISSUER"].rstrip("/"),
            "oauth_pkce_enabled": True,
            "organisation": told["ORGANISATION"],
            "second_factor_acr": env.list(prefix + "SECOND_FACTOR_ACR", default=[]),
        },
    }
