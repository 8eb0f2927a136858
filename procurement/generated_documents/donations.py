"""Documents of a donation: letters of offer, acceptance and thanks, and two certificates.

They name cities and offices, never persons.
"""

from typing import Any

from django.utils.translation import gettext as _

from partners.place_labels import country_label
from procurement.generated_documents import shared_texts
from procurement.generated_documents.content_blocks import Block, signature_block, table_block
from procurement.generated_documents.document_record import DocumentRecord
from procurement.generated_documents.shared_texts import (
    city_heading,
    city_in_sentence,
    donor_heading,
    donor_in_sentence,
    goods_description_lines,
    piece_count_text,
)
from procurement.orders.models import Order
from workflow.formatting import format_day, format_money

type LetterContent = dict[str, Any]


def letter_of_offer(record: DocumentRecord) -> LetterContent:
    """Return the letter in which the donor offers the goods, for the donor to sign."""
    order = _order(record)
    named = {"giver": donor_in_sentence(order), "city": city_in_sentence(record)}
    paragraphs = [
        _("To %(city)s") % named,
        _(
            "We, %(giver)s, offer to donate the goods listed below to %(city)s, for free use by "
            "its hospitals and services."
        )
        % named,
        _(
            "This is a donation: nothing is paid for it and nothing is expected in return. The "
            "value is stated for customs purposes only and is the true value."
        ),
        _("The goods are not for sale. Please tell us whether you accept them and who will receive them."),
    ]
    return _letter(
        record,
        donor_heading(order),
        _donor_place_lines(order),
        paragraphs,
        _("Donor: name, title, signature, seal"),
    )


def letter_of_acceptance(record: DocumentRecord) -> LetterContent:
    """Return the letter in which the city accepts the donation, with the statements customs asks for."""
    order = _order(record)
    named = {
        "giver": donor_in_sentence(order),
        "city": city_in_sentence(record),
        "day": format_day(record.city.day_at(order.approved_at))
        if order.approved_at
        else shared_texts.BLANK_TO_FILL,
    }
    paragraphs = [
        _("To %(giver)s") % named,
        _(
            "%(city)s accepts with thanks the donation of the goods listed below. The decision was "
            "made on %(day)s."
        )
        % named,
        _(
            "The city receives the goods itself, imports them in its own name and gives them to "
            "its hospitals and services free of charge. They will not be sold."
        ),
        _(
            "No payment has been or will be made. The city counts and inspects the goods before "
            "they are used."
        ),
    ]
    return _letter(
        record, city_heading(record), _city_lines(record), paragraphs, _("City: name, title, signature, seal")
    )


def letter_of_thanks(record: DocumentRecord) -> LetterContent:
    """Return the letter of thanks. Its pieces are those that were released."""
    order = _order(record)
    named = {"giver": donor_in_sentence(order), "city": city_in_sentence(record)}
    paragraphs = [
        _("To %(giver)s") % named,
        _(
            "Your donation has reached %(city)s. The goods listed below have been counted, "
            "inspected and released, and are now in use."
        )
        % named,
        _("These goods protect people who care for others. On behalf of everyone who uses them, thank you."),
        _("We will remember your generosity, and we hope to help you in return should you ever need it."),
    ]
    return _letter(
        record,
        city_heading(record),
        _city_lines(record),
        paragraphs,
        _("City: name, title, signature, seal"),
        released=True,
    )


def donation_certificate(record: DocumentRecord) -> LetterContent:
    """Return the certificate that states donor, city and goods of a donation."""
    order = _order(record)
    named = {"giver": donor_in_sentence(order), "city": city_in_sentence(record)}
    return _certificate(
        record,
        _("Donated by %(giver)s to %(city)s, for free use:") % named,
        _("Donation %(order)s · accepted on %(day)s")
        % {
            "order": order.reference,
            "day": format_day(record.city.day_at(order.approved_at))
            if order.approved_at
            else shared_texts.BLANK_TO_FILL,
        },
        _("City: name, title, signature, seal"),
    )


def certificate_of_thanks(record: DocumentRecord) -> LetterContent:
    """Return the certificate of thanks, for the donor to display."""
    order = _order(record)
    named = {"giver": donor_in_sentence(order), "city": city_in_sentence(record)}
    return _certificate(
        record,
        _("With thanks from %(city)s to %(giver)s for a donation that protects those who care for others:")
        % named,
        _("Donation %(order)s") % {"order": order.reference},
        _("City: name, title, signature, seal"),
        released=True,
    )


def _order(record: DocumentRecord) -> Order:
    assert record.order is not None  # documents of a donation always have an order
    return record.order


def _donor_place_lines(order: Order) -> list[str]:
    """Return the region and country of the donor, to print under its name."""
    place = order.donor_city
    country = place.country if place is not None else order.supplier.country
    region = place.subdivision_label if place is not None else ""
    return [part for part in (region, country_label(country)) if part]


def _city_lines(record: DocumentRecord) -> list[str]:
    city = record.city
    return [part for part in (city.subdivision_label, city.country_label) if part]


def _letter(
    record: DocumentRecord,
    sender: str,
    place: list[str],
    paragraphs: list[str],
    signs: str,
    *,
    released: bool = False,
) -> LetterContent:
    """Return a letter: sender and place, paragraphs, goods, and the places to sign."""
    return {
        "sender": sender,
        "place": " · ".join(place),
        "paragraphs": paragraphs,
        "blocks": [_goods(record, released=released), signature_block(signs, _("Place and date"))],
    }


def _certificate(
    record: DocumentRecord, lead: str, below: str, signs: str, *, released: bool = False
) -> LetterContent:
    lines = [
        f"{piece_count_text(one.order_line.released if released else one.pieces, one)} · {one.product.name}"
        for one in record.goods
        if not released or one.order_line.released
    ]
    return {"lead": lead, "lines": lines, "below": below, "signs": [signs, _("Place and date")]}


def _goods(record: DocumentRecord, *, released: bool) -> Block:
    """Return the table of donated goods with their value; for thanks, released pieces without a value."""
    if released:
        rows = [
            [goods_description_lines(one), piece_count_text(one.order_line.released, one)]
            for one in record.goods
            if one.order_line.released
        ]
        return table_block([_("Goods"), _("Quantity")], rows, [8, 3], figures=[1])
    rows = [
        [
            goods_description_lines(one),
            piece_count_text(one.pieces, one),
            format_money(one.value, one.order.currency) if one.value else shared_texts.BLANK_TO_FILL,
        ]
        for one in record.goods
    ]
    return table_block([_("Goods"), _("Quantity"), _("Value")], rows, [8, 3, 3], figures=[1, 2])
