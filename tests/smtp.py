"""A small SMTP server for tests: takes mail, keeps what it got, and misbehaves where told to.

Run in a thread with `Sink()`, or for the fault tests as a process of its own (`python -m tests.smtp PORT_FILE JOURNAL DELAY WORST`),
where it writes each Message-ID to a journal the moment it has taken the mail.
"""

import email
import email.policy
import os
import socketserver
import sys
import threading
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Self

# What to do with a recipient: "" takes the mail; "rcpt 550", "no data 451" and "data 451" answer so; "drop" goes away after the
# content was handed over, "take and drop" keeps it first; "hang" never answers the content.
type Script = Callable[[str], str]


class _Talk(socketserver.StreamRequestHandler):
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

    def mail(self, line: str) -> bool:
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
        """Whether to go on talking."""
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
    """Listens on a free port of the loopback interface while the block lasts."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, script: Script = lambda address: "") -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.script = script
        self.greeting = ""  # said instead of 220, and nothing more
        self.refuse_sender = ""  # said to every MAIL; "bye" hangs up there
        self.got: list[EmailMessage] = []
        self.raw: list[bytes] = []  # the same mails, byte by byte
        self.delay = 0.0  # seconds it takes over a recipient, where real ones look things up
        self.over = threading.Event()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_address[1]

    def wait_at_the_gate(self) -> None:
        """Nobody is kept waiting here."""

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
    """A sink that writes each Message-ID down before it says that it took the mail.

    While there is a file `.gate` beside the journal, whoever names a recipient waits; `.knocked` says that somebody does.
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


# What `Worst` does for good, and to how many; all else it does to a recipient once.
WORST = {"rcpt 550": 1, "hang": 1}


class Worst:
    """A script for the fault tests: 451 to three of ten, one dead address, one that hangs, some connections lost after the content."""

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
        """What the recipient who came at that place gets the first time."""
        return {0: "data 451", 1: "no data 451", 2: "rcpt 451", 7: "take and drop", 8: "drop"}.get(
            place % 10, ""
        )


if __name__ == "__main__":
    with Journal(Path(sys.argv[2]), float(sys.argv[3])) as sink:
        if sys.argv[4:] == ["1"]:
            sink.script = Worst()
        Path(sys.argv[1]).write_text(str(sink.port))
        while os.getppid() != 1:
            time.sleep(0.5)
