"""Tests of permissions for clearances, holds and customs documents, in each status."""

from typing import Any

import pytest

from procurement.customs.actions import record_clearance_filing, record_hold, record_hold_end
from procurement.customs.models import CustomsClearance, CustomsHold
from procurement.customs.rules import CLEARANCE_MOVES, CUSTOMS_HOLD_MOVES
from procurement.documents.actions.documents import (
    accept_document,
    mark_document_ready,
    record_document_query,
    record_document_refusal,
    start_document,
)
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.rules.documents import DOCUMENT_MOVES
from procurement.logistics.actions.reroute import reroute_shipment
from tests.procurement.shipments.compared_permissions import (
    Reach,
    Table,
    check_every_status_listed,
    compare_with_rules,
    officers_logistics_and_broker,
    shipment_of_broker,
)
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey


def clearance(story: Journey) -> CustomsClearance:
    return shipment_of_broker(story).clearances.get(side="export")


def filed_clearance(story: Journey, *, packed: bool) -> CustomsClearance:
    chosen = clearance(story)
    if packed:
        story.packed(chosen.shipment)
    return record_clearance_filing(chosen, by=story.broker.by, at=AT)


CLEARANCES: Table = [
    ("open", clearance, officers_logistics_and_broker("redirect file declare")),
    ("filed", lambda story: filed_clearance(story, packed=False), officers_logistics_and_broker("declare")),
    (
        "filed",
        lambda story: filed_clearance(story, packed=True),
        officers_logistics_and_broker("declare release"),
    ),
    (
        "cleared",
        lambda story: story.clear(story.packed(clearance(story).shipment), "export"),
        officers_logistics_and_broker("declare"),
    ),
]


@pytest.mark.parametrize(("status", "reach", "expected"), CLEARANCES)
def test_allowed_clearance_actions_by_status_and_role(
    story: Journey, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare_with_rules(story, CLEARANCE_MOVES, reach(story), status, expected)


def open_hold(story: Journey) -> CustomsHold:
    return record_hold(clearance(story), reason="inspection", by=story.broker.by, at=AT)


HOLDS: Table = [
    ("active", open_hold, officers_logistics_and_broker("answer end")),
    ("ended", lambda story: record_hold_end(open_hold(story), by=story.broker.by, at=AT), {}),
]


@pytest.mark.parametrize(("status", "reach", "expected"), HOLDS)
def test_allowed_customs_hold_actions_by_status_and_role(
    story: Journey, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare_with_rules(story, CUSTOMS_HOLD_MOVES, reach(story), status, expected)


def document(story: Journey) -> CustomsDocument:
    return shipment_of_broker(story).documents.get(code="AWB")


def submitted_document(story: Journey) -> CustomsDocument:
    return story.hand_in(document(story))


def ready_document(story: Journey) -> CustomsDocument:
    return mark_document_ready(
        start_document(document(story), by=story.broker.by, at=AT), by=story.broker.by, at=AT
    )


def queried_document(story: Journey) -> CustomsDocument:
    return record_document_query(submitted_document(story), reason="Which flight?", by=story.broker.by, at=AT)


def refused_document(story: Journey) -> CustomsDocument:
    return record_document_refusal(submitted_document(story), reason="No stamp.", by=story.broker.by, at=AT)


def document_of_former_country(story: Journey) -> CustomsDocument:
    """Return a customs document of a country to which the goods no longer go."""
    shipment = shipment_of_broker(story)
    reroute_shipment(shipment, "USSEA", reason="The port is shut.", by=story.logistics.by, at=AT)
    return shipment.documents.filter(status="not_required").order_by("pk")[0]


CUSTOMS_DOCUMENTS: Table = [
    ("required", document, officers_logistics_and_broker("draft mark_not_required number restate")),
    (
        "in_progress",
        lambda story: start_document(document(story), by=story.broker.by, at=AT),
        officers_logistics_and_broker("ready mark_not_required number restate"),
    ),
    ("ready", ready_document, officers_logistics_and_broker("file mark_not_required number restate")),
    ("submitted", submitted_document, officers_logistics_and_broker("accept query refuse number")),
    ("accepted", lambda story: accept_document(submitted_document(story), by=story.broker.by, at=AT), {}),
    ("queried", queried_document, officers_logistics_and_broker("file mark_not_required number restate")),
    (
        "refused",
        refused_document,
        officers_logistics_and_broker("new_version mark_not_required number restate"),
    ),
    ("not_required", document_of_former_country, officers_logistics_and_broker("require_again")),
]


@pytest.mark.parametrize(("status", "reach", "expected"), CUSTOMS_DOCUMENTS)
def test_allowed_customs_document_actions_by_status_and_role(
    story: Journey, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare_with_rules(story, DOCUMENT_MOVES, reach(story), status, expected)


@pytest.mark.parametrize(
    ("table", "model"),
    [(CLEARANCES, CustomsClearance), (HOLDS, CustomsHold), (CUSTOMS_DOCUMENTS, CustomsDocument)],
)
def test_customs_permission_tables_cover_every_status(table: Table, model: Any) -> None:
    check_every_status_listed(table, model)
