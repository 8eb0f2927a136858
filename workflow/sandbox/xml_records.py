"""Sandboxed parser of XML watchlists: writes the requested elements as JSON to a second file.

The file is read element by element. Nothing outside the file is read and nothing in it is expanded: no
document type, no entities, no network, UTF-8 only.
"""

import json
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from workflow.sandbox.limits import ParserRefused, run_confined

MAX_RECORDS = 50_000
MAX_DEPTH = 30  # elements within elements
MAX_TEXT_LENGTH = 20_000  # characters of one text
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")
_DOCUMENT_TYPES = (b"<!DOCTYPE", b"<!ENTITY")
_CHUNK_BYTES = 1024 * 1024
_OVERLAP = 16


class HasDocumentType(Exception):
    """Error for a file that declares a document type or entities, whose meaning is defined elsewhere."""


class NotUtf8(Exception):
    """Error for a file that is not in UTF-8."""


class TooDeep(Exception):
    """Error for elements that are nested too deep."""


def read_xml_records(source: Path, target: Path, *names: str) -> dict[str, Any]:
    """Write the outermost element's name, and each element of these names, and return their number.

    An element is written as [name, attributes, text, children].
    """
    check_document(source)
    with source.open("rb") as file:
        root, records = _read(file, frozenset(names))
    target.write_text(json.dumps({"root": root, "records": records}, ensure_ascii=False), encoding="utf-8")
    return {"rows": len(records)}


def _read(file: BinaryIO, names: frozenset[str]) -> tuple[str, list[list[Any]]]:
    """Return the name of the outermost element, and the records.

    Frees what was read at once.
    """
    root, records = "", []
    depth = inside = 0
    for event, element in _events(file):
        wanted = _name(element) in names
        if event == "start":
            root = root or _name(element)
            depth, inside = depth + 1, inside + wanted
            if depth > MAX_DEPTH:
                raise TooDeep
            continue
        depth, inside = depth - 1, inside - wanted
        if wanted and not inside:
            records.append(_plain(element))
        if len(records) > MAX_RECORDS:
            raise ParserRefused("too_many_rows")
        if not inside:
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return root, records


def _events(file: BinaryIO) -> Any:
    """Return the elements one by one.

    Everything is off that reads elsewhere or that expands the file.
    """
    return etree.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )


def check_document(source: Path) -> None:
    """Refuse a file that is not UTF-8 or declares a document type, before any parser sees it."""
    with source.open("rb") as file:
        head = file.read(4)
        if head.startswith(_UTF16_MARKS[:2]) or head[:2] in _UTF16_MARKS[2:]:
            raise NotUtf8
        rest = head
        while part := file.read(_CHUNK_BYTES):
            seen = (rest + part).upper()
            if any(sign in seen for sign in _DOCUMENT_TYPES):
                raise HasDocumentType
            rest = part[-_OVERLAP:]
    try:
        source.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotUtf8 from error
    with source.open("rb") as file:
        declared = file.read(200).partition(b"?>")[0].lower()
    if b"encoding" in declared and b"utf-8" not in declared and b"us-ascii" not in declared:
        raise NotUtf8


def _name(element: Any) -> str:
    """Return the name of an element without its namespace; "" for other nodes."""
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""


def _plain(element: Any) -> list[Any]:
    attributes = {
        etree.QName(name).localname: value[:MAX_TEXT_LENGTH] for name, value in element.attrib.items()
    }
    text = (element.text or "").strip()[:MAX_TEXT_LENGTH]
    return [_name(element), attributes, text, [_plain(child) for child in element if _name(child)]]


if __name__ == "__main__":
    run_confined(read_xml_records)
