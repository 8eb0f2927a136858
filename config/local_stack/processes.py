"""Processes of the demo, one for each line of the Procfile, which stop together.

honcho starts each process and prints its output. Nothing waits for the output: a thread reads each process,
another one prints, and the main thread, which gets the signals, does neither. So a slow or missing reader
cannot keep the demo from ending, and no process is between this one and the supervisors.
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

from config.local_stack.engines import ROOT
from config.local_stack.supervisor import end_descendants, inherit_orphans

POLL_SECONDS = 0.1
# Each process gets its grace and the engines wait for the others (supervisor.py has the seconds); only then are they killed.
STOP_TIMEOUT_SECONDS = 30
LAST_OUTPUT_SECONDS = 2  # for the remaining output of a killed process
DEMO_OUTPUT_NAME = "system"


class ProcfileProcesses:
    """Group of processes that all stop as soon as one ends."""

    def __init__(self, lines: dict[str, str], environ: dict[str, str]) -> None:
        colours = get_colours()
        self.processes = [
            Process(line, name=name, colour=next(colours), env=environ, cwd=str(ROOT))
            for name, line in lines.items()
        ]
        self.voice = PrefixedOutput(width=max(map(len, [*lines, DEMO_OUTPUT_NAME])))
        self.threads: list[threading.Thread] = []
        self.events: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.pids: dict[str, int] = {}  # of the running processes
        self.code: int | None = None  # of the first process that ended
        self.asked = 0  # the signal that asked for the end
        self.last_signal: signal.Signals | None = None  # the last signal sent to all

    def run(self) -> int:
        """Run all processes until one ends or a signal arrives, and return the exit code.

        Stops the other processes, and returns only when none is left.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)
        inherit_orphans()  # the children of a killed supervisor
        self.voice.begin()
        try:
            self._start()
            self._watch()
        finally:
            self._signal(signal.SIGTERM, *self.pids)  # also after an error
            self.voice.end()
        if self.asked:
            return 128 + self.asked
        code = self.code or 1  # a process that ends by itself is a failure, even with 0
        return 128 - code if code < 0 else code

    def put(self, message: Any) -> None:
        """Take a line of output, or the start or end of a process, from honcho.

        honcho calls this in the process's own thread.
        """
        (self.voice if message.type == "line" else self.events).put(message)

    def _ask(self, number: int, _frame: FrameType | None) -> None:
        """Remember the first signal, and do nothing else.

        The main thread may be anywhere, even in the middle of a start.
        """
        self.asked = self.asked or number

    def _start(self) -> None:
        for process in self.processes:
            thread = threading.Thread(target=process.run, args=(self,), daemon=True)
            thread.start()
            self.threads.append(thread)

    def _watch(self) -> None:
        """Wait for a reason to stop, then stop all processes.

        Waits for the threads to end, because honcho's last message may never arrive.
        """
        while not self.asked and all(thread.is_alive() for thread in self.threads):
            self._listen()
        if self.asked:
            self.voice.print_message(f"{signal.Signals(self.asked).name} received")
        for number, seconds in (
            (signal.SIGTERM, STOP_TIMEOUT_SECONDS),
            (signal.SIGKILL, LAST_OUTPUT_SECONDS),
        ):
            self.last_signal = number
            self._signal(number, *self.pids)
            until = time.monotonic() + seconds
            while any(thread.is_alive() for thread in self.threads) and time.monotonic() < until:
                self._listen()
        end_descendants()  # left behind by a killed supervisor and still running after the kernel's signal
        while not self.events.empty():
            self._listen()

    def _listen(self) -> None:
        """Handle the next start or end of a process, if one is reported within POLL_SECONDS.

        A process that starts after the others were stopped is stopped at once.
        """
        try:
            message = self.events.get(timeout=POLL_SECONDS)
        except queue.Empty:
            return
        name, data = message.name, message.data
        if message.type == "start":
            self.pids[name] = data["pid"]
            self.voice.print_message(f"{name} started (pid={data['pid']})")
            if self.last_signal is not None:
                self._signal(self.last_signal, name)
        else:
            self.pids.pop(name, None)
            self.code = data["returncode"] if self.code is None else self.code
            self.voice.print_message(f"{name} stopped (rc={data['returncode']})")

    def _signal(self, number: signal.Signals, *names: str) -> None:
        for name in names:
            with suppress(ProcessLookupError):
                os.killpg(self.pids[name], number)


class PrefixedOutput:
    """Printer of the demo's output, in a thread of its own.

    When the reader of the standard output goes away (`make demo | head`), the demo goes on without output:
    people may be using it, and Ctrl-C and SIGTERM still end it.
    """

    def __init__(self, width: int) -> None:
        self.printer = Printer(self, width=width)
        self.waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self._print, daemon=True)
        self.text = ""

    def begin(self) -> None:
        """Start the printing thread."""
        self.thread.start()

    def end(self) -> None:
        """Print the remaining lines, for at most LAST_OUTPUT_SECONDS."""
        self.waiting.put(None)
        self.thread.join(timeout=LAST_OUTPUT_SECONDS)

    def print_message(self, words: str) -> None:
        """Print a message of the demo itself, as one of its lines."""
        self.put(Message("line", words, time, DEMO_OUTPUT_NAME, None))  # honcho calls `time.strftime`

    def put(self, message: Any) -> None:
        """Queue a process's line, or plain text, for printing."""
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
                discard_output(1)

    # --- the file that honcho's printer writes to: without Python's lock, which a writer that waits would hold for ever ---
    def write(self, text: str) -> None:
        """Keep the text until the line is complete."""
        self.text += text

    def flush(self) -> None:
        """Write the line to the standard output.

        Raises OSError if its reader is gone.
        """
        left = self.text.encode("utf-8", "replace")
        while left:
            try:
                left = left[os.write(1, left) :]
            except BlockingIOError:  # a terminal that another program left in this mode
                time.sleep(POLL_SECONDS)
        self.text = ""

    def isatty(self) -> bool:
        """Return True if the standard output is a terminal, so that colours are visible."""
        return os.isatty(1)


def discard_output(*streams: int) -> None:
    """Connect these file descriptors, such as standard output, to the null device."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in streams:
        os.dup2(nowhere, stream)
    os.close(nowhere)
