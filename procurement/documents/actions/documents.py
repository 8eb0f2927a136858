"""Actions on customs documents: required by the customs rules, prepared, filed, answered by customs.

Every action locks the shipment first, because it changes the shipment's count of missing documents.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.rules.customs_documents import DoubtReason, Requirement
from procurement.catalogue.rules.sources import sort_official_first
from procurement.customs.models import CustomsClearance
from procurement.customs.rules import contradiction_refusal, shipment_requirements, travelling_lines
from procurement.documents.actions.requests import update_requests
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.outdated_certificates import recently_confirmed_filter
from procurement.documents.rules import documents
from procurement.documents.rules.documents import can_reach_status, missing_documents
from procurement.shipments.actions import locked_shipment
from procurement.shipments.models import Shipment, ShipmentLine
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.suppliers import Supplier
from workflow.actors import Actor
from workflow.errors import CHANGED_MEANWHILE, WRONG_STATUS, Refused
from workflow.moves import Move, register_action

RETURNED_BY_CUSTOMS = frozenset({CustomsDocument.Status.QUERIED, CustomsDocument.Status.REFUSED})


# --- customs documents ------------------------------------------------------------------------------------------
@register_action(documents.MARK_IN_PROGRESS)
def start_document(document: CustomsDocument, *, by: Actor, at: datetime) -> CustomsDocument:
    """Record that work on the document has started."""
    with _locked_document(documents.MARK_IN_PROGRESS, document, by, at):
        pass
    return document


@register_action(documents.MARK_READY)
def mark_document_ready(
    document: CustomsDocument, *, by: Actor, at: datetime, number: str = ""
) -> CustomsDocument:
    """Record that the document is complete and can be filed."""
    with _locked_document(documents.MARK_READY, document, by, at) as row:
        row.number = number or row.number
    return document


@register_action(documents.FILE_DOCUMENT)
def record_document_filing(
    document: CustomsDocument, *, by: Actor, at: datetime, number: str = ""
) -> CustomsDocument:
    """Record that the document was filed, or filed again with the answer to a question.

    The submission that customs was given gets its date.
    """
    with _locked_document(documents.FILE_DOCUMENT, document, by, at) as row:
        row.number = number or row.number
        given = row.submissions.accepted().order_by("-number").first()
        if given is not None:
            given.filed_at = at
            given.save(update_fields=["filed_at"])
    return document


@register_action(documents.RECORD_ACCEPTANCE)
def accept_document(document: CustomsDocument, *, by: Actor, at: datetime) -> CustomsDocument:
    """Record that customs, the carrier or the broker accepted the document."""
    with _locked_document(documents.RECORD_ACCEPTANCE, document, by, at) as row:
        row.accepted_at = at
    return document


@register_action(documents.RECORD_CUSTOMS_QUERY)
def record_document_query(
    document: CustomsDocument, *, reason: str, by: Actor, at: datetime
) -> CustomsDocument:
    """Record a question about the document. The reason is the question."""
    with _locked_document(documents.RECORD_CUSTOMS_QUERY, document, by, at, reason) as row:
        row.remark = reason
    return document


@register_action(documents.RECORD_REFUSAL)
def record_document_refusal(
    document: CustomsDocument, *, reason: str, by: Actor, at: datetime
) -> CustomsDocument:
    """Record that the document was refused, with the reason. A new version is needed."""
    with _locked_document(documents.RECORD_REFUSAL, document, by, at, reason) as row:
        row.remark = reason
    return document


@register_action(documents.NEW_VERSION)
def start_new_version(document: CustomsDocument, *, by: Actor, at: datetime) -> CustomsDocument:
    """Start the next version of a refused document."""
    with _locked_document(documents.NEW_VERSION, document, by, at) as row:
        row.version += 1
        row.number = ""
    return document


@register_action(documents.ENTER_NUMBER)
def enter_document_number(
    document: CustomsDocument, *, number: str, known_number: str | None = None, by: Actor, at: datetime
) -> CustomsDocument:
    """Enter the number on the document. An empty number removes it.

    `known_number` is the number that the author saw. Where it is given, refuses a number that another person
    has changed meanwhile.
    """
    number = number.strip()
    with _locked_document(documents.ENTER_NUMBER, document, by, at) as row:
        if known_number is not None and row.number not in {known_number.strip(), number}:
            words = _("The document’s number has been changed to “%(number)s” in the meantime.")
            raise Refused(CHANGED_MEANWHILE, words % {"number": row.number}, field="number")
        row.number = number
    return document


# The action that takes a document one step further, by its status. Other steps need a reason or a new file.
NEXT_ACTION_BY_STATUS: dict[str, Callable[..., CustomsDocument]] = {
    CustomsDocument.Status.REQUIRED: start_document,
    CustomsDocument.Status.IN_PROGRESS: mark_document_ready,
    CustomsDocument.Status.READY: record_document_filing,
    CustomsDocument.Status.QUERIED: record_document_filing,
    CustomsDocument.Status.SUBMITTED: accept_document,
}


def advance_document_to(
    document: CustomsDocument, status: str, *, by: Actor, at: datetime
) -> CustomsDocument:
    """Take a document to a later status, step by step, each by its own move. If one is refused, none is made.

    A document that has the status already stays as it is. Refuses a status that the document has passed, and
    one that it can reach only with a reason or a new file, as from a refused document.
    """
    with transaction.atomic():
        while document.status != status:
            step = NEXT_ACTION_BY_STATUS.get(document.status)
            if step is None or not can_reach_status(document.status, status):
                words = _("The document cannot be marked as “%(wanted)s”: its status is “%(status)s”.")
                wanted = CustomsDocument.Status(status).label
                params = {"wanted": wanted, "status": document.get_status_display()}
                raise Refused(WRONG_STATUS, words % params, status=document.status)
            step(document, by=by, at=at)
    return document


def update_document(
    document: CustomsDocument, *, number: str, known_number: str, status: str = "", by: Actor, at: datetime
) -> CustomsDocument:
    """Enter the number of a document and take it to a status; without one, the status stays.

    `known_number` is the number that the author saw: an unchanged number is not entered. Refuses a number
    that another person has changed meanwhile, and everything that `advance_document_to` refuses. Then nothing
    changes.
    """
    with transaction.atomic():
        if number.strip() != known_number.strip():
            enter_document_number(document, number=number, known_number=known_number, by=by, at=at)
        if status:
            advance_document_to(document, status, by=by, at=at)
    return document


@contextmanager
def _locked_document(
    move: Move[CustomsDocument], document: CustomsDocument, by: Actor, at: datetime, reason: str = ""
) -> Iterator[CustomsDocument]:
    """Make a move of a document, then recount the missing documents and update the document requests."""
    with locked_shipment(document.shipment) as shipment:
        with move.apply_to(document, by=by, at=at, reason=reason) as row:
            yield row
        store_missing_document_count(shipment)
        sent_back = document if document.status in RETURNED_BY_CUSTOMS else None
        update_requests(shipment, at, sent_back, reason)


CONFLICT_CATEGORY = CustomsRule.Category.CONFLICT
ResponsibleParty = CustomsRule.ResponsibleParty


@dataclass(frozen=True)
class RequiredDocument:
    """Document that the rules ask for. `supplier` is the company that owes it, for suppliers' documents."""

    requirement: Requirement
    supplier: Supplier | None

    @property
    def identity(self) -> tuple[str, str, int | None]:
        """Identity of the document in a shipment: side, code and company."""
        rule = self.requirement.rule
        return (
            rule.side,
            self.requirement.document_code,
            self.supplier.pk if self.supplier is not None else None,
        )


def request_required_documents(
    shipment: Shipment, *, on: date, by: Actor, at: datetime
) -> list[CustomsDocument]:
    """Request every document that the rules of a day ask for and that was not requested yet.

    Returns the new documents. A document that is a certificate of the supplier, confirmed by its
    issuer, is ready at once. Refuses a contradiction with a customs rule that blocks; one that
    only warns is stored on the shipment.
    Called under the shipment's lock, with the row that will be saved.
    """
    clearances = {clearance.side: clearance for clearance in shipment.clearances.order_by("pk")}
    required = {
        _identity(document): document
        for document in shipment.documents.select_related("clearance").order_by("pk")
    }
    new, doubts = [], []
    for required_document in _required_documents(shipment, on):
        rule = required_document.requirement.rule
        clearance = clearances.get(rule.side)
        if rule.category == CONFLICT_CATEGORY:
            _require_no_contradiction(required_document.requirement)
            if (
                required_document.requirement.doubt_reason is not DoubtReason.UNKNOWN_RECEIVER
            ):  # a finding on the offer asks for the receiver
                doubts.append(rule.code)
        elif clearance is not None:
            document = required.get(required_document.identity)
            if document is None:
                new.append(_require_document(required_document, clearance, shipment, on=on, by=by, at=at))
            elif document.status == CustomsDocument.Status.NOT_REQUIRED:
                with documents.REQUIRE_AGAIN.apply_to(document, by=by, at=at) as row:
                    _copy_rule_facts(row, required_document.requirement, on)
    shipment.contradictions = doubts
    shipment.save(update_fields=["contradictions"])
    store_missing_document_count(shipment)
    return new


def update_required_documents(shipment: Shipment, *, on: date, reason: str, by: Actor, at: datetime) -> None:
    """Update the requested documents after a shipment was sent to another country.

    Documents that no rule requires any more are marked as not needed. Documents that another rule now
    requires follow that rule. Filed documents and released clearances stay as they are. Then new documents are
    requested as in `request_required_documents`, under the same lock.
    """
    over = CustomsClearance.Status.CLEARED
    wanted = {
        one.identity: one.requirement
        for one in _required_documents(shipment, on)
        if one.requirement.rule.category != CONFLICT_CATEGORY
    }
    for document in (
        shipment.documents.exclude(clearance__status=over).select_related("clearance").order_by("pk")
    ):
        if document.status not in CustomsDocument.Status.open:
            continue
        now = wanted.get(_identity(document))
        if now is None:
            with documents.MARK_NOT_REQUIRED.apply_to(document, by=by, at=at, reason=reason):
                pass
        elif now.rule.code != document.rule:
            with documents.REQUIRE_UNDER_OTHER_RULE.apply_to(document, by=by, at=at) as row:
                _copy_rule_facts(row, now, on)
    request_required_documents(shipment, on=on, by=by, at=at)


def store_missing_document_count(shipment: Shipment) -> None:
    """Store how many blocking documents are not filed.

    Called under the shipment's lock, with the row that will be saved.
    """
    shipment.documents_missing = len(missing_documents(shipment.documents.all()))
    Shipment.objects.filter(pk=shipment.pk).update(documents_missing=shipment.documents_missing)


def _identity(document: CustomsDocument) -> tuple[str, str, int | None]:
    return document.clearance.side, document.code, document.supplier_id


def _required_documents(shipment: Shipment, on: date) -> list[RequiredDocument]:
    """Return the documents that the rules ask for: of the whole shipment, and of each supplier.

    Contradictions are looked for in the whole shipment only.
    """
    lines = travelling_lines(shipment)
    whole = shipment_requirements(shipment, lines, on)
    found = [
        RequiredDocument(one, None)
        for one in whole
        if one.is_conflict or one.rule.owner != ResponsibleParty.SUPPLIER
    ]
    companies = _lines_by_company(lines)
    for supplier, theirs in companies:
        required = whole if len(companies) == 1 else shipment_requirements(shipment, theirs, on)
        found += [
            RequiredDocument(one, supplier)
            for one in required
            if one.rule.owner == ResponsibleParty.SUPPLIER and not one.is_conflict
        ]
    return sorted(found, key=lambda one: _rule_order(one.requirement.rule))


def _rule_order(rule: CustomsRule) -> tuple[str, int, str]:
    return rule.side, rule.position, rule.code


def _lines_by_company(lines: Sequence[ShipmentLine]) -> list[tuple[Supplier, list[ShipmentLine]]]:
    ordered = sorted(lines, key=lambda line: line.order_line.order.supplier_id)
    grouped = groupby(ordered, key=lambda line: line.order_line.order.supplier)
    return [(supplier, list(theirs)) for supplier, theirs in grouped]


def _require_no_contradiction(requirement: Requirement) -> None:
    """Refuse a firm contradiction: the importer would sign a false statement."""
    if requirement.is_blocking:
        raise contradiction_refusal(requirement)


def _require_document(
    required_document: RequiredDocument,
    clearance: CustomsClearance,
    shipment: Shipment,
    *,
    on: date,
    by: Actor,
    at: datetime,
) -> CustomsDocument:
    document = CustomsDocument(
        clearance=clearance,
        shipment=shipment,
        city_id=shipment.city_id,
        broker_id=shipment.broker_id,
        supplier=required_document.supplier,
        code=required_document.requirement.document_code,
    )
    _copy_rule_facts(document, required_document.requirement, on)
    documents.REQUIRE.create(document, by=by, at=at)
    certificate = _certificate_for(document, on)
    if certificate is not None:
        with documents.MARK_IN_PROGRESS.apply_to(
            document, by=by, at=at, certificate=certificate.reference
        ) as row:
            row.number = certificate.number
            row.remark = certificate.reference
        with documents.MARK_READY.apply_to(document, by=by, at=at):
            pass
    return document


def _copy_rule_facts(document: CustomsDocument, requirement: Requirement, on: date) -> None:
    """Copy the facts of the rule that asks for a document to the document."""
    rule = requirement.rule
    document.category, document.rule, document.asked_on = rule.category, rule.code, on
    document.name_en, document.name_fr, document.name_zh = rule.name_en, rule.name_fr, rule.name_zh
    document.owner, document.due_before, document.blocks = (
        rule.owner,
        rule.due_before,
        requirement.is_blocking,
    )
    document.satisfied_by = rule.satisfied_by
    document.source_url = next(iter(sort_official_first(requirement.source_confidence.sources)), "")


def _certificate_for(document: CustomsDocument, on: date) -> Certificate | None:
    """Return a certificate that can serve as this document: recently confirmed, and valid on the day.

    It belongs to the company that owes the document, under any row merged with it, else to a seller of
    the goods.
    """
    if not document.satisfied_by:
        return None
    sellers = (
        document.supplier.row_ids
        if document.supplier is not None
        else list(document.shipment.lines.values_list("order_line__order__supplier", flat=True))
    )
    held = Certificate.objects.filter(supplier__in=sellers, kind__code__in=document.satisfied_by)
    return held.filter(recently_confirmed_filter(on)).order_by("pk").first()
