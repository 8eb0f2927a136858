"""Tests of a shipment with goods of several companies.

Each company owes the supplier's documents of its own goods, and only those are requested from it.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from procurement.catalogue.models.certificates import CertificateType
from procurement.documents.actions.documents import mark_document_ready, start_document
from procurement.documents.actions.requests import report_document_unavailable, request_documents
from procurement.documents.actions.submissions import accept_submission, submit_document
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.requests import DocumentRequest
from procurement.documents.queries import document_request_actor, matching_generated_documents
from procurement.generated_documents.actions import generate_document
from procurement.logistics.actions.planning import request_missing_documents
from procurement.logistics.actions.split_and_merge import merge_shipments
from procurement.shipments.models import Shipment
from procurement.suppliers.actions.certificates import confirm_certificate, record_shown_certificate
from procurement.suppliers.models.suppliers import Supplier
from tests.procurement.refusals import assert_refused
from tests.worlds.document_requests import PEOPLE, RequestingOffice
from tests.worlds.need_to_order import AT


class TwoMakers(RequestingOffice):
    """Example purchase (`Story`) in which Burnaby buys from two manufacturers."""

    @cached_property
    def other(self) -> Supplier:
        return self.company("中山海康DEMO有限公司")


@pytest.fixture
def story(db: None, settings: Any, tmp_path: Path) -> TwoMakers:
    settings.MEDIA_ROOT = tmp_path / "files"
    return TwoMakers()


def shipment_of_two_makers(story: TwoMakers) -> Shipment:
    """Return a shipment with five thousand masks from each of two manufacturers."""
    line = story.line(10_000)
    orders = [
        story.ready(story.promise(5_000, line=line, supplier=company))
        for company in (story.supplier, story.other)
    ]
    return story.plan(*orders)


def owing_companies(shipment: Shipment, code: str) -> list[Supplier | None]:
    documents = shipment.documents.filter(code=code, clearance__side="export").select_related("supplier")
    return [document.supplier for document in documents.order_by("supplier")]


def document_of(shipment: Shipment, company: Supplier, code: str = "INV") -> CustomsDocument:
    return shipment.documents.get(code=code, supplier=company)


def request_from_one_person(story: TwoMakers, shipment: Shipment, **facts: Any) -> DocumentRequest:
    """Request a supplier's documents from one person.

    Unlike `RequestingOffice.request`, this step is not cached, so it always runs.
    """
    name, email, language = PEOPLE["supplier"]
    given: dict[str, Any] = {"name": name, "email": email, "language": language, **facts}
    return request_documents(
        shipment, "supplier", **given, author=story.officer.user, by=story.officer.by, at=AT
    )


def test_each_company_owes_its_own_documents_and_shared_ones_are_owed_once(story: TwoMakers) -> None:
    shipment = shipment_of_two_makers(story)
    assert (
        owing_companies(shipment, "INV") == owing_companies(shipment, "NMPA") == [story.supplier, story.other]
    )
    assert owing_companies(shipment, "AWB") == [None]
    shared = shipment.documents.exclude(owner="supplier")
    assert shared.filter(supplier__isnull=False).count() == 0
    assert shared.count() == len(set(shared.values_list("clearance", "code"))) > 0
    assert document_of(shipment, story.other).owner_name == str(story.other)


def test_registration_of_one_maker_does_not_count_for_another(story: TwoMakers) -> None:
    line = story.line(10_000)
    orders = [
        story.ready(story.promise(5_000, line=line, supplier=company))
        for company in (story.supplier, story.other)
    ]
    who = {"by": story.officer.by, "at": AT}
    kind = CertificateType.objects.get(code="CN_NMPA_REG")
    held = record_shown_certificate(
        story.supplier, kind, number="粤械注准20162641234", entered_by=story.officer.user, **who
    )
    looked = {
        "address": "https://register.example/",
        "reason": "Read there.",
        "looked_up_by": story.officer.user,
    }
    confirm_certificate(held, **looked, **who)
    shipment = story.plan(*orders)
    assert [document_of(shipment, one, "NMPA").status for one in (story.supplier, story.other)] == [
        "ready",
        "required",
    ]


def test_merged_shipment_asks_the_second_company_for_its_documents(story: TwoMakers) -> None:
    line = story.line(10_000)
    first, second = (
        story.plan(story.ready(story.promise(5_000, line=line, supplier=company)))
        for company in (story.supplier, story.other)
    )
    story.hand_in(document_of(first, story.supplier))
    merge_shipments(first, second, by=story.logistics.by, at=AT)
    assert owing_companies(first, "INV") == [story.supplier, story.other]
    assert [document_of(first, one).status for one in (story.supplier, story.other)] == [
        "submitted",
        "required",
    ]
    request_missing_documents(first, by=story.logistics.by, at=AT)
    assert owing_companies(first, "INV") == [story.supplier, story.other]


def test_company_is_asked_for_and_may_submit_only_its_own_documents(story: TwoMakers) -> None:
    shipment = shipment_of_two_makers(story)
    with assert_refused("supplier_missing", shipment) as caught:
        request_from_one_person(story, shipment)
    assert caught.value.details["field"] == "supplier"
    requests = [
        request_from_one_person(story, shipment, supplier=company)
        for company in (story.supplier, story.other)
    ]
    for request, company, rival in zip(
        requests, (story.supplier, story.other), (story.other, story.supplier), strict=True
    ):
        assert set(request.documents.values_list("supplier", flat=True)) == {company.pk}
        assert request.owner_name == str(company)
        by = document_request_actor(request)
        assert [by.may("submit_documents", document_of(shipment, one)) for one in (company, rival)] == [
            True,
            False,
        ]
        with assert_refused("not_theirs", shipment):
            report_document_unavailable(request, document_of(shipment, rival), reason="?", by=by, at=AT)
    with assert_refused("already_asked", shipment):
        request_from_one_person(story, shipment, supplier=story.supplier)
    version = submit_document(
        requests[0],
        document_of(shipment, story.supplier),
        files=[story.photo(requests[0], document_of(shipment, story.supplier)).pk],
        by=document_request_actor(requests[0]),
        at=AT,
    )
    accept_submission(version, by=story.officer.by, at=AT)
    assert [document_of(shipment, one).status for one in (story.supplier, story.other)] == [
        "ready",
        "required",
    ]


def test_document_request_is_completed_when_its_company_submitted_everything(story: TwoMakers) -> None:
    shipment = shipment_of_two_makers(story)
    requests = [
        request_from_one_person(story, shipment, supplier=company)
        for company in (story.supplier, story.other)
    ]
    for document in requests[0].documents:
        for step in (start_document, mark_document_ready):
            step(document, by=story.logistics.by, at=AT)
    for request in requests:
        request.refresh_from_db()
    assert [request.status for request in requests] == ["completed", "open"]


def test_company_of_a_document_request_must_be_a_seller_of_the_shipment(story: TwoMakers) -> None:
    shipment = story.plan()
    assert (
        request_from_one_person(story, shipment).supplier == story.supplier
    )  # the only company needs no naming
    stranger = story.other
    with assert_refused("no_papers", shipment) as caught:
        request_from_one_person(story, shipment, supplier=stranger, email="other@example.com")
    assert stranger.name in str(caught.value)
    with assert_refused("not_of_a_company", shipment):
        request_documents(
            shipment, "forwarder", supplier=story.supplier, name="X", email="x@y.example",
            author=story.officer.user, by=story.officer.by, at=AT,
        )  # fmt: skip


def test_generated_invoice_matches_only_the_document_of_its_own_company(story: TwoMakers) -> None:
    shipment = shipment_of_two_makers(story)
    order = story.supplier.orders.get()
    made = generate_document(
        "invoice",
        language_pair="en",
        shipment=shipment,
        order=order,
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    assert matching_generated_documents(document_of(shipment, story.supplier)) == [made]
    assert matching_generated_documents(document_of(shipment, story.other)) == []
