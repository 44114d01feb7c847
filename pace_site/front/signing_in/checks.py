"""What `manage.py check --deploy` says of signing in."""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register


@register(Tags.security, deploy=True)
def fiction_is_not_excused(app_configs, **_kwargs):
    """The demo may be tried without a second step; what children's data are kept on may not."""
    if not settings.FICTION_WITHOUT_SECOND_FACTOR:
        return []
    return [
        Warning(
            "People of fictional authorities sign in without a second step.",
            hint="Set FICTION_WITHOUT_SECOND_FACTOR=false in the environment.",
            id="pace.W001",
        )
    ]


@register(Tags.security, deploy=True)
def insecure_passkeys_are_off(app_configs, **_kwargs):
    if not settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN:
        return []
    return [Error("Passkeys are taken from any origin.", hint="Set DEBUG=false and PRODUCTION=true.", id="pace.E001")]
