"""Rows for needs with lines and drafts, for offers, and for one check of each offer."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model

from benchmarks.fill.random_stories import (
    DEPARTED_STATUSES,
    GOODS_COUNTED_STATUSES,
    IDS_PER_STORY,
    RandomStory,
    StorySource,
)
from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.verification.models import VerificationTask

FUTURE_DAY = date(2030, 5, 1)

type Rows = Iterator[dict[str, Any]]

# Statuses of offers without an order, and of their checks.
UNUSED_OFFER_STATUSES = ("received", "under_review", "rejected", "withdrawn", "expired")
CHECK_STATUSES = ("requested", "in_progress", "submitted", "returned", "declined", "cancelled")


def need_to_check_rows(world: StorySource, drawn: list[RandomStory]) -> list[tuple[type[Model], Rows]]:
    """Return the tables, with their rows, of all stages before an allocation."""
    shared = [one for one in drawn if one.shared_city_id not in (None, one.city.pk)]
    return [
        (SupplyRequest, (row for one in drawn for row in _needs(one))),
        (RequestLine, (row for one in drawn for row in _lines(one))),
        (RequestLine.standards.through, (row for one in drawn for row in _standards(world, one))),
        (SupplyRequest.shared_with.through, (_share(one, "supplyrequest_id") for one in shared)),
        (SupplierLead, (row for one in drawn for row in _leads(world, one))),
        (SupplierLead.shared_with.through, (_share(one, "supplierlead_id") for one in shared)),
        (VerificationTask, (_check(one) for one in drawn)),
    ]


def _needs(one: RandomStory) -> Rows:
    facts = {
        "city_id": one.city.pk,
        "title": one.title,
        "facility_kinds": ["hospital"],
        "deliver_to": f"{one.ward}, {one.city.name_en}",
        "needed_by": (one.posted_at + timedelta(days=one.days_until_needed or 60)).date(),
        "accepts": ["purchase", "donation"],
        "visibility": one.visibility,
        "notes": "Ring at the dock.",
        "author_id": one.officer_id,
        "created_at": one.posted_at,
    }
    yield {
        "id": one.number,
        "reference": one.reference("SR"),
        "status": one.status,
        "posted_at": one.posted_at,
        **facts,
    }
    if one.has_draft:  # to be posted later, which needs a date in the future
        draft = {**facts, "status": "draft", "needed_by": FUTURE_DAY}
        yield {"id": one.number + 1, "reference": one.reference("SR", 1), **draft}


def _lines(one: RandomStory) -> Rows:
    facts = {"city_id": one.city.pk, "product_id": one.product.pk, "currency": one.city.currency}
    moved = {
        "offered": one.quantity,
        "allocated": one.allocated_quantity,
        "verified_free": one.quantity - one.allocated_quantity,
        "shipped": one.quantity_if_status_in(DEPARTED_STATUSES),
        "arrived": one.quantity_if_status_in(GOODS_COUNTED_STATUSES),
        "released": one.quantity_if_status_in({"closed"}),
    }
    yield {
        "id": one.number,
        "supply_request_id": one.number,
        "position": 1,
        "quantity": one.quantity,
        **facts,
        **moved,
    }
    if one.has_draft:
        yield {
            "id": one.number + 1,
            "supply_request_id": one.number + 1,
            "position": 1,
            "quantity": 500,
            **facts,
        }
    if one.progress_draw > 0.6:
        yield {"id": one.number + 2, "supply_request_id": one.number, "position": 2, "quantity": 500, **facts}


def _standards(world: StorySource, one: RandomStory) -> Rows:
    standard = world.standard_id_by_product.get(one.product.pk)
    if standard is not None:
        yield {"id": one.number, "requestline_id": one.number, "standard_id": standard}


def _share(one: RandomStory, column: str) -> dict[str, Any]:
    return {"id": one.number, column: one.number, "city_id": one.shared_city_id}


def _leads(world: StorySource, one: RandomStory) -> Rows:
    verified = {"verified_by_id": one.officer_id, "verified_at": one.posted_at, "checks_accepted": 1}
    facts = {
        "created_at": one.posted_at,
        "city_id": one.city.pk,
        "line_id": one.number,
        "contact_id": one.contact_id,
        "author_id": one.officer_id,
        "supplier_id": one.supplier_id,
        "product_id": one.product.pk,
        "standard_id": world.standard_id_by_product.get(one.product.pk),
        "kind": "donation" if one.is_donation else "sale",
        "stock_quantity": one.quantity,
        "supply": one.quantity,
        "allocated": one.allocated_quantity,
        "unit_price": Decimal(one.price_cents) / 100,
        "currency": "CNY",
        "price_in_city_currency": Decimal(one.price_cents) / 500,
        "incoterm": "FCA",
        "valid_until": (one.posted_at + timedelta(days=60)).date(),
        "remark": f"Seen at {one.ward}.",
        "named": _names(one),
    }
    yield {
        "id": one.number,
        "reference": one.reference("SL"),
        "status": UNUSED_OFFER_STATUSES[one.number // IDS_PER_STORY % len(UNUSED_OFFER_STATUSES)]
        if one.was_cancelled
        else "verified",
        **facts,
        **({} if one.was_cancelled else verified),
    }
    if one.has_draft:  # to be sent later, which needs a date in the future
        draft = {**facts, "status": "draft", "valid_until": FUTURE_DAY, "allocated": 0}
        yield {"id": one.number + 1, "reference": one.reference("SL", 1), **draft}


def _names(one: RandomStory) -> str:
    """Return the names by which an offer is found: those of its supplier and its product."""
    company = (f"示例防护用品第{one.supplier_id}厂", f"Example Protection Works {one.supplier_id}")
    return "\n".join((*company, one.product.name_en, one.product.name_fr, one.product.name_zh))


def _check(one: RandomStory) -> dict[str, Any]:
    judged = {
        "reviewed_by_id": one.officer_id,
        "reviewed_at": one.posted_at,
        "submitted_at": one.posted_at + timedelta(days=2),
    }
    return {
        "id": one.number,
        "reference": one.reference("VT"),
        "status": CHECK_STATUSES[one.number // IDS_PER_STORY % len(CHECK_STATUSES)]
        if one.was_cancelled
        else "accepted",
        "created_at": one.posted_at,
        "city_id": one.city.pk,
        "lead_id": one.number,
        "supplier_id": one.supplier_id,
        "check_kind": "business_licence",
        "why": "always",
        "contact_id": one.contact_id,
        "reasons": [],
        "offered_at": one.posted_at,
        "due_at": one.posted_at + timedelta(days=4),
        **({} if one.was_cancelled else judged),
    }
