"""Run what must hold when things break, and say what came of it."""

import argparse
import os
import sys
from io import StringIO

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pace_site.config.settings")


def main() -> None:
    asked = argparse.ArgumentParser(description="Break the site, and crowd it, and see what is left.")
    asked.add_argument("--rounds", type=int, default=0, help="kills at random moments")
    asked.add_argument("--seed", type=int, default=2026)
    asked.add_argument("--people", type=int, default=0, help="then, so many people at once")
    asked.add_argument("--seconds", type=float, default=300, help="for so long")
    asked.add_argument("--pause", type=float, default=0, help="seconds that each of them reads or types, on average")
    asked.add_argument("--children", type=int, default=40, help="of the demo's larger authority")
    options = asked.parse_args()
    django.setup()
    from django.core.management import call_command  # these need the settings
    from django.db import connection

    from tests.reliability import crowd, kills

    call_command("migrate", verbosity=0)
    call_command("demo", children=options.children, password=kills.PASSWORD, stdout=StringIO())
    faults = []
    if options.rounds:
        told = kills.run(options.rounds, seed=options.seed)
        sys.stdout.write(f"{connection.vendor}, {told.in_words}\n")
        faults += told.faults
    if options.people:
        met = crowd.run(options.people, seconds=options.seconds, pause=options.pause)
        sys.stdout.write(
            f"{connection.vendor}, {options.people} people with pauses of {options.pause:g} s: {met.in_words}\n"
        )
        faults += met.faults
    sys.stdout.write("".join(f"FAULT: {fault}\n" for fault in faults) or "Nothing was lost or half-written.\n")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
