"""From which address a request comes, where nobody can claim another by a header."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

# Somebody who holds an IPv6 address holds the 2^64 addresses beside it.
IPV6_PREFIX = 64


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks, in its usual writing; empty where there is none, as in tests of parts.

    Each trusted proxy appends the address that it was asked from to `X-Forwarded-For`, so with N of them the last N
    entries were written by ours, and the first of these is the visitor. With none, as by default, the header is
    whatever the visitor wrote, and is not looked at. A header that is too short or holds no address did not come
    through our proxies.
    """
    proxies = settings.TRUSTED_PROXIES
    if proxies:
        passed_on = request.headers.get("X-Forwarded-For", "").split(",")
        if len(passed_on) >= proxies and (written := _address_in(passed_on[-proxies])):
            return written
    return _address_in(request.META.get("REMOTE_ADDR", ""))


def counted_address_of(request: HttpRequest) -> str | None:
    """The address under which failures are counted: of IPv6 the network that one visitor holds."""
    address = address_of(request)
    if address and isinstance(ip_address(address), IPv6Address):
        return str(IPv6Network(f"{address}/{IPV6_PREFIX}", strict=False).network_address)
    return address or None


def _address_in(text: str) -> str:
    """The address in `text`, which may carry a port, as some proxies write it; empty where there is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(address)
