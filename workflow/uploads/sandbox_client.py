"""Client of workflow.sandbox: runs a parser in a confined process and returns its answer."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from workflow.uploads.models import File

PARSER_TIMEOUT_SECONDS = 40  # of elapsed time; the process itself has 20 s of CPU


def run_parser(module: str, source: Path, target: Path, *more: str) -> dict[str, Any]:
    """Run a sandboxed parser on a file in a separate process, and return its answer.

    The answer is `{"ok": True, ...}` or `{"refused": code}`. No file makes this function raise an exception. `more`
    holds the parser's arguments after the two paths.
    """
    line = [sys.executable, "-E", "-s", "-m", f"workflow.sandbox.{module}", str(source), str(target), *more]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and paths that we made
            line,
            cwd=settings.BASE_DIR,
            env={},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PARSER_TIMEOUT_SECONDS,
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return {"refused": File.Refusal.UNREADABLE}
    known = answer.get("ok") is True or answer.get("refused") in File.Refusal.values
    return answer if known else {"refused": File.Refusal.UNREADABLE}
