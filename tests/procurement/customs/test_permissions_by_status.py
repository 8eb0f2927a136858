"""Tests of permissions for clearances, holds and customs documents, in each status."""

from typing import Any

import pytest

from procurement.customs.actions import end_hold, file_clearance, place_hold
from procurement.customs.models import CustomsClearance, CustomsHold
from procurement.customs.rules import CLEARANCE_MOVES, CUSTOMS_HOLD_MOVES
from procurement.documents.actions.documents import (
    accept_document,
    mark_document_ready,
    query_document,
    refuse_document,
    start_document,
)
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.rules.documents import DOCUMENT_MOVES
from procurement.logistics.actions.reroute import reroute_shipment
from tests.procurement.shipments.compared_permissions import (
    Reach,
    Table,
    compare,
    given_to_broker,
    names_every_status,
    three,
)
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey


def clearance(story: Journey) -> CustomsClearance:
    return given_to_broker(story).clearances.get(side="export")


def filed_lane(story: Journey, *, packed: bool) -> CustomsClearance:
    chosen = clearance(story)
    if packed:
        story.packed(chosen.shipment)
    return file_clearance(chosen, by=story.broker.by, at=AT)


LANES: Table = [
    ("open", clearance, three("redirect file declare")),
    ("filed", lambda story: filed_lane(story, packed=False), three("declare")),
    ("filed", lambda story: filed_lane(story, packed=True), three("declare release")),
    (
        "cleared",
        lambda story: story.clear(story.packed(clearance(story).shipment), "export"),
        three("declare"),
    ),
]


@pytest.mark.parametrize(("status", "reach", "expected"), LANES)
def test_allowed_clearance_actions_by_status_and_role(
    story: Journey, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, CLEARANCE_MOVES, reach(story), status, expected)


def held(story: Journey) -> CustomsHold:
    return place_hold(clearance(story), reason="inspection", by=story.broker.by, at=AT)


HOLDS: Table = [
    ("active", held, three("answer end")),
    ("ended", lambda story: end_hold(held(story), by=story.broker.by, at=AT), {}),
]


@pytest.mark.parametrize(("status", "reach", "expected"), HOLDS)
def test_allowed_customs_hold_actions_by_status_and_role(
    story: Journey, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, CUSTOMS_HOLD_MOVES, reach(story), status, expected)


def document(story: Journey) -> CustomsDocument:
    return given_to_broker(story).documents.get(code="AWB")


def filed(story: Journey) -> CustomsDocument:
    return story.hand_in(document(story))


def written(story: Journey) -> CustomsDocument:
    return mark_document_ready(
        start_document(document(story), by=story.broker.by, at=AT), by=story.broker.by, at=AT
    )


def queried(story: Journey) -> CustomsDocument:
    return query_document(filed(story), reason="Which flight?", by=story.broker.by, at=AT)


def refused_paper(story: Journey) -> CustomsDocument:
    return refuse_document(filed(story), reason="No stamp.", by=story.broker.by, at=AT)


def asked_no_longer(story: Journey) -> CustomsDocument:
    """Return a customs document of a country to which the goods no longer go."""
    shipment = given_to_broker(story)
    reroute_shipment(shipment, "USSEA", reason="The port is shut.", by=story.logistics.by, at=AT)
    return shipment.documents.filter(status="not_required").order_by("pk")[0]


PAPERS: Table = [
    ("required", document, three("draft mark_not_required number restate")),
    (
        "in_progress",
        lambda story: start_document(document(story), by=story.broker.by, at=AT),
        three("ready mark_not_required number restate"),
    ),
    ("ready", written, three("file mark_not_required number restate")),
    ("submitted", filed, three("accept query refuse number")),
    ("accepted", lambda story: accept_document(filed(story), by=story.broker.by, at=AT), {}),
    ("queried", queried, three("file mark_not_required number restate")),
    ("refused", refused_paper, three("new_version mark_not_required number restate")),
    ("not_required", asked_no_longer, three("require_again")),
]


@pytest.mark.parametrize(("status", "reach", "expected"), PAPERS)
def test_allowed_customs_document_actions_by_status_and_role(
    story: Journey, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    compare(story, DOCUMENT_MOVES, reach(story), status, expected)


@pytest.mark.parametrize(
    ("table", "model"), [(LANES, CustomsClearance), (HOLDS, CustomsHold), (PAPERS, CustomsDocument)]
)
def test_customs_permission_tables_cover_every_status(table: Table, model: Any) -> None:
    names_every_status(table, model)
