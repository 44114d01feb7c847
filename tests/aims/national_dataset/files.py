"""Say what matters of a file of the national dataset; the rest is ordinary."""

import csv
from io import StringIO

from aims.national_dataset.columns import COLUMNS

ROW = {
    "authority": "S12000019",
    "fictional": "0",
    "month": "2020-05",
    "child": "N-ABCDEFGH2345AAAA",
    "spell": "1",
    "age_band": "5 to 11",
    "first_accommodated": "2019-01-07",
    "last_accommodated": "",
    "exit_reason": "",
    "left_after_limit": "",
    "still_looked_after": "1",
    "recommended_on": "2019-05-06",
    "recommended_route": "PO",
    "adm_on": "2019-09-02",
    "adm_outcome": "approved",
    "lodged_on": "2019-11-04",
}
ENDED = {"last_accommodated": "2020-03-02", "exit_reason": "LAC_END", "still_looked_after": "0"}
AT_18 = {"exit_reason": "AGE_18", "left_after_limit": "1", "still_looked_after": "0", "age_band": "16 to 17"}


def child(number: int) -> str:
    return f"N-ABCDEFGH2345AA{chr(ord('A') + number // 26)}{chr(ord('A') + number % 26)}"


def body(*rows: dict, without: str = "", **extra) -> bytes:
    """A file of `ROW` with what each of `rows` changes; without any, of one plain row."""
    names = [column.name for column in COLUMNS if column.name != without] + [*extra]
    text = StringIO(newline="")
    writer = csv.DictWriter(text, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**ROW, **extra, **row} for row in rows or ({},))
    return text.getvalue().encode()
