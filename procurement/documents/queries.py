"""Queries for document requests: requested documents, submissions, uploaded files and data sheets."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Func, IntegerField, OuterRef, Q, QuerySet, Subquery

from procurement.customs.models import CustomsClearance
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.documents.models.requests import DocumentRequest, DocumentSubmission
from procurement.documents.rules.requests import SubmitterActor
from procurement.orders.models import Order
from procurement.orders.rules.purchase_orders import current_purchase_order, is_purchase_order_current
from procurement.shipments.models import Shipment
from workflow.actors import Reader
from workflow.uploads.models import File

# The contract or order (rule CN-X-CONTRACT). Canada's asks for the proof of payment too, which no order is.
CONTRACT_CODE = "CONTRACT_CN"
# Generated documents that serve as the customs document of this code (customs.md, section 5) ...
GENERATED_KINDS_BY_CODE = {
    "INV": (
        GeneratedDocument.Kind.INVOICE,
        GeneratedDocument.Kind.PROFORMA,
        GeneratedDocument.Kind.PACKING_LIST,
    ),  # Canada asks for the invoice and the packing list as one document
    "PKL": (GeneratedDocument.Kind.PACKING_LIST,),
    "VALUE": (GeneratedDocument.Kind.STATEMENT_OF_VALUE,),
    "DON": (GeneratedDocument.Kind.OFFER_LETTER, GeneratedDocument.Kind.ACCEPTANCE_LETTER),
    CONTRACT_CODE: (GeneratedDocument.Kind.PURCHASE_ORDER,),
}
# ... and data sheets from which a form is filled in; they contain no price.
DATA_SHEETS_BY_CODE = {
    "DECL5": GeneratedDocument.Kind.EXPORTER_DATA_SHEET,
    "JOINT12": GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET,
}


UNASSIGNED_FILE_KIND = (
    "unsorted"  # the kind of a file that waits at a clearance until someone says which document it is
)


def unassigned_files(by: Reader, clearances: Iterable[CustomsClearance]) -> QuerySet[File]:
    """Return the files at these clearances that wait for a document and that the reader may see."""
    return _unassigned(by).filter(thing_id__in=[one.pk for one in clearances]).order_by("pk")


def unassigned_file_count(by: Reader) -> Subquery:
    """Return a subquery that counts these files at the clearances of a shipment, to annotate shipments."""
    clearances = CustomsClearance.objects.filter(shipment=OuterRef(OuterRef("pk")))
    files = _unassigned(by).filter(thing_id__in=clearances.values("pk"))
    return Subquery(files.values(number=Func("pk", function="COUNT", output_field=IntegerField())))


def _unassigned(by: Reader) -> QuerySet[File]:
    label = CustomsClearance._meta.label_lower
    rows = File.objects.visible_to(by).filter(kind=UNASSIGNED_FILE_KIND, thing_label=label)
    return rows.exclude(status=File.Status.REJECTED).order_by()


@dataclass
class RequestedDocument:
    """Document of a request with its submissions and uploaded files.

    `data_sheet` is the generated data sheet from which the document is filled in, for a contract the purchase order that the
    company signs. `unavailable_reason` is the reason why the person cannot get the document, or "".
    """

    document: CustomsDocument
    versions: list[DocumentSubmission] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    data_sheet: GeneratedDocument | None = None
    unavailable_reason: str = ""

    @property
    def latest(self) -> DocumentSubmission | None:
        """Latest submission."""
        return self.versions[-1] if self.versions else None

    @property
    def can_be_submitted(self) -> bool:
        """True if another submission is allowed."""
        return self.document.status in CustomsDocument.Status.open

    @property
    def is_submission_expected(self) -> bool:
        """True if a submission is still expected: the city has none, and none waits for its review."""
        looked_at = self.latest is not None and self.latest.status == DocumentSubmission.Status.RECEIVED
        return (
            self.can_be_submitted
            and self.document.status not in CustomsDocument.IN_HAND_STATUSES
            and not looked_at
        )

    @property
    def comment(self) -> str:
        """Comment on the document: the city's on the last submission, else that of customs."""
        if self.latest is not None and self.latest.status == DocumentSubmission.Status.RETURNED:
            return self.latest.answer
        statuses = (CustomsDocument.Status.QUERIED, CustomsDocument.Status.REFUSED)
        renewed = self.document.status == CustomsDocument.Status.IN_PROGRESS and self.latest is None
        return self.document.remark if self.document.status in statuses or renewed else ""


def document_request_actor(request: DocumentRequest) -> SubmitterActor:
    """Return the actor of a request's link. A broker may also declare in the clearances whose documents they owe."""
    return SubmitterActor(request, frozenset(request.documents.values_list("clearance", flat=True)))


def requested_documents(request: DocumentRequest) -> list[RequestedDocument]:
    """Return the documents of a request with the submissions and files that its person provided by the link.

    Those of other people are left out.
    """
    rows = [
        RequestedDocument(document, unavailable_reason=request.unavailable.get(document.reference, ""))
        for document in request.documents
    ]
    by_document = {row.document.pk: row for row in rows}
    for version in (
        request.submissions.filter(document__in=by_document).select_related("document").order_by("number")
    ):
        by_document[version.document_id].versions.append(version)
    used = {pk for row in rows for version in row.versions for pk in version.files}
    for file in _files_of(request, list(by_document)):
        if file.pk not in used:
            by_document[file.thing_id].files.append(file)
    sheets = _newest_data_sheets(request)
    expected = [row for row in rows if row.is_submission_expected]
    is_contract_expected = any(row.document.code == CONTRACT_CODE for row in expected)
    contract = _purchase_order_to_sign(request) if is_contract_expected else None
    for row in expected:
        sheet = sheets.get(DATA_SHEETS_BY_CODE.get(row.document.code, ""))
        row.data_sheet = contract if row.document.code == CONTRACT_CODE else sheet
    return rows


def _files_of(request: DocumentRequest, documents: Iterable[int]) -> Iterable[File]:
    label = CustomsDocument._meta.label_lower
    rows = File.objects.filter(thing_label=label, thing_id__in=list(documents), by=request.person_id)
    return rows.filter(kind=request.reference).order_by("pk")


def _newest_data_sheets(request: DocumentRequest) -> dict[str, GeneratedDocument]:
    """Return the newest data sheet of each kind.

    Returns none if goods of several companies travel together, because a sheet names them all.
    """
    orders = Order.objects.filter(lines__shipment_lines__shipment=request.shipment_id)
    if orders.order_by("supplier").values("supplier").distinct().count() > 1:
        return {}
    sheets = GeneratedDocument.objects.filter(
        shipment=request.shipment_id, kind__in=DATA_SHEETS_BY_CODE.values()
    ).order_by("pk")
    return {one.kind: one for one in sheets}


def _purchase_order_to_sign(request: DocumentRequest) -> GeneratedDocument | None:
    """Return the newest purchase order of the company's only order in the shipment.

    None for other roles, if several orders of the company travel together, and while the newest version is no
    longer correct.
    """
    if request.supplier_id is None:
        return None
    orders = Order.objects.filter(
        lines__shipment_lines__shipment=request.shipment_id, supplier=request.supplier_id
    )
    found = list(orders.distinct()[:2])
    if len(found) != 1:
        return None
    return current_purchase_order(found[0])


def current_submissions(shipment: Shipment) -> dict[int, DocumentSubmission]:
    """Return, for each document of a shipment, its newest accepted submission."""
    taken = DocumentSubmission.objects.accepted().filter(document__shipment=shipment).order_by("number")
    return {version.document_id: version for version in taken}


def matching_generated_documents(document: CustomsDocument) -> list[GeneratedDocument]:
    """Return the generated documents that can serve as this customs document: the newest of each kind.

    For a company's document, only those of the company's orders and of the whole shipment count. A purchase order
    that is no longer correct is left out.
    """
    orders = Order.objects.filter(lines__shipment_lines__shipment=document.shipment_id)
    if document.supplier_id is not None:
        orders = orders.filter(supplier=document.supplier_id)
    whole = Q(shipment=document.shipment_id, order=None)
    here = whole | Q(shipment=document.shipment_id, order__in=orders) | Q(shipment=None, order__in=orders)
    rows = GeneratedDocument.objects.filter(here, kind__in=GENERATED_KINDS_BY_CODE.get(document.code, ()))
    if document.code == CONTRACT_CODE:
        rows = rows.select_related("order").prefetch_related("order__lines")
    newest = {(generated.thing, generated.kind): generated for generated in rows.order_by("version", "pk")}
    return [
        generated
        for generated in newest.values()
        if generated.kind != GeneratedDocument.Kind.PURCHASE_ORDER or is_purchase_order_current(generated)
    ]
