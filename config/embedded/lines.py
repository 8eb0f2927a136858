"""The lines of the Procfile as processes of the demo: honcho starts each and prints what it says; here they stop together.

Nothing waits for the output: a thread reads each process, one prints, and the main thread, which gets the signals, does neither.
So a reader that is slow or gone keeps nothing from ending, and there is no process between this one and the keepers.
"""

import os
import queue
import signal
import threading
import time
from contextlib import suppress
from types import FrameType
from typing import Any

from honcho.colour import get_colours
from honcho.printer import Message, Printer
from honcho.process import Process

from config.embedded.engines import ROOT
from config.embedded.keep import end_descendants, inherit_orphans

POLL_SECONDS = 0.1
# Each process gets its grace and the engines wait for the others (keep.py has the seconds); only then are they killed.
STOP_SECONDS = 30
LAST_SECONDS = 2  # for what a killed process leaves to be read, and for the last words
SYSTEM = "system"


class Lines:
    """So many processes, of which none outlives another."""

    def __init__(self, lines: dict[str, str], environ: dict[str, str]) -> None:
        colours = get_colours()
        self.processes = [
            Process(line, name=name, colour=next(colours), env=environ, cwd=str(ROOT))
            for name, line in lines.items()
        ]
        self.voice = Voice(width=max(map(len, [*lines, SYSTEM])))
        self.threads: list[threading.Thread] = []
        self.events: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.pids: dict[str, int] = {}  # of those that run
        self.code: int | None = None  # of the first that ended
        self.asked = 0  # the signal that asked for the end
        self.told: signal.Signals | None = None  # what all were sent last

    def run(self) -> int:
        """Run all until one ends or a signal asks for the end, stop the others, and return the exit code once none is left."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)
        inherit_orphans()  # of a keeper that is killed
        self.voice.begin()
        try:
            self._start()
            self._watch()
        finally:
            self._tell(signal.SIGTERM, *self.pids)  # whatever went wrong here
            self.voice.end()
        if self.asked:
            return 128 + self.asked
        code = self.code or 1  # a process that ends by itself is a failure, even with 0
        return 128 - code if code < 0 else code

    def put(self, message: Any) -> None:
        """Take what a process says, or what became of it; honcho calls this in the process's own thread."""
        (self.voice if message.type == "line" else self.events).put(message)

    def _ask(self, number: int, _frame: FrameType | None) -> None:
        """Note the signal and no more: the main thread may be anywhere, in the middle of a start too."""
        self.asked = self.asked or number

    def _start(self) -> None:
        for process in self.processes:
            thread = threading.Thread(target=process.run, args=(self,), daemon=True)
            thread.start()
            self.threads.append(thread)

    def _watch(self) -> None:
        """Wait for a reason to stop, then stop. The end of a thread is what counts, not a last word that may never be said."""
        while not self.asked and all(thread.is_alive() for thread in self.threads):
            self._hear()
        if self.asked:
            self.voice.say(f"{signal.Signals(self.asked).name} received")
        for number, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, LAST_SECONDS)):
            self.told = number
            self._tell(number, *self.pids)
            until = time.monotonic() + seconds
            while any(thread.is_alive() for thread in self.threads) and time.monotonic() < until:
                self._hear()
        end_descendants()  # what a killed keeper left behind, and did not stop when the kernel told it to
        while not self.events.empty():
            self._hear()

    def _hear(self) -> None:
        """Take note of the next start or end, if one comes soon. Who starts after the others were stopped is stopped at once."""
        try:
            message = self.events.get(timeout=POLL_SECONDS)
        except queue.Empty:
            return
        name, data = message.name, message.data
        if message.type == "start":
            self.pids[name] = data["pid"]
            self.voice.say(f"{name} started (pid={data['pid']})")
            if self.told is not None:
                self._tell(self.told, name)
        else:
            self.pids.pop(name, None)
            self.code = data["returncode"] if self.code is None else self.code
            self.voice.say(f"{name} stopped (rc={data['returncode']})")

    def _tell(self, number: signal.Signals, *names: str) -> None:
        for name in names:
            with suppress(ProcessLookupError):
                os.killpg(self.pids[name], number)


class Voice:
    """Prints what there is to say, in a thread of its own.

    When the reader of the standard output goes away (`make demo | head`), the demo goes on in silence: people may be using it,
    and whoever wants it to end has Ctrl-C and SIGTERM.
    """

    def __init__(self, width: int) -> None:
        self.printer = Printer(self, width=width)
        self.waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self._print, daemon=True)
        self.text = ""

    def begin(self) -> None:
        """Start to print."""
        self.thread.start()

    def end(self) -> None:
        """Print the rest, unless the reader does not take it."""
        self.waiting.put(None)
        self.thread.join(timeout=LAST_SECONDS)

    def say(self, words: str) -> None:
        """Something of the demo itself, as one of its lines."""
        self.put(Message("line", words, time, SYSTEM, None))  # the module's strftime knows the present moment

    def put(self, message: Any) -> None:
        """Have a line printed in its turn, or words as they are."""
        self.waiting.put(message)

    def _print(self) -> None:
        while (message := self.waiting.get()) is not None:
            try:
                if isinstance(message, str):
                    print(message, file=self, flush=True)
                else:
                    self.printer.write(message)
            except OSError:
                self.text = ""
                silence(1)

    # --- the file that honcho's printer writes to: without Python's lock, which a writer that waits would hold for ever ---
    def write(self, text: str) -> None:
        """Keep it until the line is whole."""
        self.text += text

    def flush(self) -> None:
        """Write the line. Raises OSError when nobody reads any more."""
        left = self.text.encode("utf-8", "replace")
        while left:
            try:
                left = left[os.write(1, left) :]
            except BlockingIOError:  # a terminal that another program left in this mode
                time.sleep(POLL_SECONDS)
        self.text = ""

    def isatty(self) -> bool:
        """Whether colours are seen."""
        return os.isatty(1)


def silence(*streams: int) -> None:
    """Let what is written there go nowhere from now on, and what is read there come to its end."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in streams:
        os.dup2(nowhere, stream)
    os.close(nowhere)
