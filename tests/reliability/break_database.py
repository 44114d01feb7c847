"""Take the database away and give it no room, and say what came of it: `python -m tests.reliability.break_database`.

Makes databases of its own. A full disk is a small one in memory, which only root may mount.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import django

from tests.reliability.own_postgres import OwnPostgres

ROOMS = {"postgresql": "120m", "sqlite": "24m"}
KINDS = ("postgresql", "postgresql-disk", "sqlite-disk", "sqlite-lock")
LONGER_THAN_ANYBODY_WAITS = 25  # seconds; SQLite waits for 20


@contextmanager
def folder_of(kind: str) -> Iterator[Path]:
    """An empty folder, on a small disk of its own where it is to be filled."""
    folder, is_small = Path(mkdtemp(prefix="pace-break.")), kind.endswith("disk")
    if is_small:
        size = ROOMS[kind.removesuffix("-disk")]
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)], check=True)
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        if is_small:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        subprocess.run(["rm", "-rf", str(folder)], check=True)


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.reliability.break_database", description=__doc__)
    asked.add_argument("kind", choices=KINDS)
    asked.add_argument("--rounds", type=int, default=8, help="outages of PostgreSQL")
    asked.add_argument("--seed", type=int, default=2026)
    options = asked.parse_args()
    with folder_of(options.kind) as folder:
        cluster = OwnPostgres(folder) if options.kind.startswith("postgresql") else None
        try:
            faults = broken(options, folder, cluster)
        finally:
            if cluster is not None and cluster.is_up:
                cluster.stop("immediate")
    sys.exit(bool(faults))


def broken(options: argparse.Namespace, folder: Path, cluster: OwnPostgres | None) -> list[str]:
    """Let it happen and tell of it; return the faults."""
    file = folder / "site.sqlite3"
    os.environ |= {
        "DATABASE_URL": cluster.address if cluster else f"sqlite:///{file}",
        "DJANGO_SETTINGS_MODULE": "pace_site.config.settings",
        "REPORT_AT_ONCE": "0",  # every report is made by a worker
    }
    django.setup()
    from tests.reliability import outages  # needs the settings

    if options.kind == "postgresql":
        told = outages.lose_postgres(cluster, rounds=options.rounds, seed=options.seed)
    elif cluster is not None:
        told = outages.fill_the_disk(folder, seed=options.seed, bring_back=lambda: cluster.is_up or cluster.start())
    elif options.kind == "sqlite-disk":
        told = outages.fill_the_disk(folder, seed=options.seed)
    else:
        told = outages.hold_the_lock(file, seconds=LONGER_THAN_ANYBODY_WAITS, seed=options.seed)
    sys.stdout.write(f"{options.kind}: {told.in_words}\n")
    sys.stdout.write("".join(f"FAULT: {fault}\n" for fault in told.faults) or "Nothing was lost or half-written.\n")
    return told.faults


if __name__ == "__main__":
    main()
