"""Actions on document requests: send to one person with a link, update, remind and withdraw."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.actions.links import issue_link, revoke_links_to
from accounts.actions.people import find_or_add_person
from accounts.models import ActingUser, ActionLink, Language, User
from partners.contacts.working_hours import next_contact_time, next_working_day
from partners.powers import Power
from procurement.catalogue.models.customs import CustomsRule
from procurement.customs import rules
from procurement.customs.models import CustomsClearance
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.requests import DocumentRequest, DocumentSubmission
from procurement.documents.rules import requests
from procurement.documents.rules.requests import completeness_hash, documents_still_needed, is_complete
from procurement.outreach.rules import dates
from procurement.outreach.rules.dates import next_reminder_at
from procurement.shipments.models import Shipment
from procurement.suppliers.models.suppliers import Supplier
from workflow.actors import SYSTEM, Actor
from workflow.due_rows import process_due
from workflow.errors import Refused
from workflow.i18n import Translations, translate_all
from workflow.moves import register_action, select_locked
from workflow.outbox import queue

ResponsibleParty = CustomsRule.ResponsibleParty
DOCUMENT_REQUEST_LABEL = DocumentRequest._meta.label_lower


@register_action(requests.REQUEST_DOCUMENTS)
def request_documents(
    shipment: Shipment,
    role: str,
    *,
    email: str,
    name: str,
    author: ActingUser,
    by: Actor,
    at: datetime,
    supplier: Supplier | None = None,
    language: str = Language.EN,
    due_on: date | None = None,
    note: str = "",
) -> DocumentRequest:
    """Request from one person the documents of a shipment that their role owes, by a message with a link.

    A person whose address is known keeps their name and language; the city sees only what it entered.
    `supplier` is the company whose documents are requested; it may be left out if one company sells all
    the goods. A `due_on` outside the person's working days moves to their next working day.

    Refuses an actor who may not ship for the city, a shipment that has ended, the city's own documents,
    a role that owes no document, a missing name or address, a person whose access is blocked, and a person who
    already has an open request for these documents.
    """
    request = DocumentRequest(
        shipment=shipment,
        city=shipment.city,
        role=role,
        supplier=supplier,
        name=name.strip(),
        email=email.strip().lower(),
        author=author,
        due_on=due_on,
        note=note.strip(),
    )
    _check_request(request, by, at)
    with transaction.atomic():
        request.shipment = select_locked(shipment)
        _set_recipient(request, language, by, at)
        requests.REQUEST_DOCUMENTS.create(request, by=by, at=at)
        update_requests(request.shipment, at)
        request.refresh_from_db(fields=["status", "next_reminder_at"])
    return request


def _set_recipient(request: DocumentRequest, language: str, by: Actor, at: datetime) -> None:
    """Find or create the person, and set the due day and the first reminder by their working days."""
    request.person = find_or_add_person(
        email=request.email, name=request.name, language=language, by=by, at=at
    )
    _require_no_duplicate(request)
    if request.due_on is not None:
        request.due_on = next_working_day(request.person, request.due_on)
    request.next_reminder_at = next_reminder_time(request, at)


def _check_request(request: DocumentRequest, by: Actor, at: datetime) -> None:
    """Refuse a request that may not be sent, and set the company whose documents are requested."""
    refused = requests.REQUEST_DOCUMENTS.refusal(by, request, at)
    if refused is not None:  # first: a refused actor must not learn who is known here
        raise refused
    if request.role not in ResponsibleParty or request.role == ResponsibleParty.CITY:
        raise Refused("no_such_role", _("Choose who must provide the documents."), field="role")
    _set_company(request)
    if not request.documents.exclude(status__in=CustomsDocument.Status.void).exists():
        words = _("This shipment has no documents to request from this party: %(role)s.")
        raise Refused("no_papers", words % {"role": request.owner_name}, field="role")


def _set_company(request: DocumentRequest) -> None:
    """Set the company of a supplier's request: the only one that owes documents, unless one is named.

    Refuses a supplier's request if several companies owe documents and none is named. Refuses a company
    for any other role.
    """
    if request.role != ResponsibleParty.SUPPLIER:
        if request.supplier is not None:
            raise Refused(
                "not_of_a_company",
                _("Choose a supplier only when you request a supplier’s documents."),
                field="supplier",
            )
        return
    if request.supplier is None:
        owed = request.shipment.documents.filter(owner=request.role).order_by("supplier")
        companies = list(owed.distinct().values_list("supplier", flat=True))
        if len(companies) > 1:
            words = _("Several suppliers must provide documents for this shipment. Choose which one to ask.")
            raise Refused("supplier_missing", words, field="supplier")
        request.supplier_id = next(iter(companies), None)


def _require_no_duplicate(request: DocumentRequest) -> None:
    same = request.shipment.document_requests.filter(
        role=request.role, supplier=request.supplier_id, person=request.person
    )
    if same.filter(status=DocumentRequest.Status.OPEN).exists():
        words = _("%(name)s has already been asked for these documents.")
        raise Refused("already_asked", words % {"name": request.name}, field="email")


@register_action(requests.CANCEL)
def cancel_request(
    request: DocumentRequest, *, by: Actor, at: datetime, real_at: datetime
) -> DocumentRequest:
    """Withdraw a document request. Its unsent messages are cancelled, and all its links end at once.

    Refuses an actor who may not send requests.
    """
    with requests.CANCEL.apply_to(request, by=by, at=at) as row:
        row.next_reminder_at = None
        queue.cancel_messages_about(row)
        revoke_links_to(DOCUMENT_REQUEST_LABEL, row.pk, by=by, at=at, real_at=real_at)
    return request


def copy_request_link(
    request: DocumentRequest, *, user: User, by: Actor, at: datetime, real_at: datetime
) -> str:
    """Create a link that a user sends by hand (by WeChat, for instance), and return its address.

    The journal records who copied it. `real_at` is the real moment, by which links expire. Refuses an
    actor who may not send requests, and a withdrawn request.
    """
    refused = requests.CANCEL.refusal(by, request, at)  # who may withdraw may copy the link
    if refused is not None:
        raise refused
    document = issue_link(
        request.person,
        purpose=ActionLink.Purpose.ANSWER,
        thing_label=DOCUMENT_REQUEST_LABEL,
        thing_id=request.pk,
        city_id=request.city_id,
        copied_by=user,
        by=by,
        at=at,
        real_at=real_at,
    )
    return document.url


@register_action(requests.REPORT_UNAVAILABLE)
def report_document_unavailable(
    request: DocumentRequest, document: CustomsDocument, *, reason: str, by: Actor, at: datetime
) -> DocumentRequest:
    """Record that the person cannot get a document, with the reason. The city is informed.

    Refuses a document that is not part of the request, and a missing reason.
    """
    if not by.may(Power.SUBMIT_DOCUMENTS, document):
        raise Refused("not_theirs", _("This document is not one you were asked for."), field="document")
    with transaction.atomic():
        shipment = select_locked(request.shipment)
        with requests.REPORT_UNAVAILABLE.apply_to(
            request, by=by, at=at, reason=reason, document=document.reference
        ) as row:
            row.unavailable = {**row.unavailable, document.reference: reason.strip()}
        update_requests(shipment, at)
    return request


def update_requests(
    shipment: Shipment, at: datetime, sent_back: CustomsDocument | None = None, reason: str = ""
) -> None:
    """Update the document requests and clearances of a shipment after one of its documents changed.

    Called under the shipment's lock. The broker is informed as soon as the city has the last document of a
    clearance. If the set becomes incomplete and complete again, the broker is informed again only if it
    changed. `sent_back` is a document that customs asks about or refused, with the reason; the request
    through which it was submitted opens again.
    """
    documents = list(shipment.documents.order_by("pk"))
    document_requests = list(
        shipment.document_requests.exclude(status=DocumentRequest.Status.CANCELLED).order_by("pk")
    )
    if document_requests:
        submitted = DocumentSubmission.objects.filter(document=sent_back, request__isnull=False).values_list(
            "request", flat=True
        )
        _update_document_requests(
            document_requests,
            documents,
            at,
            frozenset(submitted) if sent_back is not None else frozenset(),
            reason,
        )
    _update_clearances(shipment, document_requests, documents, at)


def _update_document_requests(
    document_requests: list[DocumentRequest],
    documents: list[CustomsDocument],
    at: datetime,
    sent_back: frozenset[int | None],
    reason: str,
) -> None:
    received = DocumentSubmission.objects.filter(
        document__in=documents, status=DocumentSubmission.Status.RECEIVED
    )
    waiting = frozenset(received.values_list("document", flat=True))
    asked = {
        _owner_of(request) for request in document_requests if request.status == DocumentRequest.Status.OPEN
    }
    for request in document_requests:
        theirs = documents_still_needed(request, documents)
        if request.status == DocumentRequest.Status.OPEN and is_complete(theirs, waiting):
            with requests.CLOSE_REQUEST.apply_to(request, by=SYSTEM, at=at) as row:
                row.next_reminder_at = None
            continue
        opens = request.status == DocumentRequest.Status.COMPLETED and _owner_of(request) not in asked
        if request.pk in sent_back and (opens or request.status == DocumentRequest.Status.OPEN):
            _reopen(request, at, reason)
        elif opens and not is_complete(theirs, frozenset()):
            _reopen(request, at, "")
            asked.add(_owner_of(request))


def _owner_of(request: DocumentRequest) -> tuple[str, int | None, int]:
    return request.role, request.supplier_id, request.person_id


def _reopen(request: DocumentRequest, at: datetime, reason: str) -> None:
    with requests.REOPEN.apply_to(request, by=SYSTEM, at=at, reason=reason) as row:
        row.reminder_count = 0
        row.next_reminder_at = next_reminder_time(row, at, restarted=True)


def _update_clearances(
    shipment: Shipment,
    document_requests: list[DocumentRequest],
    documents: list[CustomsDocument],
    at: datetime,
) -> None:
    brokers = [request for request in document_requests if request.role == requests.Owner.BROKER]
    if shipment.broker_id is None and not brokers:
        return  # no broker yet: one who is named later is informed then
    asked = frozenset(
        document.pk
        for request in document_requests
        for document in documents_still_needed(request, documents)
    )
    taken = _accepted_submissions(documents)
    for clearance in shipment.clearances.filter(status__in=CustomsClearance.Status.open).order_by("pk"):
        of_clearance = [one for one in documents if one.clearance_id == clearance.pk]
        values = completeness_hash(of_clearance, asked, taken)
        if values and values != clearance.notified_with:
            named = [_document_name(one) for one in of_clearance if one.status in one.IN_HAND_STATUSES]
            with rules.NOTIFY_DOCUMENTS_COMPLETE.apply_to(
                clearance, by=SYSTEM, at=at, documents=named
            ) as row:
                row.notified_with = values
            for request in brokers:
                if request.person_id != shipment.broker_id:
                    with requests.NOTIFY_COMPLETE.apply_to(
                        request, by=SYSTEM, at=at, clearance=clearance.reference
                    ):
                        pass


def _document_name(document: CustomsDocument) -> Translations:
    return translate_all(lambda: document.name)


def _accepted_submissions(documents: list[CustomsDocument]) -> dict[int, int]:
    newest = (
        DocumentSubmission.objects.accepted()
        .filter(document__in=documents)
        .values("document")
        .annotate(last=Max("number"))
    )
    return dict(newest.order_by("document").values_list("document", "last"))


@register_action(requests.REMIND)
def remind_submitter(request: DocumentRequest, *, by: Actor, at: datetime) -> DocumentRequest:
    """Send a reminder with a new link, and plan the next one. Refuses a fourth reminder."""
    with requests.REMIND.apply_to(request, by=by, at=at, reminder=request.reminder_count + 1) as row:
        row.reminder_count += 1
        row.next_reminder_at = next_reminder_time(row, at)
    return request


def send_due_reminders(at: datetime) -> int:
    """Send the reminders that are due, oldest first, each in its reader's working hours.

    Shipments that have ended get none. Run by the periodic job. Returns how many requests were handled.
    """
    due = (
        DocumentRequest.objects.reminder_due(at)
        .exclude(shipment__status__in=Shipment.Status.settled)
        .order_by("next_reminder_at", "pk")
    )
    return process_due(due, lambda request: _remind_or_wait(request, at))


def next_reminder_time(request: DocumentRequest, at: datetime, *, restarted: bool = False) -> datetime | None:
    """Return when to remind next, in UTC and in the person's working hours; None after three reminders.

    The moment depends on the due day. Without one, or if a document is needed again after it was
    submitted, the usual number of days for an answer applies.
    """
    asked_at = at if restarted else request.created_at or at
    due_at = None if restarted else request.due_at
    planned = next_reminder_at(
        asked_at, due_at or asked_at + timedelta(days=dates.DAYS_TO_ANSWER), request.reminder_count, at
    )
    return None if planned is None else next_contact_time(request.person, planned)


def _remind_or_wait(request: DocumentRequest, at: datetime) -> None:
    """Remind now, or postpone the reminder.

    It is postponed until the person is at work. It is also postponed, by a day, while all documents
    they can submit wait for the city's review.
    """
    there = next_contact_time(request.person, at)
    if not request.still_expected_documents.exists():
        there = at + dates.ONE_WORKING_DAY
    if there > at:
        DocumentRequest.objects.filter(pk=request.pk).update(next_reminder_at=there)
    else:
        remind_submitter(request, by=SYSTEM, at=at)
