"""The acceptance extracts: take one in with its aims, and read what `measure_aims` prints of them."""

import json
from io import StringIO
from pathlib import Path

from django.core.management import call_command

ACCEPTANCE = Path(__file__).parent / "acceptance"
AUTHORITIES = {"midlothian": "S12000019", "north_lanarkshire": "S12000050", "moray": "S12000020"}


def expected_of(folder: str) -> dict:
    return json.loads((ACCEPTANCE / folder / "expected.json").read_text())


def take_in(folder: str) -> tuple[str, str]:
    """Import the extract and load its aims; return the authority's code and the day of the extract."""
    authority, as_at = AUTHORITIES[folder], expected_of(folder)["as_at"]
    of, quiet = f"--authority={authority}", {"stdout": StringIO(), "stderr": StringIO()}
    call_command("import_extract", str(ACCEPTANCE / folder), of, f"--extract-date={as_at}", **quiet)
    call_command("load_aims", str(ACCEPTANCE / folder / "aims.yaml"), of, **quiet)
    return authority, as_at


def printed_measures(authority: str, as_at: str, *more: str) -> dict:
    """What `measure_aims` prints of all open aims, or of those that `more` asks for."""
    printed = StringIO()
    call_command(
        "measure_aims", f"--authority={authority}", f"--as-at={as_at}", "--outcomes", "--json", *more, stdout=printed
    )
    return json.loads(printed.getvalue())


def exported_report(authority: str, as_at: str, code: str, *, out: Path) -> bytes:
    """The file that `export_report` makes of one aim, in the format of its ending."""
    asked = (f"--authority={authority}", f"--as-at={as_at}", f"--aim={code}", f"--format={out.suffix[1:]}")
    call_command("export_report", *asked, f"--out={out}", stdout=StringIO())
    return out.read_bytes()
