"""Changes from one text to another, for a letter that its author edits."""

import difflib
import re
from collections.abc import Iterator
from typing import NamedTuple

# A word, a character of a script without spaces, or a run of spaces: the smallest unit of a change.
_PIECE = re.compile(
    r"\s+|[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+"
)


class TextChange(NamedTuple):
    """Piece of a changed text. `kind` is "same", "in" (inserted) or "out" (removed)."""

    kind: str
    text: str


def text_changes(before: str, after: str) -> Iterator[TextChange]:
    """Yield the changes from one text to the other, by word, or by character in scripts without spaces."""
    old, new = _PIECE.findall(normalized_text(before)), _PIECE.findall(normalized_text(after))
    for tag, start, end, begin, stop in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield TextChange("same", "".join(old[start:end]))
            continue
        if end > start:
            yield TextChange("out", "".join(old[start:end]))
        if stop > begin:
            yield TextChange("in", "".join(new[begin:stop]))


def normalized_text(text: str) -> str:
    """Return the text with the line breaks of this program, and without space around it."""
    return text.replace("\r\n", "\n").strip()
