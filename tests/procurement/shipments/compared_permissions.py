"""Comparison of a permission table with the rules, and helpers that fill in such a table."""

from collections.abc import Callable
from typing import Any

from procurement.logistics.actions.planning import assign_broker
from procurement.shipments.models import Shipment
from tests.procurement.refusals import open_verbs
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.moves import Moves

PEOPLE = ("officer", "logistics", "broker", "approver", "verifier", "observer", "stranger")
EDITS = "edit assign_broker review_documents"

type Reach = Callable[[Journey], Any]
type Table = list[tuple[str, Reach, dict[str, str]]]


def shipment_of_broker(story: Journey) -> Shipment:
    shipment = story.plan()
    return assign_broker(shipment, story.broker.user, by=story.logistics.by, at=AT)


def compare_with_rules(
    story: Journey, moves: Moves[Any], thing: Any, status: str, expected: dict[str, str]
) -> None:
    thing.refresh_from_db()
    assert thing.status == status
    found = {name: open_verbs(moves, thing, getattr(story, name).by) for name in PEOPLE}
    assert found == {name: expected.get(name, "") for name in PEOPLE}


def officers_and_logistics(verbs: str) -> dict[str, str]:
    """Return the same verbs for officers and logistics."""
    return {"officer": verbs, "logistics": verbs}


def officers_logistics_and_broker(verbs: str) -> dict[str, str]:
    """Return the same verbs for officers, logistics, and the broker of the shipment."""
    return officers_and_logistics(verbs) | {"broker": verbs}


def check_every_status_listed(table: Table, model: Any) -> None:
    """Check that the table has a row for each status of the object."""
    assert {status for status, _reach, _expected in table} == set(model.Status.values)
