"""Printed papers: a typst template and its data become a PDF/A, in Latin and Chinese, frozen with its hash.

Templates lie in templates/papers/. The data is plain text and numbers, already in the reader's language and formats; a stage builds it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings

TEMPLATES = "templates/papers"
STANDARD: Literal["a-2b"] = "a-2b"  # an archive may keep it: every font and colour inside, nothing outside


@dataclass(frozen=True)
class Paper:
    """A finished paper and the SHA-256 by which it can be known again."""

    pdf: bytes
    sha256: str


def make(name: str, data: Mapping[str, Any], *, at: datetime) -> Paper:
    """Print `templates/papers/<name>.typ` with its data. The same data and moment give the same bytes.

    The template reads the data as `json(bytes(sys.inputs.data))`; nothing in it is ever run. Raises typst.TypstError where a
    template is wrong.
    """
    pdf = typst.compile(
        str(_folder() / f"{name}.typ"),
        root=str(_folder()),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=STANDARD,
        timestamp=int(at.timestamp()),
    )
    return Paper(pdf, hashlib.sha256(pdf).hexdigest())


def _folder() -> Path:
    return Path(settings.BASE_DIR) / TEMPLATES


@cache
def _fonts() -> typst.Fonts:
    """The pinned Noto Sans SC in two weights, for Latin and Chinese; no font of the machine, so that all print alike."""
    noto = Path(settings.NODE_MODULES) / "@expo-google-fonts/noto-sans-sc"
    weights = [str(noto / "400Regular"), str(noto / "700Bold")]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=weights)
