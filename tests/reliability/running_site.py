"""A site in a process of its own that can be killed, and somebody who uses it over HTTP."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from html import unescape
from http.cookiejar import Cookie, CookieJar
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 120  # seconds; a machine that is busy otherwise takes long to read the program
ANSWERS_WITHIN = 120  # seconds; a visitor who waits longer has given up
# Of how often somebody may ask: few people do so much here.
NO_LIMITS = {"EXPORTS_AN_HOUR": "0", "SEARCHES_A_MINUTE": "0", "UNSIGNED_REQUESTS_A_MINUTE": "0"}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?')
MARK = "csrfmiddlewaretoken"
# What a killed or absent server answers.
GONE = (URLError, ConnectionError, TimeoutError)


class RunningSite:
    """The site as gunicorn serves it, on a port of its own, over the database of `DATABASE_URL`."""

    def __init__(self, *, limits: dict[str, str] = NO_LIMITS, environment: dict[str, str] | None = None):
        """What else of the environment this one has to itself, as a machine of its own has."""
        self.told = limits | (environment or {})
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen | None = None
        self.log = TemporaryFile()  # noqa: SIM115 - lives as long as the site

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server and wait until it answers; raise `TimeoutError`."""
        self.process = _begin("-m", "gunicorn", log=self.log, BIND=f"127.0.0.1:{self.port}", **self.told)
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            try:
                if Visitor(self).get("/accounts/login/")[0] == 200:
                    return
            except GONE:
                time.sleep(0.1)
        raise TimeoutError("The server did not start.")

    def complaints(self) -> list[str]:
        """The errors that the server wrote of."""
        self.log.seek(0)
        lines = self.log.read().decode("utf-8", "replace").splitlines()
        return [f"the log says: {line}" for line in lines if " ERROR " in line or " CRITICAL " in line]

    def stop(self) -> None:
        """End the server as a new start of it does: what is asked is answered before."""
        self.process.terminate()
        self.process.wait(timeout=STARTS_WITHIN)

    def kill(self) -> None:
        """End the server at once, as a power cut would."""
        kill(self.process)


def manage(*command: str, **environment: str) -> subprocess.Popen:
    """Start a command of the product in a process group of its own."""
    return _begin(str(ROOT / "manage.py"), *command, **environment)


def _begin(*words: str, log: IO | int = subprocess.DEVNULL, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=log,
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


def hidden_fields(page: str) -> dict[str, str]:
    """What the forms of a page send without being asked, by name."""
    return {name: unescape(value) for name, value in HIDDEN.findall(page)}


class Visitor:
    """A browser without scripts: keeps cookies, sends the mark of the form."""

    def __init__(self, site: RunningSite, *, session: str = ""):
        """Somebody who is not signed in, or whose `session` is open already."""
        self.site = site
        cookies = CookieJar()
        if session:
            cookies.set_cookie(_cookie(settings.SESSION_COOKIE_NAME, session))
        self.opener = build_opener(HTTPCookieProcessor(cookies), _StayHere())
        self.cookies = cookies
        # Of the last answer.
        self.status, self.page, self.headers = 0, "", {}

    def get(self, path: str) -> tuple[int, str]:
        return self._ask(Request(self.site.address + path))

    def post(self, path: str, typed: dict[str, str]) -> int:
        """Open a form, fill it in and send it; the status of the answer."""
        _status, page = self.get(path)
        hidden = hidden_fields(page)
        return self.send(path.partition("?")[0], {MARK: hidden[MARK], **typed})[0] if MARK in hidden else 0

    def send(self, path: str, fields: dict[str, str], **headers: str) -> tuple[int, str]:
        return self._ask(Request(self.site.address + path, data=urlencode(fields).encode(), headers=headers))

    def sign_in(self, email: str, password: str) -> None:
        if self.post("/accounts/login/", {"login": email, "password": password}) != 302:
            raise AssertionError(f"{email} could not sign in.")

    def _ask(self, request: Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=ANSWERS_WITHIN) as answer:
                self.status, self.page = answer.status, answer.read().decode("utf-8", "replace")
                self.headers = answer.headers
        except HTTPError as error:
            self.status, self.page, self.headers = error.code, error.read().decode("utf-8", "replace"), error.headers
        return self.status, self.page


def _cookie(name: str, value: str) -> Cookie:
    where = {"port": None, "port_specified": False, "domain": "127.0.0.1", "domain_specified": False}
    kept = {"secure": False, "expires": None, "discard": True, "comment": None, "comment_url": None, "rest": {}}
    return Cookie(0, name, value, **where, domain_initial_dot=False, path="/", path_specified=True, **kept)
