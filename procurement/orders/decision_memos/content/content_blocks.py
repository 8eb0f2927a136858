"""Blocks of a decision memo (facts, tables, sentences) as JSON for a template.

A block holds text in the reader's language. The text is never executed, even if a user typed it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from workflow.errors import LazyText

type Block = dict[str, Any]
type Section = dict[str, Any]


def memo_section(title: LazyText, *blocks: Block | None) -> Section:
    """Return a section with its heading and its blocks, without empty blocks."""
    return {"title": str(title), "blocks": [block for block in blocks if block is not None]}


def facts_block(*rows: tuple[LazyText, object]) -> Block | None:
    """Return a block of labels with their values, without labels that have no value."""
    values = [[str(name), str(value)] for name, value in rows if value]
    return {"kind": "facts", "rows": values} if values else None


def table_block(
    head: Sequence[LazyText],
    rows: Iterable[Sequence[object]],
    widths: Sequence[int],
    figures: Sequence[int] = (),
) -> Block | None:
    """Return a table block. Its head is repeated on each page; a cell is a text or a list of lines.

    `widths`: relative column widths. `figures`: columns aligned to the right.
    """
    values = [[_cell_lines(cell) for cell in row] for row in rows]
    if not values:
        return None
    return {
        "kind": "table",
        "head": [str(name) for name in head],
        "rows": values,
        "widths": list(widths),
        "figures": list(figures),
    }


def sentences_block(*texts: LazyText | None) -> Block | None:
    """Return a block of paragraphs."""
    values = [str(text) for text in texts if text]
    return {"kind": "text", "lines": values} if values else None


def heading_block(text: LazyText) -> Block:
    """Return a heading inside a section."""
    return {"kind": "heading", "text": str(text)}


def _cell_lines(cell: Any) -> list[str]:
    lines = cell if isinstance(cell, list) else [cell]
    return [str(line) for line in lines if line not in ("", None)]
