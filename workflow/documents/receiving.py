"""Taking a file in: its size, its type by content, its hash; then it lies apart until it has been checked."""

import hashlib
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import filetype  # type: ignore[import-untyped]  # small and without types
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.utils.translation import gettext as _

from workflow.actors import Actor, person_of
from workflow.documents import rules, store
from workflow.errors import Refused
from workflow.models.evidence import File

type Upload = UploadedFile[Any]  # as a form or a request gives it

MOST_BYTES = 10 * 1024 * 1024
ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
_FIRST_LOOK = 8192


def receive(
    thing: Model, upload: Upload, *, by: Actor, at: datetime, kind: str = "", city_id: int | None = None
) -> File:
    """Take in a file for a thing and the city whose it is; it is shown to nobody until `check` has called it clean.

    Refuses an empty one, one above 10 MB, and anything but PDF, JPEG, PNG and WebP, judged by its content.
    """
    content_type = accepted_type(upload)
    digest = hashlib.sha256()
    stored = store.write(_counted(upload, digest))
    file = File(
        thing_label=thing._meta.label_lower,
        thing_id=thing.pk,
        city_id=city_id,
        kind=kind,
        name=plain_name(upload.name or "", ENDINGS[content_type]),
        content_type=content_type,
        size=upload.size or 0,
        uploaded_sha256=digest.hexdigest(),
        stored=stored,
        by_id=person_of(by),
    )
    try:
        return rules.RECEIVE.start(file, by=by, at=at)
    except BaseException:
        store.remove(stored)
        raise


def accepted_type(upload: Upload) -> str:
    """The type of the content, or a refusal in words."""
    size = upload.size or 0
    if size == 0:
        raise Refused("file_empty", _("“%(name)s” is empty.") % {"name": upload.name}, field="file")
    if size > MOST_BYTES:
        raise Refused(
            "file_too_large", _("“%(name)s” is larger than 10 MB.") % {"name": upload.name}, field="file"
        )
    found = type_of(upload)
    if found not in ENDINGS:
        words = _(
            "“%(name)s” is not a PDF, JPEG, PNG or WebP. Save it as one of these, or take a photo of it."
        )
        raise Refused("file_type", words % {"name": upload.name}, field="file")
    return found


def type_of(upload: Upload) -> str:
    """What its first bytes make of it; "" for nothing that is known."""
    upload.seek(0)
    found = filetype.guess_mime(upload.read(_FIRST_LOOK)) or ""
    upload.seek(0)
    return str(found)


def plain_name(name: str, ending: str) -> str:
    """A name that hides nothing: no folders, no control or direction characters, and the ending of what it is."""
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


def _counted(upload: Upload, digest: "hashlib._Hash") -> Iterator[bytes]:
    for chunk in upload.chunks():
        digest.update(chunk)
        yield chunk
