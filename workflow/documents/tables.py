"""Reading a table somebody brings for an import: CSV or XLSX, opened apart, and given back as rows of plain values."""

import json
from typing import Any

from django.utils.translation import gettext as _

from workflow.documents import store
from workflow.documents.checking import open_apart
from workflow.documents.receiving import ENDINGS, MOST_BYTES, Upload, type_of
from workflow.documents.store import new_place, place_of
from workflow.errors import Refused
from workflow.models.evidence import File
from workflow.opening.table import LONGEST_CELL
from workflow.tongues import Figure


def read_table(upload: Upload) -> list[list[Any]]:
    """The rows of a CSV or of the first sheet of an XLSX that is not hidden, the heading included; nothing of the file is kept.

    Refuses more than 10 MB, 50,000 rows or 200 columns, macros, links to other files, archives that burst, and broken files.
    """
    if (upload.size or 0) > MOST_BYTES:
        raise Refused(
            "file_too_large", _("“%(name)s” is larger than 10 MB.") % {"name": upload.name}, field="file"
        )
    if type_of(upload) in ENDINGS:  # a paper's bytes may pass for letters
        raise _refused(upload, {"refused": File.Refusal.UNREADABLE})
    source = store.write(upload.chunks())
    target, place = new_place()
    try:
        answer = open_apart("table", place_of(source), place)
        if "refused" in answer:
            raise _refused(upload, answer)
        rows: list[list[Any]] = json.loads(place.read_text(encoding="utf-8"))
        return rows
    finally:
        store.remove(source)
        store.remove(target)


def _refused(upload: Upload, answer: dict[str, Any]) -> Refused:
    words = _("“%(name)s” was not accepted. %(reason)s") % {"name": upload.name, "reason": _why(answer)}
    return Refused("file_refused", words, field="file", reason=answer["refused"])


def _why(answer: dict[str, Any]) -> str:
    """What is wrong with the file, and what to do about it."""
    error = str(answer.get("error", ""))
    if error.startswith("Unicode"):
        return _(
            "Its letters are in an encoding that cannot be told. Save it as “CSV UTF-8” or as XLSX and send it again."
        )
    if error == "CellTooLong":
        return _(
            "A cell has more than %(most)s characters. Shorten it. If none is that long, a quotation mark is not closed."
        ) % {"most": Figure(LONGEST_CELL)}
    if error == "Error":  # of the reader of CSV
        return _("A quotation mark is missing in it. Save it again from the spreadsheet, or as XLSX.")
    if answer["refused"] == File.Refusal.UNREADABLE:
        return _(
            "It is not a CSV or XLSX file that can be opened. Save it as one of these and send it again."
        )
    return str(File.Refusal(answer["refused"]).label)
