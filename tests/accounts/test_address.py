"""From which address a request comes: never from where the visitor says, only from where our own proxies say."""

import pytest
from django.test import RequestFactory

from pace_site.accounts.address import address_of, counted_address_of


@pytest.fixture
def request_from():
    def make(remote: str, **headers):
        return RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)

    return make


def test_without_proxies_no_header_is_believed(request_from):
    claims = {"X-Forwarded-For": "10.9.9.9", "X-Real-IP": "10.9.9.9", "Forwarded": "for=10.9.9.9"}
    assert address_of(request_from("203.0.113.7", **claims)) == "203.0.113.7"


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (1, "198.51.100.2", "198.51.100.2"),
        (1, "10.9.9.9, 198.51.100.2", "198.51.100.2"),
        (2, "10.9.9.9, 198.51.100.2, 10.0.0.1", "198.51.100.2"),
        (2, "198.51.100.2", "203.0.113.7"),
        (1, "nonsense", "203.0.113.7"),
        (1, "", "203.0.113.7"),
        (1, "198.51.100.2:50123", "198.51.100.2"),
        (1, "[2001:db8::5]:443", "2001:db8::5"),
        (1, "::ffff:198.51.100.2", "198.51.100.2"),
    ],
)
def test_with_proxies_the_entry_that_ours_wrote_counts(request_from, settings, proxies, header, expected):
    settings.TRUSTED_PROXIES = proxies
    assert address_of(request_from("203.0.113.7", **{"X-Forwarded-For": header})) == expected


def test_of_ipv6_the_network_is_counted_that_one_visitor_holds(request_from):
    one, beside_it = request_from("2001:db8:1:2:3::4"), request_from("2001:db8:1:2:ffff::9")
    assert counted_address_of(one) == counted_address_of(beside_it) == "2001:db8:1:2::"
    assert counted_address_of(request_from("2001:db8:1:3::4")) == "2001:db8:1:3::"


def test_a_request_from_nowhere_has_no_address(request_from):
    assert address_of(request_from("")) == ""
    assert counted_address_of(request_from("")) is None
