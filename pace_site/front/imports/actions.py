"""Hand out the rejected rows of a dry run, which the trail keeps."""

import csv
import io

from milestones.extract.previews import Preview
from milestones.extract.rejects import HEADER, cells_of
from milestones.models import ImportRun
from pace_site.accounts.models import User
from pace_site.accounts.permissions import Permission, check_can
from pace_site.audit.models import AuditEntry
from pace_site.audit.trail import record
from pace_site.look.attachment import ExportedFile


def export_rejects(run: ImportRun, preview: Preview, *, by: User) -> ExportedFile:
    """Write the rejected rows for whoever mends them, as CSV that Excel reads. Raises `PermissionDenied`."""
    check_can(by, Permission.IMPORT_DATA)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*HEADER, "place"])
    writer.writerows([*cells_of(reject), reject.place] for reject in preview.rejects)
    name = f"rejects_{run.extract_date.isoformat()}.csv"
    record(
        AuditEntry.Action.EXPORT,
        authority=run.authority,
        record_type="importrun",
        record_id=run.pk,
        by=by,
        after={"file": name, "rows": len(preview.rejects)},
    )
    return ExportedFile(name, "text/csv; charset=utf-8", text.getvalue().encode("utf-8-sig"))
