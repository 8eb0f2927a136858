"""Shipment with a milestone and tracking events, its customs clearance, and rows that only one person sees."""

import os
from datetime import timedelta
from decimal import Decimal

from procurement.audit_files.actions import BuiltArchive, finish_audit_file, request_audit_file
from procurement.customs.actions import (
    DeclaredLine,
    add_declaration,
    record_clearance_filing,
    record_hold,
    record_hold_answer,
)
from procurement.customs.duty_relief.actions import ClaimEdit, correct_claim
from procurement.documents.actions.documents import record_document_query
from procurement.logistics.actions.planning import assign_broker
from procurement.tracking.actions.events import TrackingUpdate, flag_event, record_event, record_event_batch
from procurement.tracking.actions.public_tracking import share_tracking
from procurement.tracking.actions.schedule import estimate_step
from tests.worlds.need_to_order import AT, Person
from tests.worlds.one_of_each.marked_city import MarkedCity
from workflow.uploads import generated_archives
from workflow.uploads.generated_archives import Archive, archive_path

PLANNED_DELIVERY = AT + timedelta(days=1)
FAR_OFF = 4_000_000_000  # seconds since 1970: the year 2096
RELIEVED = DeclaredLine(
    hs_code="6307909870", origin="CN", value=Decimal(5000), currency="USD", relief="CA-20-08"
)


def play_shipment(story: MarkedCity) -> None:
    """Plan the shipment, share its tracking and flag an event."""
    things, by = story.things, story.by_logistics
    words = story.texts("shipment", "carrier", "voyage", "bill_of_lading", "tracking_number")
    shipment = story.plan(story.ready(story.allocated()), **words)
    things["shipment"] = share_tracking(assign_broker(shipment, story.broker.user, **by), **by)
    estimate_step(shipment, "departed", PLANNED_DELIVERY, reported_by=story.say("milestone"), **by)
    things["milestone"] = shipment.milestones.get(step="departed")
    words = story.texts("event", "place", "remark")
    things["event"] = record_event(shipment, "picked_up", occurred_at=AT, **words, **by)
    flag_event(shipment, things["event"].pk, reason=story.say("event"), **by)


def play_customs(story: MarkedCity) -> None:
    """File the clearance, declare the goods with a duty relief, and answer a hold."""
    things, by, shipment = story.things, story.by_logistics, story.things["shipment"]
    clearance = record_clearance_filing(
        story.clearance(shipment, "import"), **story.texts("clearance", "office"), **by
    )
    words = story.texts("declaration", "number", "office", "broker_reference")
    declared = add_declaration(clearance, lines=[RELIEVED], **words, **by)
    words = story.texts("relief_claim", "number", "duty_source", "tax_source", "saved_source")
    edit, reason = ClaimEdit(saved=Decimal(1), **words), story.say("relief_claim")
    things["relief_claim"] = correct_claim(declared.relief_claims.get(), edit, reason=reason, **by)
    held = record_hold(clearance, **story.texts("hold", "reason", "question"), **by)
    things["hold"] = record_hold_answer(held, answer=story.say("hold"), **by)
    document = story.hand_in(shipment.documents.order_by("pk").first())
    record_document_query(document, reason=story.say("document"), **by)
    things |= {"clearance": clearance, "declaration": declared, "document": document}


def play_private_rows(story: MarkedCity, sender: Person, auditor: Person) -> None:
    """Record a batch of tracking events, and request the audit file of the order.

    Only their sender and auditor see these. The file is a small archive.
    """
    heard = TrackingUpdate(shipment=story.things["shipment"], code="BKD", occurred_at=AT, code_system="iata")
    words = story.texts("batch", "source", "file_name")
    story.things["batch"] = record_event_batch([heard], **words, by=sender.by, at=AT)
    who = {"author": auditor.user, "by": auditor.by, "at": AT}
    bundle = story.things["audit_file"] = request_audit_file(story.things["order"], language="en", **who)
    with Archive() as archive:  # rights/leaks/test_leak_markers.py makes a real one
        archive.add_file("note.txt", [b"a note"])
    # Ticks of other tests delete old files that their own databases do not know; this file never gets old.
    os.utime(archive_path(archive.name), (FAR_OFF, FAR_OFF))
    size, digest = generated_archives.archive_info(archive.name)
    finish_audit_file(
        bundle, BuiltArchive(archive.name, size, digest, file_count=1, omitted_item_count=0), at=AT
    )
