"""Reading the QR codes in a photo: opened apart, and given back as their texts. Nothing of the photo is kept."""

import json

from django.utils.translation import gettext as _

from workflow.documents import store
from workflow.documents.checking import open_apart
from workflow.documents.receiving import Upload, accepted_type
from workflow.documents.store import new_place, place_of
from workflow.errors import Refused
from workflow.models.evidence import File


def read_codes(upload: Upload) -> list[str]:
    """The texts of the QR codes in a photo, each once; none where it shows none.

    Refuses an empty file, more than 10 MB, what is no JPEG, PNG or WebP by its content, and what cannot be opened.
    """
    if accepted_type(upload) == "application/pdf":
        raise Refused("file_type", _("Take a photo of the label: a PDF is not read here."), field="photo")
    source = store.write(upload.chunks())
    target, place = new_place()
    try:
        answer = open_apart("codes", place_of(source), place)
        if "refused" in answer:
            words = _("“%(name)s” was not accepted. %(reason)s")
            told = {"name": upload.name, "reason": File.Refusal(answer["refused"]).label}
            raise Refused("file_refused", words % told, field="photo", reason=answer["refused"])
        found: list[str] = json.loads(place.read_text(encoding="utf-8"))
        return found
    finally:
        store.remove(source)
        store.remove(target)
