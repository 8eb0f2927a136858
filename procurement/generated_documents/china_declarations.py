"""Data sheets for two declarations to China's customs.

They are the exporter's declaration (Announcements 5 and 12 of 2020) and the joint declaration. The sheets
hold the data for the forms; they state that they are not the forms.
"""

from django.utils.translation import gettext as _

from partners.place_labels import country_label
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import DeclaredUse
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.generated_documents import shared_texts
from procurement.generated_documents.content_blocks import (
    Block,
    facts_block,
    sentences_block,
    signature_block,
    table_block,
)
from procurement.generated_documents.document_record import DocumentRecord, GoodsLine
from procurement.generated_documents.shared_texts import (
    city_heading,
    company_details,
    customs_codes,
    goods_description_lines,
    importer_name,
    manufacturer_lines,
    order_numbers,
    piece_count_text,
)
from procurement.suppliers.models.certificates import Certificate

MASK_FAMILIES = frozenset({Product.Family.MASK, Product.Family.RESPIRATOR})


def goods_for_document_kind(kind: str, record: DocumentRecord) -> list[GoodsLine]:
    """Return the goods of a shipment that a document is about. A declaration names only its own goods.

    Announcements 5 and 12, part II, are about medical goods; the joint declaration is about masks that
    are not medical.
    """
    if kind == GeneratedDocument.Kind.EXPORTER_DATA_SHEET:
        return [one for one in record.goods if one.use == DeclaredUse.MEDICAL]
    if kind == GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET:
        return [
            one
            for one in record.goods
            if one.product.family in MASK_FAMILIES and one.use != DeclaredUse.MEDICAL
        ]
    return record.goods


def exporter_declaration_data(record: DocumentRecord) -> list[Block]:
    """Return the data of the exporter's declaration of medical goods.

    It holds the registration, and the standard of the country of destination.
    """
    return [
        facts_block(*_parties(record, GeneratedDocument.Kind.EXPORTER_DATA_SHEET)),
        _goods(record, GeneratedDocument.Kind.EXPORTER_DATA_SHEET),
        sentences_block(
            _(
                "The exporter makes this declaration in Annex 1 of Announcement No. 5 of 2020, or in the "
                "statement under Announcement No. 12. It declares that the goods have a Chinese "
                "registration, or that their manufacturer is on the list of manufacturers with foreign "
                "certification. It also declares that the goods meet the quality standards of the "
                "destination country."
            ),
            _disclaimer(),
        ),
        signature_block(_("Exporter: name, signature, seal"), _("Place and date")),
    ]


def joint_declaration_data(record: DocumentRecord) -> list[Block]:
    """Return the data that exporter and importer declare together about masks that are not medical.

    Source: Announcement 12 of 2020, part I.
    """
    return [
        facts_block(*_parties(record, GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET)),
        _goods(record, GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET),
        sentences_block(
            _(
                "In Annex 1 of Announcement No. 12 of 2020, the exporter and the importer jointly "
                "declare the following. The masks meet the Chinese standard or the foreign "
                "standard named above, and the importer accepts that standard. The masks will not "
                "be used for medical purposes."
            ),
            _("The signature commits the city. Sign only if no hospital ward will use the masks."),
            _disclaimer(),
        ),
        signature_block(
            _("Exporter: name, signature, seal"), _("Importer: name, signature, seal"), _("Place and date")
        ),
    ]


def _disclaimer() -> str:
    return _(
        "This is a data sheet, not the form. Copy the data into the form currently in force. A "
        "customs broker decides which form applies."
    )


def _parties(record: DocumentRecord, kind: str) -> list[tuple[str, object]]:
    shipment = record.shipment
    assert shipment is not None  # data sheets always have a shipment
    uses = dict.fromkeys(str(DeclaredUse(one.use).label) for one in goods_for_document_kind(kind, record))
    return [
        (_("Exporter"), "\n".join(dict.fromkeys(company_details(order.supplier) for order in record.orders))),
        (_("Importer"), importer_name(record) or city_heading(record)),
        (_("Contract"), order_numbers(record)),
        (_("Export declaration number"), ""),
        (_("Destination country"), country_label(shipment.destination[:2])),
        (_("Declared use"), ", ".join(uses)),
    ]


def _goods(record: DocumentRecord, kind: str) -> Block:
    registered = kind == GeneratedDocument.Kind.EXPORTER_DATA_SHEET
    head = [_("Goods"), _("Customs codes"), _("Quantity"), _("Manufacturer"), _("Lot")]
    rows = [
        [
            goods_description_lines(one),
            customs_codes(record, one),
            piece_count_text(one.pieces, one),
            manufacturer_lines(one),
            ", ".join(dict.fromkeys(carton.lot_number for carton in one.cartons if carton.lot_number))
            or shared_texts.BLANK_TO_FILL,
            *([_registrations(record, one)] if registered else []),
        ]
        for one in goods_for_document_kind(kind, record)
    ]
    more = [_("Registration on record")] if registered else []
    return table_block([*head, *more], rows, [6, 4, 3, 5, 3, *([5] if registered else [])], figures=[2])


def _registrations(record: DocumentRecord, one: GoodsLine) -> list[str]:
    """Return the registration numbers of the companies for these goods, each with its status."""
    rows = set(one.lead.supplier.row_ids) | (set(one.maker.row_ids) if one.maker else set())
    found = [
        f"{document.kind} {document.number} ({document.get_status_display()})"
        for document in record.china_registrations
        if document.supplier_id in rows and _covers(document, one)
    ]
    return found or [shared_texts.BLANK_TO_FILL]


def _covers(document: Certificate, one: GoodsLine) -> bool:
    """Return True if a certificate is for these goods. One without goods may be for any."""
    products = list(document.products.all())
    return not products or one.product in products
