"""Moves of document requests and of submissions, and the actor who submits by link.

A submission by link never becomes the document by itself: a person of the city accepts it, or gives it back
with a reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.powers import Power
from procurement.catalogue.models.customs import CustomsRule
from procurement.customs.models import CustomsClearance
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.requests import DocumentRequest, DocumentSubmission
from procurement.outreach.rules.dates import MAX_REMINDERS
from procurement.shipments.models import Shipment
from workflow.actors import NO_CITIES, Actor
from workflow.errors import NOT_ALLOWED, LazyText, Refused
from workflow.moves import Move, Moves, not_ready_refusal, one_of, system_only

Owner = CustomsRule.ResponsibleParty
STATUSES_WITH_WORKING_LINKS = one_of(
    DocumentRequest.Status.OPEN, DocumentRequest.Status.COMPLETED
)  # with working links


@dataclass(frozen=True)
class SubmitterActor:
    """Actor who uses the link of a document request.

    They submit the documents of their role and may report where these goods are, nothing else. `clearance_ids`
    are the ids of clearances for which a broker owes documents; the broker may declare in them. `via` is the way
    of access. The actor has no declared interests (`companies_with_interest`). The journal records the name that
    the city entered.
    """

    request: DocumentRequest
    clearance_ids: frozenset[int] = NO_CITIES
    via: str = "link"
    companies_with_interest: frozenset[int] = NO_CITIES

    @property
    def user_id(self) -> int:
        """Id of the person who was asked."""
        return self.request.person_id

    @property
    def label(self) -> LazyText:
        """Name of the person, as the city entered it."""
        return self.request.name

    def may(self, power: str, thing: object) -> bool:
        """Return True for submitting documents of the request, and for the follow-up work of some roles.

        A broker may work on the clearances in `clearance_ids`. Brokers and forwarders may report where the shipment
        is.
        """
        if power == Power.SUBMIT_DOCUMENTS:
            return self._owes(thing)
        return power == Power.CLEAR_CUSTOMS and self._clears(thing)

    def cities_with(self, power: str) -> frozenset[int]:
        """Return no city: the actor holds no power over a whole city."""
        return NO_CITIES

    def _owes(self, thing: object) -> bool:
        if isinstance(thing, CustomsDocument):
            return self.request.covers(thing)
        if isinstance(thing, DocumentSubmission):
            return thing.request_id == self.request.pk
        return isinstance(thing, DocumentRequest) and thing.pk == self.request.pk

    def _clears(self, thing: object) -> bool:
        if isinstance(thing, CustomsClearance):
            return self.request.role == Owner.BROKER and thing.pk in self.clearance_ids
        return (
            isinstance(thing, Shipment)
            and self.request.may_report_tracking
            and thing.pk == self.request.shipment_id
        )


def may_request_documents(by: Actor, request: DocumentRequest) -> bool:
    """Return True if the actor may ship for the receiving city: officers and logistics."""
    return by.may(Power.SHIP, request)


def may_submit(by: Actor, thing: DocumentRequest | DocumentSubmission) -> bool:
    """Return True if the actor is the person of this request, acting by its link."""
    return by.may(Power.SUBMIT_DOCUMENTS, thing)


def may_upload(by: Actor, version: DocumentSubmission) -> bool:
    """Return True if the actor may submit this version.

    Without a request, the actor must be allowed to ship or to clear the goods. With a request, the
    actor must be its person, acting by its link.
    """
    at_desk = by.may(Power.SHIP, version) or by.may(Power.CLEAR_CUSTOMS, version)
    return by.may(Power.SUBMIT_DOCUMENTS, version) if version.request_id else at_desk


def may_review(by: Actor, version: DocumentSubmission) -> bool | Refused:
    """Return True if the actor may ship for the city and did not send the submission by link."""
    if not by.may(Power.SHIP, version):
        return False
    if version.request_id and by.user_id == version.author_id:
        words = _(
            "You submitted this document yourself through a link. Someone else in your city must review it."
        )
        return Refused(NOT_ALLOWED, words, show=True)
    return True


def may_accept_upload(by: Actor, version: DocumentSubmission) -> bool | Refused:
    """Return True if the actor may accept the submission.

    A submission by link is reviewed by another person. A submission without a request is accepted by
    the person who makes it.
    """
    return may_upload(by, version) if version.request_id is None else may_review(by, version)


def ended_shipment_refusal(request: DocumentRequest) -> Refused | None:
    """Return a refusal if the shipment has ended: its documents are no longer needed."""
    if request.shipment.status not in Shipment.Status.settled:
        return None
    words = _("%(shipment)s has the status “%(status)s”, so it needs no more documents.")
    params = {"shipment": request.shipment, "status": request.shipment.get_status_display()}
    return not_ready_refusal(words % params)


def reminder_limit_refusal(request: DocumentRequest) -> Refused | None:
    """Return a refusal after three reminders, when a person should phone, or if the shipment has ended."""
    if request.reminder_count >= MAX_REMINDERS:
        words = _("Three reminders have been sent. Phone %(name)s or ask someone else.")
        return not_ready_refusal(words % {"name": request.name})
    return ended_shipment_refusal(request)


def closed_submission_refusal(version: DocumentSubmission) -> Refused | None:
    """Return a refusal while customs has the document, or once it was accepted."""
    if version.document.status in CustomsDocument.Status.open:
        return None
    words = _("%(paper)s has the status “%(status)s”, so no newer version is currently needed.")
    return not_ready_refusal(
        words % {"paper": version.document, "status": version.document.get_status_display()}
    )


# --- document requests ------------------------------------------------------------------------------------------
REQUEST_DOCUMENTS = Move[DocumentRequest](
    verb="request",
    label=_("Request documents by link"),
    past_tense=_("requested the documents"),
    target=DocumentRequest.Status.OPEN,
    allowed=may_request_documents,
    ready=ended_shipment_refusal,
)
REPORT_UNAVAILABLE = Move[DocumentRequest](
    verb="report_unavailable",
    label=_("I cannot get this document"),
    past_tense=_("reported that a document could not be obtained"),
    source=STATUSES_WITH_WORKING_LINKS,
    allowed=may_submit,
    requires_reason=True,
)
REMIND = Move[DocumentRequest](
    verb="remind",
    label=_("Send a reminder"),
    past_tense=_("sent a reminder"),
    source=one_of(DocumentRequest.Status.OPEN),
    allowed=may_request_documents,
    ready=reminder_limit_refusal,
    allowed_for_system=True,
)
CLOSE_REQUEST = Move[DocumentRequest](
    verb="finish",
    label=_("Close request: nothing is missing"),
    past_tense=_("closed the request because no documents are missing"),
    source=one_of(DocumentRequest.Status.OPEN),
    target=DocumentRequest.Status.COMPLETED,
    allowed=system_only,
    allowed_for_system=True,
    undo_verb="reopen",
)
REOPEN = Move[DocumentRequest](
    verb="reopen",
    label=_("Reopen request: a document is needed again"),
    past_tense=_("reopened the request because a document is needed again"),
    source=STATUSES_WITH_WORKING_LINKS,
    target=DocumentRequest.Status.OPEN,
    allowed=system_only,
    allowed_for_system=True,
)
NOTIFY_COMPLETE = Move[DocumentRequest](
    verb="notify_complete",
    label=_("Confirm receipt of all documents"),
    past_tense=_("confirmed receipt of all documents"),
    source=STATUSES_WITH_WORKING_LINKS,
    allowed=system_only,
    allowed_for_system=True,
)
CANCEL = Move[DocumentRequest](
    verb="cancel",
    label=_("Cancel document request"),
    past_tense=_("cancelled the document request and its links"),
    source=STATUSES_WITH_WORKING_LINKS,
    target=DocumentRequest.Status.CANCELLED,
    allowed=may_request_documents,
)
DOCUMENT_REQUEST_MOVES = Moves(
    DocumentRequest,
    REQUEST_DOCUMENTS,
    REMIND,
    REPORT_UNAVAILABLE,
    CLOSE_REQUEST,
    REOPEN,
    NOTIFY_COMPLETE,
    CANCEL,
    ends={DocumentRequest.Status.CANCELLED: "its links have ended; asking again is a new request"},
)


# --- submissions ------------------------------------------------------------------------------------------------
SUBMIT = Move[DocumentSubmission](
    verb="submit",
    label=_("Submit"),
    past_tense=_("submitted the document"),
    target=DocumentSubmission.Status.RECEIVED,
    allowed=may_upload,
    ready=closed_submission_refusal,
)
ACCEPT = Move[DocumentSubmission](
    verb="accept",
    label=_("Accept document"),
    past_tense=_("accepted the document"),
    source=one_of(DocumentSubmission.Status.RECEIVED),
    target=DocumentSubmission.Status.ACCEPTED,
    allowed=may_accept_upload,
    ready=closed_submission_refusal,
)
RETURN = Move[DocumentSubmission](
    verb="return",
    label=_("Return document"),
    past_tense=_("returned the document"),
    source=one_of(DocumentSubmission.Status.RECEIVED),
    target=DocumentSubmission.Status.RETURNED,
    allowed=may_review,
    requires_reason=True,
)
REPLACE = Move[DocumentSubmission](
    verb="replace",
    label=pgettext_lazy("a version of a paper", "Replace"),
    past_tense=_("submitted a newer version"),
    source=one_of(DocumentSubmission.Status.RECEIVED),
    target=DocumentSubmission.Status.SUPERSEDED,
    allowed=may_upload,
)
SUBMISSION_MOVES = Moves(
    DocumentSubmission,
    SUBMIT,
    ACCEPT,
    RETURN,
    REPLACE,
    ends={
        DocumentSubmission.Status.ACCEPTED: "the latest accepted submission is the document",
        DocumentSubmission.Status.RETURNED: "another submission replaces it",
        DocumentSubmission.Status.SUPERSEDED: "kept beside the newer submission",
    },
)


def documents_still_needed(
    request: DocumentRequest, documents: Iterable[CustomsDocument]
) -> list[CustomsDocument]:
    """Return the documents that a request is about.

    These are the documents it covers that are still needed. A document the person cannot get is left
    out, unless it blocks a step.
    """
    return [
        document
        for document in documents
        if request.covers(document)
        and document.status not in CustomsDocument.Status.void
        and (document.blocks or document.reference not in request.unavailable)
    ]


def completeness_hash(
    documents: Iterable[CustomsDocument], requested: frozenset[int], taken: Mapping[int, int]
) -> str:
    """Return a hash of the documents that a clearance's broker works with, or "" if the city lacks one of them.

    These are the documents that block a step and those requested from a person (`requested` holds their ids), but
    not the broker's own. Documents that are no longer needed, as after a change of country, are not missing. `taken`
    holds the newest accepted submission by document. The hash is also "" if no document was ever needed.
    """
    wanted = [
        document
        for document in documents
        if (document.blocks or document.pk in requested or document.status in CustomsDocument.Status.void)
        and document.owner != Owner.BROKER
    ]
    if not wanted or any(document.status in CustomsDocument.AWAITED_STATUSES for document in wanted):
        return ""
    values = sorted(
        f"{document.code}:{taken.get(document.pk, 0)}:{document.version}:{document.number}"
        for document in wanted
        if document.status not in CustomsDocument.Status.void
    )
    return sha256("\n".join(values).encode()).hexdigest()


def is_complete(documents: Iterable[CustomsDocument], waiting: frozenset[int]) -> bool:
    """Return True if no document is still missing and none waits for the city's review.

    `waiting` are the keys of the documents with a submission that waits for review.
    """
    return not any(
        document.status in CustomsDocument.AWAITED_STATUSES or document.pk in waiting
        for document in documents
    )
