"""A council's own OpenID provider: a program of its own, in another process, which is spoken to over HTTP."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen

STARTS_WITHIN = 30  # seconds


class CouncilProvider:
    def __init__(self, address: str):
        self.address = address

    def knows(self, sub: str, **claims) -> None:
        """Let the provider know a person, and what it says of them."""
        body = json.dumps(claims).encode()
        headers = {"Content-Type": "application/json"}
        urlopen(Request(f"{self.address}/users/{sub}", data=body, headers=headers, method="PUT"), timeout=5).close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_provider() -> Iterator[CouncilProvider]:
    port = _free_port()
    program = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)],
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, program)
        yield CouncilProvider(address)
    finally:
        program.terminate()
        program.wait(timeout=10)


def _wait_for(address: str, program: subprocess.Popen) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while program.poll() is None and time.monotonic() < until:
        try:
            urlopen(f"{address}/.well-known/openid-configuration", timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The OpenID provider did not start.")
