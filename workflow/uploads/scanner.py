"""Optional virus scanner: clamd at CLAMD_ADDRESS (a socket path, or host:port).

Without a scanner, every file counts as scanned.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path

from django.conf import settings

TIMEOUT_SECONDS = 20
CHUNK = 64 * 1024


class ScanResult(Enum):
    """Results of a scan."""

    PASSED = auto()
    INFECTED = auto()
    AWAY = auto()


def scan(place: Path) -> ScanResult:
    """Scan a file, and return the result.

    A scanner that cannot be reached, or that answers anything but OK or FOUND, counts as away.
    """
    if not settings.CLAMD_ADDRESS:
        return ScanResult.PASSED
    try:
        answer = _ask(place)
    except OSError:
        return ScanResult.AWAY
    if answer.endswith(b"FOUND"):
        return ScanResult.INFECTED
    return ScanResult.PASSED if answer.endswith(b"OK") else ScanResult.AWAY


def _ask(place: Path) -> bytes:
    """Send a file with clamd's INSTREAM command, and return the answer.

    The protocol: length and bytes of each chunk, a zero length, then one line of answer.
    """
    with _connected() as line, place.open("rb") as file:
        line.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            line.sendall(len(chunk).to_bytes(4) + chunk)
        line.sendall(bytes(4))
        answer = b""
        while part := line.recv(1024):
            answer += part
    return answer.rstrip(b"\0\n")


@contextmanager
def _connected() -> Iterator[socket.socket]:
    host, colon, port = settings.CLAMD_ADDRESS.rpartition(":")
    with socket.socket(socket.AF_INET if colon else socket.AF_UNIX) as line:
        line.settimeout(TIMEOUT_SECONDS)
        line.connect((host, int(port)) if colon else settings.CLAMD_ADDRESS)
        yield line
