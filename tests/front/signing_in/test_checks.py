"""What `manage.py check --deploy` says of signing in."""

from pace_site.front.signing_in.checks import fiction_is_not_excused, insecure_passkeys_are_off


def test_a_site_that_excuses_the_demo_is_complained_of(settings):
    settings.FICTION_WITHOUT_SECOND_FACTOR = True
    assert [found.id for found in fiction_is_not_excused(None)] == ["pace.W001"]
    settings.FICTION_WITHOUT_SECOND_FACTOR = False
    assert fiction_is_not_excused(None) == []


def test_a_site_that_takes_passkeys_from_any_origin_is_refused(settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    assert [found.id for found in insecure_passkeys_are_off(None)] == ["pace.E001"]
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
    assert insecure_passkeys_are_off(None) == []
