"""Hostile workbooks: zip bombs, macros, outside links, false sizes, and archives that are no workbooks."""

import io
import struct
import zipfile
from typing import Any

from tests.workflow import files
from tests.workflow.uploads.hostile.hostile_file import SECRET, Hostile

UNREADABLE = frozenset({"unreadable"})
BURSTS = frozenset({"too_large_inside", "unreadable"})
MACROS, OUTSIDE, TOO_MANY = frozenset({"macros"}), frozenset({"outside_links"}), frozenset({"too_many_rows"})
VALID_WORKBOOK = files.xlsx([["a", "b"], [1, 2]])
SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<?xml version="1.0"?>'
NAMES = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def replace_entries(**entries: bytes | None) -> bytes:
    """Return a good workbook with some entries replaced (None removes one).

    In a name, `__` means `/` and `_dot_` means a dot.
    """
    named = {name.replace("__", "/").replace("_dot_", "."): data for name, data in entries.items()}
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(VALID_WORKBOOK)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for entry in old.namelist():
            data: bytes | None = named.pop(entry, old.read(entry))
            if data is not None:
                new.writestr(entry, data)
        for name, more in named.items():
            if more is not None:
                new.writestr(name, more)
    return out.getvalue()


def sheet(rows: bytes, head: bytes = HEAD, dimension: bytes = b"") -> bytes:
    """Return the good workbook with other rows."""
    body = (
        head + b"<worksheet " + NAMES + b">" + dimension + b"<sheetData>" + rows + b"</sheetData></worksheet>"
    )
    return replace_entries(xl__worksheets__sheet1_dot_xml=body)


def raw_archive(names: list[str], data: bytes = b"x", **told: Any) -> bytes:
    """Return an archive whose entries have these names and attributes, valid or not."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            entry = zipfile.ZipInfo(name)
            for key, value in told.items():
                setattr(entry, key, value)
            archive.writestr(entry, data)
    return out.getvalue()


def with_false_size(data: bytes, says: int) -> bytes:
    """Return the archive with every unpacked size in its directory set to this number of bytes."""
    out, place = bytearray(data), 0
    while (place := out.find(b"PK\x01\x02", place)) >= 0:
        out[place + 24 : place + 28] = struct.pack("<I", says)
        place += 4
    return bytes(out)


def encrypted_archive(data: bytes) -> bytes:
    """Return the archive with its entries marked as encrypted."""
    out, place = bytearray(data), 0
    while (place := out.find(b"PK\x01\x02", place)) >= 0:
        out[place + 8] |= 1
        place += 4
    return bytes(out)


ROW = b'<row r="1"><c r="A1"><v>1</v></c></row>'
LAUGHS = HEAD + b"<!DOCTYPE a [<!ENTITY l0 'ha'>" + b"".join(
    b"<!ENTITY l%d '%s'>" % (number, b"&l%d;" % (number - 1) * 10) for number in range(1, 10)
) + b"]>"  # fmt: skip
OUTSIDER = HEAD + b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
INLINE = b'<row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>'
TYPES = zipfile.ZipFile(io.BytesIO(VALID_WORKBOOK)).read("[Content_Types].xml")
MACRO_TYPE = TYPES.replace(
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
)
ODS = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<office/>"}

FILES = (
    Hostile("laughs.xlsx", sheet(INLINE % b"&l9;", LAUGHS), BURSTS),
    Hostile("reads a file.xlsx", sheet(INLINE % b"&x;", OUTSIDER), UNREADABLE),
    Hostile("bursts.xlsx", replace_entries(xl__worksheets__sheet1_dot_xml=bytes(150_000_000)), BURSTS),
    Hostile("bursts in a side room.xlsx", replace_entries(docProps__thumb_dot_jpeg=bytes(150_000_000)), BURSTS),
    Hostile("bursts and says it does not.xlsx", with_false_size(sheet(ROW + b" " * 60_000_000), 1_000), BURSTS),
    Hostile("archives in archives.xlsx", files.archive(a=files.archive(b=bytes(9_000_000))), UNREADABLE),
    Hostile("thousands of entries.xlsx", raw_archive([f"xl/{number}.xml" for number in range(3_000)]), BURSTS),
    Hostile("the same names twice.xlsx", VALID_WORKBOOK[:-22] + VALID_WORKBOOK),
    Hostile("climbs out.xlsx", raw_archive(["../../../etc/passwd", "/etc/cron.d/x"], SECRET), UNREADABLE),
    Hostile("a pointer.xlsx", raw_archive(["xl/workbook.xml"], b"/etc/passwd", external_attr=0o120777 << 16), UNREADABLE),
    Hostile("locked.xlsx", encrypted_archive(VALID_WORKBOOK), UNREADABLE),
    Hostile("macros.xlsx", replace_entries(xl__vbaProject_dot_bin=SECRET), MACROS),
    Hostile("macros by its type.xlsx", replace_entries(**{"[Content_Types].xml": MACRO_TYPE}), MACROS),
    Hostile("old macros.xlsx", replace_entries(xl__macrosheets__sheet1_dot_xml=b"<a/>"), MACROS),
    Hostile("controls.xlsx", replace_entries(xl__activeX__activeX1_dot_xml=b"<a/>"), MACROS),
    Hostile("links outside.xlsx", replace_entries(xl__externalLinks__externalLink1_dot_xml=b"<a/>"), OUTSIDE),
    Hostile("another inside.xlsx", replace_entries(xl__embeddings__oleObject1_dot_bin=SECRET), OUTSIDE),
    Hostile("fetches data.xlsx", replace_entries(xl__connections_dot_xml=b"<connections/>"), OUTSIDE),
    Hostile("queries.xlsx", replace_entries(xl__queryTables__queryTable1_dot_xml=b"<a/>"), OUTSIDE),
    Hostile("a far corner.xlsx", sheet(ROW + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), TOO_MANY | BURSTS),
    Hostile("says it is endless.xlsx", sheet(ROW, dimension=b'<dimension ref="A1:XFD1048576"/>')),
    Hostile("no such string.xlsx", sheet(b'<row r="1"><c r="A1" t="s"><v>4294967295</v></c></row>'), UNREADABLE),
    Hostile("no such cell.xlsx", sheet(b'<row r="0"><c r="0A"><v>1</v></c></row>'), UNREADABLE),
    Hostile("no number.xlsx", sheet(b'<row r="1"><c r="A1"><v>1e999999</v></c></row>')),
    Hostile("a torn sheet.xlsx", replace_entries(xl__worksheets__sheet1_dot_xml=HEAD + b"<worksheet><sheetData><row>"), UNREADABLE),
    Hostile("no sheet.xlsx", replace_entries(xl__worksheets__sheet1_dot_xml=None), UNREADABLE),
    Hostile("no book.xlsx", replace_entries(xl__workbook_dot_xml=None), UNREADABLE),
    Hostile("torn.xlsx", VALID_WORKBOOK[: len(VALID_WORKBOOK) // 2], UNREADABLE),
    Hostile("mark alone.xlsx", b"PK\x03\x04", UNREADABLE),
    Hostile("a letter.xlsx", files.archive(word__document=b"<a/>"), UNREADABLE),
    Hostile("of another office.xlsx", raw_archive(list(ODS), ODS["mimetype"]), UNREADABLE),
    Hostile("a program of Java.xlsx", raw_archive(["META-INF/MANIFEST.MF", "A.class"]), UNREADABLE),
)  # fmt: skip
