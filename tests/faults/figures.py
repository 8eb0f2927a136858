"""Each fault test says in one line what it measured; FIGURES=path collects the lines for docs/figures.md."""

import os
import sys
from pathlib import Path


def note(fault: str, words: str) -> None:
    """One line, past pytest's capture, so that it stands in the log of every run."""
    line = f"| {fault} | {words} |"
    sys.__stdout__.write(f"\n{line}\n")
    sys.__stdout__.flush()
    if path := os.environ.get("FIGURES"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
