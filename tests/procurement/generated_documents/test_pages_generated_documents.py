"""Tests of the documents of a shipment and of a donation on their pages.

They cover the files, and the page behind a document's QR code.
"""

import hashlib

import pytest
from django.test import Client
from django.urls import reverse

from procurement.documents.models.generated_documents import GeneratedDocument, GeneratedDocumentFile
from procurement.generated_documents.document_record import DocumentRecord
from procurement.generated_documents.shared_texts import usual_language_pair
from procurement.logistics.actions.planning import assign_broker
from tests.browsing import Browser
from tests.worlds.generated_documents import Office
from tests.worlds.need_to_order import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def office(once):
    with once():
        office = Office()
        assert office.observer
        office.introduce()
        office.ship = office.bought()
        office.gave = office.given()
        assign_broker(office.ship, office.broker.user, by=office.logistics.by, at=AT)
        yield office


@pytest.fixture
def documents_url(office):
    return reverse("shipment_documents", args=[office.ship.reference])


def post(person, address, **data):
    client = Browser(person.user).client
    return client.post(address, data)


def test_officer_generates_and_downloads_a_document_on_its_page(office, documents_url):
    officer = Browser(office.officer.user)
    before = officer.open(office.ship).follow("Generated documents")
    assert before.at == documents_url
    assert "No goods have been received yet." in before
    after = before.press("Generate Packing list")
    made = GeneratedDocument.objects.get(kind=GeneratedDocument.Kind.PACKING_LIST)
    assert made.language_pair == "zh-en"
    assert made.reference in after
    way = officer.client.get(reverse("generated_document_pdf", args=[made.reference]))["Location"]
    answer = officer.client.get(way)
    assert hashlib.sha256(answer.content).hexdigest() == made.file_sha256
    assert answer["Content-Disposition"].endswith(f'-packing_list-{made.reference}.pdf"')
    assert Browser(office.observer.user).client.get(way).status_code == 403, "the address is the officer's"
    assert officer.open(made).at.startswith(documents_url)
    assert "The generated documents match each other and the record." in after


def test_required_customs_document_links_to_its_generation(office, documents_url):
    officer, shipment = Browser(office.officer.user), office.ship
    assert (
        officer.open(shipment.documents.filter(code="PKL").first()).follow("Generate document").at
        == documents_url
    )
    generated = ("INV", "PKL", "DON", "VALUE", "DECL5", "JOINT12", "CONTRACT_CN", "CONTRACT_CA")
    other = shipment.documents.exclude(code__in=generated).first()
    assert "Generate document" not in officer.open(other)
    assert "Generate document" not in Browser(office.broker.user).open(shipment.documents.get(code="PKL"))


def test_differences_between_documents_are_shown_with_their_sources(office, documents_url):
    officer = Browser(office.officer.user)
    office.make(GeneratedDocument.Kind.PACKING_LIST, office.ship)
    order = office.order_of(office.ship)
    office.make(GeneratedDocument.Kind.INVOICE, office.ship, order)
    made = GeneratedDocument.objects.get(kind=GeneratedDocument.Kind.PACKING_LIST)
    wrong = made.figures | {
        "pieces": dict.fromkeys(made.figures["pieces"], 9_000),
        "gross_kg": "80",
        "names": {key: {"en": "Gowns"} for key in made.figures["names"]},
    }
    GeneratedDocument.objects.filter(pk=made.pk).update(figures=wrong)
    invoice = GeneratedDocument.objects.get(kind=GeneratedDocument.Kind.INVOICE)
    values = dict.fromkeys(invoice.figures["values"], "1.00 USD")
    GeneratedDocument.objects.filter(pk=invoice.pk).update(figures=invoice.figures | {"values": values})
    page = officer.open(documents_url)
    for one in (
        "Documents that do not match",
        "9,000",
        "80 kg",
        "Gowns",
        "USD 1.00",
        "the current record",
        "Generate a new version",
    ):
        assert one in page, one


def test_observer_cannot_generate_documents_and_a_broker_sees_customs_documents_only(office, documents_url):
    made = office.make(GeneratedDocument.Kind.PACKING_LIST, office.ship)
    label = office.make(GeneratedDocument.Kind.CARTON_LABELS, office.ship)
    observer = Browser(office.observer.user).open(documents_url)
    assert made.reference in observer
    assert not [button for button in observer.buttons if button.startswith("Generate")]
    broker = Browser(office.broker.user).open(documents_url)
    assert made.reference in broker
    assert label.reference not in broker
    assert "Nothing has been counted" not in broker
    answer = post(
        office.broker,
        reverse("generate_document", args=[office.ship.reference]),
        kind=GeneratedDocument.Kind.PACKING_LIST,
        language_pair="en",
    )
    assert answer.status_code == 403


def test_incomplete_document_form_is_refused(office):
    address = reverse("generate_document", args=[office.ship.reference])
    assert post(office.officer, address).status_code == 422
    assert (
        post(office.officer, address, kind=GeneratedDocument.Kind.INVOICE, language_pair="en").status_code
        == 422
    )
    assert (
        post(
            office.officer, address, kind=GeneratedDocument.Kind.INVOICE, language_pair="en", order="PO-1"
        ).status_code
        == 422
    )
    assert (
        post(
            office.officer, address, kind=GeneratedDocument.Kind.GOODS_RECEIVED_NOTE, language_pair="en"
        ).status_code
        == 422
    )
    order = office.order_of(office.ship)
    answer = post(
        office.officer,
        address,
        kind=GeneratedDocument.Kind.INVOICE,
        language_pair="en",
        order=order.reference,
    )
    assert answer.status_code == 303


def test_donation_letters_are_generated_on_the_order_documents_page(office):
    order = office.order_of(office.gave)
    officer = Browser(office.officer.user)
    led = officer.open(reverse("shipment_documents", args=[office.gave.reference])).follow(order.reference)
    after = led.press("Generate Letter of acceptance")
    made = GeneratedDocument.objects.get(kind=GeneratedDocument.Kind.ACCEPTANCE_LETTER)
    assert made.reference in after
    assert officer.open(made).at.startswith(reverse("order_documents", args=[order.reference]))
    address = reverse("generate_order_document", args=[order.reference])
    assert (
        post(
            office.officer, address, kind=GeneratedDocument.Kind.THANKS_LETTER, language_pair="en"
        ).status_code
        == 422
    )
    assert (
        post(
            office.observer, address, kind=GeneratedDocument.Kind.OFFER_LETTER, language_pair="en"
        ).status_code
        == 403
    )


def test_public_page_of_a_generated_document_confirms_it_without_names(office):
    made = office.make(GeneratedDocument.Kind.INVOICE, office.ship, office.order_of(office.ship))
    url = reverse("verify_document", args=[made.code])
    text = Client().get(url).content.decode()
    for one in ("This document is genuine", made.fingerprint, made.file_sha256, "Burnaby", made.reference):
        assert one in text
    assert str(made.author) not in text
    assert "0.50" not in text
    assert "Yes. Your file" in Client().get(f"{url}?sha256={made.file_sha256}").content.decode()
    assert "No. Your file" in Client().get(f"{url}?sha256={'0' * 64}").content.decode()
    assert "64 characters" in Client().get(f"{url}?sha256=short").content.decode()
    assert "A newer version exists" not in text
    later = office.make(GeneratedDocument.Kind.INVOICE, office.ship, office.order_of(office.ship))
    assert later.reference in Client().get(url).content.decode()


def test_public_page_of_a_carton_label_states_its_contents(office):
    made = office.make(GeneratedDocument.Kind.CARTON_LABELS, office.ship, language_pair="zh-fr")
    box = office.ship.cartons.order_by("number")[4]
    url = reverse("verify_document", args=[made.code])
    text = Client().get(f"{url}?box={box.reference}").content.decode()
    assert "5 / 10" in text
    assert "L-2020-04" in text
    french = Client().get(f"{url}?box={box.reference}", headers={"accept-language": "fr-ca"}).content.decode()
    assert "Masque" in french
    assert "5 / 10" not in Client().get(f"{url}?box=CT-1999-0001").content.decode()


def test_wrong_code_or_altered_generated_document_is_reported_as_not_issued(office):
    wrong = Client().get(reverse("verify_document", args=["0" * 24]))
    assert wrong.status_code == 404
    assert "This document is not from us" in wrong.content.decode()
    made = office.make(GeneratedDocument.Kind.PACKING_LIST, office.ship)
    GeneratedDocumentFile.objects.filter(document=made).update(pdf=b"%PDF-1.7 more boxes")
    answer = Client().get(reverse("verify_document", args=[made.code]))
    assert answer.status_code == 404
    assert made.reference not in answer.content.decode()


def test_default_language_pair_follows_origin_and_destination(office):
    record = DocumentRecord(office.ship, None, AT)
    assert usual_language_pair(record) == "zh-en"
    office.ship.city.subdivision = "CA-QC"
    assert usual_language_pair(record) == "zh-fr"
    office.ship.city.subdivision = "CA-BC"
    office.ship.origin = "CAMTR"
    for one in record.orders:
        one.supplier.country = "CA"
    assert usual_language_pair(record) == "en-fr"
    office.ship.origin = "CNCAN"
