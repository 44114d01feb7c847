"""The 32 Scottish local authorities and the national body, shipped as data and kept present."""

import csv
from pathlib import Path

AUTHORITIES_FILE = Path(__file__).parent / "data" / "local_authorities.csv"
NATIONAL_CODE = "S92000003"
NATIONAL_NAME = "Scotland"


def ship_authorities(**_kwargs) -> None:
    """Create whichever authority is missing; an existing row keeps what people changed in it."""
    from pace_site.accounts.models import Organisation

    with AUTHORITIES_FILE.open(encoding="utf-8", newline="") as file:
        authorities = [
            Organisation(code=row["code"], name=row["name"], kind=Organisation.Kind.LOCAL_AUTHORITY)
            for row in csv.DictReader(file)
        ]
    national = Organisation(code=NATIONAL_CODE, name=NATIONAL_NAME, kind=Organisation.Kind.NATIONAL)
    Organisation.objects.bulk_create([*authorities, national], ignore_conflicts=True)
