"""Moves of a customs document, and the list of documents still missing before a step."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.catalogue.models.customs import CustomsRule
from procurement.customs.rules import may_clear, may_open_clearance
from procurement.documents.models.customs_documents import CustomsDocument
from workflow.actors import Actor
from workflow.moves import Move, Moves, one_of

Due = CustomsRule.DueBefore


def missing_documents(documents: Iterable[CustomsDocument], due: str | None = None) -> list[CustomsDocument]:
    """Return the blocking documents that are not filed.

    `due`: only those due before departure or before delivery (`CustomsRule.Due`).
    """
    return [
        document
        for document in documents
        if document.blocks
        and document.status not in CustomsDocument.Status.settled
        and due in {None, document.due_before}
    ]


# The way of a document that meets no objection.
STATUS_ORDER = (
    CustomsDocument.Status.REQUIRED,
    CustomsDocument.Status.IN_PROGRESS,
    CustomsDocument.Status.READY,
    CustomsDocument.Status.SUBMITTED,
    CustomsDocument.Status.ACCEPTED,
)


def can_reach_status(status: str, target: str) -> bool:
    """Return True if a document at a status can still be taken to another one.

    A document that customs has queried counts as ready: it can be submitted again.
    """
    here = CustomsDocument.Status.READY if status == CustomsDocument.Status.QUERIED else status
    order = [str(one) for one in STATUS_ORDER]
    return here in order and target in order and order.index(target) > order.index(here)


def may_prepare_document(by: Actor, document: CustomsDocument) -> bool:
    """Return True if the actor may ship or clear the goods, or was asked for this document."""
    return may_open_clearance(by, document) or by.may(Power.SUBMIT_DOCUMENTS, document)


def may_start_new_version(by: Actor, document: CustomsDocument) -> bool:
    """Return True if the actor may clear the goods, or owes the document by a document request.

    A new submission starts the next version of a refused document.
    """
    return may_clear(by, document) or by.may(Power.SUBMIT_DOCUMENTS, document)


# --- customs documents ------------------------------------------------------------------------------------------
REQUIRE = Move[CustomsDocument](
    verb="require",
    label=_("Request document"),
    past_tense=_("requested the document"),
    target=CustomsDocument.Status.REQUIRED,
    allowed=may_open_clearance,
)
MARK_IN_PROGRESS = Move[CustomsDocument](
    verb="draft",
    label=_("Mark as in progress"),
    past_tense=_("started preparing the document"),
    source=one_of(CustomsDocument.Status.REQUIRED),
    target=CustomsDocument.Status.IN_PROGRESS,
    allowed=may_prepare_document,
)
MARK_READY = Move[CustomsDocument](
    verb="ready",
    label=_("Mark as ready"),
    past_tense=_("marked the document as ready"),
    source=one_of(CustomsDocument.Status.IN_PROGRESS),
    target=CustomsDocument.Status.READY,
    allowed=may_open_clearance,
)
FILE_DOCUMENT = Move[CustomsDocument](
    verb="file",
    label=_("Mark as submitted"),
    past_tense=_("submitted the document to customs"),
    source=one_of(CustomsDocument.Status.READY, CustomsDocument.Status.QUERIED),
    target=CustomsDocument.Status.SUBMITTED,
    allowed=may_clear,
)
RECORD_ACCEPTANCE = Move[CustomsDocument](
    verb="accept",
    label=_("Mark as accepted"),
    past_tense=_("recorded that customs accepted the document"),
    source=one_of(CustomsDocument.Status.SUBMITTED),
    target=CustomsDocument.Status.ACCEPTED,
    allowed=may_clear,
)
RECORD_CUSTOMS_QUERY = Move[CustomsDocument](
    verb="query",
    label=_("Record customs query"),
    past_tense=_("recorded a query from customs"),
    source=one_of(CustomsDocument.Status.SUBMITTED),
    target=CustomsDocument.Status.QUERIED,
    allowed=may_clear,
    requires_reason=True,
)
RECORD_REFUSAL = Move[CustomsDocument](
    verb="refuse",
    label=_("Record refusal"),
    past_tense=_("recorded that customs refused the document"),
    source=one_of(CustomsDocument.Status.SUBMITTED),
    target=CustomsDocument.Status.REFUSED,
    allowed=may_clear,
    requires_reason=True,
)
NEW_VERSION = Move[CustomsDocument](
    verb="new_version",
    label=_("Start new version"),
    past_tense=_("started a new version"),
    source=one_of(CustomsDocument.Status.REFUSED),
    target=CustomsDocument.Status.IN_PROGRESS,
    allowed=may_start_new_version,
)
MARK_NOT_REQUIRED = Move[CustomsDocument](
    verb="mark_not_required",
    label=_("Mark as no longer required"),
    past_tense=_("marked the document as no longer required"),
    source=CustomsDocument.Status.open,
    target=CustomsDocument.Status.NOT_REQUIRED,
    allowed=may_open_clearance,
    requires_reason=True,
    undo_verb="require_again",
)
REQUIRE_AGAIN = Move[CustomsDocument](
    verb="require_again",
    label=_("Request document again"),
    past_tense=_("requested the document again"),
    source=one_of(CustomsDocument.Status.NOT_REQUIRED),
    target=CustomsDocument.Status.REQUIRED,
    allowed=may_open_clearance,
    undo_verb="mark_not_required",
)
ENTER_NUMBER = Move[CustomsDocument](
    verb="number",
    label=_("Save document number"),
    past_tense=_("entered the document number"),
    source=CustomsDocument.Status.open | {CustomsDocument.Status.SUBMITTED},
    allowed=may_open_clearance,
)
REQUIRE_UNDER_OTHER_RULE = Move[CustomsDocument](
    verb="restate",
    label=_("Request under another rule"),
    past_tense=_("requested the document under another rule"),
    source=CustomsDocument.Status.open,
    allowed=may_open_clearance,
)
DOCUMENT_MOVES = Moves(
    CustomsDocument,
    REQUIRE,
    MARK_IN_PROGRESS,
    MARK_READY,
    FILE_DOCUMENT,
    RECORD_ACCEPTANCE,
    RECORD_CUSTOMS_QUERY,
    RECORD_REFUSAL,
    NEW_VERSION,
    MARK_NOT_REQUIRED,
    REQUIRE_AGAIN,
    ENTER_NUMBER,
    REQUIRE_UNDER_OTHER_RULE,
    ends={CustomsDocument.Status.ACCEPTED: "customs accepted it"},
)
