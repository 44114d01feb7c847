"""Send anything at all to every page and take in files that nobody would send, and say what came of it."""

import argparse
import logging
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pace_site.config.settings")
# One person asks ten thousand times.
os.environ |= {"EXPORTS_AN_HOUR": "0", "SEARCHES_A_MINUTE": "0", "UNSIGNED_REQUESTS_A_MINUTE": "0"}

# The other inputs are requests.
PART_OF_FILES = 0.15


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.reliability.fuzz", description=__doc__)
    asked.add_argument("--inputs", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=2026)
    asked.add_argument("--page", default="", help="only pages with this in their name")
    options = asked.parse_args()
    django.setup()
    from django.core.management import call_command  # these need the settings
    from django.db import connection, transaction
    from django.test.utils import override_settings, setup_test_environment

    from tests.reliability.fuzz import contents, files, pages, world

    logging.disable(logging.CRITICAL)
    setup_test_environment()
    call_command("migrate", verbosity=0)
    quick_hasher = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with quick_hasher, transaction.atomic():
        start = world.World()
        of_files = 0 if options.page else round(options.inputs * PART_OF_FILES)
        told = [pages.run(options.inputs - of_files, number=options.seed, only=options.page, world=start)]
        if of_files:
            told += [files.run(of_files, number=options.seed, world=start), contents.run(world=start)]
        transaction.set_rollback(True)
    faults = [fault for met in told for fault in met.all_faults()]
    sys.stdout.write("".join(f"{connection.vendor}, {met.in_words}\n" for met in told))
    sys.stdout.write("".join(f"FAULT: {fault}\n" for fault in faults) or "No fault.\n")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
