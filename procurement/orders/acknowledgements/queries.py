"""Reads on order acknowledgements: who opens the link, what the page was shown for, and by when goods are needed."""

import json
from datetime import date
from hashlib import sha256
from typing import Any

from accounts.models import ActionLink
from partners.permissions.permissions import permissions_of
from partners.powers import Power
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.models import Order
from procurement.orders.rules.purchase_orders import current_purchase_order


def terms_version(acknowledgement: OrderAcknowledgement) -> str:
    """Return the version of the supplier's page: the current purchase order, and the latest answer with its reply.

    An answer names the version of its page. If another answer came meanwhile, or another purchase order was generated,
    the versions differ and the answer is refused.
    """
    document = current_purchase_order(acknowledgement.order)
    terms = [
        acknowledgement.answer_count,
        acknowledgement.city_reply,
        document.reference if document is not None else "",
    ]
    return sha256(json.dumps(terms).encode()).hexdigest()[:16]


def needed_by(document: Any) -> date | None:
    """Return the earliest day on which a purchase order says that goods are needed; None if it says none."""
    return min(map(date.fromisoformat, document.figures["needed_by"].values()), default=None)


def may_open(acknowledgement: OrderAcknowledgement, link: ActionLink) -> bool:
    """Return True if a link opens the order: that of its addressee, or one that an officer of the city copied.

    A link that an officer copied for want of an address opens nothing once an address is known, or the officer no longer
    sends orders for the city.
    """
    copier = link.copied_by
    if copier is not None and not permissions_of(copier, via="link").may(Power.ORDER, acknowledgement):
        return False
    holder = acknowledgement.person_id if acknowledgement.person_id is not None else link.copied_by_id
    return link.user_id == holder


def acknowledgement_of(order: Order) -> OrderAcknowledgement | None:
    """Return the acknowledgement of an order; None if the order was never sent to its supplier."""
    return OrderAcknowledgement.objects.filter(order=order).first()
