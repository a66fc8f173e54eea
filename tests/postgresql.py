"""A real PostgreSQL server for tests, started from the system's programs in a temporary folder.

It listens on a unix socket alone, so any number can run beside each other and beside the machine's own. Made for speed:
nothing is flushed to disk, unless a test wants a server that keeps its word (`durable=True`).
"""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from tools.system_parts import find_postgresql

USER = "chalkbell"
READY = b"database system is ready to accept connections"
START_SECONDS = 60.0


class PostgreSQL:
    """A server: `create_database` gives out fresh databases, `stop` and `start` are for tests of what happens then.

    Give `programs` (the folder of `initdb` and `postgres`) to use others than those found.
    """

    def __init__(self, *, durable: bool = False, programs: Path | None = None) -> None:
        found = programs or find_postgresql()
        if found is None:
            raise FileNotFoundError("PostgreSQL's programs were not found. On Debian: apt-get install postgresql")
        self.durable = durable
        self._programs = found
        self._folder = Path(tempfile.mkdtemp(prefix="chalkbell-pg-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        self._templates: dict[str, str] = {}
        self._account = _account()
        if self._account:
            os.chown(self._folder, self._account.pw_uid, self._account.pw_gid)
        self._initialise()

    def _initialise(self) -> None:
        command = (
            self._programs / "initdb", "--pgdata", self._data, "--username", USER, "--auth", "trust",
            "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions",
        )  # fmt: skip
        done = subprocess.run(self._as_account(*command), cwd=self._folder, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def log(self) -> Path:
        """What the server said so far."""
        return self._folder / "log"

    @property
    def is_running(self) -> bool:
        """Whether the server's process lives."""
        return self._process is not None and self._process.poll() is None

    def url(self, database: str = "postgres") -> str:
        """The address of a database, as SQLAlchemy and Chalkbell's settings take it."""
        return f"postgresql+psycopg://{USER}@/{quote(database)}?host={quote(str(self._folder), safe='/')}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A plain connection that commits every statement; the caller closes it."""
        return psycopg.connect(host=str(self._folder), user=USER, dbname=database, autocommit=True)

    def start(self) -> None:
        """Start the server and wait until it takes connections. Data from before a `stop` is there again."""
        assert not self.is_running, "the server runs already"
        options = {
            "listen_addresses": "", "unix_socket_directories": str(self._folder), "max_connections": "300",
            "shared_buffers": "64MB", "log_min_messages": "warning", "autovacuum": "off",
        }  # fmt: skip
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal"}
            options |= {"max_wal_senders": "0"}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            self._as_account(self._programs / "postgres", "-D", self._data, *settings),
            cwd=self._folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        ready = threading.Event()
        threading.Thread(target=self._keep_log, args=(self._process, ready), daemon=True).start()
        if not ready.wait(START_SECONDS) or not self.is_running:
            self.stop(at_once=True)
            raise RuntimeError(f"PostgreSQL did not start:\n{self.log.read_text()}")

    def _keep_log(self, process: "subprocess.Popen[bytes]", ready: threading.Event) -> None:
        """Copy what the server says to its log; set `ready` when it is, or when it ends."""
        assert process.stderr
        with self.log.open("ab") as log, process.stderr as said:
            for line in said:
                log.write(line)
                log.flush()
                if READY in line:
                    ready.set()
        ready.set()

    def stop(self, *, at_once: bool = False) -> None:
        """Stop the server: connections are closed and all is written, or with `at_once` as in a crash."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
        self._process.wait(START_SECONDS)
        self._process = None

    def close(self) -> None:
        """Stop the server and remove all of it."""
        self.stop(at_once=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def create_database(self, template: str = "template0") -> str:
        """Make a new database, a copy of `template` (see `template`), and return its name."""
        name = f"test_{next(self._numbers)}"
        statement = "create database {} template {} strategy file_copy"
        with self.connect() as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, ending the connections to it."""
        with self.connect() as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def template(self, key: str, prepare: Callable[[str], None]) -> str:
        """The name of a database that `prepare(url)` has filled, made once per `key`: copy it with `create_database`.

        `prepare` must leave no connection open.
        """
        if key not in self._templates:
            name = self.create_database()
            prepare(self.url(name))
            self._templates[key] = name
        return self._templates[key]

    def _as_account(self, *command: str | Path) -> list[str]:
        """The command as a user who may run PostgreSQL, ending with us where the system can promise that."""
        words = [str(word) for word in command]
        setpriv = shutil.which("setpriv")
        if self._account is None:
            return [setpriv, "--pdeathsig", "INT", *words] if setpriv else words
        if setpriv is None:
            raise FileNotFoundError("PostgreSQL does not run as root, and there is no setpriv to start it otherwise")
        user, group = str(self._account.pw_uid), str(self._account.pw_gid)
        return [setpriv, "--reuid", user, "--regid", group, "--clear-groups", "--pdeathsig", "INT", *words]


def _account() -> pwd.struct_passwd | None:
    """Whom to be for PostgreSQL, which refuses to run as root: nobody else if we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
