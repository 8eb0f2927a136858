"""API that puts all orders to a company on hold, with a result for each order."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from partners.permissions.permissions import Permissions
from procurement.orders.actions.holds import HoldResult, hold_orders_to_supplier
from procurement.orders.rules.holds import city_ids_where_may_hold
from procurement.suppliers.models.suppliers import Supplier
from workflow import clock
from workflow.api.fields import reason_field
from workflow.api.idempotency import run_idempotently
from workflow.api.serializers import StrictSerializer
from workflow.api.viewsets import MoveOperation
from workflow.errors import NOT_ALLOWED, Refused


class HoldOrdersSerializer(StrictSerializer):
    """Hold of all orders of your cities to a company."""

    reason = reason_field()
    held_until = serializers.DateField(
        required=False,
        allow_null=True,
        help_text="The last day. Without one, the hold lasts until an order is resumed.",
    )
    tell_contact = serializers.BooleanField(
        required=False, help_text="The contacts who found the supplier get a mail, without the reason."
    )


class HoldRefusalSerializer(serializers.Serializer[Any]):
    """Reason why one order was not put on hold."""

    code = serializers.CharField()
    detail = serializers.CharField()


class HoldResultSerializer(serializers.Serializer[Any]):
    """Result of one order: it is on hold, or the refusal."""

    order = serializers.CharField()
    held = serializers.BooleanField()
    refused = HoldRefusalSerializer(allow_null=True)


class HoldResultsSerializer(serializers.Serializer[Any]):
    """Results of all orders to the company that you may hold, oldest first."""

    results = HoldResultSerializer(many=True)


class HoldOrdersViewSet(GenericViewSet[Any]):
    """Hold of all orders to a company, in the cities where you may put an order on hold."""

    path: ClassVar[str] = "suppliers"
    verb: ClassVar[str] = "hold-orders"
    file_content_types: ClassVar[dict[str, tuple[str, ...]]] = {}
    redirects: ClassVar[dict[str, str]] = {}
    move_actions: ClassVar[dict[str, MoveOperation]] = {
        "hold-orders": MoveOperation(action=hold_orders_to_supplier, body=HoldOrdersSerializer)
    }
    detail_serializer = HoldResultsSerializer
    queryset = Supplier.objects.none()
    filter_backends = ()

    def make_move(self, request: Request, reference: str) -> HttpResponse:
        """Put the orders on hold, and return a result for each."""
        return run_idempotently(self, lambda: self._hold(request, reference))

    def _hold(self, request: Request, reference: str) -> Response:
        by: Permissions = request.by  # type: ignore[attr-defined]  # set by accounts' authentication
        company = get_object_or_404(Supplier.objects.visible_to(by), reference=reference)
        if not city_ids_where_may_hold(by):
            raise Refused(NOT_ALLOWED, _("You cannot do this. Ask someone in your city who can."))
        body = HoldOrdersSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        results = hold_orders_to_supplier(company, by=by, at=clock.now(), **body.validated_data)
        return Response({"results": [_result(one) for one in results]})


def _result(one: HoldResult) -> dict[str, Any]:
    refused = one.refusal
    return {
        "order": one.order.reference,
        "held": refused is None,
        "refused": None if refused is None else {"code": refused.code, "detail": str(refused.message)},
    }
