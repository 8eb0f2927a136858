"""Tests of the purchase order on pages and in the API: missing data, its button, its use as the contract."""

from collections.abc import Iterator
from typing import Any

import pytest
import typst
from django.db import OperationalError, connection
from django.urls import reverse

from partners.cities.actions import set_purchase_details
from procurement.documents.actions.requests import request_documents
from procurement.documents.actions.submissions import upload_document
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.documents.queries import matching_generated_documents, requested_documents
from procurement.generated_documents.actions import generate_due_purchase_orders
from procurement.generated_documents.document_record import DocumentRecord
from procurement.generated_documents.status import document_statuses
from procurement.logistics.actions.planning import assign_broker
from procurement.orders.actions.close import cancel_order, reduce_quantity
from procurement.orders.actions.holds import hold_order, resume_order
from procurement.orders.models import Order
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.documents.test_pages_upload import open_request_link
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.generated_documents import Office, purchase_orders_of
from tests.worlds.need_to_order import AT
from workflow.clock import clear_instance_cache
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db

KIND = GeneratedDocument.Kind.PURCHASE_ORDER


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    """Return an example purchase on a practice site, with a supplier whose address and name are known."""
    found = Office()
    found.practise()
    found.introduce()
    yield found
    clear_instance_cache()


def test_order_is_placed_first_and_its_purchase_order_follows_by_the_periodic_job(office: Office) -> None:
    office.register()
    order = office.placed(office.promise(3_000, model="KH-2020 Type I"))
    assert purchase_orders_of(order) == []
    officer = Browser(office.officer.user)
    waiting = "The purchase order is being generated."
    assert waiting in officer.open(order)
    assert waiting in officer.open(order).follow("Documents for this order")
    assert generate_due_purchase_orders(AT) == 1
    assert generate_due_purchase_orders(AT) == 0, "each order is tried once"
    (made,) = purchase_orders_of(order)
    assert (made.author, history_of(made).get().by) == (office.officer.user, office.officer.user)
    shown = officer.open(order)
    assert waiting not in shown
    assert made.reference in shown


def test_purchase_order_that_a_person_generated_first_is_not_generated_again(office: Office) -> None:
    office.register()
    order = office.placed(office.promise(5_000))
    made = office.make(KIND, order=order)
    generate_due_purchase_orders(AT)
    assert purchase_orders_of(order) == [made]
    assert Order.objects.get(pk=order.pk).purchase_order_due_at is None


@pytest.mark.parametrize("sign", ["\u0e01", "\u05d0"])
def test_order_whose_purchase_order_cannot_be_printed_is_placed_and_its_page_names_the_character(
    office: Office, sign: str
) -> None:
    office.register()
    order = office.placed(office.promise(2_000, model=f"KH {sign} 7"))
    assert order.status == Order.Status.PLACED
    generate_due_purchase_orders(AT)
    assert purchase_orders_of(order) == []
    officer = Browser(office.officer.user)
    page = officer.open(order)
    assert "No purchase order has been generated." in page
    assert f"U+{ord(sign):04X}" in page.follow("Generate the purchase order")
    assert "Generate the purchase order" not in Browser(office.observer.user).open(order)


def test_renderer_that_fails_delays_no_other_order(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.register()
    broken, sound = office.placed(office.promise(2_000)), office.placed(office.promise(4_000))
    compile_template = typst.compile

    def compile_all_but_one(path: str, **options: Any) -> bytes:
        if broken.reference in options["sys_inputs"]["data"]:
            raise RuntimeError("the template is wrong")
        return bytes(compile_template(path, **options))

    monkeypatch.setattr(typst, "compile", compile_all_but_one)
    generate_due_purchase_orders(AT)
    assert (len(purchase_orders_of(broken)), len(purchase_orders_of(sound))) == (0, 1)
    assert not Order.objects.awaiting_purchase_order().exists()


@pytest.mark.parametrize(
    "state", ["55P03", "40P01", "57P01"]
)  # a locked row, a deadlock, a server that stops
def test_purchase_order_is_generated_by_the_next_run_when_the_database_was_busy_or_away(
    office: Office, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    office.register()
    order = office.placed(office.promise(6_000))

    def fail_in_database(path: str, **options: Any) -> bytes:
        with connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$")
        raise AssertionError("the database raised no error")

    with monkeypatch.context() as patched:
        patched.setattr(typst, "compile", fail_in_database)
        with pytest.raises(OperationalError):
            generate_due_purchase_orders(AT)
    assert purchase_orders_of(order) == []
    assert list(Order.objects.awaiting_purchase_order()) == [order]
    assert generate_due_purchase_orders(AT) == 1
    assert len(purchase_orders_of(order)) == 1


def test_missing_registration_number_is_named_and_one_button_generates_the_order_later(
    office: Office,
) -> None:
    order = office.placed_order(4_000)
    assert purchase_orders_of(order) == []
    assert order.status == Order.Status.PLACED
    officer = Browser(office.officer.user)
    page = officer.open(order).follow("Generate the purchase order")
    assert "The registration number of" in page
    assert "Generate Purchase order" not in page.buttons
    with assert_refused("not_ready", order):
        office.make(KIND, order=order)
    office.register()
    after = officer.open(page.at).press("Generate Purchase order")
    (made,) = purchase_orders_of(order)
    assert made.reference in after
    shown = officer.open(order)
    assert made.reference in shown
    assert "Generate the purchase order" not in shown


def test_today_lists_a_placed_order_without_a_purchase_order_until_it_has_one(office: Office) -> None:
    order = office.placed(office.promise(6_000))
    officer = Browser(office.officer.user)
    sentence = f"Generate the purchase order for {office.supplier.name}"
    assert sentence not in officer.open("/"), "the periodic job has yet to try"
    generate_due_purchase_orders(AT)
    assert sentence in officer.open("/")
    for other in (office.observer, office.logistics, office.stranger):
        assert sentence not in Browser(other.user).open("/")
    held = hold_order(order, reason="News of a fraud.", by=office.officer.by, at=AT)
    assert sentence not in officer.open("/")
    resume_order(held, reason="It was a rumour.", by=office.second_officer.by, at=AT)
    page = officer.open("/").follow("Open documents")
    assert "The registration number of" in page
    office.register()
    officer.open(page.at).press("Generate Purchase order")
    assert sentence not in officer.open("/")


def test_order_page_says_at_once_that_missing_data_prevents_the_purchase_order(office: Office) -> None:
    order = office.placed(office.promise(3_000))
    officer = Browser(office.officer.user)
    page = officer.open(order)
    assert "The purchase order is being generated." not in page
    assert "The registration number of" in page.follow("Generate the purchase order")
    office.register()
    assert "The purchase order is being generated." in officer.open(order)


def test_only_people_who_may_order_generate_a_purchase_order(office: Office) -> None:
    office.register()
    order = office.placed_order()
    address = reverse("generate_order_document", args=[order.reference])
    typed = {"kind": KIND, "language_pair": "zh-en"}
    for person, status in ((office.observer, 403), (office.logistics, 403), (office.stranger, 404)):
        assert Browser(person.user).client.post(address, typed).status_code == status
    assert len(purchase_orders_of(order)) == 1
    assert Browser(office.officer.user).client.post(address, typed).status_code == 303
    assert [one.version for one in purchase_orders_of(order)] == [1, 2]


def test_reduced_order_asks_for_a_new_version_of_its_purchase_order(office: Office) -> None:
    office.register()
    order = office.placed_order(9_000)
    reduce_quantity(order, order.lines.get(), 2_000, reason="Fewer beds.", by=office.officer.by, at=AT)
    (status,) = document_statuses(DocumentRecord(None, order, AT), purchase_orders_of(order)).documents
    assert status.stale
    page = Browser(office.officer.user).open(order).follow("Documents for this order")
    assert "Generate a new version" in page
    page.press("Generate again Purchase order")
    assert [one.figures["pieces"] for one in purchase_orders_of(order)] == [
        {str(order.lines.get().pk): 9_000},
        {str(order.lines.get().pk): 7_000},
    ]


def test_purchase_order_counts_as_the_contract_that_chinas_customs_requires(office: Office) -> None:
    office.register()
    shipment = office.bought()
    document = office.document(shipment, "CONTRACT_CN")
    (made,) = purchase_orders_of(office.order_of(shipment))
    officer = Browser(office.officer.user)
    assert made.reference in officer.open(document)
    upload_document(document, generated=[made], author=office.officer.user, by=office.officer.by, at=AT)
    assert CustomsDocument.objects.get(pk=document.pk).status == CustomsDocument.Status.READY
    linked = officer.open(document).follow("Generate document")
    assert made.order.reference in linked


def test_purchase_order_alone_is_no_proof_of_payment(office: Office) -> None:
    office.register()
    shipment = office.bought()
    (made,) = purchase_orders_of(office.order_of(shipment))
    document = office.document(shipment, "CONTRACT_CA", "import")
    assert matching_generated_documents(document) == []
    assert made.reference not in Browser(office.officer.user).open(document)
    with assert_refused("not_of_paper", document):
        upload_document(document, generated=[made], author=office.officer.user, by=office.officer.by, at=AT)


def test_purchase_order_that_no_longer_matches_the_order_serves_neither_supplier_nor_customs(
    office: Office,
) -> None:
    office.register()
    order = office.ready(office.promise(9_000))
    generate_due_purchase_orders(AT)
    reduce_quantity(order, order.lines.get(), 2_000, reason="Fewer beds.", by=office.officer.by, at=AT)
    shipment = office.plan(order)
    asked = {"email": "wu.min@kanghu.example", "name": "Wu Min DEMO", "author": office.officer.user}
    seller = request_documents(shipment, "supplier", **asked, by=office.officer.by, at=AT)
    document = office.document(shipment, "CONTRACT_CN")

    def found() -> tuple[list[GeneratedDocument], GeneratedDocument | None]:
        rows = {one.document.code: one.data_sheet for one in requested_documents(seller)}
        return matching_generated_documents(document), rows["CONTRACT_CN"]

    assert found() == ([], None)
    newest = office.make(KIND, order=order)
    assert found() == ([newest], newest)


def test_documents_of_a_shipment_are_compared_with_its_purchase_orders(office: Office) -> None:
    office.register()
    order = office.ready(office.promise(9_000))
    generate_due_purchase_orders(AT)
    (made,) = purchase_orders_of(order)
    reduce_quantity(order, order.lines.get(), 2_000, reason="Fewer beds.", by=office.officer.by, at=AT)
    shipment = office.plan(order)
    office.make(GeneratedDocument.Kind.INVOICE, shipment, order)
    officer = Browser(office.officer.user)
    where = reverse("shipment_documents", args=[shipment.reference])
    page = officer.open(where)
    assert "Documents that do not match" in page
    assert f"{made.reference}: 9,000" in page
    office.make(KIND, order=order)
    assert "Documents that do not match" not in officer.open(where)


def test_public_page_says_that_the_order_was_cancelled_since(office: Office) -> None:
    office.register()
    order = office.placed_order(3_000)
    (made,) = purchase_orders_of(order)
    where = reverse("verify_document", args=[made.code])
    cancelled = "The city has since cancelled this order."
    assert cancelled not in Browser().open(where)
    cancel_order(order, reason="Not needed.", by=office.officer.by, at=AT)
    page = Browser().open(where)
    assert "This document is genuine" in page
    assert cancelled in page
    assert "Not needed." not in page


def test_page_of_the_code_and_the_order_say_that_the_order_was_reduced_since(office: Office) -> None:
    office.register()
    order = office.placed_order(3_400)
    where = reverse("verify_document", args=[purchase_orders_of(order)[0].code])
    outdated = "The order has changed since. This version is out of date."
    assert outdated not in Browser().open(where)
    reduce_quantity(order, order.lines.get(), 1_000, reason="Less needed.", by=office.officer.by, at=AT)
    assert outdated in Browser().open(where)
    assert outdated in Browser(office.officer.user).open(order)


def test_broker_opens_a_purchase_order_once_it_was_submitted_to_customs(office: Office) -> None:
    office.register()
    shipment = assign_broker(office.bought(), office.broker.user, by=office.logistics.by, at=AT)
    (made,) = purchase_orders_of(office.order_of(shipment))
    broker = Browser(office.broker.user).client
    address = reverse("generated_document_pdf", args=[made.reference])
    assert broker.get(address).status_code == 404
    document = CustomsDocument.objects.get(shipment=shipment, code="CONTRACT_CN")
    upload_document(document, generated=[made], author=office.officer.user, by=office.officer.by, at=AT)
    assert broker.get(address).status_code == 302
    assert made.reference in Browser(office.broker.user).open(document)
    assert Browser(office.stranger.user).client.get(address).status_code == 404


def test_supplier_opens_its_purchase_order_by_the_link_that_asks_for_the_contract(office: Office) -> None:
    office.register()
    shipment = office.bought()
    (made,) = purchase_orders_of(office.order_of(shipment))
    asked = {"email": "wu.min@kanghu.example", "name": "Wu Min DEMO", "author": office.officer.user}
    seller = request_documents(shipment, "supplier", **asked, by=office.officer.by, at=AT)
    sheets = {one.document.code: one.data_sheet for one in requested_documents(seller)}
    assert sheets["CONTRACT_CN"] == made
    broker = request_documents(
        shipment,
        "broker",
        **asked | {"email": "anne.roy@broker.example"},
        by=office.officer.by,
        at=AT,
    )
    assert made not in [one.data_sheet for one in requested_documents(broker)]
    _client, asking = open_request_link(seller)
    page = asking.follow("Contract or order")
    assert "Purchase order to sign and seal (PDF)" in page


def test_api_lists_the_purchase_order_by_its_kind(office: Office) -> None:
    office.register()
    order = office.placed_order()
    found = Program(office.officer.user).all(f"generated-documents/?kind={KIND}")
    assert [(one["order"], one["kind"], one["shipment"]) for one in found] == [
        (order.reference, "purchase_order", None)
    ]


def test_coordinator_cannot_set_what_purchase_orders_state_with_the_register(office: Office) -> None:
    coordinator = Program(cities.member("coordinator"))
    for name in ("registration_number", "purchase_conditions"):
        coordinator.refused(f"cities/{office.city.slug}/correct/", {name: "Ours.", "reason": "Order."})
    office.city.refresh_from_db()
    assert (office.city.registration_number, office.city.purchase_conditions) == ("", "")


def test_only_administrators_set_what_purchase_orders_state(office: Office) -> None:
    where = f"/cities/{office.city.slug}/limits/"
    page = Browser(cities.member("administrator", office.city)).open(where)
    page = page.press(
        "Save text of purchase orders", registration_number="BN 1", purchase_conditions="Net thirty days."
    )
    assert "BN 1" in page
    assert "Net thirty days." in page
    later = page.press("Save text of purchase orders", purchase_conditions="Net sixty days.")
    assert "Net thirty days." in later, "the earlier text stays in the history"
    page.browser.open(where).press("Save text of purchase orders", purchase_conditions="Net thirty days.")
    officer = Browser(office.officer.user)
    shown = officer.open(where)
    assert "Net thirty days." in shown
    assert "Save text of purchase orders" not in shown.buttons
    posted = {"registration_number": "", "purchase_conditions": ""}
    assert officer.client.post(f"{where}orders/", posted).status_code == 403
    assert Browser(office.stranger.user).client.post(f"{where}orders/", posted).status_code == 404
    with assert_refused("not_allowed"):
        set_purchase_details(office.city, **posted, by=office.officer.by, at=AT)
