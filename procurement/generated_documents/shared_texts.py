"""Texts that several generated documents share, in the active language.

They name parties, goods, customs codes, weights and numbers.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from partners.cities.models import City
from partners.place_labels import country_label, letterhead_city_label
from procurement.catalogue.models.products import TariffCode
from procurement.catalogue.models.reference_rows import DeclaredUse
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.generated_documents.document_record import CHINA_CODE, DocumentRecord, GoodsLine
from procurement.orders.models import Order
from procurement.shipments.models import Carton
from procurement.shipments.rules import public_tracking_url
from procurement.suppliers.models.suppliers import Supplier
from workflow.formatting import format_decimals, format_quantity, language_of_place, reader_language

BLANK_TO_FILL = "______"  # blank to fill in by hand, in a cell or a sentence


def usual_language_pair(record: DocumentRecord) -> str:
    """Return the usual pair of languages for the documents: those of both sides.

    If the city, a seller or a donor is in China, or the goods leave it, Chinese with the language of the other
    side; otherwise English and French.
    """
    places = [(record.city.country, record.city.subdivision)]
    for order in record.orders:
        giver = order.donor_city or order.supplier.place
        country = order.donor_city.country if order.donor_city else order.supplier.country
        places.append((country, giver.subdivision if giver is not None else ""))
    abroad = [place for place in places if place[0] != CHINA_CODE]
    if not record.leaves_china and len(abroad) == len(places):
        return str(GeneratedDocument.LanguagePair.EN_FR)
    french = any(language_of_place(country, part) == "fr" for country, part in abroad[:1])
    return str(GeneratedDocument.LanguagePair.ZH_FR if french else GeneratedDocument.LanguagePair.ZH_EN)


def city_heading(record: DocumentRecord) -> str:
    """Return the receiving city as a heading names it."""
    return _town_name(record.city)


def donor_heading(order: Order) -> str:
    """Return the donor's name for a heading: the donor city, or else the company."""
    return _town_name(order.donor_city) if order.donor_city else order.supplier.name


def city_in_sentence(record: DocumentRecord) -> str:
    """Return the receiving city as a sentence names it."""
    return _town_in_sentence(record.city)


def donor_in_sentence(order: Order) -> str:
    """Return the donor as a sentence names it."""
    return _town_in_sentence(order.donor_city) if order.donor_city else order.supplier.name


def _town_name(place: City) -> str:
    return letterhead_city_label(place.name)


def _town_in_sentence(place: City) -> str:
    match reader_language():
        case "fr":
            return f"la {_town_name(place)}"
        case "zh":
            return _town_name(place)
    return _("the City of %(city)s") % {"city": place.name}


def company_details(one: Supplier) -> str:
    """Return a company with its registration number, address and country, as far as known."""
    place = one.address or (one.place.name if one.place else "")
    values = (one.name, one.uscc, place, country_label(one.country))
    return "\n".join(part for part in values if part)


def order_numbers(record: DocumentRecord) -> str:
    """Return the references of the orders."""
    return ", ".join(order.reference for order in record.orders)


def delivery_address(record: DocumentRecord) -> str:
    """Return the place of delivery, as the needs state it."""
    places = dict.fromkeys(one.need.deliver_to for one in record.goods if one.need.deliver_to)
    return "\n".join((city_heading(record), *places))


def importer_name(record: DocumentRecord) -> str:
    """Return the importer of record that the needs name; "" if none does."""
    return "\n".join(
        dict.fromkeys(one.need.importer_of_record for one in record.goods if one.need.importer_of_record)
    )


def transport_facts(record: DocumentRecord) -> list[tuple[str, object]]:
    """Return the transport details. Unknown ones are left blank, to be filled in."""
    shipment = record.shipment
    assert shipment is not None  # called only for documents of shipments
    air = f"{shipment.air_waybill[:3]}-{shipment.air_waybill[3:]}" if shipment.air_waybill else ""
    values = (air, shipment.bill_of_lading, shipment.tracking_number)
    return [
        (_("Shipment"), shipment.reference),
        (_("From – to"), f"{shipment.origin_label} – {shipment.destination_label}"),
        (
            _("Mode and carrier"),
            " · ".join(filter(None, (shipment.get_mode_display(), shipment.carrier, shipment.voyage))),
        ),
        (_("Waybill or bill of lading"), " · ".join(filter(None, values))),
        (_("Containers and seals"), " · ".join((*shipment.containers, *shipment.seals)) or None),
    ]


def tracking_code(record: DocumentRecord) -> str:
    """Return the code of the public tracking page; "" while the city does not share the page."""
    shipment = record.shipment
    return shipment.public_code if shipment is not None and shipment.shared else ""


def tracking_facts(record: DocumentRecord) -> list[tuple[str, object]]:
    """Return the address of the public tracking page, while the city shares it."""
    found = tracking_code(record)
    return [(_("Public tracking page"), public_tracking_url(found))] if found else []


def goods_description_lines(one: GoodsLine) -> list[str]:
    """Return a line's goods: name, brand and model, standard and use."""
    return [
        one.product.name,
        _("Brand and model, as printed on the package: %(model)s")
        % {"model": one.lead.model or BLANK_TO_FILL},
        _("Standard: %(standard)s") % {"standard": one.lead.standard or BLANK_TO_FILL},
        _("Use: %(use)s") % {"use": DeclaredUse(one.use).label},
    ]


def manufacturer_lines(one: GoodsLine) -> list[str]:
    """Return the country of manufacture and the manufacturer of a line's goods."""
    maker = one.maker.name if one.maker else BLANK_TO_FILL
    return [
        country_label(one.origin) if one.origin else BLANK_TO_FILL,
        _("Manufacturer: %(maker)s") % {"maker": maker},
    ]


def customs_codes(record: DocumentRecord, one: GoodsLine) -> list[str]:
    """Return the known customs codes of a line, each with its scheme."""
    names = {
        TariffCode.Scheme.HS6: _("HS %(number)s"),
        TariffCode.Scheme.CN10: _("China %(number)s"),
        TariffCode.Scheme.CA8: _("Canada %(number)s"),
    }
    found = [
        names[TariffCode.Scheme(scheme)] % {"number": number} for scheme, number in record.customs_codes(one)
    ]
    return found or [BLANK_TO_FILL]


def piece_count_text(number: int, one: GoodsLine) -> str:
    """Return a number of pieces in the product's unit."""
    return f"{format_quantity(number)} {one.product.unit_for_count(number)}"


def weight_text(weight: Decimal | None) -> str:
    """Return a weight as text; "" if unknown."""
    return f"{format_decimals(weight, least=1, most=2)}\xa0kg" if weight is not None else ""


def carton_number_ranges(cartons: Sequence[Carton]) -> str:
    """Return the numbers of some cartons as ranges, such as 1–10, 14."""
    runs: list[list[int]] = []
    for carton in cartons:
        if runs and carton.number == runs[-1][1] + 1:
            runs[-1][1] = carton.number
        else:
            runs.append([carton.number, carton.number])
    return ", ".join(f"{first}–{last}" if last > first else str(first) for first, last in runs)
