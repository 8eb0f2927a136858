"""Resource limits of the sandboxed parsers, each a process that opens one untrusted file."""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
MAX_MEMORY_BYTES = 1024 * MEGABYTE
MAX_CPU_SECONDS = 20
MAX_RESULT_BYTES = 64 * MEGABYTE

type FileParser = Callable[..., dict[str, Any]]  # of IN, OUT and the further arguments of the command line


class ParserRefused(Exception):
    """Error that refuses the file, with a code for the reason."""


def apply_limits() -> None:
    """Limit memory, processor time and output of this process, so that a hostile file cannot exhaust the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_RESULT_BYTES, MAX_RESULT_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def print_answer(opener: FileParser, source: str, target: str, *more: str) -> dict[str, Any]:
    """Return the answer about a file that the process then prints: `{"ok": True, ...}` or `{"refused": code}`.

    `opener` is the parser, which reads the file `source` and may write its result to `target`.
    """
    try:
        return {"ok": True, **opener(Path(source), Path(target), *more)}
    except ParserRefused as refused:
        return {"refused": str(refused)}
    except MemoryError:
        return {"refused": "too_large_inside"}
    except Exception as error:  # noqa: BLE001 - whatever a parser raises, it is the file that is wrong
        return {"refused": "unreadable", "error": type(error).__name__}


def run_confined(opener: FileParser) -> None:
    """Open the file named on the command line with `opener`, within the limits, and print the answer."""
    apply_limits()
    sys.stdout.write(json.dumps(print_answer(opener, *sys.argv[1:])) + "\n")
