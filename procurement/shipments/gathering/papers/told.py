"""What papers tell alike: parties, goods by their names, codes, weights and days, in the language that is active. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from partners.labels import country_label, town_label
from partners.models.cities import City
from procurement.catalogue.models.facts import Use
from procurement.catalogue.models.products import TariffCode
from procurement.orders.models.order import Order
from procurement.shipments import paper
from procurement.shipments.gathering.papers.record import Goods, Record
from procurement.shipments.models.shipment import Carton
from procurement.suppliers.models.company import Supplier
from workflow.doors import words

BLANK = "______"  # in a cell or a sentence: to fill in by hand


def city(record: Record) -> str:
    """The city that receives, as a heading names it."""
    return _town(record.city)


def giver(order: Order) -> str:
    """Who gives, as a heading names it: the city named as such, else the company itself."""
    return _town(order.donor_city) if order.donor_city else order.supplier.name


def the_city(record: Record) -> str:
    """The city that receives, inside a sentence."""
    return _the_town(record.city)


def the_giver(order: Order) -> str:
    """Who gives, inside a sentence."""
    return _the_town(order.donor_city) if order.donor_city else order.supplier.name


def _town(place: City) -> str:
    return town_label(place.name)


def _the_town(place: City) -> str:
    match words.language():
        case "fr":
            return f"la {_town(place)}"
        case "zh":
            return _town(place)
    return _("the City of %(city)s") % {"city": place.name}


def company(one: Supplier) -> str:
    """A company with its number, address and country, as far as known."""
    place = one.address or (one.place.name if one.place else "")
    told = (one.name, one.uscc, place, country_label(one.country))
    return "\n".join(part for part in told if part)


def orders(record: Record) -> str:
    """The numbers of the orders."""
    return ", ".join(order.reference for order in record.orders)


def deliver_to(record: Record) -> str:
    """Where the goods go, as the needs say it."""
    places = dict.fromkeys(one.need.deliver_to for one in record.goods if one.need.deliver_to)
    return "\n".join((city(record), *places))


def importer(record: Record) -> str:
    """The importer of record the needs name; "" where none does."""
    return "\n".join(
        dict.fromkeys(one.need.importer_of_record for one in record.goods if one.need.importer_of_record)
    )


def carriage(record: Record) -> list[tuple[str, object]]:
    """How it travels, and under which numbers; what is not known yet is left to write in."""
    shipment = record.shipment
    assert shipment is not None  # asked for papers of shipments only
    air = f"{shipment.air_waybill[:3]}-{shipment.air_waybill[3:]}" if shipment.air_waybill else ""
    told = (air, shipment.bill_of_lading, shipment.tracking_number)
    return [
        (_("Shipment"), shipment.reference),
        (_("From – to"), f"{shipment.from_place} – {shipment.to_place}"),
        (
            _("Carried by"),
            " · ".join(filter(None, (shipment.get_mode_display(), shipment.carrier, shipment.voyage))),
        ),
        (_("Waybill or bill of lading"), " · ".join(filter(None, told))),
        (_("Containers and seals"), " · ".join((*shipment.containers, *shipment.seals)) or None),
    ]


def code(record: Record) -> str:
    """The code under which anybody may ask where the goods are; "" while the city does not share it."""
    shipment = record.shipment
    return shipment.public_code if shipment is not None and shipment.shared else ""


def where(record: Record) -> list[tuple[str, object]]:
    """The address of the page that says where the goods are, while the city shares it."""
    found = code(record)
    return [(_("Where it is"), paper.where(found))] if found else []


def named(one: Goods) -> list[str]:
    """A line's goods: name, brand and model, standard, use."""
    return [
        one.product.name,
        _("Brand and model, as printed on the pack: %(model)s") % {"model": one.lead.model or BLANK},
        _("Standard: %(standard)s") % {"standard": one.lead.standard or BLANK},
        _("Use: %(use)s") % {"use": Use(one.use).label},
    ]


def made(one: Goods) -> list[str]:
    """Who makes it, and where."""
    maker = one.maker.name if one.maker else BLANK
    return [
        country_label(one.origin) if one.origin else BLANK,
        _("Made by: %(maker)s") % {"maker": maker},
    ]


def codes(record: Record, one: Goods) -> list[str]:
    """The customs codes that are known, each with whose it is."""
    names = {
        TariffCode.Scheme.HS6: _("HS %(number)s"),
        TariffCode.Scheme.CN10: _("China %(number)s"),
        TariffCode.Scheme.CA8: _("Canada %(number)s"),
    }
    found = [names[TariffCode.Scheme(scheme)] % {"number": number} for scheme, number in record.codes(one)]
    return found or [BLANK]


def pieces(number: int, one: Goods) -> str:
    """A count in the product's unit."""
    return f"{words.quantity(number)} {one.product.get_unit_display()}"


def kilograms(weight: Decimal | None) -> str:
    """A weight; "" where it is not known."""
    return f"{words.decimals(weight, least=1, most=2)}\xa0kg" if weight is not None else ""


def numbers(boxes: Sequence[Carton]) -> str:
    """The numbers of some boxes, in runs: 1–10, 14."""
    runs: list[list[int]] = []
    for box in boxes:
        if runs and box.number == runs[-1][1] + 1:
            runs[-1][1] = box.number
        else:
            runs.append([box.number, box.number])
    return ", ".join(f"{first}–{last}" if last > first else str(first) for first, last in runs)
