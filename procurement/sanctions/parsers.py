"""Parser of watchlist files: tables (CSV, XLSX) with headings in any order, or XML (xml_formats.py).

Any other file is refused with a sentence on what is expected.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.register_import.errors import ImportFailed, RowError
from partners.register_import.formats.columns import Column, text_reader
from partners.register_import.formats.csv_and_xlsx import read_rows
from partners.register_import.formats.headers import guess_columns
from procurement.sanctions.aliases import split_aliases, split_names
from procurement.sanctions.models import Watchlist
from procurement.sanctions.xml_formats import XML_FORMATS
from workflow.errors import Refused
from workflow.uploads.file_types import Upload
from workflow.uploads.parsers import read_records, read_table

MAX_NAME_LENGTH, MAX_COUNTRY_LENGTH, MAX_NUMBER_LENGTH, MAX_REMARK_LENGTH, MAX_HEADING_LENGTH = (
    400,
    100,
    100,
    4000,
    100,
)
_REPEATED_COLUMN_SUFFIX = re.compile(r"[\s_.#-]*[0-9]+$")


@dataclass(frozen=True)
class ListedEntity:
    """Entry of a watchlist file.

    `row` counts records from 1 in XML, and rows including the heading in a table.
    """

    row: int
    name: str
    aliases: tuple[str, ...] = ()
    country: str = ""
    numbers: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class ParsedWatchlist:
    """Entries of a file and the format they were read from."""

    file_format: str
    rows: list[ListedEntity] = field(default_factory=list)
    sha256: str = ""  # of the file as it came
    unread_columns: tuple[str, ...] = ()  # headings of a table that are not known


def _multi_value_reader(longest: int) -> Callable[[str], tuple[str, ...]]:
    one = text_reader(longest)

    def read(cell: str) -> tuple[str, ...]:
        return tuple(one(part) for part in split_names(cell))

    return read


COLUMNS: tuple[Column, ...] = (
    Column(
        "name",
        text_reader(MAX_NAME_LENGTH),
        required=True,
        label=gettext_lazy("Name"),
        other_headings=(
            "entity",
            "entity name",
            "name of entity",
            "company",
            "nom de l’entité",
            "企业名称",
            "公司名称",
            "名称",
            "实体名称",
        ),
    ),
    Column(
        "name_zh",
        _multi_value_reader(MAX_NAME_LENGTH),
        label=gettext_lazy("Chinese name"),
        other_headings=("name in chinese", "nom en chinois", "original name", "中文名", "中文名称"),
    ),
    Column(
        "aliases",
        _multi_value_reader(MAX_NAME_LENGTH),
        label=gettext_lazy("Other names"),
        other_headings=(
            "alias",
            "alias(es)",
            "alt names",
            "alternative names",
            "aka",
            "also known as",
            "autres noms",
            "别名",
            "又名",
            "曾用名",
        ),
    ),
    Column(
        "country",
        text_reader(MAX_COUNTRY_LENGTH),
        label=gettext_lazy("Country or region"),
        other_headings=("nation", "countries", "pays", "国家"),
    ),
    Column(
        "numbers",
        _multi_value_reader(MAX_NUMBER_LENGTH),
        label=gettext_lazy("Identification numbers"),
        other_headings=(
            "number",
            "identifier",
            "identifiers",
            "ids",
            "company number",
            "uscc",
            "identifiants",
            "统一社会信用代码",
            "证件号码",
        ),
    ),
    Column(
        "remark",
        text_reader(MAX_REMARK_LENGTH),
        label=gettext_lazy("Remark"),
        other_headings=("comments", "reason", "remarks", "program", "remarque", "原因"),
    ),
)
MULTI_VALUE_COLUMNS = tuple(column for column in COLUMNS if column.name in ("name_zh", "aliases", "numbers"))


def parse_watchlist(upload: Upload) -> ParsedWatchlist:
    """Return all entries of a file, or raise.

    Refuses a file that cannot be opened, an unknown XML format and a file without names. Raises `ImportFailed` with
    the faults by row and column, in the reader's language.
    """
    upload.seek(0)
    head = upload.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    upload.seek(0)
    plain = head.replace(b"\0", b"").lstrip(b"\xff\xfe")
    found = _parse_xml(upload) if plain.startswith(b"<") else _parse_table(upload)
    if not found.rows:
        words = _("“%(name)s” contains no names.")
        raise Refused("no_names", words % {"name": upload.name}, field="file")
    return replace(found, sha256=_file_hash(upload))


def _file_hash(upload: Upload) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _parse_table(upload: Upload) -> ParsedWatchlist:
    lines = read_table(upload)
    header = [str(cell).strip() for cell in lines[0]] if lines else []
    places = guess_columns(header, COLUMNS)
    if "name" not in places:
        words = _("There is no “Name” column. Recognized headings: %(known)s.")
        known = ", ".join(str(column.label) for column in COLUMNS)
        raise ImportFailed([RowError(1, "", words % {"known": known})])
    more = _repeated_columns(header, places)
    places |= {column.name: place for place, column in more.items()}
    rows, faults = read_rows(lines[1:], (*COLUMNS, *more.values()), places, len(header))
    if faults:
        labels = {column.name: str(column.label) for column in (*COLUMNS, *more.values())}
        raise ImportFailed([RowError(one.row, labels.get(one.column, ""), one.reason) for one in faults])
    left = [
        one[:MAX_HEADING_LENGTH] for place, one in enumerate(header) if one and place not in places.values()
    ]
    return ParsedWatchlist(
        Watchlist.FileFormat.TABLE,
        [_entity_of_row(number, row) for number, row in rows],
        unread_columns=tuple(dict.fromkeys(left)),
    )


def _repeated_columns(header: Sequence[str], places: Mapping[str, int]) -> dict[int, Column]:
    """Return the additional columns for values that a table may repeat, by their position.

    Examples: “Alias 1” and “Alias 2”, or two columns with the same heading.
    """
    found = {}
    for place in set(range(len(header))) - set(places.values()):
        named = guess_columns([_REPEATED_COLUMN_SUFFIX.sub("", header[place])], MULTI_VALUE_COLUMNS)
        for column in (one for one in MULTI_VALUE_COLUMNS if one.name in named):
            found[place] = replace(column, name=f"{column.name}{place}")
    return dict(sorted(found.items()))


def _entity_of_row(number: int, row: dict[str, Any]) -> ListedEntity:
    name, aliases, more = split_aliases(row["name"])

    def values(column: str) -> list[str]:
        """Return the values of a column and of its repeated columns."""
        return [one for key, cell in row.items() if key.rstrip("0123456789") == column for one in cell or ()]

    others = [name for cell in ("name_zh", "aliases") for name in values(cell)]
    return ListedEntity(
        number,
        name,
        tuple(dict.fromkeys([*others, *aliases])),
        row.get("country") or "",
        tuple(values("numbers")),
        " ".join(filter(None, (more, row.get("remark")))),
    )


def _parse_xml(upload: Upload) -> ParsedWatchlist:
    found = read_records(upload, *(name for shape in XML_FORMATS for name in shape.record_elements))
    shape = next((shape for shape in XML_FORMATS if shape.root == found.root), None)
    if shape is None:
        words = _(
            "“%(name)s” starts with <%(root)s>, a format that cannot be read. Expected: "
            "<CONSOLIDATED_LIST> of the United Nations, <export> of the European Union, <sdnList> "
            "of OFAC, <data-set> of Canada, or a table."
        )
        raise Refused("unknown_shape", words % {"name": upload.name, "root": found.root[:60]}, field="file")
    rows, faults = [], []
    for number, record in enumerate(found.records, start=1):
        names, countries, numbers, remarks = shape.read(record)
        names = _distinct_texts(names, MAX_NAME_LENGTH)
        if not names:
            faults.append(RowError(number, record[0], _("This entry has no name.")))
            continue
        country = "; ".join(_distinct_texts(countries, MAX_COUNTRY_LENGTH))[:MAX_COUNTRY_LENGTH]
        remark = " ".join(_distinct_texts(remarks, MAX_REMARK_LENGTH))[:MAX_REMARK_LENGTH]
        rows.append(
            ListedEntity(
                number,
                names[0],
                tuple(names[1:]),
                country,
                tuple(_distinct_texts(numbers, MAX_NUMBER_LENGTH)),
                remark,
            )
        )
    if faults:
        raise ImportFailed(faults)
    return ParsedWatchlist(shape.code, rows)


def _distinct_texts(words: list[str], longest: int) -> list[str]:
    """Return each non-empty text once, in order, with single spaces, cut to the longest allowed."""
    return list(dict.fromkeys(" ".join(word.split())[:longest] for word in words if word.strip()))
