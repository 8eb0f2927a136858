"""Ways to make an object of each kind in each status, taken from the permission tables.

Tests use them to find out who can take the next step.
"""

from collections.abc import Callable
from typing import Any

from accounts import actors
from partners.corrections.actions import reopen_correction
from procurement.customs.duty_relief.actions import mark_unproven
from procurement.documents.actions.requests import cancel_request
from procurement.documents.actions.submissions import accept_submission, return_submission
from procurement.documents.models.requests import DocumentRequest, DocumentSubmission
from procurement.orders.acknowledgements.actions.requests import request_acknowledgement
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.actions.close import cancel_order
from procurement.orders.payments.actions import propose_payment, record_payment
from procurement.orders.payments.models import Payment
from procurement.thanks.actions import skip_thank_you
from procurement.thanks.models import ThankYou
from procurement.verification.actions.reports import accept_report
from procurement.webhooks.actions.endpoints import add_webhook
from procurement.webhooks.models import WebhookEndpoint
from tests.partners import test_permissions_by_status
from tests.procurement.customs.test_permissions_by_status import CLEARANCES, CUSTOMS_DOCUMENTS, HOLDS
from tests.procurement.orders.test_permissions_by_status import ORDER_ROWS
from tests.procurement.receiving.test_destruction_permissions import DESTRUCTIONS
from tests.procurement.receiving.test_permissions_by_status import (
    DISCREPANCIES,
    DISTRIBUTIONS,
    LOTS,
    RECEIPTS,
)
from tests.procurement.shipments.test_permissions_by_status import SHIPMENTS
from tests.procurement.test_permissions_by_status import TABLES
from tests.worlds import checks
from tests.worlds.acknowledgements import confirm, decline, generate_purchase_order, propose
from tests.worlds.completed_orders import LATE
from tests.worlds.document_requests import RequestingOffice
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT
from tests.worlds.thank_yous import declared_relief_claim
from workflow.clock import real_now

type World = tuple[str, str, Callable[[Any], Any]]


def payment_at(status: str) -> Callable[[RequestingOffice], Payment]:
    def reach(story: RequestingOffice) -> Payment:
        order = story.placed(bank_account=story.account())
        deposit = order.payments.get(milestone="deposit")
        if status in ("proposed", "paid"):
            propose_payment(deposit, by=story.officer.by, at=LATE)
        if status == "paid":
            record_payment(deposit, paid_on=LATE.date(), transfer="TT-1", by=story.approver.by, at=LATE)
        if status == "cancelled":
            cancel_order(order, reason="no longer needed", by=story.officer.by, at=LATE)
        return deposit

    return reach


def document_request_at(status: str) -> Callable[[RequestingOffice], DocumentRequest]:
    def reach(story: RequestingOffice) -> DocumentRequest:
        asked = story.request(story.plan(), "supplier")
        if status == "completed":
            for document in list(asked.missing_documents):
                story.hand_in(document)
        if status == "cancelled":
            cancel_request(asked, by=story.officer.by, at=AT, real_at=real_now())
        return asked

    return reach


def acknowledgement_at(status: str) -> Callable[[RequestingOffice], OrderAcknowledgement]:
    def reach(story: RequestingOffice) -> OrderAcknowledgement:
        story.register()
        order = story.placed()
        generate_purchase_order(order, story.officer)
        sent = request_acknowledgement(order, author=story.officer.user, by=story.officer.by, at=AT)
        answers = {"proposed": propose, "declined": decline, "confirmed": confirm}
        if status in answers:
            answers[status](sent)
        if status == "closed":
            cancel_order(sent.order, reason="no longer needed", by=story.officer.by, at=AT)
        return OrderAcknowledgement.objects.get(pk=sent.pk)

    return reach


def submission_at(status: str) -> Callable[[RequestingOffice], DocumentSubmission]:
    def reach(story: RequestingOffice) -> DocumentSubmission:
        came = story.submitted_version(story.request(story.plan()))
        if status == "accepted":
            accept_submission(came, by=story.officer.by, at=AT)
        if status == "returned":
            return_submission(came, reason="No stamp.", by=story.officer.by, at=AT)
        return came

    return reach


def thank_you_at(status: str) -> Callable[[RequestingOffice], ThankYou]:
    def reach(story: RequestingOffice) -> ThankYou:
        ready = story.released().thank_yous.get()
        if status == "skipped":
            skip_thank_you(ready, reason="By telephone.", by=story.officer.by, at=DELIVERED_AT)
        return ready

    return reach


def unproven_claim(story: RequestingOffice) -> Any:
    return mark_unproven(
        declared_relief_claim(story), reason="Sold on.", by=story.logistics.by, at=DELIVERED_AT
    )


def offer_with_last_check_accepted(story: RequestingOffice) -> Any:
    """Return an offer whose last check was just accepted, by an officer who may not verify the offer."""
    task = checks.submitted_check(story)
    lead = task.lead
    for other in lead.checks.exclude(pk=task.pk).filter(status="unassigned").order_by("pk"):
        story.report(other)
    accept_report(task, reviewer=story.officer.user, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    return lead


def correction(story: RequestingOffice) -> Any:
    made = test_permissions_by_status.correction_at("declined")
    reopen_correction(made, by=actors.CONSOLE_ACTOR, at=AT, reason="Another minute book.")
    return made


def webhook(story: RequestingOffice) -> WebhookEndpoint:
    who = story.person("administrator")
    return add_webhook(
        story.city,
        description="Stock system",
        url="https://93.184.216.34/",
        event_kinds=["order"],
        author=who.user,
        by=who.by,
        at=AT,
    )


WORLDS: list[World] = [
    *((label, status, reach) for label, rows in TABLES.items() for status, reach, *_may in rows),
    *(("procurement.order", status, reach) for status, reach, *_may in ORDER_ROWS),
    *(("procurement.payment", status, payment_at(status)) for status in Payment.Status.values),
    *(("procurement.shipment", status, reach) for status, reach, *_may in SHIPMENTS),
    *(("procurement.customsclearance", status, reach) for status, reach, *_may in CLEARANCES),
    *(("procurement.customshold", status, reach) for status, reach, *_may in HOLDS),
    *(("procurement.customsdocument", status, reach) for status, reach, *_may in CUSTOMS_DOCUMENTS),
    *(("procurement.goodsreceipt", status, reach) for status, reach, *_may in RECEIPTS),
    *(("procurement.lot", status, reach) for status, reach, *_may in LOTS),
    *(("procurement.discrepancy", status, reach) for status, reach, *_may in DISCREPANCIES),
    *(("procurement.distribution", status, reach) for status, reach, *_may in DISTRIBUTIONS),
    *(("procurement.destruction", status, reach) for status, reach, *_may in DESTRUCTIONS),
    *(
        ("procurement.documentrequest", status, document_request_at(status))
        for status in DocumentRequest.Status.values
    ),
    *(
        ("procurement.orderacknowledgement", status, acknowledgement_at(status))
        for status in OrderAcknowledgement.Status.values
    ),
    *(
        ("procurement.documentsubmission", status, submission_at(status))
        for status in ("received", "accepted", "returned")
    ),
    *(("procurement.thankyou", status, thank_you_at(status)) for status in ("ready", "skipped")),
    ("procurement.reliefclaim", "proof_due", declared_relief_claim),
    ("procurement.reliefclaim", "unproven", unproven_claim),
    ("procurement.supplierlead", "under_review", offer_with_last_check_accepted),
    ("procurement.webhookendpoint", "active", webhook),
    ("partners.correction", "proposed", correction),
    ("partners.dispute", "open", lambda story: test_permissions_by_status.dispute_at("open")),
]
