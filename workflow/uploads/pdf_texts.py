"""Text of PDF files: read in a sandboxed process on first use, then cached on disk.

A text that is missing is read again. The texts are in the folder of the previews under MEDIA_ROOT, are named after
the file's random name, and are deleted with the previews. No database row refers to them.
"""

import time
from pathlib import Path

from django.conf import settings

from workflow.errors import Refused
from workflow.uploads.models import File
from workflow.uploads.previews import PREVIEW_FOLDER
from workflow.uploads.sandbox_client import run_parser
from workflow.uploads.storage import clean_path

PDF_CONTENT_TYPE = "application/pdf"


def text_of(file: File) -> str:
    """Return the text of the first pages of a clean PDF.

    Returns "" for another file, for scanned pages, and if the file cannot be read.
    """
    if file.status != File.Status.CLEAN or file.content_type != PDF_CONTENT_TYPE:
        return ""
    folder = Path(settings.MEDIA_ROOT) / PREVIEW_FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{file.stored.replace('/', '')}-text.txt"
    if not path.exists():
        _read_into(file, path)
    return path.read_text(encoding="utf-8")


def _read_into(file: File, path: Path) -> None:
    """Write the text to a temporary file, then move it to `path`. A file that cannot be read gets an empty text."""
    unfinished = path.with_suffix(f".{time.monotonic_ns()}.part")
    unfinished.touch(mode=0o600)
    try:
        answer = run_parser("pdf_text", clean_path(file), unfinished)
    except Refused as refused:
        answer = {"refused": refused.code}
    if "refused" in answer:
        unfinished.write_bytes(b"")
    unfinished.replace(path)
