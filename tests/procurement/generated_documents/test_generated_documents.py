"""Tests of generated documents: created from the record, frozen with a hash, replaced by newer versions, and compared.

They also cover who may generate and see a document.
"""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.documents.models.generated_documents import GeneratedDocument, GeneratedDocumentFile
from procurement.documents.rules.consistency import ComparedFigure
from procurement.generated_documents.actions import generate_document
from procurement.generated_documents.document_record import DocumentRecord
from procurement.generated_documents.missing_data import MAX_LABELS_PER_FILE
from procurement.generated_documents.pdf import is_unchanged, render_pdf, verification_url
from procurement.generated_documents.status import document_statuses
from procurement.logistics.actions.journey import cancel_shipment
from procurement.logistics.actions.planning import ShipmentEdit, assign_broker, edit_shipment
from procurement.orders.actions.approve import mark_ready
from procurement.shipments.models import Carton, Shipment
from tests.procurement.refusals import assert_refused
from tests.worlds.generated_documents import BOXES, Office, text_of
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT
from workflow.journal.models import Entry


def document_json(made: GeneratedDocument) -> str:
    return json.dumps(made.file.words, ensure_ascii=False)


def test_generated_document_stays_unchanged_beside_a_newer_version(office: Office) -> None:
    shipment = office.bought()
    first = office.make(GeneratedDocument.Kind.PACKING_LIST, shipment)
    before = (bytes(first.file.pdf), first.sha256, first.file_sha256)
    edit_shipment(shipment, ShipmentEdit(gross_kg=Decimal("91.5")), by=office.officer.by, at=AT)
    second = office.make(GeneratedDocument.Kind.PACKING_LIST, shipment, at=AT + timedelta(hours=1))
    again = GeneratedDocument.objects.get(pk=first.pk)
    assert (bytes(again.file.pdf), again.sha256, again.file_sha256) == before
    assert (first.version, second.version) == (1, 2)
    assert "91.5" in document_json(second)
    assert "91.5" not in document_json(first)
    assert is_unchanged(again)
    assert first.languages == ["zh", "en"]
    assert str(second.file) == str(second.pk)


def test_journal_holds_the_hashes_of_a_generated_document_without_its_code(office: Office) -> None:
    made = office.make(GeneratedDocument.Kind.PACKING_LIST, office.bought())
    entry = Entry.objects.get(thing_label="procurement.generateddocument", thing_id=made.pk)
    assert (entry.verb, entry.after["sha256"], entry.after["file_sha256"]) == (
        "freeze",
        made.sha256,
        made.file_sha256,
    )
    assert made.code not in json.dumps(entry.after)


def test_generated_document_altered_in_the_database_is_detected(office: Office) -> None:
    made = office.make(GeneratedDocument.Kind.PACKING_LIST, office.bought())
    one = made.file
    changes = (
        (GeneratedDocumentFile, one.pk, {"pdf": bytes(one.pdf) + b"\n"}),
        (GeneratedDocumentFile, one.pk, {"words": one.words | {"about": "something else"}}),
        (GeneratedDocument, made.pk, {"file_sha256": "0" * 64}),
        (GeneratedDocument, made.pk, {"figures": {}}),
    )
    for model, key, facts in changes:
        with transaction.atomic():
            model.objects.filter(pk=key).update(**facts)
            assert not is_unchanged(GeneratedDocument.objects.get(pk=made.pk)), facts.keys()
            transaction.set_rollback(True)
    GeneratedDocumentFile.objects.filter(pk=one.pk).delete()
    assert not is_unchanged(GeneratedDocument.objects.get(pk=made.pk))


def test_generated_document_rendered_again_has_identical_bytes(office: Office) -> None:
    made = office.make(GeneratedDocument.Kind.CARTON_LABELS, office.bought())
    again = render_pdf(
        made.kind, made.file.words, fingerprint=made.fingerprint, url=verification_url(made.code), at=AT
    )
    assert again.sha256 == made.file_sha256


def test_documents_are_generated_by_officers_or_logistics_and_visible_to_the_city_and_broker(
    office: Office,
) -> None:
    shipment = office.bought()
    for person in (office.observer, office.approver, office.verifier, office.stranger, office.broker):
        with assert_refused("not_allowed"):
            generate_document(
                GeneratedDocument.Kind.PACKING_LIST,
                language_pair="en",
                author=person.user,
                by=person.by,
                at=AT,
                shipment=shipment,
            )
    made = generate_document(
        GeneratedDocument.Kind.PACKING_LIST,
        language_pair="en",
        author=office.logistics.user,
        by=office.logistics.by,
        at=AT,
        shipment=shipment,
    )
    label = office.make(GeneratedDocument.Kind.CARTON_LABELS, shipment)

    def seen_by(person):
        return set(GeneratedDocument.objects.visible_to(person.by))

    assert seen_by(office.observer) == {made, label}
    assert seen_by(office.stranger) == seen_by(office.broker) == set()
    assign_broker(shipment, office.broker.user, by=office.logistics.by, at=AT)
    assert seen_by(office.broker) == {made}, "what customs asks for, and no label"


def test_donation_letters_are_generated_by_officers_only(office: Office) -> None:
    order = office.order_of(office.given())
    with assert_refused("not_allowed"):
        generate_document(
            GeneratedDocument.Kind.ACCEPTANCE_LETTER,
            language_pair="en",
            author=office.logistics.user,
            by=office.logistics.by,
            at=AT,
            order=order,
        )
    made = office.make(GeneratedDocument.Kind.ACCEPTANCE_LETTER, order=order)
    assert (made.shipment, made.order, made.thing) == (None, order, order.reference)


@pytest.mark.parametrize(
    ("kind", "language_pair", "code"),
    [
        ("nothing", "en", "unknown_paper"),
        (GeneratedDocument.Kind.PACKING_LIST, "de", "unknown_paper"),
        (GeneratedDocument.Kind.INVOICE, "en", "thing_missing"),
        (GeneratedDocument.Kind.OFFER_LETTER, "en", "thing_missing"),
        (GeneratedDocument.Kind.PROFORMA, "en", "thing_missing"),
    ],
)
def test_unknown_document_type_or_missing_shipment_is_refused(
    office: Office, kind: str, language_pair: str, code: str
) -> None:
    shipment = office.bought()
    for of in (shipment, None):
        with assert_refused(code):
            office.make(kind, of, language_pair=language_pair)


def test_invoice_for_an_order_not_in_the_shipment_is_refused(office: Office) -> None:
    shipment, other = office.bought(), office.ready(office.promise(1_000))
    with assert_refused("thing_missing"):
        office.make(GeneratedDocument.Kind.INVOICE, shipment, other)


def test_generated_document_has_at_most_99_versions(office: Office) -> None:
    shipment = office.bought()
    made = office.make(GeneratedDocument.Kind.PACKING_LIST, shipment)
    GeneratedDocument.objects.bulk_create(
        GeneratedDocument(
            city=made.city,
            shipment=shipment,
            thing=made.thing,
            kind=made.kind,
            language_pair="en",
            version=number,
            author=made.author,
            figures={},
            code=str(number),
            reference=f"MP-{number}",
            created_at=AT,
            status="final",
        )
        for number in range(2, 100)
    )
    with assert_refused("too_many"):
        office.make(GeneratedDocument.Kind.PACKING_LIST, shipment)
    with pytest.raises(IntegrityError), transaction.atomic():
        GeneratedDocument.objects.filter(pk=made.pk).update(version=2)


def test_generated_documents_are_found_by_number_shipment_and_order(office: Office) -> None:
    shipment = office.given()
    order = office.order_of(shipment)
    made, letter = (
        office.make(GeneratedDocument.Kind.PACKING_LIST, shipment),
        office.make(GeneratedDocument.Kind.OFFER_LETTER, order=order),
    )
    rows = GeneratedDocument.objects.all()
    assert set(rows.search(made.reference)) == {made}
    assert set(rows.search(shipment.reference)) == {made}
    assert set(rows.search(order.reference)) == {letter}


# --- state of the documents -------------------------------------------------------------------------------------
def all_statuses(shipment: Shipment, at=AT, letters=()):
    record = DocumentRecord(Shipment.objects.get(pk=shipment.pk), None, at)
    return document_statuses(record, list(GeneratedDocument.objects.filter(shipment=shipment)), letters)


def status_of(papers, kind):
    return next(one for one in papers.documents if one.kind == kind)


def test_possible_documents_are_listed_with_missing_data_and_where_to_enter_it(office: Office) -> None:
    planned = office.plan()
    found = all_statuses(planned)
    kinds = [one.kind for one in found.documents]
    assert kinds == [
        *(
            GeneratedDocument.Kind.INVOICE,
            GeneratedDocument.Kind.PACKING_LIST,
            GeneratedDocument.Kind.EXPORTER_DATA_SHEET,
            GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET,
        ),
        *(
            GeneratedDocument.Kind.CARTON_LABELS,
            GeneratedDocument.Kind.PALLET_LABELS,
            GeneratedDocument.Kind.GOODS_RECEIVED_NOTE,
            GeneratedDocument.Kind.INSPECTION_REPORT,
        ),
    ]
    lacking = {one.kind: [lack.url for lack in one.missing] for one in found.documents if one.missing}
    page = planned.get_absolute_url()  # it offers packing to those who may pack
    assert (
        lacking[GeneratedDocument.Kind.PACKING_LIST]
        == lacking[GeneratedDocument.Kind.CARTON_LABELS]
        == lacking[GeneratedDocument.Kind.PALLET_LABELS]
        == [page]
    )
    assert lacking[GeneratedDocument.Kind.GOODS_RECEIVED_NOTE] == [page]
    assert lacking[GeneratedDocument.Kind.INSPECTION_REPORT] == [""]
    assert lacking[GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET][0].startswith("/leads/")
    assert found.differences == []
    anchors = [one.anchor for one in found.documents]
    assert len(set(anchors)) == len(anchors)


def test_pallet_labels_need_the_number_of_cartons_per_pallet(office: Office) -> None:
    packed = office.packed()
    (lack,) = status_of(all_statuses(packed), GeneratedDocument.Kind.PALLET_LABELS).missing
    (goods,) = all_statuses(packed).documents[0].order.lines.all()
    assert lack.url == goods.allocation.lead.get_absolute_url()
    assert status_of(all_statuses(packed), GeneratedDocument.Kind.CARTON_LABELS).missing == []


def test_documents_of_a_correct_shipment_agree(office: Office) -> None:
    shipment = office.bought()
    order = office.order_of(shipment)
    for kind in (
        GeneratedDocument.Kind.INVOICE,
        GeneratedDocument.Kind.PACKING_LIST,
        GeneratedDocument.Kind.CARTON_LABELS,
        GeneratedDocument.Kind.PALLET_LABELS,
        GeneratedDocument.Kind.EXPORTER_DATA_SHEET,
    ):
        office.make(kind, shipment, order if kind == GeneratedDocument.Kind.INVOICE else None)
    found = all_statuses(shipment)
    assert found.differences == []
    assert not any(one.stale for one in found.documents)
    assert status_of(found, GeneratedDocument.Kind.INVOICE).newest == GeneratedDocument.objects.get(
        kind=GeneratedDocument.Kind.INVOICE
    )


def test_donation_letters_are_compared_with_the_shipments_documents(office: Office) -> None:
    shipment = office.given()
    order = office.order_of(shipment)
    letter, invoice = (
        office.make(GeneratedDocument.Kind.OFFER_LETTER, order=order),
        office.make(GeneratedDocument.Kind.PROFORMA, shipment, order),
    )
    assert all_statuses(shipment, letters=[letter]).differences == []
    (line,) = letter.figures["pieces"]
    letter.figures = {**letter.figures, "pieces": {line: 9_000}}
    (found,) = all_statuses(shipment, letters=[letter]).differences
    assert (found.aspect, found.goods_line_key) == ("pieces", line)
    assert dict(found.values) == {letter.reference: 9_000, invoice.reference: 10_000, "": 10_000}
    newer = GeneratedDocument(
        reference="MP-X",
        kind=GeneratedDocument.Kind.OFFER_LETTER,
        thing=letter.thing,
        version=2,
        figures=invoice.figures,
    )
    assert all_statuses(shipment, letters=[letter, newer]).differences == []


def test_donation_letter_may_cover_more_than_one_partial_shipment(
    office: Office,
) -> None:
    order = mark_ready(
        office.accepted(office.promise(10_000, kind="donation", **BOXES)), by=office.officer.by, at=AT
    )
    letter = office.make(GeneratedDocument.Kind.OFFER_LETTER, order=order)
    part = office.plan(order, part=4_000)
    office.make(GeneratedDocument.Kind.PROFORMA, part, order)
    assert all_statuses(part, letters=[letter]).differences == []
    (line,) = letter.figures["names"]
    letter.figures = {**letter.figures, "names": {line: {**letter.figures["names"][line], "en": "Gowns"}}}
    (found,) = all_statuses(part, letters=[letter]).differences
    assert (found.aspect, found.name_language) == ("names", "en")


def test_changed_record_is_reported_until_the_document_is_generated_again(office: Office) -> None:
    shipment = office.bought()
    office.make(GeneratedDocument.Kind.PACKING_LIST, shipment)
    edit_shipment(shipment, ShipmentEdit(gross_kg=Decimal(90)), by=office.officer.by, at=AT)
    found = all_statuses(shipment)
    (one,) = found.differences
    assert (one.aspect, dict(one.values)) == (
        ComparedFigure.WEIGHT,
        {GeneratedDocument.objects.get().reference: "85", "": "90"},
    )
    assert status_of(found, GeneratedDocument.Kind.PACKING_LIST).stale
    office.make(GeneratedDocument.Kind.PACKING_LIST, shipment)
    assert all_statuses(shipment).differences == []
    assert [
        made.version
        for made in status_of(all_statuses(shipment), GeneratedDocument.Kind.PACKING_LIST).versions
    ] == [
        2,
        1,
    ]


def test_short_receipt_is_reported_as_a_difference_between_documents(office: Office) -> None:
    shipment = office.bought()
    office.make(GeneratedDocument.Kind.PACKING_LIST, shipment)
    office.receive_and_release(shipment)
    made = office.make(GeneratedDocument.Kind.GOODS_RECEIVED_NOTE, shipment, at=DELIVERED_AT)
    (one,) = all_statuses(shipment, DELIVERED_AT).differences
    assert one.aspect == ComparedFigure.PIECES
    assert dict(one.values)[made.reference] == 9_992
    assert "One box torn open on its way." in document_json(made)


def test_donation_without_a_value_has_no_pro_forma_and_says_where_to_enter_it(office: Office) -> None:
    order = mark_ready(office.accepted(office.promise(10_000, kind="donation")), by=office.officer.by, at=AT)
    shipment = office.packed(office.plan(order))
    order.lines.update(unit_price=0)  # older orders may lack a value, which is now required
    for kind in (GeneratedDocument.Kind.PROFORMA, GeneratedDocument.Kind.STATEMENT_OF_VALUE):
        (lack, *_rest) = status_of(all_statuses(shipment), kind).missing
        assert lack.url == order.get_absolute_url()
        with assert_refused("not_ready") as caught:
            office.make(kind, shipment, order)
        assert "customs requires one even for donations" in str(caught.value)
    assert office.make(GeneratedDocument.Kind.OFFER_LETTER, order=order).figures.get("values") == {}


def test_no_document_is_generated_for_a_cancelled_shipment(office: Office) -> None:
    shipment = office.bought()
    cancel_shipment(shipment, reason="The aircraft is full.", by=office.officer.by, at=AT)
    with assert_refused("not_ready"):
        office.make(GeneratedDocument.Kind.PACKING_LIST, shipment)


def test_joint_declaration_that_would_be_false_is_refused(office: Office) -> None:
    medical = office.bought()
    with assert_refused("not_ready"):
        office.make(GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET, medical)
    shipment = office.for_offices()
    assert (
        status_of(all_statuses(shipment), GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET).missing == []
    )
    Shipment.objects.filter(pk=shipment.pk).update(consignee="hospital")
    (lack,) = status_of(all_statuses(shipment), GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET).missing
    assert "The joint declaration excludes hospital wards" in str(lack.description)


def test_label_file_above_the_maximum_is_refused(office: Office, monkeypatch) -> None:
    shipment = office.bought()
    monkeypatch.setattr("procurement.generated_documents.missing_data.MAX_LABELS_PER_FILE", 9)
    (lack,) = status_of(all_statuses(shipment), GeneratedDocument.Kind.CARTON_LABELS).missing
    assert "9" in str(lack.description)
    assert MAX_LABELS_PER_FILE >= 1_000


def test_domestic_shipment_has_no_customs_documents(office: Office) -> None:
    shipment = office.plan(origin="CAMTR")
    kinds = [one.kind for one in all_statuses(shipment).documents]
    assert kinds == [
        GeneratedDocument.Kind.INVOICE,
        GeneratedDocument.Kind.PACKING_LIST,
        GeneratedDocument.Kind.CARTON_LABELS,
        GeneratedDocument.Kind.PALLET_LABELS,
        GeneratedDocument.Kind.GOODS_RECEIVED_NOTE,
        GeneratedDocument.Kind.INSPECTION_REPORT,
    ]


def test_cartons_are_listed_in_ranges(office: Office) -> None:
    shipment = office.bought()
    Carton.objects.filter(shipment=shipment, number__in=(4, 5)).update(lot_number="L-2")
    made = office.make(GeneratedDocument.Kind.PACKING_LIST, shipment, language_pair="en")
    text = text_of(bytes(made.file.pdf))
    assert "1–3" in text
    assert "4–5" in text
    assert "6–10" in text
