"""The shapes lists come in: a table (CSV, XLSX) with headings in any order, and three publishers' XML.

The XML shapes are read as their publishers document them, by the names of their elements and whatever namespace they stand in: the
Consolidated List of the United Nations (CONSOLIDATED_LIST), of the European Union (export, FSF 1.1) and OFAC's SDN list (sdnList). A
file in another shape is refused with what was expected.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.exchange import headings
from partners.exchange.columns import Column, text
from partners.exchange.faults import Fault, Faulty
from partners.exchange.files import read_cells
from procurement.lists.models import WatchList
from workflow.documents import read_records, read_table
from workflow.documents.receiving import Upload
from workflow.documents.records import Tree
from workflow.errors import Refused

LONGEST_NAME, LONGEST_COUNTRY, LONGEST_NUMBER, LONGEST_REMARK = 400, 100, 100, 4000
_SIGNS = ";|\n"
S = WatchList.Shape


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


def _several(longest: int) -> Callable[[str], tuple[str, ...]]:
    one = text(longest)

    def read(cell: str) -> tuple[str, ...]:
        for sign in _SIGNS[1:]:
            cell = cell.replace(sign, _SIGNS[0])
        return tuple(one(part.strip()) for part in cell.split(_SIGNS[0]) if part.strip())

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
            "名称",
            "实体名称",
        ),
    ),
    Column(
        "name_zh",
        text(LONGEST_NAME),
        label=gettext_lazy("Chinese name"),
        also=("name in chinese", "nom en chinois", "original name", "中文名"),
    ),
    Column(
        "aliases",
        _several(LONGEST_NAME),
        label=gettext_lazy("Other names"),
        also=("alias", "aka", "also known as", "autres noms", "别名", "又名"),
    ),
    Column(
        "country",
        text(LONGEST_COUNTRY),
        label=gettext_lazy("Country or region"),
        also=("nation", "pays", "国家"),
    ),
    Column(
        "numbers",
        _several(LONGEST_NUMBER),
        label=gettext_lazy("Numbers"),
        also=(
            "number",
            "identifier",
            "identifiers",
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
    rows, faults = read_cells(lines[1:], COLUMNS, places, len(header))
    if faults:
        labels = {column.name: str(column.label) for column in COLUMNS}
        raise Faulty([Fault(one.row, labels.get(one.column, ""), one.reason) for one in faults])
    return Listings(S.TABLE, [_listing(number, row) for number, row in rows])


def _listing(number: int, row: dict[str, object]) -> Listing:
    chinese, aliases = str(row.get("name_zh") or ""), row.get("aliases") or ()
    return Listing(
        number,
        str(row["name"]),
        (*([chinese] if chinese else []), *aliases),  # type: ignore[misc]  # as its column reads it
        str(row.get("country") or ""),
        tuple(row.get("numbers") or ()),  # type: ignore[arg-type]  # as its column reads it
        str(row.get("remark") or ""),
    )


@dataclass(frozen=True)
class Shape:
    """An XML shape: its outermost element, its records, how one is read."""

    code: str
    root: str
    records: tuple[str, ...]
    read: Callable[
        [Tree], tuple[list[str], list[str], list[str], list[str]]
    ]  # names, countries, numbers, remarks


def _from_xml(upload: Upload) -> Listings:
    found = read_records(upload, *(name for shape in SHAPES for name in shape.records))
    shape = next((shape for shape in SHAPES if shape.root == found.root), None)
    if shape is None:
        words = _(
            "“%(name)s” begins with <%(root)s>, a shape that is not read. Expected: <CONSOLIDATED_LIST> of the United Nations, "
            "<export> of the European Union, <sdnList> of OFAC, or a table."
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


def _inner(tree: Tree, *path: str) -> Iterator[Tree]:
    """The elements at a path below another."""
    for child in tree[3]:
        if child[0] == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from _inner(child, *path[1:])


def _texts(tree: Tree, *path: str) -> list[str]:
    return [found[2] for found in _inner(tree, *path)]


def _together(tree: Tree, *names: str) -> str:
    return " ".join(text for name in names for text in _texts(tree, name) if text)


def _united_nations(tree: Tree) -> tuple[list[str], list[str], list[str], list[str]]:
    name = _together(tree, "FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
    kind = tree[0]
    names = [name, *_texts(tree, "NAME_ORIGINAL_SCRIPT"), *_texts(tree, f"{kind}_ALIAS", "ALIAS_NAME")]
    countries = _texts(tree, "NATIONALITY", "VALUE") + _texts(tree, f"{kind}_ADDRESS", "COUNTRY")
    numbers = _texts(tree, f"{kind}_DOCUMENT", "NUMBER")
    return names, countries, numbers, _texts(tree, "REFERENCE_NUMBER") + _texts(tree, "COMMENTS1")


def _european_union(tree: Tree) -> tuple[list[str], list[str], list[str], list[str]]:
    parts = ("firstName", "middleName", "lastName")
    names = [
        one[1].get("wholeName") or " ".join(filter(None, (one[1].get(part, "") for part in parts)))
        for one in _inner(tree, "nameAlias")
    ]
    countries = [
        one[1].get("countryDescription", "")
        for name in ("citizenship", "address")
        for one in _inner(tree, name)
    ]
    numbers = [one[1].get("number", "") for one in _inner(tree, "identification")]
    return names, countries, numbers, [tree[1].get("euReferenceNumber", ""), *_texts(tree, "remark")]


def _ofac(tree: Tree) -> tuple[list[str], list[str], list[str], list[str]]:
    names = [_together(one, "firstName", "lastName") for one in (tree, *_inner(tree, "akaList", "aka"))]
    countries = _texts(tree, "addressList", "address", "country") + _texts(
        tree, "nationalityList", "nationality", "country"
    )
    numbers = _texts(tree, "idList", "id", "idNumber")
    return names, countries, numbers, _texts(tree, "programList", "program") + _texts(tree, "remarks")


SHAPES = (
    Shape(S.UN, "CONSOLIDATED_LIST", ("INDIVIDUAL", "ENTITY"), _united_nations),
    Shape(S.EU, "export", ("sanctionEntity",), _european_union),
    Shape(S.OFAC, "sdnList", ("sdnEntry",), _ofac),
)
