"""Samples of what each person can request: references, deep pages (near the end of a list), drafts, open items.

They are read with the product's own visibility rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db.models import Model, QuerySet

from benchmarks.fill.people import Person
from partners.permissions.permissions import permissions_of
from procurement.leads.models.leads import SupplierLead
from procurement.orders.models import Order
from procurement.requests.models import SupplyRequest
from procurement.shipments.models import Shipment
from procurement.verification.models import VerificationTask
from workflow.http.keyset import Cursor, Sorting
from workflow.query_expressions import order_by_day

DEEP_PAGE_POSITION = 0.9  # position of the deep page in its list
REFERENCES_PER_PERSON = 6  # references that each person requests, of each kind
COLLECTION_MODELS: dict[str, type[Model]] = {
    "supply-requests": SupplyRequest,
    "supplier-leads": SupplierLead,
    "verification-tasks": VerificationTask,
    "orders": Order,
    "shipments": Shipment,
}


@dataclass(frozen=True)
class Sample:
    """Sample for one person and one kind of item: visible references, cursors of deep pages, drafts and open items."""

    person: Person
    references: list[str]
    deep_page_cursor: str  # the cursor of a page near the end of their list
    deep_page_cursor_by_day: str  # the same for needs sorted by needed_by
    draft_references: list[str]  # needs and offers of their own city
    open_items: list[tuple[str, str]]  # of their own city: needs, with a product; shipments, with their order


def samples_by_collection(people: list[Person]) -> dict[str, list[Sample]]:
    """Return the samples by kind of item, one for each person. A person who sees no item of a kind is left out."""
    luck = Random(7)
    found: dict[str, list[Sample]] = {kind: [] for kind in COLLECTION_MODELS}
    for person in people:
        by = permissions_of(person.user, via="token")
        for kind, model in COLLECTION_MODELS.items():
            rows = model._default_manager.visible_to(by)  # type: ignore[attr-defined]
            if one := _sample(person, kind, rows, luck):
                found[kind].append(one)
    return found


def _sample(person: Person, kind: str, rows: QuerySet[Any], luck: Random) -> Sample | None:
    count = rows.count()
    if not count:
        return None
    at = int(count * DEEP_PAGE_POSITION)
    pk = rows.order_by("-pk").values_list("pk", flat=True)[at]
    needs = kind == "supply-requests"
    own = rows.filter(city=person.city).order_by("pk").values_list("reference", flat=True)
    drafts = own.filter(status="draft") if kind in ("supply-requests", "supplier-leads") else own.none()
    if needs:  # drafts from the pages' first step, made at a smaller size, are too incomplete to post
        drafts = drafts.filter(needed_by__isnull=False)
    return Sample(
        person,
        list(_some(rows, count, luck)),
        Cursor("-id", None, pk, False).encode(),
        _by_day(rows, at) if needs else "",
        list(drafts),
        _open(kind, own),
    )


def _some(rows: QuerySet[Any], count: int, luck: Random) -> Iterator[str]:
    """Yield some references from all parts of a list."""
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    chosen = [pks[luck.randrange(count)] for _each in range(REFERENCES_PER_PERSON)]
    yield from rows.filter(pk__in=chosen).values_list("reference", flat=True)


def _open(kind: str, own: QuerySet[Any]) -> list[tuple[str, str]]:
    if kind == "supply-requests":
        first = own.filter(status="open", lines__position=1)
        return list(first.values_list("reference", "lines__product__code")[:REFERENCES_PER_PERSON])
    if kind != "shipments":
        return []
    order = "lines__order_line__order"
    bought = own.filter(status__in=("planned", "packed", "in_transit"), **{f"{order}__kind": "purchase"})
    return list(bought.values_list("reference", f"{order}__reference")[:REFERENCES_PER_PERSON])


def _by_day(rows: QuerySet[Any], at: int) -> str:
    sorting = Sorting("needed_by", order_by_day("needed_by"))
    row = sorting.apply(rows, None)[at]
    return sorting.cursor_at(row, back=False)
