"""Run what must hold when things break, and say what came of it."""

import argparse
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pace_site.config.settings")


def main() -> None:
    asked = argparse.ArgumentParser(description="Break the site, or crowd it, and see what is left.")
    asked.add_argument("--rounds", type=int, default=50, help="kills at random moments")
    asked.add_argument("--seed", type=int, default=2026)
    asked.add_argument("--people", type=int, default=0, help="instead, so many people at once")
    asked.add_argument("--seconds", type=float, default=300, help="for so long")
    options = asked.parse_args()
    django.setup()
    from django.db import connection  # these need the settings

    from tests.reliability import crowd, kills

    if options.people:
        met = crowd.run(options.people, seconds=options.seconds)
        words, faults = f"{options.people} people: {met.in_words}", met.faults
    else:
        told = kills.run(options.rounds, seed=options.seed)
        words, faults = told.in_words, told.faults
    sys.stdout.write(f"{connection.vendor}, {words}\n")
    sys.stdout.write("".join(f"FAULT: {fault}\n" for fault in faults) or "Nothing was lost or half-written.\n")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
