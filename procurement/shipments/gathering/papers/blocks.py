"""The plain blocks a paper is made of: facts, tables, sentences and places to sign, as JSON that a template prints. Pure.

A paper has the same blocks in each of its languages, so that a template can set them side by side: what is left out is left out by
what the record says, never by how a language says it. A fact of which the record knows nothing is an empty line to fill in by hand.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from workflow.errors import Words

type Block = dict[str, Any]


def facts(*rows: tuple[Words, object]) -> Block:
    """Names with what is said of each; "" leaves a line to write on, None leaves the name out."""
    return {"kind": "facts", "rows": [[str(name), str(said)] for name, said in rows if said is not None]}


def table(
    head: Sequence[Words],
    rows: Iterable[Sequence[object]],
    widths: Sequence[int],
    figures: Sequence[int] = (),
) -> Block:
    """Rows below a heading that is repeated on each page; a cell is a text, or a list of its lines.

    `widths` are shares; `figures` the columns set to the right.
    """
    return {
        "kind": "table",
        "head": [str(name) for name in head],
        "rows": [[_lines(cell) for cell in row] for row in rows],
        "widths": list(widths),
        "figures": list(figures),
    }


def sentences(*texts: Words | None) -> Block:
    """Paragraphs; None leaves one out."""
    return {"kind": "text", "lines": [str(text) for text in texts if text is not None]}


def heading(text: Words) -> Block:
    """A heading."""
    return {"kind": "heading", "text": str(text)}


def sign(*places: Words) -> Block:
    """Places to sign and to set a seal, side by side: who signs at each."""
    return {"kind": "sign", "places": [str(place) for place in places]}


def _lines(cell: Any) -> list[str]:
    lines = cell if isinstance(cell, list) else [cell]
    return [str(line) for line in lines if line is not None]
