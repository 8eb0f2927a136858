"""Parsers of uploads: tables (CSV, XLSX), XML records and QR codes, each read in the sandbox."""

import json
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from workflow.errors import Refused
from workflow.i18n import LocalizedCount
from workflow.sandbox.table import MAX_CELL_LENGTH
from workflow.uploads.file_types import FILE_EXTENSIONS, MAX_UPLOAD_BYTES, Upload, accepted_type, detect_type
from workflow.uploads.models import File
from workflow.uploads.sandbox_client import run_parser
from workflow.uploads.storage import delete_bytes, new_path, store_bytes, stored_path


def read_table(upload: Upload) -> list[list[Any]]:
    """Return the rows of a CSV file, or of the first visible sheet of an XLSX file.

    The header row is included. The file is not kept. Refuses more than 10 MB, 50,000 rows or 200 columns,
    macros, links to other files, archives that are too large when unpacked, and broken files.
    """
    if (upload.size or 0) > MAX_UPLOAD_BYTES:
        raise Refused(
            "file_too_large", _("“%(name)s” is larger than 10 MB.") % {"name": upload.name}, field="file"
        )
    if detect_type(upload) in FILE_EXTENSIONS:  # the bytes of a PDF or picture may pass for text
        raise _table_refusal(upload, {"refused": File.Refusal.UNREADABLE})
    source = store_bytes(upload.chunks())
    target, path = new_path()
    try:
        answer = run_parser("table", stored_path(source), path)
        if "refused" in answer:
            raise _table_refusal(upload, answer)
        rows: list[list[Any]] = json.loads(path.read_text(encoding="utf-8"))
        return rows
    finally:
        delete_bytes(source)
        delete_bytes(target)


def _table_refusal(upload: Upload, answer: dict[str, Any]) -> Refused:
    message = _("“%(name)s” was not accepted. %(reason)s") % {
        "name": upload.name,
        "reason": _table_problem(answer),
    }
    return Refused("file_refused", message, field="file", reason=answer["refused"])


def _table_problem(answer: dict[str, Any]) -> str:
    """Return the sentence that explains the problem with the file, and what to do."""
    error = str(answer.get("error", ""))
    if error.startswith("Unicode"):
        return _(
            "The text encoding was not recognized. Save the file as “CSV UTF-8” or XLSX and send it again."
        )
    if error == "CellTooLong":
        return _(
            "A cell has more than %(most)s characters. Shorten it. If no cell is that long, a "
            "closing quotation mark is missing."
        ) % {"most": LocalizedCount(MAX_CELL_LENGTH)}
    if error == "Error":  # raised by the CSV reader
        return _("A quotation mark is missing. Save the file again from the spreadsheet, or save it as XLSX.")
    if answer["refused"] == File.Refusal.UNREADABLE:
        return _("This CSV or XLSX file cannot be opened. Save it in one of these formats and send it again.")
    return str(File.Refusal(answer["refused"]).label)


MAX_XML_BYTES = 40 * 1024 * 1024  # the longest public lists are about 30 MB

type Tree = tuple[str, dict[str, str], str, list[Any]]  # name, attributes, text, children


class XmlRecords(NamedTuple):
    """Name of the outermost element of an XML file (`root`), and the requested elements."""

    root: str
    records: list[Tree]


def read_records(upload: Upload, *names: str) -> XmlRecords:
    """Return the elements of an XML file that have these names, at any depth.

    The file is not kept. Refuses more than 40 MB or 50,000 records, document types and entities,
    encodings other than UTF-8, excessive nesting, and XML that is not well formed.
    """
    if (upload.size or 0) > MAX_XML_BYTES:
        message = _("“%(name)s” is larger than 40 MB.")
        raise Refused("file_too_large", message % {"name": upload.name}, field="file")
    source = store_bytes(upload.chunks())
    target, path = new_path()
    try:
        answer = run_parser("xml_records", stored_path(source), path, *names)
        if "refused" in answer:
            message = _("“%(name)s” was not accepted. %(reason)s")
            params = {"name": upload.name, "reason": _records_problem(answer)}
            raise Refused("file_refused", message % params, field="file", reason=answer["refused"])
        found = json.loads(path.read_text(encoding="utf-8"))
        return XmlRecords(found["root"], found["records"])
    finally:
        delete_bytes(source)
        delete_bytes(target)


def _records_problem(answer: dict[str, Any]) -> str:
    """Return the sentence that explains the problem with the file, and what to do."""
    known = {
        "HasDocumentType": _(
            "The file declares a document type or entities (<!DOCTYPE>), which could load other files. "
            "Download the list again from its publisher."
        ),
        "NotUtf8": _("The file is not in UTF-8. Save it in UTF-8 and send it again."),
        "TooDeep": _("The elements of the file are nested too deeply for a list of names."),
        "XMLSyntaxError": _(
            "The file is not well-formed XML, or it is incomplete. Download it again from its publisher."
        ),
    }
    return known.get(str(answer.get("error", ""))) or str(File.Refusal(answer["refused"]).label)


def read_codes(upload: Upload) -> list[str]:
    """Return the texts of the QR codes in a photo, each once; an empty list if it shows none.

    Refuses an empty file, more than 10 MB, content other than JPEG, PNG or WebP, and a file that cannot be
    opened.
    """
    if accepted_type(upload) == "application/pdf":
        raise Refused("file_type", _("Take a photo of the label: a PDF cannot be read here."), field="photo")
    source = store_bytes(upload.chunks())
    target, path = new_path()
    try:
        answer = run_parser("qr_codes", stored_path(source), path)
        if "refused" in answer:
            message = _("“%(name)s” was not accepted. %(reason)s")
            params = {"name": upload.name, "reason": File.Refusal(answer["refused"]).label}
            raise Refused("file_refused", message % params, field="photo", reason=answer["refused"])
        found: list[str] = json.loads(path.read_text(encoding="utf-8"))
        return found
    finally:
        delete_bytes(source)
        delete_bytes(target)
