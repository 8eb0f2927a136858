"""Hostile text tables: formulas that a spreadsheet program would run, and text files that are no tables."""

from tests.workflow.uploads.hostile.hostile_file import Hostile

UNREADABLE = frozenset({"unreadable"})
TOO_MANY = frozenset({"too_many_rows"})

FILES = (
    Hostile("formulas.csv", b"a,b\n=cmd|' /C calc'!A0,@SUM(1+1)\n+1,-1\n\t=1,\r=1\n"),
    Hostile("nothing in it.csv", b"a,\0b\n", UNREADABLE),
    Hostile("nothing in wide letters.csv", "a,\0b\n".encode("utf-16"), UNREADABLE),
    Hostile("half a letter.csv", b"a,\xed\xa0\x80\n", UNREADABLE),
    Hostile("wide letters without a mark.csv", "a,b\n".encode("utf-16-le"), UNREADABLE),
    Hostile("very wide letters.csv", "a,b\n".encode("utf-32"), UNREADABLE),
    Hostile("an open quotation.csv", b'a,"' + b"b" * 100_000, UNREADABLE),
    Hostile("one endless cell.csv", b"a," + b"b" * 9_000_000, UNREADABLE),
    Hostile("100,000 rows.csv", b"a\n" * 100_000, TOO_MANY),
    Hostile("a million columns.csv", b"," * 1_000_000, TOO_MANY),
    Hostile("only quotations.csv", b'"' * 1_000_001, UNREADABLE),
    Hostile("an old workbook.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_000), UNREADABLE),
    Hostile("a program.csv", b"MZ\x90\0" + bytes(400), UNREADABLE),
    Hostile("a picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(400), UNREADABLE),
    Hostile("noise.csv", bytes(range(1, 256)) * 400, UNREADABLE),
)
