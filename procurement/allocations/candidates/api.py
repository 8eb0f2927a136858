"""API for candidates: the offers that fit the lines of a need, and the need lines that an offer fits."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from partners.permissions.permissions import Permissions
from procurement.allocations.candidates.queries import needs_fitting_offer, offers_fitting_lines
from procurement.allocations.candidates.rules import Candidate, Shortfall
from procurement.distribution.queries import StoredLot, stored_lots_for_lines
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.landed_cost import TransportMode
from procurement.requests.alternatives.models import GoodsMatchLevel
from procurement.requests.models import RequestLine, SupplyRequest
from workflow import clock
from workflow.errors import NOT_ALLOWED, Refused

MAX_CANDIDATES = 100  # for each line, and for an offer; the best ones


class MissingFactSerializer(serializers.Serializer[Any]):
    """What a candidate lacks. `figure`: days late, or units of the minimum order or of whole cartons."""

    code = serializers.ChoiceField([one.value for one in Shortfall])
    figure = serializers.IntegerField(allow_null=True)


class OfferedForSerializer(serializers.Serializer[Any]):
    """Another open need for which the offer was made, and what its line still needs."""

    supply_request = serializers.CharField()
    still_needed = serializers.IntegerField()


class CandidateSerializer(serializers.Serializer[Any]):
    """Offer for a need line. It fits if nothing is missing.

    `unit_price` and `landed_cost` are those of a piece in `currency`, the one of the city; a landed cost that is not complete
    is a minimum.
    """

    line = serializers.CharField(help_text="The line of the need: SR-2020-0001/1.")
    lead = serializers.CharField(help_text="The offer.")
    fits = serializers.BooleanField()
    missing = MissingFactSerializer(many=True)
    goods_match = serializers.ChoiceField(GoodsMatchLevel.choices)
    verified = serializers.BooleanField()
    mode = serializers.ChoiceField([one.value for one in TransportMode])
    arrives_on = serializers.DateField(
        allow_null=True, help_text="Null if nothing tells how long goods travel."
    )
    in_time = serializers.BooleanField(
        allow_null=True,
        help_text="Null if the day needed has passed, or nothing tells how long goods travel.",
    )
    currency = serializers.CharField()
    unit_price = serializers.CharField(allow_null=True)
    landed_cost = serializers.CharField(allow_null=True)
    landed_complete = serializers.BooleanField(allow_null=True)
    free = serializers.IntegerField(help_text="Units of the offer that are not allocated yet.")
    still_needed = serializers.IntegerField(help_text="Units that the line still needs.")
    offered_for = OfferedForSerializer(
        allow_null=True, help_text="Taking goods that leave this need short takes a reason."
    )


class StoredLotSerializer(serializers.Serializer[Any]):
    """Released lot in the city's own store. `left`: units not distributed yet; surplus goods came for no need."""

    lot = serializers.CharField()
    left = serializers.IntegerField()
    expires_on = serializers.DateField(allow_null=True)
    received_for = serializers.CharField(allow_null=True)


class LineCandidatesSerializer(serializers.Serializer[Any]):
    """Line that still needs goods, with its candidates, best first. `count` is the number of all of them."""

    line = serializers.CharField()
    still_needed = serializers.IntegerField()
    count = serializers.IntegerField()
    candidates = CandidateSerializer(many=True)
    stored = StoredLotSerializer(many=True)


class NeedCandidatesSerializer(serializers.Serializer[Any]):
    """Offers that fit or nearly fit the lines of a need."""

    supply_request = serializers.CharField()
    lines = LineCandidatesSerializer(many=True)


class OfferNeedsSerializer(serializers.Serializer[Any]):
    """Need lines that an offer fits or nearly fits, best first. `count` is the number of all of them."""

    lead = serializers.CharField()
    count = serializers.IntegerField()
    candidates = CandidateSerializer(many=True)


class NeedCandidatesViewSet(GenericViewSet[Any]):
    """Offers that fit or nearly fit the lines of a need, best first, and goods in the city's own store.

    They are offers to the need's own city, made for this need, for another one or for none; only people of the city see
    them. What an offer lacks is in `missing`. At most 100 candidates are returned for each line, without pages; a need that is
    not open has no lines here.
    """

    path: ClassVar[str] = "supply-requests"
    verb: ClassVar[str] = "candidates"
    file_content_types: ClassVar[dict[str, tuple[str, ...]]] = {}
    redirects: ClassVar[dict[str, str]] = {}
    detail_serializer = NeedCandidatesSerializer
    queryset = SupplyRequest.objects.none()
    filter_backends = ()

    @extend_schema()
    def query(self, request: Request, reference: str) -> Response:
        """Return the candidates of one need. Refuses people of other cities."""
        by: Permissions = request.by  # type: ignore[attr-defined]  # set by accounts' authentication
        rows = SupplyRequest.objects.visible_to(by).select_related("city")
        need, at = get_object_or_404(rows, reference=reference), clock.now()
        _require_own_city(by, need.city_id)
        lines: list[RequestLine] = []
        if need.status == SupplyRequest.Status.OPEN:
            named = need.lines.select_related("product", "supply_request__city").order_by("position")
            lines = [line for line in named if line.unallocated_quantity]
        found = offers_fitting_lines(by, lines, at)
        stored = stored_lots_for_lines(by, need, lines, at) if lines else {}
        return Response(
            {
                "supply_request": need.reference,
                "lines": [
                    {
                        "line": _line_reference(line),
                        "still_needed": line.unallocated_quantity,
                        "count": len(found[line.pk]),
                        "candidates": [candidate_values(one) for one in found[line.pk][:MAX_CANDIDATES]],
                        "stored": [_stored_lot_values(one) for one in stored.get(line.pk, [])],
                    }
                    for line in lines
                ],
            }
        )


class OfferNeedsViewSet(GenericViewSet[Any]):
    """Need lines of the offer's own city that the offer fits or nearly fits, best first.

    Only people of the city see them. What the offer lacks for a line is in `missing`. At most 100 candidates are returned,
    without pages; an offer without free goods has none.
    """

    path: ClassVar[str] = "supplier-leads"
    verb: ClassVar[str] = "needs"
    file_content_types: ClassVar[dict[str, tuple[str, ...]]] = {}
    redirects: ClassVar[dict[str, str]] = {}
    detail_serializer = OfferNeedsSerializer
    queryset = SupplierLead.objects.none()
    filter_backends = ()

    @extend_schema()
    def query(self, request: Request, reference: str) -> Response:
        """Return the need lines for one offer. Refuses people of other cities."""
        by: Permissions = request.by  # type: ignore[attr-defined]  # set by accounts' authentication
        rows = SupplierLead.objects.visible_to(by).select_related(
            *("supplier__place", "maker__place", "standard", "city", "product", "contact"),
            "line__supply_request",
        )
        lead = get_object_or_404(rows, reference=reference)
        _require_own_city(by, lead.city_id)
        found = needs_fitting_offer(by, lead, clock.now())
        return Response(
            {
                "lead": lead.reference,
                "count": len(found),
                "candidates": [candidate_values(one) for one in found[:MAX_CANDIDATES]],
            }
        )


def _require_own_city(by: Permissions, city_id: int) -> None:
    if city_id not in by.visible_cities:
        raise Refused(
            NOT_ALLOWED, _("Only people who work for this city can see which offers match which needs.")
        )


def candidate_values(candidate: Candidate) -> dict[str, Any]:
    """Return a candidate as JSON data."""
    line, lead, match = candidate.pair.line, candidate.pair.lead, candidate.pair.match
    other, landed = candidate.pair.other_line, candidate.landed_cost
    price = lead.price_in_city_currency
    return {
        "line": _line_reference(line),
        "lead": lead.reference,
        "fits": candidate.fits,
        "missing": [{"code": one.shortfall.value, "figure": one.figure} for one in candidate.missing],
        "goods_match": match.level.value,
        "verified": lead.status == SupplierLead.Status.VERIFIED,
        "mode": candidate.mode.value,
        "arrives_on": candidate.arrives_on,
        "in_time": candidate.is_in_time,
        "currency": lead.city.currency,
        "unit_price": None if price is None else str(price),
        "landed_cost": None if landed is None else str(landed.total),
        "landed_complete": None if landed is None else landed.is_complete,
        "free": lead.free_quantity,
        "still_needed": line.unallocated_quantity,
        "offered_for": other
        and {
            "supply_request": other.supply_request.reference,
            "still_needed": other.unallocated_quantity,
        },
    }


def _line_reference(line: RequestLine) -> str:
    return f"{line.supply_request.reference}/{line.position}"


def _stored_lot_values(stored: StoredLot) -> dict[str, Any]:
    return {
        "lot": stored.lot.reference,
        "left": stored.left,
        "expires_on": stored.lot.expires_on,
        "received_for": stored.received_for and stored.received_for.reference,
    }
