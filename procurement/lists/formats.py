"""What lists come as: a table (CSV, XLSX) with headings in any order, or a publisher's XML (shapes.py). Anything else is refused with
what was expected.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.exchange import headings
from partners.exchange.columns import Column, text
from partners.exchange.faults import Fault, Faulty
from partners.exchange.files import read_cells
from procurement.lists.models.watch_list import WatchList
from procurement.lists.shapes import SHAPES
from procurement.lists.written import several, with_aliases
from workflow.documents.receiving import Upload
from workflow.documents.records import read_records
from workflow.documents.tables import read_table
from workflow.errors import Refused

LONGEST_NAME, LONGEST_COUNTRY, LONGEST_NUMBER, LONGEST_REMARK, LONGEST_HEADING = 400, 100, 100, 4000, 100
_REPEATED = re.compile(r"[\s_.#-]*[0-9]+$")


@dataclass(frozen=True)
class Listing:
    """Somebody on a list, as the file writes them. `row` counts from 1 in XML, from the heading in a table."""

    row: int
    name: str
    aliases: tuple[str, ...] = ()
    country: str = ""
    numbers: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class Listings:
    """What a file says, and the shape it says it in."""

    shape: str
    rows: list[Listing] = field(default_factory=list)
    sha256: str = ""  # of the file as it came
    unread: tuple[str, ...] = ()  # headings of a table that are not known


def _several(longest: int) -> Callable[[str], tuple[str, ...]]:
    one = text(longest)

    def read(cell: str) -> tuple[str, ...]:
        return tuple(one(part) for part in several(cell))

    return read


COLUMNS: tuple[Column, ...] = (
    Column(
        "name",
        text(LONGEST_NAME),
        required=True,
        label=gettext_lazy("Name"),
        also=(
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
        _several(LONGEST_NAME),
        label=gettext_lazy("Chinese name"),
        also=("name in chinese", "nom en chinois", "original name", "中文名", "中文名称"),
    ),
    Column(
        "aliases",
        _several(LONGEST_NAME),
        label=gettext_lazy("Other names"),
        also=(
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
        text(LONGEST_COUNTRY),
        label=gettext_lazy("Country or region"),
        also=("nation", "countries", "pays", "国家"),
    ),
    Column(
        "numbers",
        _several(LONGEST_NUMBER),
        label=gettext_lazy("Numbers"),
        also=(
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
        text(LONGEST_REMARK),
        label=gettext_lazy("Remark"),
        also=("comments", "reason", "remarks", "program", "remarque", "原因"),
    ),
)
SEVERAL = tuple(column for column in COLUMNS if column.name in ("name_zh", "aliases", "numbers"))


def read(upload: Upload) -> Listings:
    """Who stands in a file, all or nothing. Refuses what cannot be opened and a shape that is not read; raises Faulty with what is
    wrong by row and column, in the reader's language.
    """
    upload.seek(0)
    head = upload.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    upload.seek(0)
    plain = head.replace(b"\0", b"").lstrip(b"\xff\xfe")
    found = _from_xml(upload) if plain.startswith(b"<") else _from_table(upload)
    if not found.rows:
        words = _("“%(name)s” holds no names.")
        raise Refused("no_names", words % {"name": upload.name}, field="file")
    return replace(found, sha256=_hash(upload))


def _hash(upload: Upload) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _from_table(upload: Upload) -> Listings:
    lines = read_table(upload)
    header = [str(cell).strip() for cell in lines[0]] if lines else []
    places = headings.guess(header, COLUMNS)
    if "name" not in places:
        words = _("No column is headed “Name”. Headings that are known: %(known)s.")
        known = ", ".join(str(column.label) for column in COLUMNS)
        raise Faulty([Fault(1, "", words % {"known": known})])
    more = _repeated(header, places)
    places |= {column.name: place for place, column in more.items()}
    rows, faults = read_cells(lines[1:], (*COLUMNS, *more.values()), places, len(header))
    if faults:
        labels = {column.name: str(column.label) for column in (*COLUMNS, *more.values())}
        raise Faulty([Fault(one.row, labels.get(one.column, ""), one.reason) for one in faults])
    left = [one[:LONGEST_HEADING] for place, one in enumerate(header) if one and place not in places.values()]
    return Listings(
        WatchList.Shape.TABLE,
        [_listing(number, row) for number, row in rows],
        unread=tuple(dict.fromkeys(left)),
    )


def _repeated(header: Sequence[str], places: Mapping[str, int]) -> dict[int, Column]:
    """The columns of which a table has several, by where they stand: “Alias 1”, “Alias 2”, or two that are called alike."""
    found = {}
    for place in set(range(len(header))) - set(places.values()):
        named = headings.guess([_REPEATED.sub("", header[place])], SEVERAL)
        for column in (one for one in SEVERAL if one.name in named):
            found[place] = replace(column, name=f"{column.name}{place}")
    return dict(sorted(found.items()))


def _listing(number: int, row: dict[str, Any]) -> Listing:
    name, aliases, more = with_aliases(row["name"])

    def told(column: str) -> list[str]:
        """What stands in a column, and in the others of its kind."""
        return [one for key, cell in row.items() if key.rstrip("0123456789") == column for one in cell or ()]

    others = [name for cell in ("name_zh", "aliases") for name in told(cell)]
    return Listing(
        number,
        name,
        tuple(dict.fromkeys([*others, *aliases])),
        row.get("country") or "",
        tuple(told("numbers")),
        " ".join(filter(None, (more, row.get("remark")))),
    )


def _from_xml(upload: Upload) -> Listings:
    found = read_records(upload, *(name for shape in SHAPES for name in shape.records))
    shape = next((shape for shape in SHAPES if shape.root == found.root), None)
    if shape is None:
        words = _(
            "“%(name)s” begins with <%(root)s>, a shape that is not read. Expected: <CONSOLIDATED_LIST> of the United Nations, "
            "<export> of the European Union, <sdnList> of OFAC, <data-set> of Canada, or a table."
        )
        raise Refused("unknown_shape", words % {"name": upload.name, "root": found.root[:60]}, field="file")
    rows, faults = [], []
    for number, record in enumerate(found.records, start=1):
        names, countries, numbers, remarks = shape.read(record)
        names = _cut(names, LONGEST_NAME)
        if not names:
            faults.append(Fault(number, record[0], _("This entry has no name.")))
            continue
        country = "; ".join(_cut(countries, LONGEST_COUNTRY))[:LONGEST_COUNTRY]
        remark = " ".join(_cut(remarks, LONGEST_REMARK))[:LONGEST_REMARK]
        rows.append(
            Listing(number, names[0], tuple(names[1:]), country, tuple(_cut(numbers, LONGEST_NUMBER)), remark)
        )
    if faults:
        raise Faulty(faults)
    return Listings(shape.code, rows)


def _cut(words: list[str], longest: int) -> list[str]:
    """Each once, in order, without empty ones, and never too long to keep."""
    return list(dict.fromkeys(" ".join(word.split())[:longest] for word in words if word.strip()))
