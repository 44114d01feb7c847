"""Getting in and out: by e-mail and password, with accounts that an administrator makes."""

import re

import pytest
from django.core import mail
from django.urls import NoReverseMatch, reverse

from pace_site.accounts.roles import Role
from tests.builders import PASSWORD, person

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]
NEW_PASSWORD = "another-long-test-password"


def sign_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_whoever_is_signed_out_is_sent_to_the_sign_in_and_back(client):
    response = client.get("/aims/")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/aims/"


def test_a_person_signs_in_by_their_email_however_it_is_written(client):
    person(Role.CHAMPION, email="petra@council.example")
    response = sign_in(client, "Petra@Council.example")
    assert response["Location"] == "/"
    assert client.get("/aims/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(client):
    person(Role.PACE_LEAD, email="petra@council.example")
    wrong = sign_in(client, "petra@council.example", "not the password")
    unknown = sign_in(client, "nobody@council.example", "not the password")
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert wrong.context["form"].errors


def test_a_deactivated_person_cannot_sign_in(client):
    user = person(Role.PACE_LEAD)
    user.is_active = False
    user.save()
    sign_in(client, user.email)
    assert client.get("/aims/").status_code == 302


def test_a_person_who_loses_their_last_role_is_signed_out_on_their_next_request(client):
    user = person(Role.CHAMPION)
    sign_in(client, user.email)
    user.memberships.all().delete()
    assert client.get("/aims/")["Location"] == "/accounts/login/?next=/aims/"
    assert "_auth_user_id" not in client.session


def test_nobody_signs_themselves_up(client):
    for tried in (client.get("/accounts/signup/"), client.post("/accounts/signup/", {"email": "new@council.example"})):
        assert tried.status_code == 404


def test_nobody_changes_the_address_they_sign_in_by():
    with pytest.raises(NoReverseMatch):
        reverse("account_email")


def test_a_forgotten_password_is_replaced_by_way_of_a_link_in_the_mail(client):
    user = person(Role.CHAMPION)
    client.post(reverse("account_reset_password"), {"email": user.email})
    (message,) = mail.outbox
    assert message.to == [user.email]
    address = re.search(r"http://testserver(/\S+)", message.body)[1]
    form_address = client.get(address)["Location"]
    done = client.post(form_address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert done["Location"] == reverse("account_reset_password_from_key_done")
    sign_in(client, user.email, NEW_PASSWORD)
    assert client.get("/aims/").status_code == 200


def test_an_address_without_an_account_is_sent_nothing_and_told_the_same(client):
    user = person(Role.PACE_LEAD)
    known = client.post(reverse("account_reset_password"), {"email": user.email})
    mail.outbox.clear()
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@council.example"})
    assert mail.outbox == []
    assert (unknown.status_code, unknown["Location"]) == (known.status_code, known["Location"])


def test_a_spent_link_says_so(client):
    page = client.get(reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "spent-key"}))
    assert "This link no longer works" in page.content.decode()


def test_a_new_password_needs_twelve_characters_and_is_not_a_common_one(client):
    user = person(Role.PACE_LEAD)
    client.force_login(user)
    fields = {"oldpassword": PASSWORD, "password1": "password123", "password2": "password123"}
    errors = str(client.post(reverse("account_change_password"), fields).context["form"].errors)
    assert "at least 12 characters" in errors
    assert "too common" in errors


def test_a_person_changes_their_password_and_stays_signed_in(client):
    user = person(Role.PACE_LEAD)
    client.force_login(user)
    fields = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post(reverse("account_change_password"), fields)["Location"] == "/"
    assert client.get("/aims/").status_code == 200
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
