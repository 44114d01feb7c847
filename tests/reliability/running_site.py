"""A site in a process of its own that can be killed, and somebody who uses it over HTTP."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 60  # seconds
# Everybody comes from one address and as few people.
NO_LIMITS = {"EXPORTS_AN_HOUR": "0", "SEARCHES_A_MINUTE": "0", "UNSIGNED_REQUESTS_A_MINUTE": "0"}
MARK = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
# What a killed or absent server answers.
GONE = (URLError, ConnectionError, TimeoutError)


class RunningSite:
    """The development server on a port of its own, over the database of `DATABASE_URL`."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server and wait until it answers; raise `TimeoutError`."""
        self.process = manage("runserver", "--noreload", f"127.0.0.1:{self.port}", **NO_LIMITS)
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            try:
                if Visitor(self).get("/accounts/login/")[0] == 200:
                    return
            except GONE:
                time.sleep(0.1)
        raise TimeoutError("The server did not start.")

    def kill(self) -> None:
        """End the server at once, as a power cut would."""
        kill(self.process)


def manage(*command: str, **environment: str) -> subprocess.Popen:
    """Start a command of the product in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill(process: subprocess.Popen) -> None:
    """SIGKILL to the process and all that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class _StayHere(HTTPRedirectHandler):
    """A redirect is an answer: it says that a form was taken in."""

    def redirect_request(self, *_args, **_kwargs):
        return None


class Visitor:
    """A browser without scripts: keeps cookies, sends the mark of the form."""

    def __init__(self, site: RunningSite, cookies: CookieJar | None = None):
        self.site = site
        self.cookies = CookieJar() if cookies is None else cookies
        self.opener = build_opener(HTTPCookieProcessor(self.cookies), _StayHere())

    def another_window(self) -> "Visitor":
        """The same person beside it, with cookies that are the same now."""
        cookies = CookieJar()
        for cookie in self.cookies:
            cookies.set_cookie(cookie)
        return Visitor(self.site, cookies)

    def get(self, path: str) -> tuple[int, str]:
        return self._ask(Request(self.site.address + path))

    def post(self, path: str, typed: dict[str, str]) -> int:
        """Open a form, fill it in and send it; the status of the answer."""
        _status, page = self.get(path)
        found = MARK.search(page)
        if found is None:
            return 0
        sent = urlencode({**typed, "csrfmiddlewaretoken": found[1]}).encode()
        return self._ask(Request(self.site.address + path.partition("?")[0], data=sent))[0]

    def sign_in(self, email: str, password: str) -> None:
        if self.post("/accounts/login/", {"login": email, "password": password}) != 302:
            raise AssertionError(f"{email} could not sign in.")

    def _ask(self, request: Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace")
