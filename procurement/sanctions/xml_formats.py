"""XML formats of publishers' watchlists: root element, record elements, and a reader for one record.

They are read as their publishers document them, by element names in any namespace: the Consolidated List of
the United Nations (CONSOLIDATED_LIST), of the European Union (export, FSF 1.1), OFAC's SDN list (sdnList),
and Canada's Consolidated Autonomous Sanctions List (data-set). Canada publishes no schema: the fields are
known from the list that Global Affairs Canada publishes, and were tested only on a small invented file.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from procurement.sanctions.aliases import split_names
from procurement.sanctions.models import Watchlist
from workflow.uploads.parsers import Tree

type RawEntity = tuple[list[str], list[str], list[str], list[str]]  # names, countries, numbers, remarks


@dataclass(frozen=True)
class XMLFormat:
    """XML format: root element, record elements and the function that reads a record."""

    code: str
    root: str
    record_elements: tuple[str, ...]
    read: Callable[[Tree], RawEntity]


def _elements_at(tree: Tree, *path: str) -> Iterator[Tree]:
    """Yield the elements at a path below an element."""
    for child in tree[3]:
        if child[0] == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from _elements_at(child, *path[1:])


def _texts(tree: Tree, *path: str) -> list[str]:
    return [found[2] for found in _elements_at(tree, *path)]


def _joined_text(tree: Tree, *names: str) -> str:
    return " ".join(text for name in names for text in _texts(tree, name) if text)


def _read_united_nations(tree: Tree) -> RawEntity:
    name = _joined_text(tree, "FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
    kind = tree[0]
    names = [name, *_texts(tree, "NAME_ORIGINAL_SCRIPT"), *_texts(tree, f"{kind}_ALIAS", "ALIAS_NAME")]
    countries = _texts(tree, "NATIONALITY", "VALUE") + _texts(tree, f"{kind}_ADDRESS", "COUNTRY")
    numbers = _texts(tree, f"{kind}_DOCUMENT", "NUMBER")
    return names, countries, numbers, _texts(tree, "REFERENCE_NUMBER") + _texts(tree, "COMMENTS1")


def _read_european_union(tree: Tree) -> RawEntity:
    parts = ("firstName", "middleName", "lastName")
    names = [
        one[1].get("wholeName") or " ".join(filter(None, (one[1].get(part, "") for part in parts)))
        for one in _elements_at(tree, "nameAlias")
    ]
    countries = [
        one[1].get("countryDescription", "")
        for name in ("citizenship", "address")
        for one in _elements_at(tree, name)
    ]
    numbers = [one[1].get("number", "") for one in _elements_at(tree, "identification")]
    return names, countries, numbers, [tree[1].get("euReferenceNumber", ""), *_texts(tree, "remark")]


def _read_ofac(tree: Tree) -> RawEntity:
    names = [
        _joined_text(one, "firstName", "lastName") for one in (tree, *_elements_at(tree, "akaList", "aka"))
    ]
    countries = _texts(tree, "addressList", "address", "country") + _texts(
        tree, "nationalityList", "nationality", "country"
    )
    numbers = _texts(tree, "idList", "id", "idNumber")
    return names, countries, numbers, _texts(tree, "programList", "program") + _texts(tree, "remarks")


def _read_canada(tree: Tree) -> RawEntity:
    entities = [*_texts(tree, "EntityOrShip"), *_texts(tree, "Entity")]
    person = _joined_text(tree, "GivenName", "LastName")
    aliases = [name for values in _texts(tree, "Aliases") for name in split_names(values)]
    place = [f"{name} {values}" for name in ("Schedule", "Item") for values in _texts(tree, name) if values]
    return [*entities, person, *aliases], _texts(tree, "Country"), _texts(tree, "ShipIMONumber"), place


XML_FORMATS = (
    XMLFormat(Watchlist.FileFormat.UN, "CONSOLIDATED_LIST", ("INDIVIDUAL", "ENTITY"), _read_united_nations),
    XMLFormat(Watchlist.FileFormat.EU, "export", ("sanctionEntity",), _read_european_union),
    XMLFormat(Watchlist.FileFormat.OFAC, "sdnList", ("sdnEntry",), _read_ofac),
    XMLFormat(Watchlist.FileFormat.SEMA, "data-set", ("record",), _read_canada),
)
