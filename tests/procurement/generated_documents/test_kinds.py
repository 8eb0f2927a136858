"""Tests of the content of each kind of generated document, which equals the record.

It covers terms and prices, true values, cartons, lots, and weights and codes where they are known.
"""

import json
from decimal import Decimal

import pytest

from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.products import Product
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.generated_documents.document_record import DocumentRecord
from procurement.generated_documents.donations import letter_of_offer
from procurement.generated_documents.shared_texts import manufacturer_lines
from procurement.logistics.actions.journey import cancel_shipment
from procurement.orders.actions.close import decline_donation
from procurement.quality.actions import record_inspection
from procurement.quality.rules import PointReading
from procurement.shipments.models import Shipment
from procurement.suppliers.actions.certificates import record_shown_certificate
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from procurement.suppliers.models.suppliers import Supplier
from tests.procurement.refusals import assert_refused
from tests.worlds.generated_documents import BOXES, Office
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT

LINE = "______"


def text_in(made: GeneratedDocument, language: int = 0) -> str:
    """Return all text of a document in one of its languages."""
    return json.dumps(made.file.words["languages"][language], ensure_ascii=False).replace("\\n", "\n")


def facts_by_name(made: GeneratedDocument) -> dict[str, str]:
    """Return the facts of a sheet, by name."""
    blocks = made.file.words["languages"][0]["blocks"]
    return {name: said for block in blocks if block["kind"] == "facts" for name, said in block["rows"]}


def test_invoice_states_price_terms_codes_origin_brand_and_use(office: Office) -> None:
    shipment = office.bought()
    made = office.make(GeneratedDocument.Kind.INVOICE, shipment, office.order_of(shipment), "en")
    told = facts_by_name(made)
    assert (told["Incoterms rule and place"], told["Currency"]) == ("FCA Zhongshan", "USD")
    assert (told["Goods"], told["Total"]) == ("USD\xa05,000.00", "USD\xa05,000.00")
    assert (told["Cartons"], told["Gross weight"]) == ("10", "85.0\xa0kg")
    assert told["Waybill or bill of lading"] == "020-12345675"
    assert told["Seller’s own invoice number"] == ""
    text = text_in(made)
    for one in (
        *("HS 630790", "China 6307900010", "Canada 63079099", "10,000 pieces", "USD\xa00.50", "China"),
        *("KH-2020 Type I", "Use: Medical use", "Zhongshan Kanghu DEMO", "中山市火炬开发区示范路8号"),
    ):
        assert one in text, one
    assert made.figures["values"] == {str(made.order.lines.get().pk): "5000.00 USD"}


def test_unknown_facts_are_lines_to_fill_in(office: Office) -> None:
    Supplier.objects.filter(pk=office.supplier.pk).update(role="trader", address="")
    shipment = office.plan()
    order = office.order_of(shipment)
    made = office.make(GeneratedDocument.Kind.INVOICE, shipment, order, "en")
    told = facts_by_name(made)
    assert (told["Gross weight"], told["Cartons"], told["Importer of record"]) == ("", "", "")
    assert "Containers and seals" not in told
    text = text_in(made)
    assert f"as printed on the package: {LINE}" in text
    assert f"Manufacturer: {LINE}" in text
    packed = office.packed(shipment)
    weights = [
        row[6:]
        for row in office.make(GeneratedDocument.Kind.PACKING_LIST, packed, language_pair="en").file.words[
            "languages"
        ][0]["blocks"][1]["rows"]
    ]
    assert weights == [[[LINE], [LINE]]]
    label = office.make(GeneratedDocument.Kind.CARTON_LABELS, packed, language_pair="en").file.words[
        "labels"
    ][0]["languages"][0]
    assert dict(map(tuple, label["rows"]))["Expiry date"] == LINE


def test_invoice_includes_freight_and_taxes_when_the_whole_order_travels(office: Office) -> None:
    order = office.ready(office.promise(10_000), extra_costs=Decimal(400), taxes=Decimal(50))
    half = office.plan(order, part=4_000)
    assert facts_by_name(office.make(GeneratedDocument.Kind.INVOICE, half, order, "en"))[
        "Freight and taxes"
    ].startswith("for the whole order")
    cancel_shipment(half, reason="All at once.", by=office.officer.by, at=AT)
    whole = office.plan(order)
    told = facts_by_name(office.make(GeneratedDocument.Kind.INVOICE, whole, order, "en"))
    assert (told["Freight, insurance, inspection"], told["Taxes"], told["Total"]) == (
        "USD\xa0400.00",
        "USD\xa050.00",
        "USD\xa05,450.00",
    )


def test_each_order_has_its_own_invoice_and_the_shipment_one_packing_list(office: Office) -> None:
    first = office.ready(office.promise(2_000))
    second = office.ready(office.promise(1_000))
    shipment = office.packed(office.plan(first, second, gross_kg=Decimal(30)))
    for order, total in ((first, "USD\xa01,000.00"), (second, "USD\xa0500.00")):
        made = office.make(GeneratedDocument.Kind.INVOICE, shipment, order, "en")
        assert (facts_by_name(made)["Goods"], facts_by_name(made)["Gross weight"]) == (total, "")
        assert made.thing == f"{shipment.reference} {order.reference}"
        assert "gross_kg" not in made.figures
    whole = facts_by_name(office.make(GeneratedDocument.Kind.PACKING_LIST, shipment, language_pair="en"))
    assert (whole["Cartons"], whole["Gross weight"]) == ("3", "30.0\xa0kg")
    assert whole["Orders"] == f"{first.reference}, {second.reference}"


def test_pro_forma_states_the_value_and_that_nothing_is_paid(office: Office) -> None:
    shipment = office.given()
    order = office.order_of(shipment)
    made = office.make(GeneratedDocument.Kind.PROFORMA, shipment, order, "en")
    told = facts_by_name(made)
    assert (told["Donated by"], told["Total"], told["Donation"]) == (
        "City of Zhongshan",
        "USD\xa05,000.00",
        order.reference,
    )
    assert "No payment has been or will be made" in text_in(made)
    assert (
        facts_by_name(office.make(GeneratedDocument.Kind.STATEMENT_OF_VALUE, shipment, order, "en"))[
            "Source of the price"
        ]
        == ""
    )


def test_exporter_data_sheet_names_the_makers_registrations(office: Office) -> None:
    shipment = office.bought()
    kind = CertificateType.objects.get(code="CN_NMPA_REG")
    for number, goods in (("粤械注准20202140123", []), ("粤械注准20202140999", ["RESP_KN95"])):
        record_shown_certificate(
            office.supplier,
            kind,
            number=number,
            products=list(Product.objects.filter(code__in=goods)),
            entered_by=office.officer.user,
            by=office.officer.by,
            at=AT,
        )
    text = text_in(office.make(GeneratedDocument.Kind.EXPORTER_DATA_SHEET, shipment, language_pair="zh"))
    assert "粤械注准20202140123" in text
    assert "粤械注准20202140999" not in text


def test_labels_name_carton_goods_lot_quantity_and_expiry(office: Office) -> None:
    shipment = office.receive_and_release(office.bought())
    made = office.make(GeneratedDocument.Kind.CARTON_LABELS, shipment, language_pair="zh-en", at=DELIVERED_AT)
    labels = made.file.words["labels"]
    assert len(labels) == 10
    label = labels[2]["languages"][1]
    assert (label["number"], labels[2]["reference"]) == ("3 / 10", label["reference"])
    told = dict(map(tuple, label["rows"]))
    assert told == {
        "Lot": "L-2020-04",
        "Units": "1,000 pieces",
        "Expiry date": "2023-04-01",
        "Gross weight": "8.5\xa0kg",
    }
    pallets = office.make(GeneratedDocument.Kind.PALLET_LABELS, shipment, language_pair="en", at=DELIVERED_AT)
    last = pallets.file.words["labels"][-1]["languages"][0]
    assert (last["number"], len(pallets.file.words["labels"])) == ("Pallet 3 / 3", 3)
    assert dict(map(tuple, last["rows"]))["Cartons"] == "2 (9–10)"
    assert pallets.figures["pieces"] == made.figures["pieces"]


def test_pallet_label_of_unknown_weight_has_a_line_to_fill_in(office: Office) -> None:
    promised = office.promise(2_000, pallet_cartons=4)
    shipment = office.packed(office.plan(office.ready(promised)))
    made = office.make(GeneratedDocument.Kind.PALLET_LABELS, shipment, language_pair="en")
    (label,) = made.file.words["labels"]
    assert dict(map(tuple, label["languages"][0]["rows"]))["Gross weight without pallet"] == LINE


def test_receiving_note_lists_every_count_and_inspection_report_every_sample(office: Office) -> None:
    shipment = office.receive_and_release(office.bought())
    note = text_in(
        office.make(GeneratedDocument.Kind.GOODS_RECEIVED_NOTE, shipment, language_pair="en", at=DELIVERED_AT)
    )
    for one in ("10,000", "9,990", "One box torn open on its way.", "L-2020-04", "2023-04-01", "Released"):
        assert one in note, one
    report = text_in(
        office.make(GeneratedDocument.Kind.INSPECTION_REPORT, shipment, language_pair="en", at=DELIVERED_AT)
    )
    for one in ("II · 2.5", "200", "Passed", "Released", "KH-2020 Type I", "1 April 2023"):
        assert one in report, one


def test_uninspected_lot_says_so_and_a_full_receipt_lists_no_discrepancies(
    office: Office,
) -> None:
    first, second = office.ready(office.promise(2_000)), office.ready(office.promise(1_000))
    shipment = office.delivered(office.plan(first, second))
    note = office.make(
        GeneratedDocument.Kind.GOODS_RECEIVED_NOTE,
        office.receive_first_line(shipment),
        language_pair="en",
        at=DELIVERED_AT,
    )
    assert note.figures["pieces"] == {str(shipment.lines.order_by("pk")[0].order_line_id): 2_000}
    assert "Discrepancies" not in text_in(note)
    office.receive(shipment, office.count(shipment.lines.order_by("pk")[1], lot_number="L-2"))
    office.pass_lot(shipment.lots.order_by("pk")[0])
    report = text_in(
        office.make(GeneratedDocument.Kind.INSPECTION_REPORT, shipment, language_pair="en", at=DELIVERED_AT)
    )
    assert "Not inspected yet." in report
    Shipment.objects.filter(pk=shipment.pk).update(delivered_at=None, status="arrived")
    shipment.refresh_from_db()
    shipment.lots.update(quantity=0)
    assert (
        facts_by_name(
            office.make(
                GeneratedDocument.Kind.GOODS_RECEIVED_NOTE, shipment, language_pair="en", at=DELIVERED_AT
            )
        )["Delivered"]
        == ""
    )


def test_receiving_note_without_lots_omits_them(office: Office) -> None:
    shipment = office.delivered()
    count = office.count(
        shipment.lines.get(), accepted=0, rejected=10_000, lot_number="", reason="Wet through."
    )
    office.receive(shipment, count)
    made = office.make(
        GeneratedDocument.Kind.GOODS_RECEIVED_NOTE, shipment, language_pair="en", at=DELIVERED_AT
    )
    assert "Lots" not in text_in(made)
    assert made.figures["pieces"] == {str(shipment.lines.get().order_line_id): 10_000}


def test_donation_letters_name_the_cities_in_each_language_and_no_person(office: Office) -> None:
    order = office.order_of(office.given())
    for kind in (
        GeneratedDocument.Kind.OFFER_LETTER,
        GeneratedDocument.Kind.ACCEPTANCE_LETTER,
        GeneratedDocument.Kind.DONATION_CERTIFICATE,
    ):
        made = office.make(kind, order=order, language_pair="zh-fr")
        assert "中山市政府" in text_in(made)
        assert "Ville de Burnaby" in text_in(made, 1)
        assert "Li Wei" not in text_in(made) + text_in(made, 1)
    assert "15 avril" in text_in(made, 1) or "16 avril" in text_in(made, 1)


@pytest.mark.parametrize(
    ("place", "said"), [("oakville", "Ville d’Oakville"), ("burnaby", "Ville de Burnaby")]
)
def test_french_documents_elide_before_a_vowel(db: None, place: str, said: str) -> None:
    office = Office(place)
    order = office.gift()
    made = office.make(GeneratedDocument.Kind.OFFER_LETTER, order=order, language_pair="fr")
    assert said in text_in(made)


def test_donation_by_a_company_names_the_company_as_donor(office: Office) -> None:
    order = office.gift()
    type(order).objects.filter(pk=order.pk).update(donor_city=None, approved_at=None)
    order.refresh_from_db()
    offer = text_in(office.make(GeneratedDocument.Kind.OFFER_LETTER, order=order, language_pair="en"))
    assert "We, Zhongshan Kanghu DEMO, offer" in offer
    type(order).objects.filter(pk=order.pk).update(
        status="accepted", approved_by=office.approver.user, approved_at=AT
    )
    order.refresh_from_db()
    assert "Donated by Zhongshan Kanghu DEMO to the City of Burnaby" in text_in(
        office.make(GeneratedDocument.Kind.DONATION_CERTIFICATE, order=order, language_pair="en")
    )


def test_thank_you_certificate_states_the_released_quantity(office: Office) -> None:
    shipment = office.receive_and_release(office.given())
    order = office.order_of(shipment)
    made = office.make(GeneratedDocument.Kind.THANKS_LETTER, order=order, language_pair="en", at=DELIVERED_AT)
    assert "9,990 pieces" in text_in(made)
    assert made.figures["pieces"] == {str(order.lines.get().pk): 9_990}
    assert "9,990 pieces · " in text_in(
        office.make(
            GeneratedDocument.Kind.THANKS_CERTIFICATE, order=order, language_pair="en", at=DELIVERED_AT
        )
    )


def test_declined_donation_has_no_offer_letter_and_an_unaccepted_one_no_certificate(
    office: Office,
) -> None:
    order = office.gift()
    for kind in (
        GeneratedDocument.Kind.ACCEPTANCE_LETTER,
        GeneratedDocument.Kind.DONATION_CERTIFICATE,
        GeneratedDocument.Kind.THANKS_LETTER,
        GeneratedDocument.Kind.THANKS_CERTIFICATE,
    ):
        with assert_refused("not_ready"):
            office.make(kind, order=order)
    decline_donation(order, reason="We have enough.", by=office.officer.by, at=AT)
    with assert_refused("not_ready"):
        office.make(GeneratedDocument.Kind.OFFER_LETTER, order=order)
    bought = office.ready()
    with assert_refused("not_ready"):
        office.make(GeneratedDocument.Kind.OFFER_LETTER, order=bought)


def mixed_shipment(office: Office, **facts: object) -> Shipment:
    """Return a shipment of masks for a ward and of masks that are not medical."""
    ward = office.ready(office.promise(10_000, **BOXES))
    line = office.line(2_000, declared_use="non_medical")
    hall = office.ready(office.promise(2_000, line=line, declared_use="non_medical", **BOXES))
    return office.packed(office.plan(ward, hall, **facts))


def test_declaration_names_its_own_goods_and_no_others_in_the_shipment(office: Office) -> None:
    shipment = mixed_shipment(office)
    ward, hall = (str(line.order_line_id) for line in shipment.lines.order_by("pk"))
    exporter, joint = (
        office.make(GeneratedDocument.Kind.EXPORTER_DATA_SHEET, shipment, language_pair="en"),
        office.make(GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET, shipment, language_pair="en"),
    )
    assert (exporter.figures["pieces"], joint.figures["pieces"]) == ({ward: 10_000}, {hall: 2_000})
    assert facts_by_name(exporter)["Declared use"] == "Medical use"
    assert facts_by_name(joint)["Declared use"] == "Non-medical use"
    assert "10,000" not in text_in(joint)


def test_joint_declaration_for_a_hospital_is_refused_whatever_else_travels(office: Office) -> None:
    shipment = mixed_shipment(office)
    Shipment.objects.filter(pk=shipment.pk).update(consignee="hospital")
    shipment.refresh_from_db()
    with assert_refused("not_ready"):
        office.make(GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET, shipment)


def test_inspection_report_states_measured_values_with_their_limits(office: Office) -> None:
    shipment = office.receive_and_release(office.bought())
    lot = shipment.lots.get()
    type(lot).objects.filter(pk=lot.pk).update(status="quarantined", released_at=None)
    record_inspection(
        lot,
        sampled=200,
        defects=0,
        verdict="failed",
        inspector=office.logistics.user,
        readings=[PointReading(key="pressure", value=Decimal("6.4")), PointReading(key="whole", seen=True)],
        by=office.logistics.by,
        at=DELIVERED_AT,
    )
    made = text_in(
        office.make(GeneratedDocument.Kind.INSPECTION_REPORT, shipment, language_pair="en", at=DELIVERED_AT)
    )
    for said in ("6.4\xa0mmH₂O/cm²", "less than 6\xa0mmH₂O/cm²", "Outside the limit", '"met"'):
        assert said in made, said
    assert "Not measured" not in made


def test_donation_letter_names_the_donors_country_and_goods_documents_the_makers(
    office: Office,
) -> None:
    """A broker in the United States donates goods made in China.

    The letter names the broker's country, and the documents of the goods name China.
    """
    maker = office.company("深圳海晏防护 DEMO")
    correct_supplier(
        office.supplier, SupplierEdit(country="US", place=None, role="broker"), by=office.officer.by, at=AT
    )
    order = office.accepted(office.promise(10_000, kind="donation", maker=maker, **BOXES))
    type(order).objects.filter(pk=order.pk).update(donor_city=None)
    order.refresh_from_db()
    record = DocumentRecord(None, order, AT)
    assert letter_of_offer(record)["place"] == "United States"
    assert manufacturer_lines(record.goods[0]) == ["China", "Manufacturer: 深圳海晏防护 DEMO"]
