"""The code that lets whoever runs the server, and nobody else, set up a fresh site in the browser.

It is made of the site's secret key and the hour, so nothing is stored: whoever can run a command on the server can
print it. It lasts one to two hours, and opens nothing once there is an account.
"""

from base64 import b32encode
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

LASTS = timedelta(hours=1)
SIGNS, GROUP = 20, 5  # 100 bits, in groups that a person can copy


def code_of(hour: int) -> str:
    """The code of one hour since 1970."""
    mark = salted_hmac("front.setting_up", str(hour), algorithm="sha256").digest()
    signs = b32encode(mark).decode()[:SIGNS]
    return "-".join(signs[start : start + GROUP] for start in range(0, SIGNS, GROUP))


def code_now() -> str:
    return code_of(_hour(timezone.now()))


def is_right(typed: str) -> bool:
    """Whether this is the code of this hour or the last, with or without its hyphens, in capitals or not."""
    signs = "".join(typed.upper().replace("-", " ").split())
    hour = _hour(timezone.now())
    return any(constant_time_compare(signs, code_of(each).replace("-", "")) for each in (hour, hour - 1))


def _hour(at: datetime) -> int:
    return int(at.timestamp() // LASTS.total_seconds())
