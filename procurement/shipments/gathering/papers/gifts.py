"""Papers of a gift: the letters that offer, accept and thank for it, and two certificates. They name cities and offices, no persons."""

from typing import Any

from django.utils.translation import gettext as _

from partners.labels import country_label
from procurement.orders.models.order import Order
from procurement.shipments.gathering.papers import told
from procurement.shipments.gathering.papers.blocks import Block, sign, table
from procurement.shipments.gathering.papers.record import Record
from procurement.shipments.gathering.papers.told import the_city, the_giver
from workflow.doors import words

type Letter = dict[str, Any]


def letter_of_offer(record: Record) -> Letter:
    """What the giver offers, for them to sign."""
    order = _order(record)
    named = {"giver": the_giver(order), "city": the_city(record)}
    paragraphs = [
        _("To %(city)s") % named,
        _(
            "We, %(giver)s, offer to give the goods named below to %(city)s, for free use by its hospitals and services."
        )
        % named,
        _(
            "It is a gift: nothing is paid for it and nothing is asked for in return. "
            "The value is stated for customs alone, and it is the true one."
        ),
        _("The goods are not for sale. Please tell us whether you accept them, and who receives them."),
    ]
    return _letter(
        record, told.giver(order), _from(order), paragraphs, _("Giver: name, office, signature, seal")
    )


def letter_of_acceptance(record: Record) -> Letter:
    """That the city accepts, and what customs wants to read of it."""
    order = _order(record)
    named = {
        "giver": the_giver(order),
        "city": the_city(record),
        "day": words.day(record.city.day_at(order.approved_at)) if order.approved_at else told.BLANK,
    }
    paragraphs = [
        _("To %(giver)s") % named,
        _("With thanks, %(city)s accepts the gift of the goods named below. It decided so on %(day)s.")
        % named,
        _(
            "The city receives them itself, imports them under its own name, and gives them to its hospitals and services "
            "free of charge. They are not sold."
        ),
        _(
            "No payment was made and none will be. The city counts and inspects the goods before anybody uses them."
        ),
    ]
    return _letter(
        record, told.city(record), _to(record), paragraphs, _("City: name, office, signature, seal")
    )


def letter_of_thanks(record: Record) -> Letter:
    """Thanks for what came and was released: the pieces are those that may be used."""
    order = _order(record)
    named = {"giver": the_giver(order), "city": the_city(record)}
    paragraphs = [
        _("To %(giver)s") % named,
        _(
            "Your gift has reached %(city)s. The goods named below were counted, inspected and released, and are in use."
        )
        % named,
        _("They protect people who care for others. On behalf of everybody who works with them: thank you."),
        _("We shall not forget it, and hope to do the same for you when you need it."),
    ]
    return _letter(
        record,
        told.city(record),
        _to(record),
        paragraphs,
        _("City: name, office, signature, seal"),
        released=True,
    )


def gift_certificate(record: Record) -> Letter:
    """That somebody gave something to somebody."""
    order = _order(record)
    named = {"giver": the_giver(order), "city": the_city(record)}
    return _certificate(
        record,
        _("A gift from %(giver)s to %(city)s, for free use:") % named,
        _("Gift %(order)s · accepted on %(day)s")
        % {
            "order": order.reference,
            "day": words.day(record.city.day_at(order.approved_at)) if order.approved_at else told.BLANK,
        },
        _("City: name, office, signature, seal"),
    )


def certificate_of_thanks(record: Record) -> Letter:
    """For the giver's wall."""
    order = _order(record)
    named = {"giver": the_giver(order), "city": the_city(record)}
    return _certificate(
        record,
        _("With thanks from %(city)s to %(giver)s for a gift that protects those who care for others:")
        % named,
        _("Gift %(order)s") % {"order": order.reference},
        _("City: name, office, signature, seal"),
        released=True,
    )


def _order(record: Record) -> Order:
    assert record.order is not None  # papers of a gift
    return record.order


def _from(order: Order) -> list[str]:
    """The giver's place under its name."""
    place = order.donor_city
    country = place.country if place is not None else order.supplier.country
    region = place.subdivision_label if place is not None else ""
    return [part for part in (region, country_label(country)) if part]


def _to(record: Record) -> list[str]:
    city = record.city
    return [part for part in (city.subdivision_label, city.country_label) if part]


def _letter(
    record: Record,
    sender: str,
    place: list[str],
    paragraphs: list[str],
    signs: str,
    *,
    released: bool = False,
) -> Letter:
    """Sender and place, the words, what is given, and where to sign."""
    return {
        "sender": sender,
        "place": " · ".join(place),
        "paragraphs": paragraphs,
        "blocks": [_goods(record, released=released), sign(signs, _("Place and day"))],
    }


def _certificate(record: Record, lead: str, below: str, signs: str, *, released: bool = False) -> Letter:
    lines = [
        f"{told.pieces(one.order_line.released if released else one.pieces, one)} · {one.product.name}"
        for one in record.goods
        if not released or one.order_line.released
    ]
    return {"lead": lead, "lines": lines, "below": below, "signs": [signs, _("Place and day")]}


def _goods(record: Record, *, released: bool) -> Block:
    """What is given, with its value; in thanks the pieces that were released, and no value."""
    if released:
        rows = [
            [told.named(one), told.pieces(one.order_line.released, one)]
            for one in record.goods
            if one.order_line.released
        ]
        return table([_("Goods"), _("Quantity")], rows, [8, 3], figures=[1])
    rows = [
        [
            told.named(one),
            told.pieces(one.pieces, one),
            words.money(one.value, one.order.currency) if one.value else told.BLANK,
        ]
        for one in record.goods
    ]
    return table([_("Goods"), _("Quantity"), _("Value")], rows, [8, 3, 3], figures=[1, 2])
