"""A small SMTP server for tests, which accepts and stores mail, and fails in chosen ways on request.

Run it in a thread with `Sink()`. The fault tests run it as a process (`python -m tests.smtp PORT_FILE JOURNAL
DELAY WORST`); there it writes each Message-ID to a journal as soon as it has accepted the mail.
"""

import email.policy
import os
import socket
import socketserver
import ssl
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# Behaviour for a recipient: "" takes the mail; "rcpt 550", "no data 451" and "data 451" answer so; "drop" disconnects after the
# content was sent, "take and drop" keeps the content first; "hang" never answers the content.
type Script = Callable[[str], str]


def self_signed(folder: Path, name: str, *, days: int = 2) -> Path:
    """Return a file with a new key and a self-signed certificate, valid for this name until so many days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    alternatives = [x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)]
    made = (
        x509.CertificateBuilder(names, names, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=9))
        .not_valid_after(today + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}{days}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class _Conversation(socketserver.StreamRequestHandler):
    server: "Sink"

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.todo = ""
        if self.server.greeting:
            self.say(self.server.greeting)
            return
        self.say("220 sink")
        going_on = True
        while going_on and (line := self.rfile.readline().decode().strip()):
            answer = getattr(self, line.split()[0].lower(), self.anything)
            going_on = answer(line)

    def anything(self, line: str) -> bool:
        self.say("250 ok")
        return True

    def ehlo(self, line: str) -> bool:
        offered = self.server.starttls is not None and not isinstance(self.connection, ssl.SSLSocket)
        for each in ("250-sink", "250 STARTTLS") if offered else ("250 ok",):
            self.say(each)
        return True

    def starttls(self, line: str) -> bool:
        assert self.server.starttls is not None
        self.say("220 go on")
        try:
            self.connection = self.server.starttls.wrap_socket(self.connection, server_side=True)
        except OSError:  # the other side does not trust the certificate
            return False
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        return True

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # the server closes only the one that TLS replaced

    def mail(self, line: str) -> bool:
        self.server.senders.append(line[line.index("<") + 1 : line.index(">")])
        self.server.encrypted.append(isinstance(self.connection, ssl.SSLSocket))
        if self.server.refuse_sender == "bye":
            return False
        self.say(self.server.refuse_sender or "250 ok")
        return True

    def rcpt(self, line: str) -> bool:
        time.sleep(self.server.delay)
        self.server.wait_at_the_gate()
        self.todo = self.server.script(line[line.index("<") + 1 : line.index(">")])
        self.say(f"{self.todo[5:]} no" if self.todo.startswith("rcpt ") else "250 ok")
        return True

    def data(self, line: str) -> bool:
        if self.todo.startswith("no data "):
            self.say(f"{self.todo[8:]} no")
            return True
        self.say("354 go on")
        return self.take(self.todo)

    def quit(self, line: str) -> bool:
        self.say("221 bye")
        return False

    def take(self, todo: str) -> bool:
        """Read the content of a mail and return True if the connection stays open."""
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if todo == "drop":
            return False
        if todo == "hang":
            self.server.over.wait(30)
            return False
        if todo.startswith("data "):
            self.say(f"{todo[5:]} no")
            return True
        self.server.keep(b"".join(lines))
        if todo == "take and drop":
            return False
        self.say("250 taken")
        return True


class Sink(socketserver.ThreadingTCPServer):
    """SMTP server on a free port of the loopback interface, for use as a context manager."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, script: Script = lambda address: "") -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.script = script
        self.greeting = ""  # sent instead of 220; then the connection ends
        self.starttls: ssl.SSLContext | None = None  # offered after EHLO
        self.tls: ssl.SSLContext | None = None  # spoken from the first byte
        self.senders: list[str] = []  # envelope sender of each mail
        self.encrypted: list[bool] = []  # for each mail, whether it came over TLS
        self.refuse_sender = ""  # the answer to every MAIL; "bye" disconnects there
        self.got: list[EmailMessage] = []
        self.raw: list[bytes] = []  # the same mails, byte by byte
        self.delay = 0.0  # seconds for each recipient, as real servers need for lookups
        self.over = threading.Event()

    @property
    def port(self) -> int:
        """The port number."""
        return self.server_address[1]

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection, over TLS if it is spoken from the first byte."""
        connection, address = super().get_request()
        if self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True)
        return connection, address

    def wait_at_the_gate(self) -> None:
        """Do nothing: only `Journal` makes senders wait."""

    def keep(self, raw: bytes) -> None:
        """Remember one mail."""
        self.raw.append(raw)
        self.got.append(email.message_from_bytes(raw, policy=email.policy.default))

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *problem: object) -> None:
        self.over.set()
        self.shutdown()
        self.server_close()


class Journal(Sink):
    """A sink that records each Message-ID before it confirms the mail.

    While a file with the suffix `.gate` exists beside the journal, every sender waits at RCPT; the file
    `.knocked` shows that one is waiting.
    """

    def __init__(self, path: Path, delay: float) -> None:
        super().__init__()
        self.delay = delay
        self.gate, self.knocked = path.with_suffix(".gate"), path.with_suffix(".knocked")
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def keep(self, raw: bytes) -> None:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        os.write(self.file, f"{mail['Message-ID']}\n".encode())

    def wait_at_the_gate(self) -> None:
        while self.gate.exists():
            self.knocked.touch()
            time.sleep(0.02)


# Permanent behaviour of `Worst` and the number of recipients; all else happens to a recipient once.
WORST = {"rcpt 550": 1, "hang": 1}


class WorstScript:
    """How the mail server misbehaves in the fault tests.

    Of ten recipients three get 451 at first, and two lose the connection after the content. One address is
    refused for good and one hangs.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.seen: dict[str, int] = {}

    def __call__(self, address: str) -> str:
        with self.lock:
            first = address not in self.seen
            place = self.seen.setdefault(address, len(self.seen))
        if place in (5, 6):
            return list(WORST)[place - 5]
        return self.once(place) if first else ""

    @staticmethod
    def once(place: int) -> str:
        """Return the behaviour for the first mail to the recipient with this number."""
        return {0: "data 451", 1: "no data 451", 2: "rcpt 451", 7: "take and drop", 8: "drop"}.get(
            place % 10, ""
        )


if __name__ == "__main__":
    with Journal(Path(sys.argv[2]), float(sys.argv[3])) as sink:
        if sys.argv[4:] == ["1"]:
            sink.script = WorstScript()
        Path(sys.argv[1]).write_text(str(sink.port))
        while os.getppid() != 1:
            time.sleep(0.5)
