"""Tests of submitting documents by link, on the phone of the person who owes them.

The page shows only their documents, in their language, and nothing opens without the link.
"""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.links import IssuedLink, issue_email_code, issue_link
from accounts.actors import CONSOLE_ACTOR
from procurement.documents.actions.submissions import return_submission, upload_document
from procurement.documents.models.requests import DocumentSubmission
from procurement.generated_documents.actions import generate_document
from procurement.logistics.actions.journey import cancel_shipment, record_departure
from procurement.tracking.models import TrackingEvent
from tests.browsing import Browser, Page
from tests.procurement.portal.by_link import button_text
from tests.workflow import files
from tests.worlds.document_requests import RequestingOffice
from tests.worlds.need_to_order import AT
from workflow.clock import real_now
from workflow.uploads.models import File

pytestmark = pytest.mark.django_db
ZH = "zh-hans"


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    with once():
        story = RequestingOffice()
        story.ship = story.packed()
        story.supplier_request = story.request(story.ship, note="请附上封条号码。")
        story.broker_request = story.request(story.ship, "broker")
        who = {"author": story.officer.user, "by": story.officer.by, "at": AT}
        story.sheet = generate_document("exporter_data", language_pair="zh-en", shipment=story.ship, **who)
        story.packing = generate_document("packing_list", language_pair="zh-en", shipment=story.ship, **who)
        yield story


def issued_link(request: Any) -> IssuedLink:
    return issue_link(
        request.person, purpose="answer", thing_label="procurement.documentrequest", thing_id=request.pk, city_id=request.city_id,
        by=CONSOLE_ACTOR, at=AT, real_at=real_now(),
    )  # fmt: skip


def open_request_link(request: Any, language: str = "en") -> tuple[Client, Page]:
    """Return the client and the page behind the link of a request, after Continue."""
    browser = Browser(language=language)
    page = browser.open(issued_link(request).url).press(button_text("Continue", language))
    return browser.client, page


def send_photo(client: Client, request: Any, document: Any, name: str = "invoice.png") -> Any:
    """Send one photo like the page's script does."""
    address = reverse("portal_document_photo", args=[request.reference, document.reference])
    return client.post(
        address, {"file": files.upload(files.picture("PNG"), name)}, headers={"Accept": "application/json"}
    )


def test_document_link_first_shows_who_asks_and_then_only_owed_documents(story: RequestingOffice) -> None:
    request = story.supplier_request
    first = Browser(language=ZH).open(issued_link(request).url)
    assert story.ship.reference in first
    _client, page = open_request_link(request, ZH)
    assert "商业发票" in page
    assert "请附上封条号码。" in page
    assert "空运单" not in page  # owed by the forwarder
    assert "0.50" not in page  # no price


def test_document_is_submitted_by_link_with_a_receipt_number(story: RequestingOffice) -> None:
    request, document = story.supplier_request, story.document(story.ship, "INV")
    client, _page = open_request_link(request)
    address = reverse("portal_document", args=[request.reference, document.reference])
    assert client.post(address, {"number": "INV-7"}).status_code == 422  # no photo was added
    assert send_photo(client, request, document).status_code == 201
    assert "invoice.png" in client.get(address).content.decode()
    answer = client.post(address, {"number": "INV-7", "remark": "with a stamp"})
    assert answer["Location"] == reverse(
        "portal_submission_receipt", args=[request.reference, document.reference]
    )
    assert document.reference in client.get(answer["Location"]).content.decode()
    version = DocumentSubmission.objects.get(document=document)
    assert (version.status, version.document_number, version.request) == ("received", "INV-7", request)
    assert "INV-7" in client.get(address).content.decode()
    return_submission(version, reason="The second page is missing.", by=story.officer.by, at=AT)
    assert "The second page is missing." in client.get(address).content.decode()
    assert (
        "The second page is missing."
        in client.get(reverse("portal_documents", args=[request.reference])).content.decode()
    )


def test_document_photo_is_uploaded_before_submission_without_javascript(story: RequestingOffice) -> None:
    request, document = story.supplier_request, story.document(story.ship, "PKL")
    client, _page = open_request_link(request)
    address = reverse("portal_document_photo", args=[request.reference, document.reference])
    answer = client.post(
        address, {f"file-{request.reference}": files.upload(files.picture("PNG"), "p.png"), "number": "P-1"}
    )
    assert answer.status_code == 200
    assert "p.png" in answer.content.decode()
    assert 'value="P-1"' in answer.content.decode()
    assert File.objects.get(name="p.png").kind == request.reference


def test_unavailable_document_is_reported_by_link_with_a_reason(story: RequestingOffice) -> None:
    request, document = story.supplier_request, story.document(story.ship, "PSI")
    client, _page = open_request_link(request)
    address = reverse("portal_document_unavailable", args=[request.reference, document.reference])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    answer = client.post(address, {"reason": "Nobody inspected it."})
    assert "Nobody inspected it." in client.get(answer["Location"]).content.decode()


def test_document_link_gets_404_for_documents_of_others(story: RequestingOffice) -> None:
    request, other = story.supplier_request, story.document(story.ship, "AWB")
    client, _page = open_request_link(request)
    for name in (
        "portal_document",
        "portal_document_photo",
        "portal_document_unavailable",
        "portal_submission_receipt",
    ):
        assert client.get(reverse(name, args=[request.reference, other.reference])).status_code == 404
    untouched = story.document(story.ship, "DECL5")
    assert (
        client.get(
            reverse("portal_submission_receipt", args=[request.reference, untouched.reference])
        ).status_code
        == 404
    )
    assert client.get(reverse("portal_documents", args=[story.broker_request.reference])).status_code in (
        403,
        404,
    )
    assert client.get(reverse("portal_tracking", args=[request.reference])).status_code == 404


def test_broker_link_reports_position_and_declaration(story: RequestingOffice) -> None:
    request = story.broker_request
    client, page = open_request_link(request)
    assert "Import clearance" in page
    assert "Export clearance" not in page
    where = reverse("portal_tracking", args=[request.reference])
    assert client.get(where).status_code == 200
    typed = {"code": "other", "occurred_at": "2020-04-14 08:00", "place": "Vancouver", "remark": ""}
    assert client.post(where, typed).status_code == 422
    assert client.post(where, typed | {"remark": "At the gate"}).status_code == 303
    assert TrackingEvent.objects.get(remark="At the gate").by == request.person
    clearance = story.clearance(story.ship, "import")
    declare = reverse("portal_clearance", args=[request.reference, clearance.reference, "declare"])
    assert client.get(declare).status_code == 200
    facts = {"number": "14567", "hs_code": "6307901000", "origin": "CN", "value": "5000", "currency": "CAD"}
    assert client.post(declare, {**facts, "hs_code": "63"}).status_code == 422
    assert client.post(declare, facts).status_code == 303
    release = reverse("portal_clearance", args=[request.reference, clearance.reference, "release"])
    closed = "the shipment cannot be cleared for import. Ask the city to record the departure."
    assert closed in client.get(reverse("portal_documents", args=[request.reference])).content.decode()
    early = client.post(release, {"released_at": ""})
    assert (early.status_code, closed in early.content.decode()) == (422, True)
    story.hand_in_all(story.ship, "depart")
    story.clear(story.ship, "export")
    record_departure(story.ship, by=story.logistics.by, at=AT)
    assert client.post(release, {"released_at": ""}).status_code == 303
    clearance.refresh_from_db()
    assert clearance.status == "cleared"
    assert "14567" in client.get(reverse("portal_documents", args=[request.reference])).content.decode()
    export = story.clearance(story.ship, "export").reference
    for other in ((export, "file"), (clearance.reference, "hold")):
        assert client.get(reverse("portal_clearance", args=[request.reference, *other])).status_code == 404
    filed = reverse("portal_clearance", args=[request.reference, clearance.reference, "file"])
    assert client.post(filed, {"office": ""}).status_code == 409


def enter_six_digits(request: Any, address: str) -> Client:
    """Return a browser in which the six digits were entered."""
    made = issued_link(request)
    browser = Browser(language="en")
    browser.open(made.url).press("Continue")
    assert (
        "link_code" in browser.client.get(address).content.decode()
        or "six" in browser.client.get(address).content.decode()
    )
    code = issue_email_code(made.link, real_at=real_now())
    assert browser.client.post(address, {"link_code": code}).status_code == 303
    return browser.client


def streamed_bytes(client: Client, address: str) -> bytes:
    """Return the bytes of a file, read to their end."""
    return b"".join(client.get(address).streaming_content)


def test_document_files_open_by_link_only_with_the_six_digit_code(story: RequestingOffice) -> None:
    supplier, broker = story.supplier_request, story.broker_request
    version = story.accepted_version(supplier, "CONTRACT_CN")
    upload_document(
        story.document(story.ship, "PKL"),
        generated=[story.packing],
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    file = File.objects.get(pk=version.files[0])
    sheet = reverse("portal_generated_document", args=[supplier.reference, story.sheet.reference])
    client = enter_six_digits(supplier, sheet)
    way = client.get(sheet)["Location"]
    assert client.get(way)["Content-Type"] == "application/pdf"
    own = reverse("portal_document_file", args=[supplier.reference, file.key])
    assert streamed_bytes(client, client.get(own)["Location"])
    packing = [
        reverse("portal_generated_document", args=[one.reference, story.packing.reference])
        for one in (supplier, broker)
    ]
    assert client.get(packing[0]).status_code == 404
    theirs = enter_six_digits(broker, packing[1])
    assert theirs.get(theirs.get(packing[1])["Location"]).status_code == 200
    handed = reverse("portal_document_file", args=[broker.reference, file.key])
    way = theirs.get(handed)["Location"]
    assert streamed_bytes(theirs, way)
    assert theirs.get(f"{way[:-3]}x:y/").status_code == 403
    bad = reverse(
        "portal_generated_document_signed", args=[broker.reference, story.packing.reference, "link-1.9:x"]
    )
    assert theirs.get(bad).status_code == 403
    page = theirs.get(reverse("portal_documents", args=[broker.reference])).content.decode()
    assert "Available documents" in page
    assert file.name in page


def test_document_request_link_is_closed_when_the_shipment_is_cancelled(story: RequestingOffice) -> None:
    request = story.broker_request
    link, (client, _page) = issued_link(request), open_request_link(request)
    cancel_shipment(story.ship, reason="a test", by=story.officer.by, at=AT)
    assert client.get(reverse("portal_documents", args=[request.reference])).status_code == 404
    assert Browser(language="en").client.get(link.url).status_code == 410
