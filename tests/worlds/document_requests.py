"""Documents requested from people by link and submitted, all made by actions."""

from typing import Any

from procurement.documents.actions.documents import mark_document_ready, start_document
from procurement.documents.actions.requests import request_documents
from procurement.documents.actions.submissions import accept_submission, submit_document
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.requests import DocumentRequest, DocumentSubmission
from procurement.documents.queries import document_request_actor
from procurement.leads.actions.attachments import attach_file_and_flag_companies
from procurement.shipments.models import Shipment
from tests.workflow import files
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from tests.worlds.story_cache import cached_step
from workflow.uploads.models import File

PEOPLE = {
    "supplier": ("Wu Min DEMO", "wu.min@kanghu.example", "zh-hans"),
    "forwarder": ("Lin Tao DEMO", "lin.tao@forward.example", "zh-hans"),
    "broker": ("Anne Roy DEMO", "anne.roy@broker.example", "fr-ca"),
    "contact": ("Sun Yue DEMO", "sun.yue@office.example", "zh-hans"),
}


class RequestingOffice(Journey):
    """Example purchase (`Journey`) of Burnaby, whose office requests documents and accepts them."""

    @cached_step
    def request(self, shipment: Shipment, role: str = "supplier", **facts: Any) -> DocumentRequest:
        """Request the documents of a role from the person who has them."""
        name, email, language = PEOPLE[role]
        given: dict[str, Any] = {"name": name, "email": email, "language": language, **facts}
        return request_documents(shipment, role, **given, author=self.officer.user, by=self.officer.by, at=AT)

    def photo(self, request: DocumentRequest, document: CustomsDocument, name: str = "paper.png") -> File:
        """Attach a photo to a document, as the person of the request."""
        upload = files.upload(files.picture("PNG"), name)
        by = document_request_actor(request)
        return attach_file_and_flag_companies(
            document, upload, by=by, at=AT, kind=request.reference, power="submit_documents"
        )

    def submitted_version(
        self, request: DocumentRequest, code: str = "INV", side: str = "export", **facts: Any
    ) -> DocumentSubmission:
        """Return a version that was submitted through the link of a request."""
        document = self.document(request.shipment, code, side)
        photos = [self.photo(request, document).pk]
        return submit_document(
            request, document, files=photos, by=document_request_actor(request), at=AT, **facts
        )

    def accepted_version(
        self, request: DocumentRequest, code: str = "INV", side: str = "export"
    ) -> DocumentSubmission:
        """Return a submitted version that the city accepted."""
        return accept_submission(self.submitted_version(request, code, side), by=self.officer.by, at=AT)

    def ready_all(self, shipment: Shipment, *sides: str) -> None:
        """Make every blocking document of these clearances ready, except the broker's."""
        for document in (
            shipment.documents.filter(blocks=True, clearance__side__in=sides)
            .exclude(owner="broker")
            .order_by("pk")
        ):
            steps = {"required": start_document, "in_progress": mark_document_ready}
            while document.status in steps:
                steps[document.status](document, by=self.logistics.by, at=AT)
