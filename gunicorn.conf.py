"""How gunicorn serves the site: `gunicorn` reads this file in the folder that it is started in.

Pages are computed: more processes than cores answer no more of them, and one over keeps the cores busy while another
waits for the database. Two threads each let a slow download go on beside a page.
"""

import os
import shutil
import tempfile

from gunicorn.glogging import Logger

wsgi_app = "pace_site.config.wsgi"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", (os.cpu_count() or 1) + 1))
threads = int(os.environ.get("WEB_THREADS", 2))
# The program is read once, before the processes part: they share what it takes in memory.
preload_app = True
# Seconds: an export that is made at once may take ten.
timeout = 60
# Seconds: longer than a proxy keeps an idle connection, so that none ends while a request is on its way.
keepalive = 75
# It would let whoever is on this machine steer the server.
control_socket_disable = True
# A sign of life is a file that is touched: in memory, where a slow disk cannot hold it up.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # nosec B108 # only its age is looked at


class SievedLogger(Logger):
    """What gunicorn says by itself goes through the same sieve: it would tell addresses and messages of exceptions."""

    def setup(self, cfg):
        super().setup(cfg)
        from pace_site.config.log_formats import sieved  # found only by now

        for handler in self.error_log.handlers:
            handler.setFormatter(sieved())


logger_class = SievedLogger

# The processes count together, in files that are new at each start: what was counted before belongs to ids that
# processes of today may have again. This file is read again when gunicorn is told to (HUP); then they are kept.
_counts = None
if os.environ.get("METRICS_TOKEN") or os.environ.get("METRICS_TOKEN_FILE"):
    _counts = os.environ.get("PROMETHEUS_MULTIPROC_DIR") or tempfile.mkdtemp(prefix="pace-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = _counts


def child_exit(_server, worker):
    """A process that is gone has no open connections or memory any more; what it counted stays."""
    if _counts:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(_server):
    if _counts:
        shutil.rmtree(_counts, ignore_errors=True)


def when_ready(_server):
    """Read all pages now, once for all processes, and not while somebody waits for the first of them."""
    from pace_site.look.pages import read_all_pages

    read_all_pages()
