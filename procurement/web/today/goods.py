"""What waits in orders, payments and shipments: decisions, second signatures, customs, counting and inspection."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.rules import Powers
from procurement.orders.models import Order, Payment
from procurement.shipments.models import CustomsHold, Lot, Shipment
from procurement.web.today.rows import EACH, Row, mine


def decisions(by: Powers, at: datetime) -> Iterator[Row]:
    """Orders and gifts to decide on, and payments that want a second person."""
    waiting = Order.objects.filter(
        city__in=mine(by, Power.APPROVE), status__in=(Order.Status.AWAITING_APPROVAL, Order.Status.OFFERED)
    )
    for order in waiting.exclude(author=by.user_id).select_related("supplier").order_by("pk")[:EACH]:
        yield Row(
            _("Decide on %(order)s, %(supplier)s")
            % {"order": order.reference, "supplier": order.supplier.name},
            _("Decide"),
            order.get_absolute_url(),
            _("Nothing is ordered or accepted without it."),
            order.created_at + timedelta(days=1),
            order.reference,
        )
    proposed = Payment.objects.filter(city__in=mine(by, Power.PAY), status=Payment.Status.PROPOSED)
    for payment in proposed.exclude(proposed_by=by.user_id).select_related("order").order_by("pk")[:EACH]:
        yield Row(
            _("Pay %(milestone)s of %(order)s as the second person")
            % {"milestone": payment.get_milestone_display(), "order": payment.order.reference},
            _("Look"),
            payment.get_absolute_url(),
            _("The supplier waits for it."),
            payment.created_at + timedelta(days=1),
            payment.order.reference,
        )


def arrivals(by: Powers, at: datetime) -> Iterator[Row]:
    """What customs asks, what stands uncounted at the door, what waits in quarantine."""
    held = CustomsHold.objects.visible_to(by).filter(status=CustomsHold.Status.HELD)
    if mine(by, Power.CLEAR) or by.brokers:
        for one in held.select_related("lane__shipment").order_by("started_at", "pk")[:EACH]:
            yield Row(
                _("Answer customs about %(shipment)s: %(reason)s")
                % {"shipment": one.lane.shipment.reference, "reason": one.reason},
                _("Answer"),
                one.get_absolute_url(),
                _("The goods stand still until it is answered."),
                one.started_at,
                one.lane.shipment.reference,
            )
    delivered = Shipment.objects.filter(city__in=mine(by, Power.RECEIVE), status=Shipment.Status.DELIVERED)
    for shipment in (
        delivered.filter(lines__accepted=0, lines__rejected=0, lines__missing=0)
        .distinct()
        .order_by("pk")[:EACH]
    ):
        yield Row(
            _("Count %(shipment)s at the door") % {"shipment": shipment.reference},
            _("Count"),
            reverse("receive_shipment", args=[shipment.reference]),
            _("Nobody knows yet what came."),
            shipment.delivered_at or at,
            shipment.reference,
        )
    lots = Lot.objects.filter(city__in=mine(by, Power.INSPECT), status=Lot.Status.QUARANTINED, quantity__gt=0)
    for lot in lots.order_by("pk")[:EACH]:
        yield Row(
            _("Inspect lot %(lot)s") % {"lot": lot.number},
            _("Inspect"),
            lot.get_absolute_url(),
            _("It stays in quarantine until then."),
            lot.created_at + timedelta(days=1),
            lot.reference,
        )
