"""Two machines serve one site from one PostgreSQL, and are started anew in turn, as an upgrade does: nobody notices.

Whoever asks is answered by one machine and then by the other, as behind a load balancer that remembers nothing. Run by
`make machines`, on the database of `DATABASE_URL`, which is written over.
"""

import argparse
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import django

from tests.reliability.running_site import RunningSite

# Seconds from when a machine is taken out of turn until it is told to stop: what was on its way there has arrived.
DRAINED = 3
BETWEEN = 15  # seconds between two restarts


class TwoMachines:
    """Stands where one site stands: each question goes to the next machine that is in turn."""

    def __init__(self, folder: Path, *, restarts: bool, limits: dict[str, str] | None = None, **environment: str):
        self.machines = [machine(folder, name, limits=limits or {}, **environment) for name in ("one", "two")]
        self.in_turn, self._number = [*self.machines], count()
        self.restarted, self._stopped = 0, Event()
        self._restarting = Thread(target=self._restart_in_turn, daemon=True) if restarts else None

    @property
    def address(self) -> str:
        in_turn = [*self.in_turn]
        return in_turn[next(self._number) % len(in_turn)].address

    def start(self) -> None:
        with ThreadPoolExecutor(2) as both:
            list(both.map(RunningSite.start, self.machines))
        if self._restarting:
            self._restarting.start()

    def kill(self) -> None:
        self._stopped.set()
        if self._restarting:
            self._restarting.join()
        for each in self.machines:
            each.kill()

    def complaints(self) -> list[str]:
        return [line for each in self.machines for line in each.complaints()]

    def _restart_in_turn(self) -> None:
        while not self._stopped.wait(BETWEEN):
            one = self.machines[self.restarted % 2]
            self.in_turn = [each for each in self.machines if each is not one]
            self._stopped.wait(DRAINED)
            one.stop()
            one.start()
            self.in_turn = [*self.machines]
            self.restarted += 1


def machine(folder: Path, name: str, *, limits: dict[str, str], **environment: str) -> RunningSite:
    """A site with a port and a folder for what is temporary of its own: of all else, it shares the database alone."""
    temporary = folder / name
    temporary.mkdir()
    return RunningSite(limits=limits, environment={"TMPDIR": str(temporary), **environment})


def static_names(folder: Path) -> list[dict]:
    """The names that two machines give to static files, each by itself."""
    from django.contrib.staticfiles import storage
    from django.core.management import call_command
    from django.test import override_settings

    found = []
    for name in ("one", "two"):
        root = folder / f"static-{name}"
        kept = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
        with override_settings(STATIC_ROOT=root, STORAGES={"staticfiles": kept}):
            storage.staticfiles_storage._setup()
            call_command("collectstatic", interactive=False, verbosity=0)
        found.append(json.loads((root / "staticfiles.json").read_text())["paths"])
    storage.staticfiles_storage._setup()
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--people", type=int, default=8)
    asked.add_argument("--seconds", type=float, default=120)
    asked.add_argument("--pause", type=float, default=2, help="seconds that each of them reads or types, on average")
    options = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pace_site.config.settings")
    django.setup()
    from django.core.management import call_command  # these need the settings

    from tests.reliability import crowd, kills

    call_command("migrate", verbosity=0)
    call_command("demo", children=40, password=kills.PASSWORD, stdout=StringIO())
    with TemporaryDirectory() as folder:
        site = TwoMachines(Path(folder), restarts=True)
        met = crowd.run(options.people, seconds=options.seconds, pause=options.pause, site=site)
        one, two = static_names(Path(folder))
    faults = met.faults + ["the machines name static files differently"] * (one != two)
    sys.stdout.write(f"Two machines, {site.restarted} restarts, {options.people} people: {met.in_words}\n")
    sys.stdout.write("".join(f"FAULT: {fault}\n" for fault in faults) or "Nobody noticed, and nothing was lost.\n")
    sys.exit(bool(faults) or not site.restarted)


if __name__ == "__main__":
    main()
