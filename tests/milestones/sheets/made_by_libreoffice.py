"""Write the ugly spreadsheets in files/ anew with LibreOffice: `python -m tests.milestones.sheets.made_by_libreoffice`.

They are kept because starting LibreOffice takes longer than the tests that read them. What is in them is fictional.
"""

import subprocess
import tempfile
from pathlib import Path

FILES = Path(__file__).parent / "files"
SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'
)
STYLES = (
    '<number:date-style style:name="D"><number:day number:style="long"/><number:text>-</number:text>'
    '<number:month number:textual="true"/><number:text>-</number:text><number:year/></number:date-style>'
    '<style:style style:name="date" style:family="table-cell" style:data-style-name="D"/>'
)


def words(said: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{said}</text:p></table:table-cell>'


def day(iso: str) -> str:
    return (
        f'<table:table-cell table:style-name="date" office:value-type="date" office:date-value="{iso}">'
        f"<text:p>{iso}</text:p></table:table-cell>"
    )


def number(value: float) -> str:
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
        "</table:table-cell>"
    )


def formula(said: str, value: str) -> str:
    return (
        f'<table:table-cell table:formula="of:={said}" office:value-type="float" office:value="{value}">'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def merged(said: str, columns: int) -> str:
    cell = words(said).replace("<table:table-cell", f'<table:table-cell table:number-columns-spanned="{columns}"', 1)
    return cell + f'<table:covered-table-cell table:number-columns-repeated="{columns - 1}"/>'


EMPTY = "<table:table-cell/>"


def row(*cells: str, hidden: bool = False) -> str:
    collapsed = ' table:visibility="filter"' if hidden else ""
    return f"<table:table-row{collapsed}>{''.join(cells)}</table:table-row>"


TRACKER = [
    row(merged("Permanence tracker, North and South - OFFICIAL SENSITIVE", 9)),
    row(),
    row(
        *map(
            words,
            (
                "SWIS ID ",
                "Child&#160;",
                "D.O.B.",
                "Date first accomodated",
                "Type of permanence",
                "LAC recommendation",
                "ADM sign-off",
                "Court application lodged",
                "Weeks waiting",
            ),
        )
    ),
    row(
        *(words("P1001"), words("AIRD, Ewan"), day("2019-05-14"), day("2024-01-08"), words("POA ")),
        *(day("2024-06-03"), words("14.08.24"), EMPTY, formula("ROUND(([.F4]-[.D4])/7;0)", "21")),
    ),
    row(
        *(words("P1002"), words("BLAIR, Mo"), words("03/02/2020"), words("8 Jan 2024"), words("Perm. Order")),
        *(words("June 2024"), words("n/k"), EMPTY, EMPTY),
    ),
    row(merged("South team", 9)),
    row(
        *(words("P1003"), words("COOK, Al"), day("2018-11-30"), number(45300), words("Kinship care")),
        *(EMPTY, EMPTY, EMPTY, EMPTY),
    ),
    row(
        *(words("P1004"), words("DUFF, Bo"), words("31/11/2018"), day("2024-02-01"), EMPTY, EMPTY, EMPTY, EMPTY, EMPTY),
    ),
    row(
        *(words("P1005"), words("EADIE, Jo"), day("2017-01-05"), day("2023-02-01"), EMPTY, EMPTY, EMPTY, EMPTY, EMPTY),
        hidden=True,
    ),
    row(words("TOTAL"), formula("COUNTA([.A4:.A9])", "5")),
]


def sheet(name: str, rows: list[str], *, hidden: bool = False) -> str:
    style = ' table:style-name="hid"' if hidden else ""
    return f'<table:table table:name="{name}"{style}>{"".join(rows)}</table:table>'


def document(*sheets: str) -> str:
    hidden = (
        '<style:style style:name="hid" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {SPACES} office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
        f"<office:automatic-styles>{STYLES}{hidden}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{''.join(sheets)}</office:spreadsheet></office:body></office:document>"
    )


def write() -> None:
    """Write the tracker as XLSX, and as CSV in the encoding and with the separator of another country's Excel."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "tracker.fods"
        old = sheet("Old list", [TRACKER[2], TRACKER[3]], hidden=True)
        source.write_text(document(sheet("Tracker", TRACKER), old), encoding="utf-8")
        # 59 is the semicolon, 34 the quotation mark, 1 Windows-1252.
        for kind in ("xlsx", "csv:Text - txt - csv (StarCalc):59,34,1"):
            command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind]
            subprocess.run([*command, "--outdir", str(FILES), str(source)], check=True, timeout=120)


if __name__ == "__main__":
    write()
