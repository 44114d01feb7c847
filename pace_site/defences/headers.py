"""Headers that every answer carries, whoever gives it: a page, a file, an error, a redirect, a style sheet.

Content-Security-Policy, X-Frame-Options and those of Django's SecurityMiddleware are set by their own middleware.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# What a browser may offer to pages and this site has no use for, of the names that Chromium knows: it warns of others.
# Passkeys need the two at the end, of our own pages.
UNUSED = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "xr-spatial-tracking",
)
OWN_PAGES = ("clipboard-write", "fullscreen", "publickey-credentials-create", "publickey-credentials-get")
ALWAYS = {
    "Permissions-Policy": ", ".join([*(f"{name}=()" for name in UNUSED), *(f"{name}=(self)" for name in OWN_PAGES)]),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
# Neither on this machine nor on the way: after signing out the way back shows nothing.
NOT_KEPT = "private, no-store"


class HeadersMiddleware:
    """Stands before all others, so that what those answer by themselves carries the headers, too.

    What does not say how long it may be kept is not kept at all. Static files say so, and the feed does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", NOT_KEPT)
        return response
