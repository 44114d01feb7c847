"""Why children are exported by name, and how such a file must be kept: the words of the page and of the file."""

from django.db.models import TextChoices

SHORTEST_REASON = 10  # characters
LONGEST_REASON = 500


class Purpose(TextChoices):
    """What a file of children by name may be for."""

    SUBJECT_ACCESS = "subject_access", "Subject access"
    COURT = "court", "Court or panel preparation"
    DATA_QUALITY = "data_quality", "Data-quality check against the case system"
    STATUTORY = "statutory", "Statutory return"
    OTHER = "other", "Other"


KEEPING = (
    "Keep the file on the council's own network or in the case system: not on a device of your own, a memory stick "
    "or in a private mailbox.",
    "Hand it only to people who need it for the reason given, by the council's secure e-mail or in person. "
    "Do not leave it on a printer or a desk.",
    "When that is done, delete the file, copies and sent messages included, and put paper into the confidential "
    "waste. A file that is lost or goes to the wrong person is reported to information governance on the same day.",
)
