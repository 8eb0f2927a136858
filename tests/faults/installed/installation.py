"""A real instance in a closed folder of its own, set up by the lines of docs/operations.md, behind PgBouncer.

Every line of the page is run, pip's and npm's too, so the registries must be in reach. The engines are the embedded ones.
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

from config.embedded import postgres
from config.embedded.engines import hold, started
from config.embedded.places import Places
from tests.faults.demo import ROOT, free_port
from tests.faults.installed.document import blocks, with_values

# An operator's shell: nothing of the tests' own settings, and a proxy at which nothing listens.
SHELL = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ} | {
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
}
# How this machine reaches the registries: the operator's own network does it for the lines that fetch packages.
FETCHING = {
    name: value
    for name, value in os.environ.items()
    if name.startswith(("PIP_", "npm_config_", "SSL_CERT_", "NODE_EXTRA_"))
    or name.lower() in ("http_proxy", "https_proxy", "no_proxy")
}
PATIENCE = 300  # seconds: a limit for a busy machine, not a claim
OWNER = "city"  # the role and the database of the page, by another name: the embedded engine has one of the page's
POOLER = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"


def eventually[T](ask: Callable[[], T], seconds: float = PATIENCE) -> T:
    """The first answer that holds, or the last one."""
    until = time.monotonic() + seconds
    while not (answer := ask()) and time.monotonic() < until:
        time.sleep(0.2)
    return answer


class Installation:
    """The folder of an instance, its servers and services, and what was done and found."""

    def __init__(self, home: Path, smtp_port: int, stack: ExitStack) -> None:
        self.home, self.stack, self.smtp_port = home, stack, smtp_port
        self.clone, self.settings = home / "twinlane", home / "twinlane.env"
        self.shell = SHELL | {"PATH": f"{self._programs()}:{SHELL['PATH']}"}
        self.port, self.pool_port = free_port(), free_port()
        self.places = Places.of(home / "engines")
        self.valkey = ExitStack()
        self.did: Counter[str] = Counter()
        self.faults: list[str] = []

    @property
    def url(self) -> str:
        """Where people reach it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the web server says."""
        return self.home / "config.web.log"

    @contextmanager
    def part(self, name: str) -> Iterator[list[str]]:
        """One part of the test: what it finds, and what stops it, are faults."""
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
        """PostgreSQL behind PgBouncer, and Valkey, which is stopped on the way."""
        self.stack.enter_context(hold(self.places))
        self.stack.callback(self.valkey.close)
        self.stack.enter_context(started(self.places, {"postgres"}, unsafe=True))
        self.start_valkey()
        self._start_pooler()

    def start_valkey(self) -> None:
        """Start it, also once more."""
        self.valkey.enter_context(started(self.places, {"valkey"}, unsafe=True))

    def stop_valkey(self) -> None:
        """Stop it in good order."""
        self.valkey.close()

    def make_database(self) -> None:
        """The role and the database, by the statements of the page."""
        (statements,) = blocks("### The database")
        own = with_values(statements, {"'...'": "'secret'", "twinlane": OWNER})
        with psycopg.connect(self.places.database_url, autocommit=True) as connection:
            for statement in own.splitlines():
                connection.execute(statement)  # type: ignore[call-overload]  # psycopg types only literal statements
                self.did["statements"] += 1

    def _start_pooler(self) -> None:
        folder = self.places.postgres_socket.parent
        config = folder / "pgbouncer.ini"
        config.write_text(
            f"[databases]\n{OWNER} = host={folder} user={OWNER} password=secret\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.pool_port}\nunix_socket_dir =\n"
            "auth_type = any\npool_mode = session\nlogfile =\n"
        )
        config.chmod(0o644)
        line = [*postgres.as_system_user(), POOLER, "--quiet", str(config)]
        pooler = subprocess.Popen(line, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.stack.callback(pooler.wait, timeout=PATIENCE)
        self.stack.callback(pooler.send_signal, signal.SIGQUIT)  # at once; other signals wait for clients

    def _programs(self) -> str:
        """What the page asks for, by the names it uses: a new enough Python, and Node from the system or from .setup."""
        folder = self.home / "programs"
        folder.mkdir()
        (folder / "python3").symlink_to(Path(sys.executable).resolve())
        return f"{folder}:{ROOT / '.setup/node/bin'}"

    def sh(
        self, script: str, environment: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """A piece of shell as an operator types it."""
        self.did["commands"] += 1
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.clone if self.clone.exists() else self.home,
            env=environment or self.shell,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
            timeout=2 * PATIENCE,
        )

    def must(self, script: str, environment: dict[str, str] | None = None) -> str:
        """The same, which has to succeed."""
        done = self.sh(script, environment)
        assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def configured(self, command: str) -> str:
        """A command with the settings in its environment."""
        return f"set -a && . {self.settings} && set +a\n{command}"

    def manage(self, line: str) -> str:
        """A management command as the page writes it."""
        return self.must(self.configured(line.replace("python manage.py", ".venv/bin/python manage.py")))

    def start_services(self) -> None:
        """Web, worker and beat by the page's lines, each with a log of its own, until the web answers."""
        lines = with_values(
            blocks("### Without Docker")[-1],
            {"--port 8000": f"--port {self.port}", "/var/lib/twinlane": str(self.home / "data")},
        )
        services = lines.replace("\\\n", "").splitlines()
        assert len(services) == 3
        for line in services:
            self.stack.enter_context(self._service(line))
        assert eventually(lambda: self.ready().get("database") == "ok"), self.log.read_text()
        assert self.ready() == {"database": "ok", "redis": "ok"}

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
                with suppress(ProcessLookupError):  # a session of its own: nothing else is in it
                    os.killpg(process.pid, signal.SIGKILL)

    def ready(self) -> dict[str, str]:
        """What /readyz says; nothing while nobody answers."""
        try:
            return dict(requests.get(f"{self.url}/readyz", timeout=5, proxies={"http": ""}).json())
        except requests.RequestException:
            return {}


def set_up(it: Installation) -> None:
    """Follow the page: code, database, settings, commands."""
    code, settings, commands, _services = blocks("### Without Docker")
    online = {name: value for name, value in it.shell.items() if not name.endswith("_proxy")} | FETCHING
    it.must(with_values(code, {"<this repository>": str(ROOT), "/opt/twinlane": str(it.clone)}), online)
    it.make_database()
    own = {
        "/etc/twinlane.env": str(it.settings),
        "https://twinlane.city.example": it.url,
        "twinlane:password@localhost/twinlane": f"{OWNER}:secret@127.0.0.1:{it.pool_port}/{OWNER}",
        "redis://localhost:6379/0": it.places.redis_url,
        "/var/lib/twinlane": str(it.home / "data"),
        "SMTP_HOST='mail.city.example'": f"SMTP_HOST='127.0.0.1'\nSMTP_PORT='{it.smtp_port}'\nSMTP_TLS='false'",
    }
    it.must(with_values(settings, own))
    first, *rest = commands.splitlines()
    assert first.startswith("set -a")
    for line in rest:
        it.must(it.configured(line))
