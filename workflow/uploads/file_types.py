"""Checks of uploaded files: size, type by content, safe name."""

import unicodedata
from typing import Any

import filetype  # type: ignore[import-untyped]  # small and without types
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from workflow.errors import Refused

type Upload = UploadedFile[Any]  # as a form or a request gives it

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
FILE_EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
}
_HEADER_BYTES = 8192


def accepted_type(upload: Upload) -> str:
    """Return the content type of an upload, or refuse the upload."""
    size = upload.size or 0
    if size == 0:
        raise Refused("file_empty", _("“%(name)s” is empty.") % {"name": upload.name}, field="file")
    if size > MAX_UPLOAD_BYTES:
        raise Refused(
            "file_too_large", _("“%(name)s” is larger than 10 MB.") % {"name": upload.name}, field="file"
        )
    found = detect_type(upload)
    if found not in FILE_EXTENSIONS:
        message = _(
            "“%(name)s” is not a PDF, JPEG, PNG or WebP file. Save it in one of these formats, or "
            "upload a photo."
        )
        raise Refused("file_type", message % {"name": upload.name}, field="file")
    return found


def detect_type(upload: Upload) -> str:
    """Return the content type that the first bytes show; "" if it is unknown."""
    upload.seek(0)
    found = filetype.guess_mime(upload.read(_HEADER_BYTES)) or ""
    upload.seek(0)
    return str(found)


def safe_name(name: str, ending: str) -> str:
    """Return a safe file name with the ending of the real type.

    It has no folders, and no control or direction characters.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(
        char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C"
    )
    stem = visible.strip(" .")
    lower = stem.casefold()
    same = {".jpg": (".jpg", ".jpeg")}.get(ending, (ending,))
    if lower.endswith(same):
        stem = stem[: stem.rindex(".")]
    return f"{stem[:150] or 'file'}{ending}"
