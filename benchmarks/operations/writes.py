"""Write operations that are measured.

They are: create a need and post it, enter an offer and send it (which screens it), take in tracking
events, and generate a document. A draft can be posted only once, so each interface gets every third draft.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from benchmarks.fill.people import CSRF_SECRET, Person
from benchmarks.operations.operation import API, BASELINE, PAGES, Operation, PreparedRequest
from benchmarks.operations.reads import API_ROOT, interleaved_requests
from benchmarks.operations.samples import Sample

AIR_EVENT_CODES = (
    "BKD",
    "FOH",
    "RCS",
    "MAN",
    "DEP",
    "ARR",
    "TFD",
    "RCF",
    "NFD",
    "AWD",
)  # IATA's codes of a journey
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
OBJECTS_PER_ROUND = 4  # needs, offers and batches that a person sends in one round


def write_operations(
    known: dict[str, list[Sample]],
    products: list[tuple[int, str]],
    standard: str,
    supplier: str,
    at: datetime,
) -> Iterator[Operation]:
    """Yield all write operations. `products` are pairs of id and code; `supplier` makes the new offers."""
    yield from _needs(known["supply-requests"], products, standard)
    entered = [
        [_offer(one, *need, supplier) for need in one.open_items[:OBJECTS_PER_ROUND]]
        for one in known["supply-requests"]
    ]
    yield Operation("offers: create", API, interleaved_requests(entered), ("201",))
    sent = interleaved_requests([_moves(one, "supplier-leads", "offer") for one in known["supplier-leads"]])
    yield Operation("offers: move", API, sent, is_each_request_sent_once=True)
    shipping = [one for one in known["shipments"] if one.open_items]
    events = [[_events(one, turn, at) for turn in range(OBJECTS_PER_ROUND)] for one in shipping]
    yield Operation(
        "tracking: ten events of a shipment",
        API,
        interleaved_requests(events),
        ("201",),
        is_each_request_sent_once=True,
    )
    invoices = [[_invoice(one)] for one in shipping]
    yield Operation("documents: generate", API, interleaved_requests(invoices), ("201",))


def _needs(seen: list[Sample], products: list[tuple[int, str]], standard: str) -> Iterator[Operation]:
    own = [one for one in seen if one.draft_references]
    for interface in (BASELINE, API):
        asks = [
            [
                _request_with_first_line(one.person, code, standard)
                for _pk, code in products[:OBJECTS_PER_ROUND]
            ]
            for one in seen
        ]
        yield Operation("needs: create", interface, interleaved_requests(asks), ("201",))
    pages = [[_first_step(one.person, pk) for pk, _code in products[:OBJECTS_PER_ROUND]] for one in seen]
    yield Operation("needs: create", PAGES, interleaved_requests(pages), ("303",))
    drafts = interleaved_requests([_moves(one, "supply-requests", "post") for one in own])
    reviews = interleaved_requests([_reviews(one) for one in own])
    yield Operation("needs: move", BASELINE, drafts[0::3], is_each_request_sent_once=True)
    yield Operation("needs: move", API, drafts[1::3], is_each_request_sent_once=True)
    yield Operation("needs: move", PAGES, reviews[2::3], ("303",), is_each_request_sent_once=True)


def _request_with_first_line(person: Person, product: str, standard: str) -> PreparedRequest:
    body = {
        "city": person.city.slug,
        "title": f"Masks for {person.city.name_en}",
        "declared_use": "medical",
        "deliver_to": "The warehouse",
        "facility_kinds": ["hospital"],
        "needed_by": "2030-05-01",
        "accepts": ["purchase", "donation"],
        "visibility": "partner_cities",
        "lines": [{"product": product, "quantity": 5000, "standards": [standard]}],
    }
    return PreparedRequest(f"{API_ROOT}/supply-requests/", person.api_headers, "POST", json.dumps(body), JSON)


def _first_step(person: Person, product: int) -> PreparedRequest:
    values = {"city": person.city.pk, "product": product, "title": "Masks", "declared_use": "medical"}
    values["facility_kinds"] = "hospital"
    return PreparedRequest("/needs/new/", person.page_headers, "POST", _form(values), FORM)


def _moves(one: Sample, kind: str, verb: str) -> list[PreparedRequest]:
    return [_sent(one, f"{kind}/{reference}/{verb}", {}) for reference in one.draft_references]


def _sent(one: Sample, path: str, body: dict[str, Any]) -> PreparedRequest:
    return PreparedRequest(f"{API_ROOT}/{path}/", one.person.api_headers, "POST", json.dumps(body), JSON)


def _offer(one: Sample, need: str, product: str, supplier: str) -> PreparedRequest:
    terms = {
        "kind": "sale",
        "stock_quantity": 5000,
        "unit_price": "1.20",
        "currency": "CNY",
        "incoterm": "FCA",
    }
    subject = {
        "city": one.person.city.slug,
        "line": f"{need}/1",
        "supplier": supplier,
        "product": product,
    }
    return _sent(one, "supplier-leads", {**subject, **terms})


def _events(one: Sample, turn: int, at: datetime) -> PreparedRequest:
    """Return a batch that no other request repeats: a journey of one shipment, in IATA's codes."""
    shipment, _order = one.open_items[turn % len(one.open_items)]
    values = [
        {
            "shipment": shipment,
            "code": code,
            "code_system": "iata",
            "external_id": f"{shipment}-{turn}-{place}",
            "occurred_at": (at - timedelta(days=30 - place, minutes=turn)).isoformat(),
        }
        for place, code in enumerate(AIR_EVENT_CODES)
    ]
    return _sent(one, "tracking-batches", {"source": "DEMO Air", "events": values})


def _invoice(one: Sample) -> PreparedRequest:
    shipment, order = one.open_items[0]
    body = {"kind": "invoice", "language_pair": "zh-en", "shipment": shipment, "order": order}
    return _sent(one, "generated-documents", body)


def _reviews(one: Sample) -> list[PreparedRequest]:
    """Return the same requests as sent by the button of the review page."""
    paths = [f"/needs/{reference}/review/" for reference in one.draft_references]
    return [PreparedRequest(path, one.person.page_headers, "POST", _form({}), FORM) for path in paths]


def _form(values: dict[str, object]) -> str:
    return urlencode({"csrfmiddlewaretoken": CSRF_SECRET, **values})
