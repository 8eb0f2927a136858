"""Rows of the start page (“Today”) for work after delivery: thank-yous, and proofs of end use for relief claims."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.customs.duty_relief.models import ReliefClaim
from procurement.dashboard.attached_names import attach_goods
from procurement.dashboard.todo_items import TodoItem, TodoKind, cities_with_power
from procurement.shipments.queries import goods_quantity_text
from procurement.thanks.models import ThankYou

THANKS_DUE_WITHIN = timedelta(days=3)  # thanks should arrive while the goods are new


def _thank_yous_to_send(by: Permissions) -> QuerySet[Any]:
    return ThankYou.objects.waiting().filter(city__in=cities_with_power(by, Power.SEND_INQUIRY))


def _claims_awaiting_proof(by: Permissions) -> QuerySet[Any]:
    """Return the claims whose reminders have started, 30 days before their deadline."""
    return ReliefClaim.objects.awaiting_proof().filter(
        city__in=cities_with_power(by, Power.CLEAR_CUSTOMS), reminded__gt=0
    )


def _thank_you_item(thank_you: ThankYou, at: datetime) -> TodoItem:
    giver = thank_you.order.donor_city or thank_you.order.supplier
    params = {"goods": vars(thank_you.order)["goods"], "supplier": giver.name}
    return TodoItem(
        _("Thank those who helped with %(goods)s from %(supplier)s") % params,
        _("Review thank-you"),
        thank_you.get_absolute_url(),
        _(
            "The thank-you is ready. Until you send it, the people who helped will not hear what they made "
            "possible."
        ),
        thank_you.created_at + THANKS_DUE_WITHIN,
        thank_you.reference,
    )


def _claimed_goods(claim: ReliefClaim) -> str:
    """Return the goods of a claim in words, or the reference of its shipment if the claim names no goods."""
    if claim.line is None:
        return claim.shipment.reference
    product = claim.line.order_line.allocation.lead.product
    return goods_quantity_text(product.name, claim.pieces or claim.line.quantity)


def _proof_item(claim: ReliefClaim, at: datetime) -> TodoItem:
    assert claim.prove_by is not None  # only claims with a deadline get reminders
    params = {"goods": _claimed_goods(claim), "relief": claim.relief.name}
    return TodoItem(
        _("Prove the end use of %(goods)s (%(relief)s)") % params,
        _("Open relief claim"),
        claim.get_absolute_url(),
        _("Otherwise the duty saved must be paid."),
        datetime.combine(claim.prove_by, time.max, claim.city.zone),
        claim.reference,
    )


THANK_YOU_AND_RELIEF_TODO_KINDS = (
    TodoKind(
        "thanks",
        _("Thanks to send"),
        _thank_yous_to_send,
        _thank_you_item,
        ("order__supplier", "order__donor_city"),
        attach_related=attach_goods,
    ),
    TodoKind(
        "reliefs",
        _("Proof of end use due"),
        _claims_awaiting_proof,
        _proof_item,
        ("city", "relief", "shipment", "line__order_line__allocation__lead__product"),
        order=("prove_by", "pk"),
        required_facts=("prove_by",),
    ),
)
