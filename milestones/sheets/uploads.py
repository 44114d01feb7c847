"""Open whatever was uploaded: workbooks and text files, told apart by what they hold and not by their names."""

from collections.abc import Sequence

from milestones.sheets.grids import LIMITS, Grid, UploadLimits
from milestones.sheets.packages import is_workbook
from milestones.sheets.tables import Upload, UploadRefused
from milestones.sheets.text_files import read_text_file
from milestones.sheets.workbooks import read_workbook


def read_upload(upload: Upload, *, limits: UploadLimits = LIMITS) -> list[Grid]:
    """Return the sheets of one file; raises UploadRefused with the reason in words."""
    if is_workbook(upload):
        return read_workbook(upload, limits=limits)
    return [read_text_file(upload, limits=limits)]


def read_uploads(uploads: Sequence[Upload], *, limits: UploadLimits = LIMITS) -> list[Grid]:
    """Return the sheets of all files; raises UploadRefused for the first that cannot be read."""
    names = [upload.name for upload in uploads]
    for name in names:
        if names.count(name) > 1:
            raise UploadRefused(name, "two files have this name; upload each once.", rule="repeated-file")
    return [grid for upload in uploads for grid in read_upload(upload, limits=limits)]
