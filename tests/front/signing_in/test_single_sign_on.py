"""Councils' own sign-in, against an OpenID provider that runs beside the tests."""

from urllib.parse import parse_qs, urlsplit

import environ
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from pace_site.accounts.models import User
from pace_site.accounts.roles import Role
from pace_site.audit.models import AuditEntry
from pace_site.config.single_sign_on import providers_in
from tests.builders import authority, person
from tests.council_provider import running_provider
from tests.front.signing_in.steps import code_of, type_code, with_app

pytestmark = pytest.mark.django_db
COUNCIL = "S12000019"
PETRA = "petra@council.example"


@pytest.fixture(scope="module")
def provider():
    with running_provider() as running:
        yield running


@pytest.fixture
def env(monkeypatch, provider):
    """The environment of a site with one council's provider."""
    told = {
        "SSO": "midlothian",
        "SSO_MIDLOTHIAN_ISSUER": provider.address,
        "SSO_MIDLOTHIAN_CLIENT_ID": "pace",
        "SSO_MIDLOTHIAN_CLIENT_SECRET": "a secret of the council",
        "SSO_MIDLOTHIAN_ORGANISATION": COUNCIL,
        "SSO_MIDLOTHIAN_NAME": "Midlothian Council",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return environ.Env()


@pytest.fixture(autouse=True)
def council(env, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": providers_in(env, production=False)}}
    cache.clear()


@pytest.fixture
def sign_in(client, provider):
    """Go to the provider as a browser would, be recognised there as `sub`, and come back."""

    def go(sub="petra", *, asked="", answer=None, **claims):
        provider.knows(sub, **({"email": PETRA, "email_verified": True} | claims))
        onward = client.get(reverse("openid_connect_login", args=["midlothian"]) + asked)
        assert onward.status_code == 302, onward.content.decode()
        assert onward.url.startswith(provider.address)
        back = requests.post(onward.url, data=answer or {"sub": sub}, allow_redirects=False, timeout=5)
        address = urlsplit(back.headers["Location"])
        assert address.netloc == "testserver"
        return client.get(f"{address.path}?{address.query}")

    return go


def is_in(client) -> bool:
    return client.get("/aims/").status_code == 200


def refused(response) -> bool:
    return response.status_code == 403 and "You could not be signed in" in response.content.decode()


def why() -> str:
    told = AuditEntry.objects.get(action="sign_failed")
    return told.reason or told.after["why"]


def test_a_person_of_the_council_comes_in(client, sign_in):
    user = person(Role.CHAMPION, email=PETRA)
    assert sign_in().url == "/"
    assert is_in(client)
    told = AuditEntry.objects.get(action="sign_in")
    assert (told.actor, told.after["way"]) == (user.email, "single sign-on of Midlothian Council")


def test_the_address_counts_however_it_is_written(client, sign_in):
    person(Role.CHAMPION, email=PETRA)
    sign_in(email="Petra@Council.Example")
    assert is_in(client)


def test_they_come_to_the_page_that_they_wanted(client, sign_in):
    person(Role.CHAMPION, email=PETRA)
    assert sign_in(asked="?next=/aims/").url == "/aims/"


def test_nobody_is_sent_to_another_site(client, sign_in):
    person(Role.CHAMPION, email=PETRA)
    assert sign_in(asked="?next=https://elsewhere.example/").url == "/"


def test_the_question_carries_a_proof_that_only_we_can_answer(client, provider):
    onward = client.get(reverse("openid_connect_login", args=["midlothian"])).url
    asked = parse_qs(urlsplit(onward).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "code_challenge"} <= asked.keys()
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}


def test_who_has_no_account_gets_none(client, sign_in):
    before = User.objects.count()
    assert refused(sign_in())
    assert not is_in(client)
    assert User.objects.count() == before
    assert why() == "Nobody of this address has an account."
    assert PETRA not in str(AuditEntry.objects.values_list("after", "actor", "reason"))


def test_a_person_of_another_council_is_refused(client, sign_in):
    person(Role.CHAMPION, email=PETRA, organisation=authority("S12000020"))
    assert refused(sign_in())
    assert not is_in(client)
    assert why() == "The person belongs to another organisation."
    assert AuditEntry.objects.get(action="sign_failed").authority_code == COUNCIL


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email_verified": None}, {"email_verified": "true"}])
def test_an_address_that_the_provider_has_not_verified_is_refused(client, sign_in, claims):
    person(Role.CHAMPION, email=PETRA)
    assert refused(sign_in(**claims))
    assert not is_in(client)


def test_an_address_that_entra_says_it_owns_counts_as_verified(client, sign_in):
    person(Role.CHAMPION, email=PETRA)
    sign_in(email_verified=None, xms_edov=True)
    assert is_in(client)


def test_a_closed_account_stays_closed(client, sign_in):
    user = person(Role.CHAMPION, email=PETRA)
    user.is_active = False
    user.save()
    assert refused(sign_in())
    assert AuditEntry.objects.get(action="sign_failed").record_id == str(user.pk)


def test_all_refusals_read_the_same(client, sign_in):
    pages = [sign_in().content]
    person(Role.CHAMPION, email=PETRA, organisation=authority("S12000020"))
    pages.append(sign_in().content)
    assert pages[0] == pages[1]


def test_who_cancels_at_the_provider_is_told_to_try_again(client, sign_in):
    person(Role.CHAMPION, email=PETRA)
    page = sign_in(answer={"action": "deny"})
    assert refused(page)
    assert "Try again" in page.content.decode()


def test_an_answer_that_nobody_asked_for_is_refused(client):
    person(Role.CHAMPION, email=PETRA)
    page = client.get(reverse("openid_connect_callback", args=["midlothian"]), {"code": "made-up", "state": "made-up"})
    assert refused(page)


def test_a_provider_that_does_not_answer_is_told_in_words(client, settings, env):
    (told,) = providers_in(env, production=False)
    told["settings"]["server_url"] = "http://127.0.0.1:9"
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [told]}}
    page = client.get(reverse("openid_connect_login", args=["midlothian"]))
    assert refused(page)
    assert "did not answer" in page.content.decode()


@pytest.mark.parametrize("process", ["connect", "redirect"])
def test_no_account_is_linked_and_nobody_is_led_elsewhere(client, sign_in, process):
    user = person(Role.CHAMPION, email=PETRA)
    client.force_login(user)
    assert refused(sign_in(asked=f"?process={process}&next=/aims/"))
    assert not SocialAccount.objects.exists()


def test_nothing_of_the_provider_is_kept_and_the_password_stays(client, sign_in):
    user = person(Role.CHAMPION, email=PETRA)
    sign_in()
    assert not SocialAccount.objects.exists()
    stored = user.password
    user.refresh_from_db()
    assert user.password == stored


def test_a_lead_whose_provider_asked_for_several_factors_needs_no_second_step_here(client, sign_in):
    person(Role.PACE_LEAD, email=PETRA)
    sign_in(amr=["pwd", "mfa"])
    assert is_in(client)
    assert AuditEntry.objects.get(action="sign_in").after["second_step"] == "single sign-on of Midlothian Council"


def test_a_lead_whose_provider_says_nothing_of_it_sets_one_up(client, sign_in):
    person(Role.PACE_LEAD, email=PETRA)
    sign_in(amr=["pwd"])
    assert client.get("/aims/").url == reverse("mfa_index")
    assert "Set up an authenticator app" in client.get(reverse("mfa_activate_totp")).content.decode()


def test_an_acr_counts_only_where_it_is_configured(client, sign_in, settings, env, monkeypatch):
    person(Role.PACE_LEAD, email=PETRA)
    sign_in(acr="strong")
    assert not is_in(client)
    monkeypatch.setenv("SSO_MIDLOTHIAN_SECOND_FACTOR_ACR", "strong,stronger")
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": providers_in(env, production=False)}}
    client.logout()
    sign_in(acr="strong")
    assert is_in(client)


def test_who_has_an_app_here_is_asked_for_its_code_after_single_sign_on(client, sign_in):
    lead = person(Role.PACE_LEAD, email=PETRA)
    secret = with_app(lead)
    assert sign_in().url == reverse("mfa_authenticate")
    assert not is_in(client)
    type_code(client, code_of(secret))
    assert is_in(client)


def test_the_sign_in_page_offers_the_councils_that_are_configured(client, settings):
    assert "Sign in with Midlothian Council" in client.get("/accounts/login/").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "Sign in with Midlothian" not in client.get("/accounts/login/").content.decode()


def test_a_council_that_is_not_configured_is_not_there(client):
    assert client.get(reverse("openid_connect_login", args=["moray"])).status_code == 404


@pytest.mark.parametrize("missing", ["ISSUER", "CLIENT_ID", "CLIENT_SECRET", "ORGANISATION"])
def test_the_site_does_not_start_with_half_a_configuration(env, monkeypatch, missing):
    monkeypatch.delenv(f"SSO_MIDLOTHIAN_{missing}")
    with pytest.raises(ImproperlyConfigured, match=f"SSO_MIDLOTHIAN_{missing}"):
        providers_in(env, production=False)


def test_in_production_a_provider_is_spoken_to_under_encryption(env):
    with pytest.raises(ImproperlyConfigured, match="https"):
        providers_in(env, production=True)


def test_two_councils_stand_side_by_side(env, monkeypatch):
    monkeypatch.setenv("SSO", "midlothian, east-lothian")
    for name, value in {"ISSUER": "https://id.example", "CLIENT_ID": "x", "CLIENT_SECRET": "y"}.items():
        monkeypatch.setenv(f"SSO_EAST_LOTHIAN_{name}", value)
    monkeypatch.setenv("SSO_EAST_LOTHIAN_ORGANISATION", "S12000010")
    first, second = providers_in(env, production=False)
    assert (first["provider_id"], second["provider_id"]) == ("midlothian", "east-lothian")
    assert second["name"] == "East Lothian"
    assert second["settings"]["organisation"] == "S12000010"
