"""Blocks of which a generated document consists: facts, tables, sentences and places to sign.

They are JSON that a template prints. A document has the same blocks in each of its languages, so that a
template can set them side by side. The record decides what is left out, never the language. A fact that the
record does not know is an empty line to fill in by hand.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from workflow.errors import LazyText

type Block = dict[str, Any]


def facts_block(*rows: tuple[LazyText, object]) -> Block:
    """Return a block of names with their values. The value "" prints a line to write on; None omits the name."""
    return {"kind": "facts", "rows": [[str(name), str(value)] for name, value in rows if value is not None]}


def table_block(
    head: Sequence[LazyText],
    rows: Iterable[Sequence[object]],
    widths: Sequence[int],
    figures: Sequence[int] = (),
) -> Block:
    """Return a table whose heading is repeated on each page. A cell is a text or a list of lines.

    `widths` are shares of the width; `figures` are the right-aligned columns.
    """
    return {
        "kind": "table",
        "head": [str(name) for name in head],
        "rows": [[_lines(cell) for cell in row] for row in rows],
        "widths": list(widths),
        "figures": list(figures),
    }


def sentences_block(*texts: LazyText | None) -> Block:
    """Return a block of paragraphs. None omits one."""
    return {"kind": "text", "lines": [str(text) for text in texts if text is not None]}


def heading_block(text: LazyText) -> Block:
    """Return a heading block."""
    return {"kind": "heading", "text": str(text)}


def signature_block(*places: LazyText) -> Block:
    """Return the places to sign and seal, side by side, with the signer of each."""
    return {"kind": "sign", "places": [str(place) for place in places]}


def _lines(cell: Any) -> list[str]:
    lines = cell if isinstance(cell, list) else [cell]
    return [str(line) for line in lines if line is not None]
