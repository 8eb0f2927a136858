"""Sandboxed reader of the text on the first pages of a PDF.

Run as `python -m workflow.sandbox.pdf_text IN OUT`, with the same limits as every sandboxed parser. Only files that were
found clean are read. Scanned pages hold pictures and no text.
"""

from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # comes without types

from workflow.sandbox.limits import run_confined

MAX_PAGES = 3  # a document names itself on its first pages
MAX_TEXT_LENGTH = 20_000  # characters


def read_text(source: Path, target: Path) -> dict[str, Any]:
    """Write the text of the first pages in UTF-8, and return its number of characters."""
    paper = pypdfium2.PdfDocument(source)
    try:
        pages = (paper[number] for number in range(min(MAX_PAGES, len(paper))))
        text = "\n".join(page.get_textpage().get_text_bounded() for page in pages)[:MAX_TEXT_LENGTH]
    finally:
        paper.close()
    target.write_text(text, encoding="utf-8", errors="replace")
    return {"characters": len(text)}


if __name__ == "__main__":
    run_confined(read_text)
