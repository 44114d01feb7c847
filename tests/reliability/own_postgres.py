"""A PostgreSQL server of one's own, that can be stopped, started and run out of room. Keeps what it acknowledged."""

import os
import pwd
import subprocess
import time
from contextlib import closing, suppress
from pathlib import Path

import psycopg2

# As in production, apart from its size: what is acknowledged is on the disk.
SETTINGS = "-c fsync=on -c synchronous_commit=on -c shared_buffers=16MB -c max_wal_size=8MB -c min_wal_size=2MB"
# For what measures and breaks nothing: it would not outlive a power cut.
IN_A_HURRY = "-c fsync=off -c full_page_writes=off -c shared_buffers=64MB"


class OwnPostgres:
    """A cluster in `folder`, reached by a socket there; as root it runs as the user postgres."""

    def __init__(self, folder: Path, *, settings: str = SETTINGS):
        self.folder, self.settings = folder, settings
        binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        self.binaries = Path(os.environ.get("PG_BIN", binaries[-1] if binaries else ""))
        self.as_other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
        if os.getuid():
            self.as_other = []
        else:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        self.begin()

    def begin(self) -> None:
        """Make the cluster with an empty database, and start it."""
        words = ("-U", "pace", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--wal-segsize=1", "--no-sync")
        self._run("initdb", "-D", self.data, *words)
        self.start()
        self._run("createdb", "-h", str(self.folder), "-U", "pace", "pace")

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    @property
    def address(self) -> str:
        return f"postgres://pace@/pace?host={self.folder}"

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' {self.settings}"
        self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", "/dev/null", "start", "-o", options)

    def ask(self, question: str) -> object:
        """The one value that answers a question to the server."""
        with closing(psycopg2.connect(dbname="pace", host=str(self.folder), user="pace")) as link:
            link.autocommit = True
            with link.cursor() as cursor:
                cursor.execute(question)
                return cursor.fetchone()[0]

    def stop(self, mode: str = "fast") -> None:
        """`fast` ends all sessions; `immediate` is a crash."""
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "-t", "60", "stop")

    @property
    def is_up(self) -> bool:
        return not self._call("pg_ctl", "-D", self.data, "status").returncode

    def end_sessions(self, *, in_transaction: bool = False) -> int:
        """Drop the connections of everybody else, or of those alone that are in the middle of a transaction."""
        where = "AND backend_xid IS NOT NULL" if in_transaction else ""
        with suppress(psycopg2.Error):
            link = psycopg2.connect(dbname="postgres", host=str(self.folder), user="pace")
            link.autocommit = True
            with link.cursor() as cursor:
                cursor.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                    f"WHERE datname = 'pace' AND pid <> pg_backend_pid() {where}"
                )
                ended = cursor.fetchone()[0]
            link.close()
            return ended
        return 0

    def _run(self, name: str, *arguments: str) -> None:
        done = self._call(name, *arguments)
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stderr or done.stdout}")

    def _call(self, name: str, *arguments: str) -> subprocess.CompletedProcess:
        command = [*self.as_other, str(self.binaries / name), *arguments]
        # The server keeps what it inherits open, so nothing is piped to it.
        with open(os.devnull, "wb") as nothing, open(self.folder / f"{name}.err", "wb+") as said:
            done = subprocess.run(command, cwd="/", stdout=nothing, stderr=said, check=False)
            said.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, "", said.read().decode("utf-8", "replace"))


class StreamingReplica(OwnPostgres):
    """A copy of `primary` that follows what is written there, and only reads."""

    def __init__(self, folder: Path, *, of: OwnPostgres):
        self.primary = of
        super().__init__(folder, settings=of.settings)

    def begin(self) -> None:
        words = ("-h", str(self.primary.folder), "-U", "pace", "-X", "stream", "-c", "fast", "--no-sync")
        self._run("pg_basebackup", "-D", self.data, "-R", *words)
        self.start()

    def hold_back(self) -> None:
        """Let it receive what is written, and not show it."""
        self.ask("SELECT pg_wal_replay_pause()::text")
        while self.ask("SELECT pg_get_wal_replay_pause_state()") != "paused":
            time.sleep(0.01)

    def go_on(self) -> None:
        self.ask("SELECT pg_wal_replay_resume()::text")
