"""A real instance in a private folder, set up by the commands of docs/operations.md, behind PgBouncer.

Every command of that page runs, also those of pip and npm, so the package registries must be reachable. The engines
are the embedded ones.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import requests

from config.local_stack.engines import lock_folder, start_engines
from config.local_stack.paths import DataPaths
from config.local_stack.postgres import POSTGRES_BIN_DIR, system_user_prefix
from tests.faults.demo import ROOT, free_port
from tests.faults.installed.documented_commands import indented_blocks, replace_examples

# An operator's shell: without the settings of the tests, and with a proxy that does not answer.
SHELL = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ} | {
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
}
# Settings by which this machine reaches the registries, for the lines that fetch packages.
FETCHING = {
    name: value
    for name, value in os.environ.items()
    if name.startswith(("PIP_", "npm_config_", "SSL_CERT_", "NODE_EXTRA_"))
    or name.lower() in ("http_proxy", "https_proxy", "no_proxy")
}
TIMEOUT_SECONDS = 300  # seconds: a limit for a busy machine, not a promise
OWNER = "city"  # renamed role and database: the embedded engine already uses the page's name
POOLER = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"


def eventually[T](ask: Callable[[], T], seconds: float = TIMEOUT_SECONDS) -> T:
    """Return the first true answer, or the last answer when the time is over."""
    until = time.monotonic() + seconds
    while not (answer := ask()) and time.monotonic() < until:
        time.sleep(0.2)
    return answer


class Installation:
    """Folder, servers and services of an instance, with counts of what was done and the faults found."""

    def __init__(self, home: Path, smtp_port: int, stack: ExitStack) -> None:
        self.home, self.stack, self.smtp_port = home, stack, smtp_port
        self.clone, self.settings = home / "twinlane", home / "twinlane.env"
        self.shell = SHELL | {"PATH": f"{self._programs()}:{SHELL['PATH']}"}
        self.port, self.pool_port = free_port(), free_port()
        self.places = DataPaths.from_data_dir(home / "engines")
        self.valkey = ExitStack()
        self.did: Counter[str] = Counter()
        self.faults: list[str] = []

    @property
    def url(self) -> str:
        """Address of the web server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Log of the web server."""
        return self.home / "config.web.log"

    @contextmanager
    def part(self, name: str) -> Iterator[list[str]]:
        """Run one part of the test with a list for its faults; an exception is a fault as well."""
        found: list[str] = []
        try:
            yield found
        except BaseException:
            found.append(f"{name} stopped")
            raise
        finally:
            self.faults += found
        assert found == []

    def start_engines(self) -> None:
        """Start PostgreSQL behind PgBouncer, and Valkey, which a test stops for a while."""
        self.stack.enter_context(lock_folder(self.places))
        self.stack.callback(self.valkey.close)
        self.stack.enter_context(start_engines(self.places, {"postgres"}, unsafe=True))
        self.start_valkey()
        self._start_pooler()

    def start_valkey(self) -> None:
        """Start Valkey, for the first time or again."""
        self.valkey.enter_context(start_engines(self.places, {"valkey"}, unsafe=True))

    def stop_valkey(self) -> None:
        """Stop Valkey in good order."""
        self.valkey.close()

    def make_database(self) -> None:
        """Create the role and the database by the statements of docs/operations.md."""
        (statements,) = indented_blocks("### The database")
        own = replace_examples(statements, {"'...'": "'secret'", "twinlane": OWNER})
        with psycopg.connect(self.places.database_url, autocommit=True) as connection:
            for statement in own.splitlines():
                connection.execute(statement)  # type: ignore[call-overload]  # psycopg types only literal statements
                self.did["statements"] += 1

    def _start_pooler(self) -> None:
        folder = self.places.postgres_socket.parent
        config = folder / "pgbouncer.ini"
        config.write_text(
            f"[databases]\n* = host={folder} user={OWNER} password=secret\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.pool_port}\nunix_socket_dir =\n"
            "auth_type = any\npool_mode = session\nlogfile =\n"
        )
        config.chmod(0o644)
        line = [*system_user_prefix(), POOLER, "--quiet", str(config)]
        pooler = subprocess.Popen(line, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.stack.callback(pooler.wait, timeout=TIMEOUT_SECONDS)
        self.stack.callback(pooler.send_signal, signal.SIGQUIT)  # at once; others wait for clients

    def _programs(self) -> str:
        """Make a PATH with Python, Node and PostgreSQL's client programs under the names that the page uses.

        Python must be new enough; Node comes from the system or from .setup.
        """
        folder = self.home / "programs"
        folder.mkdir()
        (folder / "python3").symlink_to(Path(sys.executable).resolve())
        return f"{folder}:{POSTGRES_BIN_DIR}:{ROOT / '.setup/node/bin'}"

    def sh(
        self, script: str, environment: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run a piece of shell as an operator types it."""
        self.did["commands"] += 1
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.clone if self.clone.exists() else self.home,
            env=environment or self.shell,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
            timeout=2 * TIMEOUT_SECONDS,
        )

    def must(self, script: str, environment: dict[str, str] | None = None) -> str:
        """Run a piece of shell that must succeed; return its output."""
        done = self.sh(script, environment)
        assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def configured(self, command: str) -> str:
        """Return a command that first reads the settings file into the environment."""
        return f"set -a && . {self.settings} && set +a\n{command}"

    def manage(self, line: str) -> str:
        """Run a management command as docs/operations.md writes it."""
        return self.must(self.configured(line.replace("python manage.py", ".venv/bin/python manage.py")))

    def start_services(self) -> None:
        """Start web, worker and beat by the lines of docs/operations.md, and wait until the web server answers.

        Each has a log of its own.
        """
        lines = replace_examples(
            indented_blocks("### Without Docker")[-1],
            {"--port 8000": f"--port {self.port}", "/var/lib/twinlane": str(self.home / "data")},
        )
        services = lines.replace("\\\n", "").splitlines()
        assert len(services) == 3
        for line in services:
            self.stack.enter_context(self._service(line))
        assert eventually(lambda: self.ready().get("database") == "ok"), self.log.read_text()
        assert self.ready()["redis"] == "ok"

    @contextmanager
    def _service(self, line: str) -> Iterator[None]:
        name = re.search(r"config\.(web|celery|beat)", line)
        assert name is not None
        with (self.home / f"{name[0]}.log").open("wb") as log:
            process = subprocess.Popen(
                ["bash", "-c", self.configured(f"exec {line}")],
                cwd=self.clone,
                env=self.shell,
                stdin=subprocess.DEVNULL,
                stderr=log,
                stdout=log,
                start_new_session=True,
            )
        self.did["commands"] += 1
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=60)
            finally:
                with suppress(ProcessLookupError):  # the session contains nothing else
                    os.killpg(process.pid, signal.SIGKILL)

    def ready(self) -> dict[str, str]:
        """Return the answer of /readyz; empty while the server does not answer."""
        try:
            return dict(requests.get(f"{self.url}/readyz", timeout=5, proxies={"http": ""}).json())
        except requests.RequestException:
            return {}


def set_up(it: Installation) -> None:
    """Set up an instance as docs/operations.md says: code, database, settings, commands."""
    code, settings, commands, _services = indented_blocks("### Without Docker")
    online = {name: value for name, value in it.shell.items() if not name.endswith("_proxy")} | FETCHING
    it.must(replace_examples(code, {"<this repository>": str(ROOT), "/opt/twinlane": str(it.clone)}), online)
    it.make_database()
    own = {
        "/etc/twinlane.env": str(it.settings),
        "https://twinlane.city.example": it.url,
        "twinlane:password@localhost/twinlane": f"{OWNER}:secret@127.0.0.1:{it.pool_port}/{OWNER}",
        "redis://localhost:6379/0": it.places.redis_url,
        "/var/lib/twinlane": str(it.home / "data"),
        "SMTP_HOST='mail.city.example'": f"SMTP_HOST='127.0.0.1'\nSMTP_PORT='{it.smtp_port}'\nSMTP_TLS='none'",
    }
    it.must(replace_examples(settings, own))
    first, *rest = commands.splitlines()
    assert first.startswith("set -a")
    for line in rest:
        it.must(it.configured(line))
