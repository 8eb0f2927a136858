"""Rendering of typst templates to PDF/A with a content hash, and QR codes for printed documents."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import segno
import typst
from django.conf import settings
from django.utils.translation import gettext as _

from workflow.errors import Refused
from workflow.pdf import typefaces
from workflow.pdf.typefaces import font_folders, missing_glyph, printable_text

NOT_PRINTABLE_CODE = "not_printable"
EXCERPT_LENGTH = 60  # signs of the text around the one that is missing
TEMPLATE_FOLDER = "templates/pdf"
PDF_STANDARD: Literal["a-2b"] = (
    "a-2b"  # an archive may keep it: every font and colour inside, nothing outside
)


@dataclass(frozen=True)
class RenderedPDF:
    """Finished document, and the SHA-256 by which it can be recognized."""

    pdf: bytes
    sha256: str


def render(name: str, data: Mapping[str, Any], *, at: datetime) -> RenderedPDF:
    """Render `templates/pdf/<name>.typ` with its data. The same data and moment give the same bytes.

    The template reads the data as
    `json(bytes(sys.inputs.data))`, and the typefaces to print in as `json(bytes(sys.inputs.faces))`; nothing
    in the data is ever run. Refuses a text with a character that no typeface has, and names the character,
    the text and its field: a frozen document must never differ from its record. Raises typst.TypstError if a
    template is wrong.
    """
    require_printable(data)
    pdf = typst.compile(
        str(_folder() / f"{name}.typ"),
        root=str(_folder()),
        font_paths=_fonts(),
        sys_inputs={
            "data": json.dumps(_printable(data), ensure_ascii=False),
            "faces": json.dumps(typefaces.FONT_FAMILIES),
        },
        pdf_standards=PDF_STANDARD,
        timestamp=int(at.timestamp()),
    )
    return RenderedPDF(pdf, hashlib.sha256(pdf).hexdigest())


def require_printable(data: Mapping[str, Any]) -> None:
    """Refuse a text with a character that no typeface has, and name the character, the text and its field."""
    for field, text in _texts(data, ""):
        if sign := missing_glyph(text):
            raise _not_printable(sign, text, field)


def _texts(value: Any, field: str) -> Iterator[tuple[str, str]]:
    """Yield each text of the data with its field.

    In a pair of a name and a value, the field is the name; else it is the key above the text.
    """
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
    message = _(
        "The character “%(sign)s” (%(code)s) in “%(text)s” (%(field)s) is not in any of our "
        "fonts, so it cannot be printed. Replace it where it was entered."
    )
    at = max(0, text.index(sign) - EXCERPT_LENGTH // 2)
    params = {
        "sign": sign,
        "code": f"U+{ord(sign):04X}",
        "text": text[at : at + EXCERPT_LENGTH],
        "field": field,
    }
    return Refused(NOT_PRINTABLE_CODE, message % params, sign=sign, code_point=params["code"], of=field)


def _folder() -> Path:
    return Path(settings.BASE_DIR) / TEMPLATE_FOLDER


def _printable(value: Any) -> Any:
    """Return the data with each text as it can be printed.

    Pictures are SVG, in which every character is printable.
    """
    match value:
        case str():
            return printable_text(value)
        case Mapping():
            return {name: _printable(part) for name, part in value.items()}
        case list() | tuple():
            return [_printable(part) for part in value]
    return value


@cache
def _fonts() -> typst.Fonts:
    """Return the pinned typefaces, without fonts of the machine, so that every machine prints alike."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=font_folders())


def qr_svg(url: str) -> str:
    """Return an address as a QR code in SVG.

    The code is still readable if it loses a quarter, because a document is folded and copied.
    """
    picture = BytesIO()
    segno.make(url, error="q", micro=False).save(picture, kind="svg", xmldecl=False, border=0)
    return picture.getvalue().decode()
