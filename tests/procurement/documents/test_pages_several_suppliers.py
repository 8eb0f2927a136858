"""Tests of a shipment of two companies, on pages and through the API: each is listed, filtered and asked by name."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.actions.links import issue_link
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.requests import DocumentRequest
from procurement.shipments.models import Shipment
from procurement.suppliers.models.suppliers import Supplier
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.portal.by_link import button_text
from tests.worlds.document_requests import RequestingOffice
from tests.worlds.need_to_order import AT
from workflow.clock import real_now

pytestmark = pytest.mark.django_db
SECOND = "中山海康DEMO有限公司"


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    with once():
        story = RequestingOffice()
        story.second = story.company(SECOND)
        story.second.email = "office@haikang.example"
        story.second.save()
        line = story.line(10_000)
        orders = [
            story.ready(story.promise(many, line=line, supplier=company))
            for many, company in ((6_000, story.supplier), (4_000, story.second))
        ]
        story.ship = story.plan(*orders)
        yield story


def invoice_of(shipment: Shipment, company: Supplier) -> CustomsDocument:
    return shipment.documents.get(code="INV", supplier=company)


def test_shipment_and_request_pages_name_each_company(story: RequestingOffice) -> None:
    officer = Browser(story.officer.user)
    address = reverse("add_document_request", args=[story.ship.reference])
    key = f"supplier-{story.second.pk}"
    page = officer.client.get(f"{address}?role={key}").content.decode()
    assert "office@haikang.example" in page
    assert [f'value="supplier-{one.pk}"' in page for one in (story.supplier, story.second)] == [True, True]
    facts = {
        "role": key,
        "name": "Wu Min",
        "email": "wu.min@haikang.example",
        "language": "zh-hans",
        "send": "1",
    }
    assert officer.client.post(address, facts).status_code == 303
    request = DocumentRequest.objects.get()
    assert request.supplier == story.second
    assert SECOND in officer.open(request)
    listed = officer.open(story.ship)
    assert SECOND in listed
    assert story.maker in listed
    assert "before departure" in listed
    document = officer.client.get(invoice_of(story.ship, story.second).get_absolute_url()).content.decode()
    assert f"?role={key}" in document
    assert story.second.get_absolute_url() in document


def test_company_link_shows_only_its_own_documents_and_goods(story: RequestingOffice) -> None:
    request = story.request(story.ship, supplier=story.second)
    issued = issue_link(
        request.person, purpose="answer", thing_label="procurement.documentrequest", thing_id=request.pk, city_id=request.city_id,
        by=story.officer.by, at=AT, real_at=real_now(),
    )  # fmt: skip
    browser = Browser()
    browser.open(issued.url).press(button_text("Continue", request.person.language))
    client = browser.client
    page = client.get(reverse("portal_documents", args=[request.reference])).content.decode()
    assert "4,000" in page
    assert "6,000" not in page
    assert story.maker not in page
    rivals = reverse(
        "portal_document", args=[request.reference, invoice_of(story.ship, story.supplier).reference]
    )
    assert client.get(rivals).status_code == 404
    mine = reverse(
        "portal_document", args=[request.reference, invoice_of(story.ship, story.second).reference]
    )
    assert client.get(mine).status_code == 200


def test_api_document_requests_name_and_filter_by_company(story: RequestingOffice) -> None:
    program = Program(story.officer.user)
    data = {
        "shipment": story.ship.reference,
        "role": "supplier",
        "name": "Wu Min",
        "email": "a@haikang.example",
    }
    problem = program.refused("document-requests/", data)
    assert problem["code"] == "supplier_missing"
    assert [error["pointer"] for error in problem["errors"]] == ["#/supplier"]
    made = program.post("document-requests/", data | {"supplier": story.second.reference})
    assert made["supplier"] == story.second.reference
    for listing in ("document-requests", "customs-documents"):
        found = program.get(f"{listing}/?supplier={story.second.reference}")["results"]
        assert {row["supplier"] for row in found} == {story.second.reference}
