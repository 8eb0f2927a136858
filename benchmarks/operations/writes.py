"""Write operations that are measured: create a need, and post it.

A draft can be posted only once, so each interface gets every third draft.
"""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

from benchmarks.fill.people import CSRF, Person
from benchmarks.operations.operation import API, FLOOR, PAGES, Ask, Operation
from benchmarks.operations.reads import ROOT, turned
from benchmarks.operations.samples import Sample

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
TURNS = 4  # needs that a person creates in one round, each with another product


def writes(seen: list[Sample], products: list[tuple[int, str]], standard: str) -> Iterator[Operation]:
    """Yield the operations that create and post needs. `products` are pairs of id and code."""
    own = [one for one in seen if one.drafts]
    for door in (FLOOR, API):
        asks = [[_begun(one.person, code, standard) for _pk, code in products[:TURNS]] for one in seen]
        yield Operation("needs: create", door, turned(asks), ("201",))
    pages = [[_first_step(one.person, pk) for pk, _code in products[:TURNS]] for one in seen]
    yield Operation("needs: create", PAGES, turned(pages), ("303",))
    drafts = turned([_posts(one) for one in own])
    reviews = turned([_reviews(one) for one in own])
    yield Operation("needs: move", FLOOR, drafts[0::3], once=True)
    yield Operation("needs: move", API, drafts[1::3], once=True)
    yield Operation("needs: move", PAGES, reviews[2::3], ("303",), once=True)


def _begun(person: Person, product: str, standard: str) -> Ask:
    body = {
        "city": person.city.slug,
        "title": f"Masks for {person.city.name_en}",
        "declared_use": "medical",
        "deliver_to": "The warehouse",
        "facility_kinds": ["hospital"],
        "needed_by": "2030-05-01",
        "accepts": ["purchase", "donation"],
        "visibility": "twins",
        "lines": [{"product": product, "quantity": 5000, "standards": [standard]}],
    }
    return Ask(f"{ROOT}/supply-requests/", person.as_program, "POST", json.dumps(body), JSON)


def _first_step(person: Person, product: int) -> Ask:
    told = {"city": person.city.pk, "product": product, "title": "Masks", "declared_use": "medical"}
    told["facility_kinds"] = "hospital"
    return Ask("/needs/new/", person.as_reader, "POST", _form(told), FORM)


def _posts(one: Sample) -> list[Ask]:
    paths = [f"{ROOT}/supply-requests/{reference}/post/" for reference in one.drafts]
    return [Ask(path, one.person.as_program, "POST", "{}", JSON) for path in paths]


def _reviews(one: Sample) -> list[Ask]:
    """Return the same requests as sent by the button of the review page."""
    paths = [f"/needs/{reference}/review/" for reference in one.drafts]
    return [Ask(path, one.person.as_reader, "POST", _form({}), FORM) for path in paths]


def _form(told: dict[str, object]) -> str:
    return urlencode({"csrfmiddlewaretoken": CSRF, **told})
