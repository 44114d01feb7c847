"""Whether a file is a spreadsheet that may be opened at all: looked at from outside, before anything is unpacked."""

import io
import zipfile
import zlib
from xml.parsers import expat

from milestones.sheets.grids import LIMITS, UploadLimits, check_size
from milestones.sheets.tables import Upload, UploadRefused

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
# The container of Excel before 2007, and of files with a password since.
OLD_CONTAINER = bytes.fromhex("d0cf11e0a1b11ae1")
PASSWORD_STREAM = "EncryptedPackage".encode("utf-16-le")
SAVE_AS = "open it and save it as “Excel Workbook (.xlsx)” or as “CSV UTF-8”"
ALWAYS_HARMLESS = 10_000_000
# What reading a damaged package raises.
DAMAGE = (expat.ExpatError, zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError)


def is_workbook(upload: Upload) -> bool:
    """True for a file that is, or pretends to be, a spreadsheet and not text; its name is not asked."""
    return upload.content.startswith((ZIP, EMPTY_ZIP, OLD_CONTAINER))


def open_package(upload: Upload, *, limits: UploadLimits = LIMITS) -> zipfile.ZipFile:
    """Return the package of an XLSX file when it is harmless; raises UploadRefused with the reason."""
    package = _seen_from_outside(upload, limits)
    _check_parts(upload, package)
    return package


def unpacked_size(upload: Upload, *, limits: UploadLimits = LIMITS) -> int:
    """How many bytes an XLSX file unpacks to, by what it declares; raises UploadRefused for what is refused unread."""
    with _seen_from_outside(upload, limits) as package:
        return sum(entry.file_size for entry in package.infolist())


def _seen_from_outside(upload: Upload, limits: UploadLimits) -> zipfile.ZipFile:
    """The package, of which nothing is unpacked yet."""
    check_size(upload, limits)
    if upload.content.startswith(OLD_CONTAINER):
        if PASSWORD_STREAM in upload.content:
            message = "the file is protected by a password; take the password away and save it again."
            raise UploadRefused(upload.name, message, rule="password")
        raise UploadRefused(upload.name, f"this is an old Excel file (.xls); {SAVE_AS}.", rule="old-format")
    try:
        package = zipfile.ZipFile(io.BytesIO(upload.content))
    except (zipfile.BadZipFile, ValueError, OSError):
        raise _damaged(upload) from None
    _check_entries(upload, package, limits)
    _check_kind(upload, package)
    return package


def _check_entries(upload: Upload, package: zipfile.ZipFile, limits: UploadLimits) -> None:
    """Refuse bombs. Python reads no entry beyond its declared size, so what is declared is all that can come."""
    entries = package.infolist()
    if len(entries) > limits.entries or len({entry.filename for entry in entries}) < len(entries):
        message = f"the file is packed from {len(entries):,} parts, which no spreadsheet needs; it was not opened."
        raise UploadRefused(upload.name, message, rule="zip-bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise UploadRefused(upload.name, "the file is protected by a password.", rule="password")
    unpacked = sum(entry.file_size for entry in entries)
    packed_too_well = unpacked > limits.most_packed * len(upload.content) and unpacked > ALWAYS_HARMLESS
    if unpacked > limits.unpacked_bytes or packed_too_well:
        message = (
            f"unpacked, the file would have {unpacked / 1e6:,.0f} MB from {len(upload.content) / 1e6:,.1f} MB; it was "
            "not opened. Save the rows that are needed as a new file."
        )
        raise UploadRefused(upload.name, message, rule="zip-bomb")


def _check_kind(upload: Upload, package: zipfile.ZipFile) -> None:
    names = [name.lower() for name in package.namelist()]
    if any(name.endswith("vbaproject.bin") for name in names) or upload.name.lower().endswith(".xlsm"):
        raise UploadRefused(upload.name, f"the file holds macros and was not opened; {SAVE_AS}.", rule="macros")
    if "xl/workbook.bin" in names:
        raise UploadRefused(upload.name, f"this is a binary workbook (.xlsb); {SAVE_AS}.", rule="old-format")
    if "mimetype" in names and "content.xml" in names:
        raise UploadRefused(upload.name, f"this is an OpenDocument file; {SAVE_AS}.", rule="other-format")
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise UploadRefused(upload.name, f"this is no Excel workbook; {SAVE_AS}.", rule="not-a-table")


def _check_parts(upload: Upload, package: zipfile.ZipFile) -> None:
    """Read every XML part once: damage and document types (which can multiply themselves) are found here."""
    for entry in package.infolist():
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            parser = expat.ParserCreate()
            parser.StartDoctypeDeclHandler = _refuse_doctype
            try:
                with package.open(entry) as part:
                    parser.ParseFile(part)
            except DAMAGE:
                if not entry.filename.lower().endswith(".vml"):
                    raise _damaged(upload) from None


def _refuse_doctype(*_declared: object) -> None:
    raise ValueError("a spreadsheet declares no document type")


def _damaged(upload: Upload) -> UploadRefused:
    return UploadRefused(upload.name, f"the file is damaged, or no spreadsheet; {SAVE_AS}.", rule="damaged")
