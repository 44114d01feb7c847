"""Open whatever was uploaded: workbooks and text files, told apart by what they hold and not by their names."""

from collections.abc import Sequence

from milestones.sheets.grids import LIMITS, Grid, UploadLimits, check_size
from milestones.sheets.packages import is_workbook, unpacked_size
from milestones.sheets.tables import Upload, UploadRefused
from milestones.sheets.text_files import read_text_file
from milestones.sheets.workbooks import read_workbook


def read_upload(upload: Upload, *, limits: UploadLimits = LIMITS) -> list[Grid]:
    """Return the sheets of one file; raises UploadRefused with the reason in words."""
    if is_workbook(upload):
        return read_workbook(upload, limits=limits)
    return [read_text_file(upload, limits=limits)]


def bytes_to_read(uploads: Sequence[Upload], *, limits: UploadLimits = LIMITS) -> int:
    """How much there is to read, unpacked; raises UploadRefused for what is seen from outside to be of no use."""
    _check_names(uploads)
    count = 0
    for upload in uploads:
        if is_workbook(upload):
            count += unpacked_size(upload, limits=limits)
        else:
            check_size(upload, limits)
            count += len(upload.content)
    return count


def read_uploads(uploads: Sequence[Upload], *, limits: UploadLimits = LIMITS) -> list[Grid]:
    """Return the sheets of all files; raises UploadRefused for the first that cannot be read."""
    _check_names(uploads)
    return [grid for upload in uploads for grid in read_upload(upload, limits=limits)]


def _check_names(uploads: Sequence[Upload]) -> None:
    names = [upload.name for upload in uploads]
    for name in names:
        if names.count(name) > 1:
            raise UploadRefused(name, "two files have this name; upload each once.", rule="repeated-file")
