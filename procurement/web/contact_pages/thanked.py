"""What a contact was thanked with, on their own page: the words, the photo of the arrival, letter and certificate, where the goods are.

The photo shows nobody who can be recognised (whoever chose it said so), and the papers name cities and offices: no digits stand before
them. Their addresses lie below the page of the link.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path

from accounts.models import User
from accounts.web.grants import link_required
from partners.models.cities import City
from partners.models.people import Contact
from partners.models.ties import Exchange
from partners.register.reciprocity import SINCE
from partners.web.city.passed import TotalRow, total_rows
from procurement.leads.models.offer import SupplierLead
from procurement.shipments.gathering.thanks import notes_to
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.shipments.models.thanks import ThanksNote
from procurement.web.contact_pages.acting import ByLink, person
from procurement.web.shipments.made import handed
from workflow.documents.pages import picture_of
from workflow.doors.files import handing

MOST = 20
PAPERS = ("letter", "certificate")


class Thanked(NamedTuple):
    """A message of thanks, and where the goods it is about are."""

    note: ThanksNote
    travels: list[ShipmentLine]


def of(user: User) -> list[Thanked]:
    """The newest of them. Two queries."""
    notes = notes_to(user)[:MOST]
    lines = ShipmentLine.objects.filter(order_line__order__in=[one.pack.order_id for one in notes])
    travels: defaultdict[int, list[ShipmentLine]] = defaultdict(list)
    for line in (
        lines.exclude(shipment__status=Shipment.Status.CANCELLED)
        .select_related("shipment", "order_line__allocation__lead__product")
        .order_by("pk")
    ):
        travels[line.order_line.order_id].append(line)
    return [Thanked(one, travels[one.pack.order_id]) for one in notes]


class Between(NamedTuple):
    """What passed between the contact's city and one that they helped, since 2020: by what it was, both ways."""

    partner: City
    totals: Sequence[TotalRow]


def between_of(contact: Contact) -> list[Between]:
    """Of each city that this person brought an offer to. The register's exchanges: public facts, without a price. Two queries."""
    helped = City.objects.filter(
        pk__in=SupplierLead.objects.filter(contact__user=contact.user).exclude(status="draft").values("city")
    )
    cities = list(helped.exclude(pk=contact.city_id).order_by("name_en", "pk")[:MOST])
    mine = Q(from_city=contact.city_id, to_city__in=cities) | Q(to_city=contact.city_id, from_city__in=cities)
    rows = list(Exchange.objects.filter(mine, on__gte=SINCE).order_by("on", "pk")) if cities else []
    told = [
        Between(
            city,
            total_rows([one for one in rows if city.pk in (one.from_city_id, one.to_city_id)], contact.city),
        )
        for city in cities
    ]
    return [one for one in told if one.totals]


@link_required("partners.contact")
def my_photo(request: ByLink, pk: int, note: int) -> HttpResponse:
    """The photo of the arrival."""
    photo = _note(request, pk, note).pack.photo
    place = picture_of(photo, 1, "small") if photo is not None else None
    if place is None:
        raise Http404
    shown = HttpResponse(place.read_bytes(), content_type="image/webp")
    return handing.guarded(shown, "private, max-age=3600")


@link_required("partners.contact")
def my_letter(request: ByLink, pk: int, note: int, which: str) -> HttpResponse:
    """The letter or the certificate of thanks, as it was printed."""
    if which not in PAPERS:
        raise Http404
    made = getattr(_note(request, pk, note).pack, which)
    if made is None:
        raise Http404
    return handed(made, shown=True)


def _note(request: ByLink, pk: int, note: int) -> ThanksNote:
    if request.link.thing_id != pk:
        raise Http404
    rows = ThanksNote.objects.filter(contact__user=person(request))
    return get_object_or_404(rows.select_related("pack__photo", "pack__letter", "pack__certificate"), pk=note)


urlpatterns = [
    path("me/<int:pk>/thanked/<int:note>/photo.webp", my_photo, name="my_photo"),
    path("me/<int:pk>/thanked/<int:note>/<slug:which>/", my_letter, name="my_letter"),
]
