"""Reading the records of an XML file somebody brings for an import: opened apart, and given back as plain trees."""

import json
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from workflow.documents import store
from workflow.documents.checking import open_apart
from workflow.documents.receiving import Upload
from workflow.documents.store import new_place, place_of
from workflow.errors import Refused
from workflow.models.evidence import File

MOST_BYTES = 40 * 1024 * 1024  # the longest public lists are about 30 MB

type Tree = tuple[str, dict[str, str], str, list[Any]]  # name, attributes, text, children


class Records(NamedTuple):
    """The outermost element of a file, and its records."""

    root: str
    records: list[Tree]


def read_records(upload: Upload, *names: str) -> Records:
    """The elements of these names, wherever they stand in the file; nothing of the file is kept.

    Refuses more than 40 MB or 50,000 records, document types and entities, what is not UTF-8, what is nested beyond need, and what is
    not well formed.
    """
    if (upload.size or 0) > MOST_BYTES:
        words = _("“%(name)s” is larger than 40 MB.")
        raise Refused("file_too_large", words % {"name": upload.name}, field="file")
    source = store.write(upload.chunks())
    target, place = new_place()
    try:
        answer = open_apart("records", place_of(source), place, *names)
        if "refused" in answer:
            words = _("“%(name)s” was not accepted. %(reason)s")
            told = {"name": upload.name, "reason": _why(answer)}
            raise Refused("file_refused", words % told, field="file", reason=answer["refused"])
        found = json.loads(place.read_text(encoding="utf-8"))
        return Records(found["root"], found["records"])
    finally:
        store.remove(source)
        store.remove(target)


def _why(answer: dict[str, Any]) -> str:
    """What is wrong with the file, and what to do about it."""
    known = {
        "DocumentType": _(
            "It declares a document type or entities (<!DOCTYPE>), which could draw in other files. "
            "Take the list from its publisher anew."
        ),
        "Encoding": _("It is not in UTF-8. Save it in UTF-8 and send it again."),
        "Depth": _("Its elements stand too deep in one another for a list of names."),
        "XMLSyntaxError": _("It is not well-formed XML, or it was cut off. Take it from its publisher anew."),
    }
    return known.get(str(answer.get("error", ""))) or str(File.Refusal(answer["refused"]).label)
