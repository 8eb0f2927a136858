"""Tests of the purchase order: generated when an order is placed, with everything that the record knows."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.cities.actions import set_purchase_details
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.generated_documents.document_record import DocumentRecord
from procurement.generated_documents.pdf import is_unchanged
from procurement.generated_documents.shared_texts import usual_language_pair
from procurement.orders.actions.close import cancel_order, reduce_quantity
from procurement.orders.actions.create import choose_account
from procurement.orders.models import Order
from procurement.orders.payments.actions import set_payment_schedule
from procurement.orders.payments.rules.payments import DEFAULT_SHARES, PaymentShare
from procurement.requests.models import RequestLine
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.suppliers import Supplier
from tests.procurement.generated_documents.test_kinds import LINE, facts_by_name, text_in
from tests.procurement.generated_documents.test_pdf_rendering import check_printed_document, structure_of
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.generated_documents import Office, purchase_orders_of
from tests.worlds.need_to_order import AT, MAKER_NUMBER

pytestmark = pytest.mark.django_db

KIND = GeneratedDocument.Kind.PURCHASE_ORDER


def test_placing_an_order_generates_its_purchase_order_in_the_languages_of_both_sides(office: Office) -> None:
    office.register()
    order = office.placed_order()
    (made,) = purchase_orders_of(order)
    assert (made.language_pair, made.version, made.author) == ("zh-en", 1, office.officer.user)
    assert (made.city, made.thing, made.shipment) == (order.city, order.reference, None)
    assert is_unchanged(made)
    first, second = made.file.words["languages"]
    assert (first["language"], second["language"]) == ("zh", "en")
    assert structure_of(first["blocks"]) == structure_of(second["blocks"])
    check_printed_document(made)


def test_purchase_order_for_a_city_in_quebec_is_in_chinese_and_french() -> None:
    office = Office("montreal")
    office.register()
    (made,) = purchase_orders_of(office.placed_order(3_000))
    assert made.language_pair == "zh-fr"
    check_printed_document(made)


def test_purchase_order_of_a_chinese_city_is_in_chinese_and_the_language_of_its_foreign_seller() -> None:
    office = Office("huaian")
    record = DocumentRecord(None, office.placed(office.promise(3_000)), AT)
    (order,) = record.orders
    for country, place, pair in (
        ("CA", "burnaby", "zh-en"),
        ("CA", "montreal", "zh-fr"),
        ("FR", None, "zh-fr"),
    ):
        order.supplier.country = country
        order.supplier.place = cities.city(place) if place else None
        assert usual_language_pair(record) == pair, country


def test_purchase_order_states_parties_goods_price_terms_payments_documents_and_inspection(
    office: Office,
) -> None:
    office.register()
    keeper = cities.powers_for(cities.member("administrator", office.city))
    set_purchase_details(
        office.city,
        registration_number="10000 0000 RM0001",
        purchase_conditions="Law of British Columbia.\n\nNo gifts to city staff.",
        by=keeper,
        at=AT,
    )
    order = office.placed_order(
        12_000, extra_costs=Decimal(400), taxes=Decimal(50), promised_on=date(2020, 4, 30)
    )
    made = office.make(KIND, order=order, language_pair="en")
    told = facts_by_name(made)
    assert told["Buyer"] == "City of Burnaby"
    assert told["Buyer’s registration number"] == "10000 0000 RM0001"
    for one in ("Zhongshan Kanghu DEMO", MAKER_NUMBER, "中山市火炬开发区示范路8号"):
        assert one in told["Seller"], one
    assert (told["Order"], told["Order date"]) == (order.reference, "16 April 2020")
    assert (told["Incoterms rule and place"], told["Currency"]) == ("FCA Zhongshan", "USD")
    assert (told["Needed by"], told["Promised date"]) == ("20 May 2020", "30 April 2020")
    assert "4949 Canada Way, Burnaby" in told["Deliver to"]
    assert (told["Goods"], told["Total"]) == ("USD\xa06,000.00", "USD\xa06,450.00")
    assert told["Seller’s own order number"] == ""
    assert "Seller’s registration number" not in told, "it is among the seller's details"
    text = text_in(made)
    for one in (
        *("12,000 pieces", "1,000 pieces per carton", "Cartons: 12", "USD\xa00.50", "KH-2020 Type I"),
        *("ASTM", "Use: Medical use", "Deposit", "After inspection", "Packing list", "Inspection on arrival"),
        *("Law of British Columbia.", "No gifts to city staff."),
    ):
        assert one in text, one
    assert "Contract or order, with pro forma invoice" in text, "the seller still owes its pro forma invoice"
    line = order.lines.get()
    assert made.figures["values"] == {str(line.pk): "6000.00 USD"}
    assert made.figures["pieces"] == {str(line.pk): 12_000}


def test_unknown_facts_of_a_purchase_order_are_lines_to_fill_in(office: Office) -> None:
    office.register()
    order = office.placed(office.promise(2_000), incoterm="", incoterm_place="")
    check_printed_document(office.make(KIND, order=order))
    office_made = office.make(KIND, order=order, language_pair="en")
    told = facts_by_name(office_made)
    assert (told["Buyer’s registration number"], told["Importer of record"], told["Promised date"]) == (
        "",
        "",
        "",
    )
    assert f"as printed on the package: {LINE}" in text_in(office_made)
    assert "per carton" not in text_in(office_made)


def test_company_outside_china_needs_no_registration_number(office: Office) -> None:
    order = office.placed_order(6_000)
    assert purchase_orders_of(order) == []
    Supplier.objects.filter(pk=order.supplier_id).update(country="VN")
    made = office.make(KIND, order=Order.objects.get(pk=order.pk), language_pair="en")
    assert facts_by_name(made)["Seller’s registration number"] == ""


def test_no_blank_line_asks_for_a_bank_account(office: Office) -> None:
    office.register()
    order = office.placed_order(7_000)
    made = office.make(KIND, order=order, language_pair="en")
    assert facts_by_name(made)["Paid to account"].startswith("Not named yet. The city asks for the account")
    account = office.account()
    choose_account(order, account, reason="On their quote.", by=office.officer.by, at=AT)
    for status in ("proposed", "retired"):
        BankAccount.objects.filter(pk=account.pk).update(status=status)
        unsettled = office.make(KIND, order=Order.objects.get(pk=order.pk), language_pair="en")
        assert facts_by_name(unsettled)["Paid to account"].startswith("Not named yet."), status
    BankAccount.objects.filter(pk=account.pk).update(status="confirmed")
    order = Order.objects.get(pk=order.pk)
    later = office.make(KIND, order=order, language_pair="en")
    assert "Zhongshan Kanghu DEMO · Bank of Zhongshan DEMO" in facts_by_name(later)["Paid to account"]
    assert "6222 0000 0000 0000" not in text_in(later)


def test_each_line_states_its_own_day_if_the_days_differ(office: Office) -> None:
    office.register()
    first, second = office.promise(2_000), office.promise(3_000)
    RequestLine.objects.filter(pk=first.line_id).update(needed_by=date(2020, 5, 2))
    one_day = office.placed(first)
    told = facts_by_name(office.make(KIND, order=one_day, language_pair="en"))
    assert told["Needed by"] == "2 May 2020", "the line's own day, not the need's"
    other = office.promise(4_000)
    RequestLine.objects.filter(pk=other.line_id).update(needed_by=date(2020, 5, 7))
    made = office.make(KIND, order=office.placed(second, other), language_pair="en")
    assert facts_by_name(made)["Needed by"] == "as stated for each line of goods"
    for day in ("Needed by: 20 May 2020", "Needed by: 7 May 2020"):
        assert day in text_in(made), day


def test_amounts_of_the_lines_add_up_to_the_goods_and_a_difference_of_cents_is_stated(office: Office) -> None:
    office.register()
    promised = [office.promise(111, price="0.0333") for _number in range(3)]
    order = office.placed(*promised, taxes=Decimal("1.00"))
    told = facts_by_name(office.make(KIND, order=order, language_pair="en"))
    assert order.goods_total == Decimal("11.09")
    assert told["Goods"] == "USD\xa011.10"
    assert told["Rounding"].endswith("0.01")
    assert told["Total"] == "USD\xa012.09"


def test_payments_are_stated_in_the_order_of_their_milestones(office: Office) -> None:
    two = [PaymentShare("against_documents", 60), PaymentShare("after_inspection", 40)]
    order = office.draft(office.promise(8_000), shares=two)
    set_payment_schedule(order, DEFAULT_SHARES, by=office.officer.by, at=AT)
    assert [one.milestone for one in DocumentRecord(None, order, AT).payments] == [
        "deposit",
        "against_documents",
        "after_inspection",
    ]


def test_statements_for_a_purchase_order_do_not_grow_with_its_lines(office: Office) -> None:
    office.register()
    office.placed_order(500)  # the first document of a year also creates the counter of their numbers
    counts = []
    for lines in (1, 6):
        order = office.placed(*(office.promise(1_000 + number) for number in range(lines)))
        with CaptureQueriesContext(connection) as seen:
            office.make(KIND, order=order)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_purchase_order_exists_only_for_placed_purchases_that_were_not_cancelled(office: Office) -> None:
    office.register()
    draft = office.approved(office.promise(1_000))
    with assert_refused("not_ready", draft) as caught:
        office.make(KIND, order=draft)
    assert "has not been placed" in str(caught.value)
    gift = office.accepted(office.promise(1_000, kind="donation"))
    with assert_refused("not_ready", gift):
        office.make(KIND, order=gift)
    emptied = office.placed_order(3_000)
    reduce_quantity(emptied, emptied.lines.get(), 3_000, reason="None.", by=office.officer.by, at=AT)
    with assert_refused("not_ready", emptied) as caught:
        office.make(KIND, order=emptied)
    assert "All goods were taken off" in str(caught.value)
    order = office.placed_order(5_000)
    cancel_order(order, reason="Not needed.", by=office.officer.by, at=AT)
    with assert_refused("not_ready", order) as caught:
        office.make(KIND, order=order)
    assert "Cancelled" in str(caught.value)
