"""Run what must hold when things break, and say what came of it."""

import argparse
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pace_site.config.settings")


def main() -> None:
    asked = argparse.ArgumentParser(description="Kill the server and imports at random moments.")
    asked.add_argument("--rounds", type=int, default=50)
    asked.add_argument("--seed", type=int, default=2026)
    options = asked.parse_args()
    django.setup()
    from django.db import connection  # both need the settings

    from tests.reliability.kills import run

    told = run(options.rounds, seed=options.seed)
    rounds = ", ".join(f"{count} of {kind}" for kind, count in told.rounds.items())
    kept = ", ".join(f"{count} {kind}" for kind, count in told.acknowledged.items())
    killed = sum(told.rounds.values())
    sys.stdout.write(f"{connection.vendor}: killed {killed} times ({rounds}); acknowledged: {kept}\n")
    sys.stdout.write("".join(f"FAULT: {fault}\n" for fault in told.faults) or "Nothing was lost or half-written.\n")
    sys.exit(bool(told.faults))


if __name__ == "__main__":
    main()
