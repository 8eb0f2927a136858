"""Tests of document requests on staff pages: previewed and sent, and their submitted versions decided on."""

from typing import Any

import pytest
from django.urls import reverse
from lxml import html

from procurement.documents.actions.documents import record_document_filing
from procurement.documents.actions.requests import report_document_unavailable
from procurement.documents.models.requests import DocumentRequest
from procurement.documents.queries import document_request_actor
from procurement.generated_documents.actions import generate_document
from procurement.logistics.actions.planning import assign_broker
from procurement.notifications.builder import build_messages
from tests.browsing import Browser
from tests.workflow import files
from tests.worlds.document_requests import RequestingOffice
from tests.worlds.need_to_order import AT
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    with once():
        story = RequestingOffice()
        assert story.observer
        story.ship = assign_broker(story.packed(), story.broker.user, by=story.officer.by, at=AT)
        yield story


def request_fields(story: RequestingOffice, **facts: str) -> dict[str, str]:
    return {
        "role": f"supplier-{story.supplier.pk}", "name": "Wu Min", "email": "wu.min@kanghu.example",
        "language": "zh-hans", "due_on": "2020-04-20",
        "note": "请附上封条号码。", **facts,
    }  # fmt: skip


def test_document_request_is_previewed_before_it_is_sent(story: RequestingOffice) -> None:
    client = Browser(story.officer.user).client
    address = reverse("add_document_request", args=[story.ship.reference])
    assert client.post(address, {}).status_code == 422
    looked = client.post(address, request_fields(story)).content.decode()
    assert "商业发票" in looked
    assert "Commercial invoice" in looked
    assert not DocumentRequest.objects.exists()
    assert client.post(address, request_fields(story, send="1")).status_code == 303
    request = DocumentRequest.objects.get()
    page = client.get(request.get_absolute_url()).content.decode()
    assert "wu.min@kanghu.example" in page
    assert client.post(address, request_fields(story, send="1")).status_code == 422  # already requested
    assert "Wu Min" in client.get(story.ship.get_absolute_url()).content.decode()


def test_likely_submitter_is_prefilled_and_observers_and_brokers_get_403(story: RequestingOffice) -> None:
    client = Browser(story.officer.user).client
    address = reverse("add_document_request", args=[story.ship.reference])
    page = client.get(f"{address}?role=broker").content.decode()
    assert story.broker.user.email in page
    for person in (story.observer, story.broker):
        assert Browser(person.user).client.get(address).status_code == 403


def test_email_of_the_selling_company_is_prefilled_in_a_document_request(
    story: RequestingOffice,
) -> None:
    story.supplier.email = "office@kanghu.example"
    story.supplier.save()
    client = Browser(story.officer.user).client
    address = reverse("add_document_request", args=[story.ship.reference])
    assert (
        "office@kanghu.example" in client.get(f"{address}?role=supplier-{story.supplier.pk}").content.decode()
    )


def test_document_request_link_is_copied_and_stops_working_when_cancelled(story: RequestingOffice) -> None:
    request = story.request(story.ship, "forwarder")
    client = Browser(story.officer.user).client
    copied = client.post(reverse("document_request_copy", args=[request.reference])).content.decode()
    assert "/l/" in copied
    ended = client.post(reverse("document_request_move", args=[request.reference, "cancel"]))
    assert ended.status_code == 303
    assert client.post(reverse("document_request_copy", args=[request.reference])).status_code == 409


def test_submitted_document_is_accepted_or_returned_on_its_page(story: RequestingOffice) -> None:
    request = story.request(story.ship)
    version = story.submitted_version(request)
    officer = Browser(story.officer.user)
    page = officer.open(version.document)
    assert "by link" in page
    assert (
        f"{version.get_absolute_url()}accept/"
        in officer.client.get(version.document.get_absolute_url()).content.decode()
    )
    assert "Wu Min DEMO" in page
    assert officer.client.get(version.get_absolute_url())["Location"].endswith("#versions")
    back = reverse("submission_move", args=[version.pk, "return"])
    assert officer.client.get(back).status_code == 200
    assert officer.client.post(back, {"reason": "No stamp."}).status_code == 303
    assert "No stamp." in officer.open(version.document)
    second = story.submitted_version(request)
    taken = officer.client.post(reverse("submission_move", args=[second.pk, "accept"]))
    assert taken.status_code == 303
    shipment = officer.open(story.ship)
    assert "paper.png" in shipment
    assert "Earlier versions" in shipment
    third = story.submitted_version(request)
    assert "Review submission" in officer.open(story.ship)
    report_document_unavailable(
        third.request,
        story.document(story.ship, "PSI"),
        reason="None was made.",
        by=document_request_actor(third.request),
        at=AT,
    )
    assert "None was made." in officer.open(third.request)


def test_staff_submit_a_document_version_as_a_file_or_from_the_record(story: RequestingOffice) -> None:
    officer, document = Browser(story.officer.user), story.document(story.ship, "PKL")
    address = reverse("add_submission", args=[document.reference])
    assert officer.client.get(address).status_code == 200
    assert officer.client.post(address, {"number": "1"}).status_code == 422
    who = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    made = generate_document("packing_list", language_pair="zh-en", shipment=story.ship, **who)
    assert officer.client.post(address, {"generated": [made.pk]}).status_code == 303
    page = officer.client.get(document.get_absolute_url()).content.decode()
    assert reverse("generated_document_pdf", args=[made.reference]) in page
    photo = files.upload(files.picture("PNG"), "packing.png")
    assert officer.client.post(address, {"file": photo, "number": "PL-2"}).status_code == 303
    assert "packing.png" in officer.open(document)
    record_document_filing(document, by=story.officer.by, at=AT)
    assert officer.client.get(address).status_code == 422  # customs has it
    other = story.document(story.ship, "AWB")
    observer = Browser(story.observer.user).client
    refused = observer.post(reverse("add_submission", args=[other.reference]), {"file": photo})
    assert refused.status_code == 403


# --- the due date -----------------------------------------------------------------------------------------------
def mail_text(request: DocumentRequest) -> str:
    """Return the mail to the person asked, without its link."""
    entry = Entry.objects.about(request).get(verb="request")
    (message,) = build_messages(entry, AT)
    return message.body


def first_letter_text(page: str) -> str:
    """Return the text of the first letter on a page."""
    return html.fromstring(page).xpath("//div[contains(@class, 'letter')]")[0].text_content()


def sentence_with_date(text: str) -> str:
    """Return the sentence that names the date."""
    return next(line for line in text.splitlines() if "2020" in line and "SH-2020" not in line)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("typed", ["2020-05-01", "2020-05-02", "2020-05-08", "2020-05-09"])
def test_preview_copy_and_email_of_a_document_request_name_the_same_due_date(
    story: RequestingOffice, typed: str, known: bool
) -> None:
    """A contact at an office in China does not work on 1 May and works on Saturday 9 May.

    For an unknown person no holiday is known.
    """
    client = Browser(story.officer.user).client
    address = reverse("add_document_request", args=[story.ship.reference])
    email = f" {story.contact.user.email.upper()} " if known else "new@kanghu.example"
    given = request_fields(story, due_on=typed, email=email.strip())
    seen = sentence_with_date(first_letter_text(client.post(address, given).content.decode()))
    assert client.post(address, given | {"send": "1"}).status_code == 303
    request = DocumentRequest.objects.get()
    assert seen == sentence_with_date(mail_text(request))
    copied = client.post(reverse("document_request_copy", args=[request.reference])).content.decode()
    assert sentence_with_date(first_letter_text(copied)) == seen


def test_preview_of_a_document_request_without_a_due_date_names_none(story: RequestingOffice) -> None:
    client = Browser(story.officer.user).client
    address = reverse("add_document_request", args=[story.ship.reference])
    letter = first_letter_text(client.post(address, request_fields(story, due_on="")).content.decode())
    assert not [line for line in letter.splitlines() if "2020" in line and "SH-2020" not in line]


# --- documents that are no longer needed --------------------------------------------------------------------------
def test_documents_no_longer_needed_cannot_be_requested(story: RequestingOffice) -> None:
    client = Browser(story.officer.user).client
    address = reverse("add_document_request", args=[story.ship.reference])
    owed = story.ship.documents.filter(owner="forwarder")
    document = owed.first()
    assert 'value="forwarder"' in client.get(address).content.decode()
    assert f"{address}?role=forwarder" in client.get(document.get_absolute_url()).content.decode()
    owed.update(status="not_required")
    assert 'value="forwarder"' not in client.get(address).content.decode()
    assert address not in client.get(document.get_absolute_url()).content.decode()
    assert client.post(address, request_fields(story, role="forwarder", send="1")).status_code == 422
    assert not DocumentRequest.objects.exists()
