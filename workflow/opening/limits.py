"""What an opener may use, and how it answers."""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

MEGA = 1024 * 1024
MEMORY = 1024 * MEGA
CPU_SECONDS = 20
LARGEST_RESULT = 64 * MEGA

type Opener = Callable[..., dict[str, Any]]  # of IN, OUT and what else stood on the command line


class Refuse(Exception):
    """The file is refused; the code says why."""


def confine() -> None:
    """Give up most of what a process may use."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_RESULT, LARGEST_RESULT))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(opener: Opener, source: str, target: str, *more: str) -> dict[str, Any]:
    """What the opener says about a file."""
    try:
        return {"ok": True, **opener(Path(source), Path(target), *more)}
    except Refuse as refused:
        return {"refused": str(refused)}
    except MemoryError:
        return {"refused": "too_large_inside"}
    except Exception as error:  # noqa: BLE001 - whatever a parser raises, it is the file that is wrong
        return {"refused": "unreadable", "error": type(error).__name__}


def main(opener: Opener) -> None:
    """Open the file named on the command line, confined."""
    confine()
    sys.stdout.write(json.dumps(answer(opener, *sys.argv[1:])) + "\n")
