"""Tests of completed document requests, and of the broker's notification when all documents of a clearance are available."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from procurement.documents.actions.documents import (
    record_document_filing,
    record_document_query,
    record_document_refusal,
)
from procurement.documents.actions.requests import send_due_reminders
from procurement.documents.actions.submissions import accept_submission, upload_document
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.requests import DocumentRequest
from procurement.logistics.actions.planning import assign_broker
from procurement.logistics.actions.reroute import reroute_shipment
from procurement.notifications.builder import build_notifications_for_entry
from procurement.notifications.in_app_text import render_notifications
from tests.procurement.documents.test_requests import messages_by_address
from tests.procurement.refusals import assert_refused
from tests.workflow import files
from tests.worlds.document_requests import RequestingOffice
from tests.worlds.need_to_order import AT
from workflow.comments_and_files.actions import attach_file
from workflow.journal.models import Entry


def count_entries(thing: object, verb: str) -> int:
    return Entry.objects.about(thing).filter(verb=verb).count()


def test_document_request_is_completed_when_all_are_accepted_and_reopened_when_one_is_missing(
    story: RequestingOffice,
) -> None:
    request = story.request(story.plan(), "forwarder")
    for code in ("EXPDECL", "POA_CN", "INSUR", "AWB"):
        story.accepted_version(request, code)
    request.refresh_from_db()
    assert request.status == "open"
    last = story.submitted_version(request, "ACI", "import")
    request.refresh_from_db()
    assert request.status == "open"  # not yet reviewed
    accept_submission(last, by=story.officer.by, at=AT)
    request.refresh_from_db()
    assert request.status == "completed"
    newer = story.submitted_version(request, "ACI", "import")
    request.refresh_from_db()
    assert request.status == "completed"  # the city has one, while it reviews the newer one
    accept_submission(newer, by=story.officer.by, at=AT)
    document = story.document(request.shipment, "AWB")
    record_document_filing(document, by=story.officer.by, at=AT)
    record_document_query(document, reason="Which flight?", by=story.officer.by, at=AT)
    request.refresh_from_db()
    assert request.status == "open"
    assert "Which flight?" in messages_by_address(request, "reopen")[request.email].body


def test_document_required_again_reopens_the_request(story: RequestingOffice) -> None:
    shipment = story.plan()
    request = story.request(shipment, "forwarder")
    for document in request.documents:
        story.accepted_version(request, document.code, document.clearance.side)
    request.refresh_from_db()
    assert request.status == "completed"
    again = story.request.__wrapped__(story, shipment, "forwarder", email="other@forward.example")
    assert again.status == "completed"  # nothing is missing
    document = story.document(shipment, "AWB")
    for move in (
        record_document_filing,
        lambda one, **facts: record_document_refusal(one, reason="?", **facts),
    ):
        move(document, by=story.officer.by, at=AT)
    assert {one.status for one in shipment.document_requests.all()} == {"open"}


def test_broker_is_notified_once_when_the_last_document_is_available(story: RequestingOffice) -> None:
    shipment = story.plan()
    request = story.request(shipment, "broker")
    clearance = story.clearance(shipment, "import")
    assign_broker(shipment, story.broker.user, by=story.officer.by, at=AT)
    story.ready_all(shipment, "import")
    assert (count_entries(clearance, "notify_complete"), count_entries(request, "notify_complete")) == (1, 1)
    assert count_entries(story.clearance(shipment, "export"), "notify_complete") == 0
    (mail,) = messages_by_address(clearance, "notify_complete").values()
    assert mail.recipient == story.broker.user
    assert "Establishment licence (MDEL)" in mail.body
    by_link = messages_by_address(request, "notify_complete")["anne.roy@broker.example"]
    assert (by_link.language, by_link.link) == ("fr-ca", {"purpose": "answer"})
    assert "Licence d’établissement (LEPIM)" in by_link.body
    document = story.document(shipment, "MDEL", "import")
    record_document_filing(document, by=story.officer.by, at=AT)
    record_document_query(document, reason="?", by=story.officer.by, at=AT)
    record_document_filing(document, by=story.officer.by, at=AT)
    assert count_entries(clearance, "notify_complete") == 1  # the same documents again
    record_document_refusal(document, reason="?", by=story.officer.by, at=AT)
    file = attach_file(document, files.upload(files.picture("PNG"), "l.png"), by=story.officer.by, at=AT)
    upload_document(document, files=[file.pk], author=story.officer.user, by=story.officer.by, at=AT)
    assert (count_entries(clearance, "notify_complete"), count_entries(request, "notify_complete")) == (2, 2)


def test_broker_with_account_and_link_is_notified_once(story: RequestingOffice) -> None:
    shipment = story.plan()
    request = story.request.__wrapped__(story, shipment, "broker", email=story.broker.user.email)
    assign_broker(shipment, story.broker.user, by=story.officer.by, at=AT)
    story.ready_all(shipment, "import")
    assert (
        count_entries(story.clearance(shipment, "import"), "notify_complete"),
        count_entries(request, "notify_complete"),
    ) == (1, 0)


def test_requested_document_counts_for_completeness_even_if_it_does_not_block(
    story: RequestingOffice,
) -> None:
    shipment = assign_broker(story.plan(), story.broker.user, by=story.officer.by, at=AT)
    request = story.request(shipment, "forwarder")
    clearance = story.clearance(shipment, "import")
    story.ready_all(shipment, "import")
    assert count_entries(clearance, "notify_complete") == 0
    story.accepted_version(request, "ACI", "import")
    assert count_entries(clearance, "notify_complete") == 1


def test_broker_assigned_when_documents_are_complete_is_notified_once(story: RequestingOffice) -> None:
    shipment = story.plan()
    story.ready_all(shipment, "import")
    clearance = story.clearance(shipment, "import")
    assert count_entries(clearance, "notify_complete") == 0
    assign_broker(shipment, story.broker.user, by=story.officer.by, at=AT)
    assert count_entries(clearance, "notify_complete") == 1
    request = story.request(shipment, "broker", email=story.broker.user.email)
    document = story.document(shipment, "MDEL", "import")
    record_document_filing(document, by=story.officer.by, at=AT)
    assert count_entries(request, "notify_complete") == 0  # the same person, who signs in


def test_completeness_notification_names_the_documents(story: RequestingOffice) -> None:
    shipment = assign_broker(story.plan(), story.broker.user, by=story.officer.by, at=AT)
    story.ready_all(shipment, "import")
    entry = Entry.objects.about(story.clearance(shipment, "import")).get(verb="notify_complete")
    (notice,) = build_notifications_for_entry(entry, AT).notices
    notice.entry = entry
    (row,) = render_notifications([notice], story.broker.by)
    assert "MDEL" in str(row.body)


# --- sent to another country ------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", CustomsDocument.Status.values)
def test_every_document_status_is_waiting_available_or_void(status: str) -> None:
    places = (CustomsDocument.AWAITED_STATUSES, CustomsDocument.IN_HAND_STATUSES, CustomsDocument.Status.void)
    assert sum(status in one for one in places) == 1


def accept_all(
    story: RequestingOffice, request: DocumentRequest, documents: Iterable[CustomsDocument]
) -> None:
    for document in documents:
        story.accepted_version(request, document.code, document.clearance.side)


@pytest.mark.parametrize(
    ("role", "there"), [("forwarder", "USSEA"), ("forwarder", "JPNRT"), ("broker", "USSEA")]
)
def test_submitter_owing_nothing_after_a_reroute_is_no_longer_asked(
    story: RequestingOffice, role: str, there: str
) -> None:
    shipment = story.plan()
    request = story.request(shipment, role)
    accept_all(story, request, request.documents.exclude(clearance__side="import"))
    reroute_shipment(shipment, there, reason="Sold on.", by=story.officer.by, at=AT)
    accept_all(story, request, request.still_expected_documents.select_related("clearance"))
    request.refresh_from_db()
    assert (request.status, request.next_reminder_at) == ("completed", None)
    assert request.documents.filter(status="not_required").exists(), "the new country asks for less"
    assert send_due_reminders(AT + timedelta(days=30)) == 0
    assert count_entries(request, "remind") == 0


def test_document_request_closes_when_the_new_route_needs_nothing_of_it(story: RequestingOffice) -> None:
    shipment = story.plan()
    request = story.request(shipment, "broker")
    reroute_shipment(shipment, "KRICN", reason="Sold on.", by=story.officer.by, at=AT)
    request.refresh_from_db()
    assert not request.documents.exclude(status="not_required").exists()
    assert request.status == "completed"
    with assert_refused("no_papers"):
        story.request.__wrapped__(story, shipment, "broker", email="other@broker.example")


@pytest.mark.parametrize(("there", "country", "rest"), [("USSEA", "US", False), ("JPNRT", "JP", True)])
def test_broker_of_the_new_country_is_notified_when_documents_are_complete(
    story: RequestingOffice, there: str, country: str, rest: bool
) -> None:
    """`rest` is True if that country requires documents of its own from the supplier."""
    shipment = story.plan()
    assign_broker(shipment, story.broker.user, by=story.officer.by, at=AT)
    request, supplier = story.request(shipment, "forwarder"), story.request(shipment, "supplier")
    clearance = story.clearance(shipment, "import")
    reroute_shipment(shipment, there, reason="Sold on.", by=story.officer.by, at=AT)
    assert count_entries(clearance, "notify_complete") == (not rest)
    for one in (request, supplier):
        accept_all(story, one, one.still_expected_documents.select_related("clearance"))
    clearance.refresh_from_db()
    assert (clearance.country, count_entries(clearance, "notify_complete")) == (country, 1)
    (mail,) = messages_by_address(clearance, "notify_complete").values()
    assert mail.recipient == story.broker.user
    for gone in shipment.documents.filter(clearance=clearance, status="not_required"):
        assert gone.name_en not in mail.body
    kept = shipment.documents.filter(clearance=clearance, status="ready")
    assert kept.exists() == rest
    for one in kept:
        assert one.name_en in mail.body


def test_broker_is_notified_again_for_the_next_country(story: RequestingOffice) -> None:
    shipment = story.plan()
    assign_broker(shipment, story.broker.user, by=story.officer.by, at=AT)
    clearance = story.clearance(shipment, "import")
    story.ready_all(shipment, "import")
    assert count_entries(clearance, "notify_complete") == 1
    reroute_shipment(shipment, "USSEA", reason="Sold on.", by=story.officer.by, at=AT)
    assert count_entries(clearance, "notify_complete") == 2


def test_broker_is_not_notified_while_the_new_country_lacks_documents(story: RequestingOffice) -> None:
    shipment = story.plan(destination="USSEA")
    assign_broker(shipment, story.broker.user, by=story.officer.by, at=AT)
    reroute_shipment(shipment, "CAVAN", reason="Needed here.", by=story.officer.by, at=AT)
    assert count_entries(story.clearance(shipment, "import"), "notify_complete") == 0
