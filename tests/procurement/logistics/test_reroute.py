"""Tests of rerouting a shipment to another country.

It needs another customs clearance with its own documents, and the rest of the way is planned again.
"""

from datetime import date, timedelta

import pytest

from procurement.customs.actions import record_clearance_filing, record_hold
from procurement.logistics.actions.reroute import reroute_shipment
from procurement.shipments.models import Shipment
from procurement.tracking.actions.schedule import estimate_step
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import ARRIVED_AT, DEPARTED_AT, Journey
from workflow.journal.models import Entry

WHY = "The port of Vancouver is shut."


def reroute(story: Journey, shipment: Shipment, to: str = "USSEA", **facts) -> Shipment:
    return reroute_shipment(shipment, to, reason=WHY, by=story.logistics.by, at=DEPARTED_AT, **facts)


def required_codes(shipment: Shipment, side: str, **facts) -> set[str]:
    return set(shipment.documents.filter(clearance__side=side, **facts).values_list("code", flat=True))


def test_reroute_asks_for_the_new_countrys_documents_and_keeps_the_old_ones(
    story: Journey,
) -> None:
    shipment = story.departed()
    before = required_codes(shipment, "import")
    kept = story.hand_in(shipment.documents.filter(clearance__side="import").order_by("pk")[0])
    exported = dict(shipment.documents.filter(clearance__side="export").values_list("code", "status"))
    reroute(story, shipment)
    clearance = story.clearance(shipment, "import")
    assert (clearance.country, clearance.status, shipment.destination) == ("US", "open", "USSEA")
    kept.refresh_from_db()
    assert kept.status == "submitted", "what was handed in is kept"
    gone = shipment.documents.filter(clearance__side="import", status="not_required")
    assert {document.code for document in gone} <= before
    assert gone.exists()
    told = Entry.objects.filter(verb="mark_not_required", thing_id__in=[document.pk for document in gone])
    assert {entry.reason for entry in told} == {WHY}
    asked = shipment.documents.filter(clearance__side="import", asked_on=DEPARTED_AT.date()).exclude(
        pk=kept.pk
    )
    assert asked.exists(), "the rules of the day of the new way"
    assert dict(shipment.documents.filter(clearance__side="export").values_list("code", "status")) == exported
    shipment.refresh_from_db()
    missing = shipment.documents.filter(blocks=True, status__in=("required", "in_progress", "ready")).count()
    assert shipment.documents_missing == missing
    entry = Entry.objects.get(verb="reroute")
    assert (entry.reason, entry.facts) == (WHY, {"to": "USSEA", "via": []})


def test_reroute_back_to_the_first_country_restores_its_documents(story: Journey) -> None:
    shipment = story.departed()
    before = required_codes(shipment, "import")
    reroute(story, shipment)
    reroute(story, shipment, "CAVAN")
    assert before <= required_codes(shipment, "import") - required_codes(
        shipment, "import", status="not_required"
    )
    assert Entry.objects.filter(verb="require_again").exists()


def test_reroute_before_departure_also_updates_export_documents(story: Journey) -> None:
    shipment = story.plan()
    reroute(story, shipment, as_of=date(2020, 4, 20))
    assert shipment.clearances.get(side="import").country == "US"
    assert required_codes(shipment, "export") - required_codes(shipment, "export", status="not_required")


def test_document_required_again_by_newer_rule_is_listed_under_that_rule(story: Journey) -> None:
    shipment = story.plan()
    assert story.document(shipment, "DECL5").rule == "CN-X-DECL5"
    reroute(story, shipment, as_of=date(2020, 5, 1))
    document = story.document(shipment, "DECL5")
    assert (document.rule, document.status) == ("CN-X-DECL5-12", "required")
    assert Entry.objects.filter(verb="restate", thing_id=document.pk).count() == 1


def test_reroute_replans_future_milestones_and_keeps_their_history(story: Journey) -> None:
    shipment = story.departed(
        story.plan(planned={"arrived": ARRIVED_AT, "delivered": ARRIVED_AT + timedelta(days=2)})
    )
    estimate_step(shipment, "arrived", ARRIVED_AT, by=story.logistics.by, at=DEPARTED_AT)
    later = ARRIVED_AT + timedelta(days=5)
    reroute(story, shipment, planned={"arrived": later, "delivered": later + timedelta(days=1)})
    arrived = shipment.milestones.get(step="arrived")
    assert (arrived.planned_at, arrived.estimated_at, arrived.place) == (later, None, "USSEA")
    assert arrived.timezone == "America/Los_Angeles"
    assert [change.kind for change in arrived.changes.order_by("pk")] == ["EST", "PLN", "PLN"]
    assert shipment.expected_on == shipment.city.day_at(later + timedelta(days=1))
    assert shipment.milestones.get(step="departed").place == "CNCAN"


def test_reroute_without_dates_uses_the_published_transit_time(story: Journey) -> None:
    shipment = story.departed(story.plan(mode="sea", origin="CNSHA", destination="USLAX"))
    reroute(story, shipment, "CAVAN")
    assert shipment.departed_at is not None
    expected = shipment.departed_at + timedelta(days=20)  # published for Shanghai to Vancouver: 15 to 20
    assert shipment.milestones.get(step="arrived").planned_at == expected
    assert shipment.expected_on is None


def test_reroute_within_the_country_keeps_its_customs_documents(story: Journey) -> None:
    shipment = story.departed()
    documents = list(shipment.documents.order_by("pk").values_list("code", "status"))
    reroute(story, shipment, "CAVAN", via=["us sea", ""])
    assert (shipment.via, shipment.destination) == (["USSEA"], "CAVAN")
    assert list(shipment.documents.order_by("pk").values_list("code", "status")) == documents
    with assert_refused("same_place", shipment):
        reroute(story, shipment, "CAVAN")
    with assert_refused("locode_malformed", shipment):
        reroute(story, shipment, "CAVAN", via=["Seattle"])


def test_reroute_after_the_import_filing_is_refused(story: Journey) -> None:
    shipment = story.departed()
    clearance = record_clearance_filing(
        story.clearance(shipment, "import"), by=story.logistics.by, at=DEPARTED_AT
    )
    with assert_refused("import_filed", shipment) as caught:
        reroute(story, shipment)
    assert clearance.reference in str(caught.value.message)
    assert caught.value.details["field"] == "destination"


def test_domestic_shipment_cannot_be_rerouted_abroad(story: Journey) -> None:
    shipment = story.plan(origin="CATOR", destination="CAVAN")
    with assert_refused("other_country", shipment):
        reroute(story, shipment)


@pytest.mark.parametrize(
    ("planned", "code"),
    [
        ({"departed": ARRIVED_AT}, "step_done"),
        ({"delivered": DEPARTED_AT, "arrived": ARRIVED_AT}, "out_of_order"),
        ({"x": ARRIVED_AT}, "no_such_step"),
    ],
)
def test_invalid_reroute_times_are_refused(story: Journey, planned: dict, code: str) -> None:
    shipment = story.departed()
    with assert_refused(code, shipment):
        reroute(story, shipment, planned=planned)


def test_held_shipment_cannot_be_rerouted(story: Journey) -> None:
    shipment = story.departed()
    record_hold(story.clearance(shipment, "import"), reason="A look.", by=story.logistics.by, at=AT)
    with assert_refused("not_ready", shipment):
        reroute(story, shipment)
