"""The plain blocks a memo is made of: facts, tables and sentences, as JSON that a template prints. Pure.

A block holds texts that are already in the reader's language; nothing in it is run, whatever somebody typed.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from workflow.errors import Words

type Block = dict[str, Any]
type Section = dict[str, Any]


def section(title: Words, *blocks: Block | None) -> Section:
    """A heading and what stands below it; blocks with nothing in them are left out."""
    return {"title": str(title), "blocks": [block for block in blocks if block is not None]}


def facts(*rows: tuple[Words, object]) -> Block | None:
    """Names with what is said of each; a name of which nothing is said is left out."""
    told = [[str(name), str(said)] for name, said in rows if said]
    return {"kind": "facts", "rows": told} if told else None


def table(
    head: Sequence[Words],
    rows: Iterable[Sequence[object]],
    widths: Sequence[int],
    figures: Sequence[int] = (),
) -> Block | None:
    """Rows below a heading that is repeated on each page; a cell is a text, or a list of its lines.

    `widths` are shares; `figures` the columns set to the right.
    """
    told = [[_lines(cell) for cell in row] for row in rows]
    if not told:
        return None
    return {
        "kind": "table",
        "head": [str(name) for name in head],
        "rows": told,
        "widths": list(widths),
        "figures": list(figures),
    }


def sentences(*texts: Words | None) -> Block | None:
    """Paragraphs."""
    told = [str(text) for text in texts if text]
    return {"kind": "text", "lines": told} if told else None


def heading(text: Words) -> Block:
    """A heading inside a section."""
    return {"kind": "heading", "text": str(text)}


def _lines(cell: Any) -> list[str]:
    lines = cell if isinstance(cell, list) else [cell]
    return [str(line) for line in lines if line not in ("", None)]
