"""A site whose processes run from the image, with the commands of the image and of docker-compose.yml.

PostgreSQL and Redis are the embedded ones: their images cannot be fetched without a registry.
"""

import os
import shlex
import shutil
import signal
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
import psycopg
import yaml

from config.local_stack.valkey import server_binary
from tests.faults.container.image import UID, Image, value_of_compose
from tests.faults.demo import ROOT, free_port
from tests.faults.installed.documented_commands import indented_blocks, replace_examples
from tests.faults.installed.installation import OWNER, TIMEOUT_SECONDS, Installation, eventually

SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
RUNNING = ("web", "worker", "beat", "tick")
SECRETS = {
    "SECRET_KEY": "of-the-site-in-containers-0123456789-abcdefghijklmnopqrstuvwxyz",
    "DATABASE_PASSWORD": "secret",  # of the role in docs/operations.md, as the tests make it
    "REDIS_PASSWORD": "with 'every' \"sign\" / of @ a: URL",
    "BACKUP_KEY": "a key of a city, long enough to be one",
}
# buildah has no read-only root in its chroot isolation, so it runs in a mount namespace in which the root is one. It
# still writes to /run, and what it mounts over must exist.
READ_ONLY = 'mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"; mount -t tmpfs -o mode=755 tmpfs "$0/run"; exec "$@"'
MOUNTED_OVER = ("etc/hosts", "etc/hostname", "etc/resolv.conf")


class ContainerSite(Installation):
    """Site with a data folder, servers, and one container in which its processes run."""

    def __init__(self, home: Path, smtp_port: int, stack: ExitStack, image: Image) -> None:
        super().__init__(home, smtp_port, stack)
        self.image, self.container, self.root, self.database = image, "", "", OWNER
        self.data, self.secrets, self.redis_port = home / "data", home / "secrets", free_port()
        self.make_folder(self.data)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def make_folder(self, folder: Path) -> Path:
        """Make a folder of the image's user, unless it is there."""
        folder.mkdir(mode=0o700, exist_ok=True)
        os.chown(folder, UID, UID)
        return folder

    @property
    def environment(self) -> dict[str, str]:
        """Settings as the compose file passes them, the secrets as files."""
        return {
            "BASE_URL": self.url,
            "TRUSTED_PROXIES": "1",
            "DATABASE_URL": f"postgresql://{OWNER}@127.0.0.1:{self.pool_port}/{self.database}",
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "MAIL_FROM": "Twinlane <twinlane@city.example>",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.smtp_port),
            "SMTP_TLS": "none",
            "GRANIAN_PORT": str(self.port),
            **{f"{name}_FILE": f"/run/secrets/{name}" for name in SECRETS},
        }

    def write_secrets(self) -> None:
        """Write each secret to a file that the user of the image may read."""
        self.secrets.mkdir()
        for name, secret in SECRETS.items():
            (self.secrets / name).write_text(f"{secret}\n")

    def start_redis(self) -> None:
        """Start Valkey by the compose file's command of Redis, until the stack is closed."""
        program = self.home / "redis/redis-server"
        program.parent.mkdir()
        options = f"--port {self.redis_port} --bind 127.0.0.1 --dir {program.parent}"
        program.write_text(f'#!/bin/sh\nexec {server_binary()} "$@" {options}\n')
        program.chmod(0o700)
        server = subprocess.Popen(
            [value_of_compose(word) for word in SERVICES["redis"]["command"]],
            env={
                "PATH": f"{program.parent}:{os.environ['PATH']}",
                "REDIS_PASSWORD_FILE": str(self.secrets / "REDIS_PASSWORD"),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        self.stack.callback(server.wait, timeout=TIMEOUT_SECONDS)
        self.stack.callback(server.terminate)

    def line(self, command: list[str], service: str) -> list[str]:
        """Return the line that runs a command of a service in the container, whose root is read-only."""
        settings = [part for name, value in self.environment.items() for part in ("--env", f"{name}={value}")]
        temporary = self.make_folder(self.home / f"tmp-{service}")
        volumes = {self.data: "/data", temporary: "/tmp", self.secrets: "/run/secrets:ro"}
        mounts = [part for folder, place in volumes.items() for part in ("--volume", f"{folder}:{place}")]
        run = ["buildah", "run", "--network", "host", *mounts, *settings, self.container, "--", *command]
        return ["unshare", "--mount", "sh", "-euc", READ_ONLY, self.root, *run]

    def run_inside(self, command: list[str], service: str = "setup") -> "subprocess.CompletedProcess[str]":
        """Run a command in the container to its end."""
        self.did["commands"] += 1
        return subprocess.run(
            self.line(command, service),
            env=self.image.store.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=2 * TIMEOUT_SECONDS,
        )

    def manage(self, line: str) -> str:
        """Run a management command as the page writes it, in the container."""
        done = self.run_inside(shlex.split(line.partition("  #")[0]))
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    def set_up(self) -> None:
        """Run the service `setup` of the compose file."""
        self.manage(SERVICES["setup"]["command"])

    def start(self, service: str) -> None:
        """Start a service by its own command, or the image's; its log is a file of its name."""
        own = SERVICES[service].get("command")
        command = shlex.split(value_of_compose(own)) if own else self.image.description["config"]["Cmd"]
        with (self.home / f"{service}.log").open("ab") as log:
            self.processes[service] = subprocess.Popen(
                self.line(command, service),
                env=self.image.store.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.did["processes"] += 1

    def start_services(self) -> None:
        """Start web, worker, beat and tick, and wait until each is healthy."""
        for service in RUNNING:
            self.start(service)
        self.wait_until_healthy()

    def wait_until_healthy(self) -> None:
        """Wait until web is ready and the health checks of all services pass."""
        assert eventually(lambda: self.ready().get("database") == "ok"), self.end_of_log("web")
        assert self.ready()["redis"] == "ok"
        for service in self.processes:
            assert eventually(lambda service=service: self.is_healthy(service)), self.end_of_log(service)

    def is_healthy(self, service: str) -> bool:
        """Return True if the health check of the compose file passes in the container, or the service has none and runs."""
        check = SERVICES[service]["healthcheck"]
        if "test" not in check:
            return bool(self.running(service))
        kind, *words = [value_of_compose(word).replace(":8000/", f":{self.port}/") for word in check["test"]]
        return (
            self.run_inside(["sh", "-c", *words] if kind == "CMD-SHELL" else words, service).returncode == 0
        )

    def end_of_log(self, service: str) -> str:
        """Return the end of a service's log."""
        return (self.home / f"{service}.log").read_text()[-3000:]

    def running(self, service: str) -> list[psutil.Process]:
        """Return the processes of a service in the container, the first of them first."""
        descendants = psutil.Process(self.processes[service].pid).children(recursive=True)
        return [process for process in descendants if process.uids().real == UID]

    def kill(self, service: str) -> None:
        """Kill a service's first process with -9, and what it leaves behind, as the end of a container does."""
        for process in self.running(service):
            if process.is_running():
                process.send_signal(signal.SIGKILL)
        self.processes.pop(service).wait(timeout=TIMEOUT_SECONDS)

    def stop(self) -> None:
        """End all services in good order."""
        for service in list(self.processes):
            for process in self.running(service)[:1]:
                process.terminate()
            self.processes.pop(service).wait(timeout=TIMEOUT_SECONDS)

    def use_new_instance(self, database: str, backup: Path) -> None:
        """Create an empty database and an empty folder of data, with a backup in it, and use both from now on."""
        _role, statement = indented_blocks("### The database")[0].splitlines()
        statement = replace_examples(
            statement, {"DATABASE twinlane": f"DATABASE {database}", "OWNER twinlane": f"OWNER {OWNER}"}
        )
        with psycopg.connect(self.places.database_url, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]  # psycopg types only literal statements
        self.database, self.data = database, self.make_folder(self.home / database)
        target = self.data / backup.name
        shutil.copy(backup, target)
        os.chown(target, UID, UID)

    def use(self, image: Image) -> None:
        """Run everything from now on in a container of an image, until the stack is closed."""
        self.image = image
        self.container = self.stack.enter_context(image.container())
        self.root = image.store.buildah("mount", self.container)
        self.stack.callback(self.stop)
        for place in MOUNTED_OVER:
            Path(self.root, place).touch()


def files_containing(root: Path, words: list[bytes]) -> tuple[int, list[str]]:
    """Return the number of files below a folder, and those that contain one of the words."""
    number, found = 0, []
    for folder, _folders, names in os.walk(root):
        for path in (Path(folder, name) for name in names):
            if path.is_symlink() or not path.is_file():
                continue
            number += 1
            content = path.read_bytes()
            found += [str(path.relative_to(root)) for word in words if word in content]
    return number, found
