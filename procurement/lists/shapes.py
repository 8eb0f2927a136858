"""The XML shapes of publishers' lists: which element is the outermost, which are the records, and how one is read.

They are read as their publishers document them, by the names of their elements and whatever namespace they stand in: the Consolidated
List of the United Nations (CONSOLIDATED_LIST), of the European Union (export, FSF 1.1), OFAC's SDN list (sdnList), and Canada's
Consolidated Autonomous Sanctions List (data-set), of which the publisher describes no schema: its fields are known from the list as
Global Affairs Canada publishes it, and were tried on an invented small file only.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from procurement.lists.models.watch_list import WatchList
from procurement.lists.written import several
from workflow.documents.records import Tree

type Told = tuple[list[str], list[str], list[str], list[str]]  # names, countries, numbers, remarks


@dataclass(frozen=True)
class Shape:
    """An XML shape: its outermost element, its records, how one is read."""

    code: str
    root: str
    records: tuple[str, ...]
    read: Callable[[Tree], Told]


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


def _united_nations(tree: Tree) -> Told:
    name = _together(tree, "FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
    kind = tree[0]
    names = [name, *_texts(tree, "NAME_ORIGINAL_SCRIPT"), *_texts(tree, f"{kind}_ALIAS", "ALIAS_NAME")]
    countries = _texts(tree, "NATIONALITY", "VALUE") + _texts(tree, f"{kind}_ADDRESS", "COUNTRY")
    numbers = _texts(tree, f"{kind}_DOCUMENT", "NUMBER")
    return names, countries, numbers, _texts(tree, "REFERENCE_NUMBER") + _texts(tree, "COMMENTS1")


def _european_union(tree: Tree) -> Told:
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


def _ofac(tree: Tree) -> Told:
    names = [_together(one, "firstName", "lastName") for one in (tree, *_inner(tree, "akaList", "aka"))]
    countries = _texts(tree, "addressList", "address", "country") + _texts(
        tree, "nationalityList", "nationality", "country"
    )
    numbers = _texts(tree, "idList", "id", "idNumber")
    return names, countries, numbers, _texts(tree, "programList", "program") + _texts(tree, "remarks")


def _canada(tree: Tree) -> Told:
    entities = [*_texts(tree, "EntityOrShip"), *_texts(tree, "Entity")]
    person = _together(tree, "GivenName", "LastName")
    aliases = [name for told in _texts(tree, "Aliases") for name in several(told)]
    place = [f"{name} {told}" for name in ("Schedule", "Item") for told in _texts(tree, name) if told]
    return [*entities, person, *aliases], _texts(tree, "Country"), _texts(tree, "ShipIMONumber"), place


SHAPES = (
    Shape(WatchList.Shape.UN, "CONSOLIDATED_LIST", ("INDIVIDUAL", "ENTITY"), _united_nations),
    Shape(WatchList.Shape.EU, "export", ("sanctionEntity",), _european_union),
    Shape(WatchList.Shape.OFAC, "sdnList", ("sdnEntry",), _ofac),
    Shape(WatchList.Shape.SEMA, "data-set", ("record",), _canada),
)
