"""What the commands share that speak of a month or write a file: months as they are typed, and files that are whole."""

import os
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from tempfile import mkstemp

from pace_site.look.months import named_month


def month_end(text: str) -> date:
    """Read 2018-10, and no other form, as its last day, for argparse."""
    found = named_month(text)
    if found is None:
        raise ArgumentTypeError(f"{text!r} is not a month like 2018-10")
    return found


def write_whole(path: Path, body: bytes) -> None:
    """Write the file whole or not at all, readable by its owner only; raise `OSError`."""
    if path.exists() and not path.is_file():
        raise OSError("it is not a file")
    handle, beside = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(handle)
        os.replace(beside, path)
    finally:
        Path(beside).unlink(missing_ok=True)
