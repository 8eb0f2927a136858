"""Client of an optional virus scanner: clamd at CLAMD_ADDRESS (a socket path, or host:port).

Without a scanner, every file passes.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path

from django.conf import settings

TIMEOUT_SECONDS = 20
CHUNK_BYTES = 64 * 1024


class ScanResult(Enum):
    """Result of a scan: no virus, a virus, or no answer from the scanner."""

    PASSED = auto()
    INFECTED = auto()
    UNREACHABLE = auto()


def scan(path: Path) -> ScanResult:
    """Scan a file, and return the result.

    A scanner that cannot be reached, or that answers anything but OK or FOUND, counts as unreachable.
    """
    if not settings.CLAMD_ADDRESS:
        return ScanResult.PASSED
    try:
        answer = _scan_with_clamd(path)
    except OSError:
        return ScanResult.UNREACHABLE
    if answer.endswith(b"FOUND"):
        return ScanResult.INFECTED
    return ScanResult.PASSED if answer.endswith(b"OK") else ScanResult.UNREACHABLE


def _scan_with_clamd(path: Path) -> bytes:
    """Send a file with clamd's INSTREAM command, and return the answer.

    The protocol: length and bytes of each chunk, a zero length, then one line of answer.
    """
    with _connect() as connection, path.open("rb") as file:
        connection.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK_BYTES):
            connection.sendall(len(chunk).to_bytes(4) + chunk)
        connection.sendall(bytes(4))
        answer = b""
        while received := connection.recv(1024):
            answer += received
    return answer.rstrip(b"\0\n")


@contextmanager
def _connect() -> Iterator[socket.socket]:
    host, colon, port = settings.CLAMD_ADDRESS.rpartition(":")
    with socket.socket(socket.AF_INET if colon else socket.AF_UNIX) as connection:
        connection.settimeout(TIMEOUT_SECONDS)
        connection.connect((host, int(port)) if colon else settings.CLAMD_ADDRESS)
        yield connection
