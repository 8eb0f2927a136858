"""Rows for the stages after an offer: allocation, order, and shipment with clearances and milestones."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model

from benchmarks.fill.random_stories import (
    ARRIVED_STATUSES,
    DEPARTED_STATUSES,
    GOODS_COUNTED_STATUSES,
    IDS_PER_STORY,
    RandomStory,
    StorySource,
)
from procurement.allocations.models import Allocation
from procurement.customs.models import CustomsClearance, CustomsHold
from procurement.logistics.rules.alerts import total_severity
from procurement.orders.models import Order, OrderLine
from procurement.quality.models import Lot
from procurement.shipments.models import Milestone, Shipment, ShipmentLine, Step

type Rows = Iterator[dict[str, Any]]


def rows_after_offer(world: StorySource, drawn: list[RandomStory]) -> list[tuple[type[Model], Rows]]:
    """Return the tables, with their rows, of all stages after an offer."""
    return [
        (Allocation, (_allocation(one) for one in drawn)),
        (Order, (_order(one) for one in drawn)),
        (OrderLine, (_order_line(one) for one in drawn)),
        (Shipment, (_shipment(one) for one in drawn)),
        (ShipmentLine, (_shipment_line(one) for one in drawn)),
        (CustomsClearance, (row for one in drawn for row in _clearances(one))),
        (CustomsHold, (_hold(one) for one in drawn if one.is_on_customs_hold)),
        (Lot, (_lot(one) for one in drawn if one.quantity_if_status_in(GOODS_COUNTED_STATUSES))),
        (Milestone, (row for one in drawn for row in _steps(one))),
    ]


def _allocation(one: RandomStory) -> dict[str, Any]:
    order = one.order_and_shipment_statuses[0]
    ended = "fulfilled" if order in ("completed", "thanked") else "ordered"
    return {
        "id": one.number,
        "reference": one.reference("AL"),
        "status": "undone" if one.was_cancelled else ended,
        "created_at": one.posted_at,
        "city_id": one.city.pk,
        "lead_id": one.number,
        "line_id": one.number,
        "quantity": one.shipped_quantity,
        "author_id": one.officer_id,
        "confirmed_at": one.posted_at,
    }


def _order(one: RandomStory) -> dict[str, Any]:
    order = one.order_and_shipment_statuses[0]
    goods = Decimal(one.price_cents * (one.shipped_quantity)) / 100
    return {
        "id": one.number,
        "reference": one.reference("DN" if one.is_donation else "PO"),
        "status": order,
        "kind": "donation" if one.is_donation else "purchase",
        "created_at": one.posted_at,
        "city_id": one.city.pk,
        "supplier_id": one.supplier_id,
        "contact_id": one.contact_id,
        "author_id": one.officer_id,
        "currency": "CNY",
        "goods_total": goods,
        "total_in_city_currency": goods / 5,
        "incoterm": "FCA",
        "few_offers_reason": "Only one maker had stock.",
        "promised_on": (one.posted_at + timedelta(days=one.days_until_needed)).date()
        if one.days_until_needed
        else None,
        "approved_by_id": one.officer_id,
        "approved_at": one.posted_at,
        "placed_at": one.posted_at,
        "confirmed_at": one.posted_at,
        "completed_at": one.posted_at if order in ("completed", "thanked") else None,
        "thanked_at": one.posted_at if order == "thanked" else None,
    }


def _order_line(one: RandomStory) -> dict[str, Any]:
    return {
        "id": one.number,
        "order_id": one.number,
        "allocation_id": one.number,
        "quantity": one.shipped_quantity,
        "unit_price": Decimal(one.price_cents) / 100,
        "shipped": one.allocated_quantity,
        "departed": one.quantity_if_status_in(DEPARTED_STATUSES),
        "released": one.quantity_if_status_in({"closed"}),
    }


def _shipment(one: RandomStory) -> dict[str, Any]:
    shipment = one.order_and_shipment_statuses[1]
    return {
        "id": one.number,
        "reference": one.reference("SH"),
        "status": shipment,
        "created_at": one.posted_at,
        "city_id": one.city.pk,
        "contact_id": one.contact_id,
        "mode": ("air", "air", "sea")[one.number // IDS_PER_STORY % 3],
        "carrier": ("Air Example", "Example Cargo", "Sky Example")[one.number % 3],
        "voyage": f"EX{one.number % 900 + 100}",
        "origin": "CNCAN",
        "destination": "CAVAN",
        "consignee": "municipality",
        "author_id": one.officer_id,
        "departed_at": one.posted_at if shipment in DEPARTED_STATUSES else None,
        "arrived_at": one.posted_at if shipment in ARRIVED_STATUSES else None,
        "delivered_at": one.posted_at if shipment in GOODS_COUNTED_STATUSES else None,
        "received_by_id": one.officer_id if shipment in GOODS_COUNTED_STATUSES else None,
        "expected_on": (one.posted_at + timedelta(days=one.days_until_needed)).date()
        if one.days_until_needed
        else None,
        "held": one.is_on_customs_hold,
        "alerts": one.shipment_alerts,
        "risk": total_severity(one.shipment_alerts),
    }


def _shipment_line(one: RandomStory) -> dict[str, Any]:
    return {
        "id": one.number,
        "shipment_id": one.number,
        "order_line_id": one.number,
        "quantity": one.shipped_quantity,
        "accepted": one.quantity_if_status_in(GOODS_COUNTED_STATUSES),
        "released": one.quantity_if_status_in({"closed"}),
    }


def _clearances(one: RandomStory) -> Rows:
    shipment = one.order_and_shipment_statuses[1]
    for more, (side, country, over) in enumerate(
        (("export", "CN", DEPARTED_STATUSES), ("import", "CA", GOODS_COUNTED_STATUSES))
    ):
        yield {
            "id": one.number + more,
            "reference": one.reference("CL", more),
            "status": "cleared" if shipment in over else "open",
            "created_at": one.posted_at,
            "shipment_id": one.number,
            "city_id": one.city.pk,
            "side": side,
            "country": country,
            "filed_at": one.posted_at if shipment in over else None,
            "released_at": one.posted_at if shipment in over else None,
            "holds_open": int(one.is_on_customs_hold and side == "import"),
        }


def _hold(one: RandomStory) -> dict[str, Any]:
    """Return the row of a customs hold on the import clearance, the second of the story."""
    return {
        "id": one.number,
        "status": "active",
        "created_at": one.posted_at,
        "clearance_id": one.number + 1,
        "city_id": one.city.pk,
        "started_at": one.posted_at,
        "reason": "The packing list does not match.",
    }


def _lot(one: RandomStory) -> dict[str, Any]:
    released = {"status": "released", "verdict": "passed", "released_at": one.posted_at}
    return {
        "id": one.number,
        "reference": one.reference("LT"),
        "created_at": one.posted_at,
        "shipment_id": one.number,
        "line_id": one.number,
        "city_id": one.city.pk,
        "number": f"L{one.number}",
        "quantity": one.shipped_quantity,
        **(released if one.order_and_shipment_statuses[1] == "closed" else {"status": "quarantined"}),
    }


def _steps(one: RandomStory) -> Rows:
    shipment = one.order_and_shipment_statuses[1]
    for more, step in enumerate(Step.values):
        yield {
            "id": one.number + more,
            "shipment_id": one.number,
            "step": step,
            "position": more,
            "timezone": "UTC",
            "planned_at": one.posted_at + timedelta(days=more * 2),
            "actual_at": one.posted_at + timedelta(days=more * 2) if shipment == "closed" else None,
        }
