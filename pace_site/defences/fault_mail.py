"""Mail to the administrators that something broke: the same lines as in the log, and nothing more."""

import logging
from datetime import timedelta
from smtplib import SMTPException
from time import monotonic

from django.conf import settings
from django.core.mail import mail_admins
from django.views.debug import SafeExceptionReporterFilter

from pace_site.defences.log_lines import places

# A fault that happens to everybody is told once in this time, by each process.
AGAIN_AFTER = timedelta(minutes=10)
MOST_REMEMBERED = 1_000


class FaultMailHandler(logging.Handler):
    """Tells the addresses of ADMINS. A mail server that is away costs nothing but the mail: the log has it, too."""

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.told_at: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if not settings.ADMINS or not self.is_new(record):
            return
        try:
            mail_admins("something went wrong", self.format(record))
        except (SMTPException, OSError):
            return

    def is_new(self, record: logging.LogRecord) -> bool:
        """Whether this fault was not told lately; one is like another that came through the same places."""
        error = record.exc_info[1] if record.exc_info else None
        fault = "\n".join(places(error)) if error is not None else f"{record.name} {record.msg}"
        now = monotonic()
        last = self.told_at.get(fault)
        if last is not None and now - last < AGAIN_AFTER.total_seconds():
            return False
        if len(self.told_at) >= MOST_REMEMBERED:
            self.told_at.clear()
        self.told_at[fault] = now
        return True


class SilentReporterFilter(SafeExceptionReporterFilter):
    """For whatever else makes a report of an exception: no variables, no settings, nothing of the request."""

    def get_safe_settings(self):
        return {}

    def get_safe_request_meta(self, request):
        return {}

    def get_safe_cookies(self, request):
        return {}

    def get_post_parameters(self, request):
        return {}

    def get_traceback_frame_variables(self, request, tb_frame):
        return []
