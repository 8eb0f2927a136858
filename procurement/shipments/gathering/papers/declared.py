"""Data sheets for two declarations to China's customs: the exporter's (Announcements 5 and 12 of 2020) and the joint one.

They hold what goes into the forms; they are not the forms, and say so.
"""

from django.utils.translation import gettext as _

from partners.labels import country_label
from procurement.catalogue.models.facts import Use
from procurement.catalogue.models.products import Product
from procurement.shipments.gathering.papers import told
from procurement.shipments.gathering.papers.blocks import Block, facts, sentences, sign, table
from procurement.shipments.gathering.papers.record import Goods, Record
from procurement.shipments.models.made import MadePaper
from procurement.suppliers.models.certificate import Certificate

MASKS = frozenset({Product.Family.MASK, Product.Family.RESPIRATOR})


def speaks_of(kind: str, record: Record) -> list[Goods]:
    """The goods of a shipment that a paper is about: of those that travel together, a declaration names its own and no others.

    Announcements 5 and 12, part II, are about medical goods; the joint declaration is about masks that are not medical.
    """
    if kind == MadePaper.Kind.EXPORTER:
        return [one for one in record.goods if one.use == Use.MEDICAL]
    if kind == MadePaper.Kind.JOINT:
        return [one for one in record.goods if one.product.family in MASKS and one.use != Use.MEDICAL]
    return record.goods


def exporter_data(record: Record) -> list[Block]:
    """What the exporter declares of medical goods: registration, and the standard of the country they go to."""
    return [
        facts(*_parties(record, MadePaper.Kind.EXPORTER)),
        _goods(record, MadePaper.Kind.EXPORTER),
        sentences(
            _(
                "The exporter declares in Annex 1 of Announcement 5 of 2020, or in the statement of Announcement 12, that the goods "
                "hold a Chinese registration, or that their maker is on the list of foreign certification, and that they meet the "
                "quality standard of the country they go to."
            ),
            _not_the_form(),
        ),
        sign(_("Exporter: name, signature, seal"), _("Place and day")),
    ]


def joint_data(record: Record) -> list[Block]:
    """What exporter and importer declare together of masks that are not medical (Announcement 12 of 2020, part I)."""
    return [
        facts(*_parties(record, MadePaper.Kind.JOINT)),
        _goods(record, MadePaper.Kind.JOINT),
        sentences(
            _(
                "Exporter and importer declare together, in Annex 1 of Announcement 12 of 2020, that the masks meet the Chinese "
                "standard or the foreign one named above, that the importer accepts that standard, and that the masks will not be used "
                "for medical purposes."
            ),
            _("Whoever signs for the city binds it: sign only if no ward will use them."),
            _not_the_form(),
        ),
        sign(_("Exporter: name, signature, seal"), _("Importer: name, signature, seal"), _("Place and day")),
    ]


def _not_the_form() -> str:
    return _(
        "This is a data sheet and not the form: copy it into the form of the day. A customs broker decides which form that is."
    )


def _parties(record: Record, kind: str) -> list[tuple[str, object]]:
    shipment = record.shipment
    assert shipment is not None  # data sheets are of shipments
    uses = dict.fromkeys(str(Use(one.use).label) for one in speaks_of(kind, record))
    return [
        (_("Exporter"), "\n".join(dict.fromkeys(told.company(order.supplier) for order in record.orders))),
        (_("Importer"), told.importer(record) or told.city(record)),
        (_("Contract"), told.orders(record)),
        (_("Number of the export declaration"), ""),
        (_("Country they go to"), country_label(shipment.destination[:2])),
        (_("Declared use"), ", ".join(uses)),
    ]


def _goods(record: Record, kind: str) -> Block:
    registered = kind == MadePaper.Kind.EXPORTER
    head = [_("Goods"), _("Customs codes"), _("Quantity"), _("Made by"), _("Lot")]
    rows = [
        [
            told.named(one),
            told.codes(record, one),
            told.pieces(one.pieces, one),
            told.made(one),
            ", ".join(dict.fromkeys(box.lot_number for box in one.boxes if box.lot_number)) or told.BLANK,
            *([_registrations(record, one)] if registered else []),
        ]
        for one in speaks_of(kind, record)
    ]
    more = [_("Registration, by the record")] if registered else []
    return table([*head, *more], rows, [6, 4, 3, 5, 3, *([5] if registered else [])], figures=[2])


def _registrations(record: Record, one: Goods) -> list[str]:
    """Numbers its companies show for these goods, and how far each was confirmed."""
    rows = set(one.lead.supplier.rows) | (set(one.maker.rows) if one.maker else set())
    found = [
        f"{paper.kind} {paper.number} ({paper.get_status_display()})"
        for paper in record.registrations
        if paper.supplier_id in rows and _covers(paper, one)
    ]
    return found or [told.BLANK]


def _covers(paper: Certificate, one: Goods) -> bool:
    """A paper that names no goods may be for any."""
    products = list(paper.products.all())
    return not products or one.product in products
