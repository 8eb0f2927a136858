"""Tests of reminders of document requests: at half time, on the day, two days later, then by phone."""

from datetime import timedelta

import pytest

from accounts.models import ActionLink
from procurement.documents.actions.documents import (
    mark_document_ready,
    record_document_filing,
    record_document_refusal,
    start_document,
)
from procurement.documents.actions.requests import (
    cancel_request,
    remind_submitter,
    report_document_unavailable,
    send_due_reminders,
)
from procurement.documents.actions.submissions import return_submission
from procurement.documents.models.requests import DocumentRequest
from procurement.documents.queries import document_request_actor
from procurement.logistics.actions.journey import cancel_shipment, record_arrival, record_departure
from procurement.logistics.actions.planning import pack_shipment
from procurement.logistics.actions.returns import record_return
from procurement.portal.link_entry_pages import document_request_link_page
from tests.procurement.documents.test_requests import messages_by_address
from tests.procurement.refusals import assert_refused
from tests.worlds.document_requests import RequestingOffice
from tests.worlds.need_to_order import AT
from tests.worlds.rejected_goods import receive_with_rejections, return_rejected_goods
from tests.worlds.shipments import DELIVERED_AT
from workflow.clock import real_now


def test_document_request_gets_three_reminders_before_a_phone_call(story: RequestingOffice) -> None:
    request = story.request(story.plan(), due_on=AT.date() + timedelta(days=4))
    told, at = [], AT
    while request.next_reminder_at is not None:
        assert request.next_reminder_at > at
        assert send_due_reminders(request.next_reminder_at - timedelta(seconds=1)) == 0
        at = request.next_reminder_at
        assert send_due_reminders(at) == 1
        request.refresh_from_db()
        told.append(sorted(messages_by_address(request, "remind")))
    person, officer = "wu.min@kanghu.example", story.officer.user.email
    assert told == [[person], [person], sorted([person, officer])]
    assert request.due_at < at < request.due_at + timedelta(days=5)
    assert "商业发票" in messages_by_address(request, "remind")[person].body
    with assert_refused("not_ready", request):
        remind_submitter(request, by=story.officer.by, at=at)


def test_submitted_or_unavailable_documents_are_not_reminded(story: RequestingOffice) -> None:
    request = story.request(story.plan())
    for document in request.documents:
        if document.code == "PSI":
            report_document_unavailable(
                request, document, reason="没有", by=document_request_actor(request), at=AT
            )
        else:
            story.submitted_version(request, document.code, document.clearance.side)
    request.refresh_from_db()
    assert (request.status, request.still_expected_documents.count()) == ("open", 0)
    first = request.next_reminder_at
    assert send_due_reminders(first) == 1
    request.refresh_from_db()
    assert (request.reminder_count, request.next_reminder_at - first) == (0, timedelta(days=1))
    given_back = request.submissions.get(document__code="INV")
    return_submission(given_back, reason="No stamp.", by=story.officer.by, at=AT)
    assert send_due_reminders(request.next_reminder_at) == 1
    request.refresh_from_db()
    assert request.reminder_count == 1
    mail = messages_by_address(request, "remind")["wu.min@kanghu.example"]
    assert "商业发票" in mail.body
    assert "装箱单" not in mail.body  # it was submitted


def test_officer_sends_a_document_reminder_but_not_after_cancellation(story: RequestingOffice) -> None:
    request = story.request(story.plan())
    with assert_refused("not_allowed", request):
        remind_submitter(request, by=story.observer.by, at=AT)
    remind_submitter(request, by=story.officer.by, at=AT)
    assert request.reminder_count == 1
    cancel_request(request, by=story.officer.by, at=AT, real_at=real_now())
    assert (request.next_reminder_at, send_due_reminders(AT + timedelta(days=30))) == (None, 0)


def test_document_request_of_a_cancelled_shipment_is_not_reminded(
    story: RequestingOffice, caplog: pytest.LogCaptureFixture
) -> None:
    request = story.request(story.plan())
    cancel_shipment(request.shipment, reason="a test", by=story.officer.by, at=AT)
    later = AT + timedelta(days=30)
    due = DocumentRequest.objects.reminder_due(later)
    assert due.filter(pk=request.pk).exists()  # the request is still open
    assert (send_due_reminders(later), caplog.text) == (0, "")  # and no refusal is logged each time
    with assert_refused("not_ready", request):
        remind_submitter(request, by=story.officer.by, at=later)


def test_document_request_of_a_completed_return_is_not_reminded(story: RequestingOffice) -> None:
    made = return_rejected_goods(story, receive_with_rejections(story))
    call = story.request(made, "forwarder")
    pack_shipment(made, by=story.logistics.by, at=DELIVERED_AT)
    story.hand_in_all(made, "depart")
    story.clear(made, "export")
    record_departure(made, by=story.logistics.by, at=DELIVERED_AT)
    record_arrival(made, by=story.logistics.by, at=DELIVERED_AT)
    story.hand_in_all(made, "deliver")
    story.clear(made, "import")
    link = ActionLink(user=call.person, thing_label="procurement.documentrequest", thing_id=call.pk)
    assert document_request_link_page(link) is not None
    record_return(made, by=story.logistics.by, at=DELIVERED_AT)
    call.refresh_from_db()
    assert (call.status, made.status, call.still_expected_documents.exists()) == ("open", "returned", True)
    assert send_due_reminders(DELIVERED_AT + timedelta(days=30)) == 0
    with assert_refused("not_ready", call):
        remind_submitter(call, by=story.officer.by, at=DELIVERED_AT)
    assert document_request_link_page(link) is None


def test_document_required_again_restarts_the_reminders(story: RequestingOffice) -> None:
    shipment = story.plan()
    request = story.request(shipment, "forwarder")
    remind_submitter(request, by=story.officer.by, at=AT)
    story.ready_all(shipment, "export", "import")
    for document in request.documents.exclude(status__in=("ready", "accepted")):
        for step in (start_document, mark_document_ready):
            step(document, by=story.logistics.by, at=AT)
    request.refresh_from_db()
    assert (request.status, request.next_reminder_at) == ("completed", None)
    document = record_document_filing(request.documents[0], by=story.logistics.by, at=AT)
    later = AT + timedelta(days=20)
    record_document_refusal(document, reason="unsigned", by=story.logistics.by, at=later)
    request.refresh_from_db()
    assert (request.status, request.reminder_count) == ("open", 0)
    assert later < request.next_reminder_at < later + timedelta(days=5)
