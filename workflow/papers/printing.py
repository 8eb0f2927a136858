"""Printed papers: a typst template and its data become a PDF/A, in every script our typefaces have, frozen with its hash.

Templates lie in templates/papers/. The data is plain text and numbers, already in the reader's language and formats; a stage builds it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings
from django.utils.translation import gettext as _

from workflow.errors import Refused
from workflow.papers import typefaces

NOT_PRINTABLE = "not_printable"
SHOWN = 60  # signs of the text around the one that is missing
TEMPLATES = "templates/papers"
STANDARD: Literal["a-2b"] = "a-2b"  # an archive may keep it: every font and colour inside, nothing outside


@dataclass(frozen=True)
class Paper:
    """A finished paper and the SHA-256 by which it can be known again."""

    pdf: bytes
    sha256: str


def make(name: str, data: Mapping[str, Any], *, at: datetime) -> Paper:
    """Print `templates/papers/<name>.typ` with its data. The same data and moment give the same bytes.

    The template reads the data as `json(bytes(sys.inputs.data))`, and the typefaces to print in as `json(bytes(sys.inputs.faces))`;
    nothing in the data is ever run. Refuses a text with a sign that no typeface has, and names the sign, the text and its field:
    a frozen paper never says something else than its record. Raises typst.TypstError where a template is wrong.
    """
    for field, text in _texts(data, ""):
        if sign := typefaces.missing(text):
            raise _not_printable(sign, text, field)
    pdf = typst.compile(
        str(_folder() / f"{name}.typ"),
        root=str(_folder()),
        font_paths=_fonts(),
        sys_inputs={
            "data": json.dumps(_printable(data), ensure_ascii=False),
            "faces": json.dumps(typefaces.FAMILIES),
        },
        pdf_standards=STANDARD,
        timestamp=int(at.timestamp()),
    )
    return Paper(pdf, hashlib.sha256(pdf).hexdigest())


def _texts(value: Any, field: str) -> Iterator[tuple[str, str]]:
    """Each text of the data with its field: the first of two where they are a name and what it says, else the key it is under."""
    match value:
        case str():
            yield field, value
        case Mapping():
            for name, part in value.items():
                yield from _texts(part, str(name))
        case [str() as name, part]:
            yield from ((field, name), *_texts(part, name))
        case list() | tuple():
            for part in value:
                yield from _texts(part, field)


def _not_printable(sign: str, text: str, field: str) -> Refused:
    words = _(
        "“%(sign)s” (%(code)s) in “%(text)s” (%(field)s) is in none of our typefaces, so it cannot be printed. Write it with another "
        "sign where it was entered."
    )
    at = max(0, text.index(sign) - SHOWN // 2)
    told = {"sign": sign, "code": f"U+{ord(sign):04X}", "text": text[at : at + SHOWN], "field": field}
    return Refused(NOT_PRINTABLE, words % told, sign=sign, code_point=told["code"], of=field)


def _folder() -> Path:
    return Path(settings.BASE_DIR) / TEMPLATES


def _printable(value: Any) -> Any:
    """The data with each of its texts as it can be printed. Pictures are SVG, in which every sign is printable."""
    match value:
        case str():
            return typefaces.printable(value)
        case Mapping():
            return {name: _printable(part) for name, part in value.items()}
        case list() | tuple():
            return [_printable(part) for part in value]
    return value


@cache
def _fonts() -> typst.Fonts:
    """The pinned typefaces; no font of the machine, so that all print alike."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=typefaces.folders()
    )
