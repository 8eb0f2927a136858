"""Thank-yous on a contact's own page: text, photo of the arrival, letter, certificate, shipments.

They need no six-digit code. No person can be recognized in the photo, as the person who chose it
confirmed, and the letters name only cities and offices. The addresses are under the page of the link.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.link_sessions import link_required
from accounts.models import User
from partners.cities.models import City
from partners.contacts.models import Contact
from partners.exchanges.donations import RECIPROCITY_SINCE
from partners.exchanges.models import Exchange
from partners.exchanges.views import GoodsTotalRow, goods_total_rows
from procurement.generated_documents.views import pdf_response
from procurement.leads.models.leads import SupplierLead
from procurement.portal.link_pages import LinkRequest, person_of_link
from procurement.shipments.models import ShipmentLine
from procurement.thanks.models import ThankYouMessage
from procurement.thanks.queries import shipment_lines_by_order, thank_yous_to
from workflow.http.downloads import set_security_headers
from workflow.uploads.previews import preview

MAX_THANK_YOUS_SHOWN = 20
THANK_YOU_DOCUMENT_KINDS = ("letter", "certificate")


class ReceivedThankYou(NamedTuple):
    """Thank-you message, with the shipment lines it is about."""

    message: ThankYouMessage
    shipment_lines: list[ShipmentLine]


def received_thank_yous(user: User) -> list[ReceivedThankYou]:
    """Return the newest thank-yous to this person, at most `MAX_THANK_YOUS_SHOWN`. Two queries."""
    notes = thank_yous_to(user)[:MAX_THANK_YOUS_SHOWN]
    travels = shipment_lines_by_order(one.thank_you.order_id for one in notes)
    return [ReceivedThankYou(one, travels.get(one.thank_you.order_id, [])) for one in notes]


class CityExchanges(NamedTuple):
    """Totals, in each direction, of the exchanges since 2020 between the contact's city and a city they helped."""

    partner_city: City
    totals: Sequence[GoodsTotalRow]


def exchanges_with_helped_cities(contact: Contact) -> list[CityExchanges]:
    """Return the exchanges with each city that received an offer from this person.

    Uses the public facts of the city register, without prices. Two queries.
    """
    helped = City.objects.filter(
        pk__in=SupplierLead.objects.filter(contact__user=contact.user).exclude(status="draft").values("city")
    )
    cities = list(helped.exclude(pk=contact.city_id).order_by("name_en", "pk")[:MAX_THANK_YOUS_SHOWN])
    mine = Q(from_city=contact.city_id, to_city__in=cities) | Q(to_city=contact.city_id, from_city__in=cities)
    rows = (
        list(Exchange.objects.filter(mine, on__gte=RECIPROCITY_SINCE).order_by("on", "pk")) if cities else []
    )
    totals = [
        CityExchanges(
            city,
            goods_total_rows(
                [one for one in rows if city.pk in (one.from_city_id, one.to_city_id)], contact.city
            ),
        )
        for city in cities
    ]
    return [one for one in totals if one.totals]


@link_required("partners.contact")
def thank_you_photo(request: LinkRequest, pk: int, note: int) -> HttpResponse:
    """Return the photo of the arrival."""
    photo = _find_message(request, pk, note).thank_you.photo
    place = preview(photo, 1, "small") if photo is not None else None
    if place is None:
        raise Http404
    shown = HttpResponse(place.read_bytes(), content_type="image/webp")
    return set_security_headers(shown, "private, max-age=3600")


@link_required("partners.contact")
def thank_you_document(request: LinkRequest, pk: int, note: int, which: str) -> HttpResponse:
    """Return the thank-you letter or the certificate (`which`) as it was printed."""
    if which not in THANK_YOU_DOCUMENT_KINDS:
        raise Http404
    created = getattr(_find_message(request, pk, note).thank_you, which)
    if created is None:
        raise Http404
    return pdf_response(created, shown=True)


def _find_message(request: LinkRequest, pk: int, note: int) -> ThankYouMessage:
    if request.link.thing_id != pk:
        raise Http404
    rows = ThankYouMessage.objects.filter(contact__user=person_of_link(request))
    return get_object_or_404(
        rows.select_related("thank_you__photo", "thank_you__letter", "thank_you__certificate"), pk=note
    )
