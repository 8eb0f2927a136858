"""Figures of the product's source files: folders, files, small files, re-exports, imports, lines."""

import ast
import io
import subprocess
import tarfile
import tempfile
from pathlib import Path

from tests.architecture.sources import ROOMS, ROOT

SMALL = 60  # lines; a file with fewer counts as small

type Figures = dict[str, int | float]


def import_lines(text: str) -> int:
    """Return the number of lines that import statements take, including those inside functions."""
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    return len({line for node in found for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)})


def tree_figures(top: Path) -> Figures:
    """Return the figures of the apps and `config` below a folder, without migrations.

    The share of import lines is measured against all lines that are not blank.
    """
    paths = [
        path
        for room in ROOMS
        for path in sorted((top / room).rglob("*.py"))
        if "migrations" not in path.relative_to(top).parts
    ]
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    lengths = {path: len(text.splitlines()) for path, text in texts.items()}
    imports = {path: import_lines(text) for path, text in texts.items()}
    written = sum(bool(line.strip()) for text in texts.values() for line in text.splitlines())
    empty = {path for path, text in texts.items() if not text.strip()}
    small = {path for path, length in lengths.items() if length < SMALL}
    return {
        "folders": len({path.parent for path in paths}),
        "files": len(paths),
        "files with code": len(paths) - len(empty),
        f"files under {SMALL} lines": len(small),
        f"files with code under {SMALL} lines": len(small - empty),
        "__init__.py that re-export": sum(
            bool(lines) for path, lines in imports.items() if path.name == "__init__.py"
        ),
        "import lines, % of lines that are not blank": round(100 * sum(imports.values()) / (written or 1), 1),
        "lines": sum(lengths.values()),
        "lines of the longest file": max(lengths.values(), default=0),
    }


def figures_at(commit: str) -> Figures:
    """Return the figures of a commit of this repository.

    Raises subprocess.CalledProcessError if the repository does not hold the commit, as in a shallow clone.
    """
    command = ["git", "-C", str(ROOT), "archive", commit, *ROOMS]
    packed = subprocess.run(command, check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory(prefix="twinlane-measure-") as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        return tree_figures(Path(folder))
