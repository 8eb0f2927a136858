"""Moves of an order acknowledgement, and the actor who answers by its link.

The supplier confirms the order as it is, proposes other terms, or declines. A proposal never changes the order by
itself: an officer accepts it, or refuses it with a reason.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.powers import Power
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.models import Order
from procurement.orders.rules.purchase_orders import current_purchase_order
from workflow.actors import NO_CITIES, Actor
from workflow.errors import NOT_ALLOWED, LazyText, Refused
from workflow.moves import Move, Moves, first_refusal, not_ready_refusal, one_of, system_only

Status = OrderAcknowledgement.Status
OPEN_STATUSES = Status.open
MAX_SENT = 4  # messages with a link: the first and three more; then a person phones


@dataclass(frozen=True)
class SellerActor:
    """Actor who answers to one order by its link, and may do nothing else.

    `user_id` is the person at the company's own address to whom the link was sent; None if an officer copied it
    (`copied_by_id`), because it is then not known who opened it. `via` is the way of access. The journal records the name
    of the company.
    """

    acknowledgement: OrderAcknowledgement
    user_id: int | None = None
    copied_by_id: int | None = None
    via: str = "link"
    companies_with_interest: frozenset[int] = NO_CITIES

    @property
    def label(self) -> LazyText:
        """Name of the company, as the city knew it when it sent the order."""
        return self.acknowledgement.name

    def may(self, power: str, thing: object) -> bool:
        """Return True for an answer to the order of the link."""
        if power != Power.CONFIRM_ORDER:
            return False
        if isinstance(thing, OrderAcknowledgement):
            return thing.pk == self.acknowledgement.pk
        return isinstance(thing, Order) and thing.pk == self.acknowledgement.order_id

    def cities_with(self, power: str) -> frozenset[int]:
        """Return no city: the actor holds no power over a whole city."""
        return NO_CITIES


def is_link_open(acknowledgement: OrderAcknowledgement) -> bool:
    """Return True while the supplier can still answer, and the order is placed."""
    return acknowledgement.status in Status.open and acknowledgement.order.status == Order.Status.PLACED


def is_receipt_shown(acknowledgement: OrderAcknowledgement) -> bool:
    """Return True while the link shows the supplier's confirmation: as long as the order is in force."""
    return (
        acknowledgement.status == Status.CONFIRMED and acknowledgement.order.status not in Order.Status.void
    )


def may_send(by: Actor, acknowledgement: OrderAcknowledgement) -> bool:
    """Return True for officers of the ordering city."""
    return by.may(Power.ORDER, acknowledgement)


def may_answer(by: Actor, acknowledgement: OrderAcknowledgement) -> bool:
    """Return True if the actor is the supplier, acting by the link of this order."""
    return by.may(Power.CONFIRM_ORDER, acknowledgement)


def may_decide(by: Actor, acknowledgement: OrderAcknowledgement) -> bool | Refused:
    """Return True for officers of the ordering city who neither hold nor copied the link."""
    if not may_send(by, acknowledgement):
        return False
    if by.user_id is not None and by.user_id in (
        acknowledgement.person_id,
        acknowledgement.link_copied_by_id,
    ):
        words = _(
            "The answer was given by a link that you received or copied. Someone else in your city must decide."
        )
        return Refused(NOT_ALLOWED, words, show=True)
    return True


def order_not_open_refusal(acknowledgement: OrderAcknowledgement) -> Refused | None:
    """Return a refusal unless the order is a placed purchase that waits for its supplier's confirmation."""
    order = acknowledgement.order
    if order.kind == AcquisitionType.PURCHASE and order.status == Order.Status.PLACED:
        return None
    words = _("%(order)s has the status “%(status)s”, so the supplier is not asked to confirm it.")
    return not_ready_refusal(words % {"order": order, "status": order.get_status_display()})


def unanswerable_order_refusal(acknowledgement: OrderAcknowledgement) -> Refused | None:
    """Return a refusal for an order that does not wait for its supplier, or has no current purchase order."""
    closed = order_not_open_refusal(acknowledgement)
    if closed is not None or current_purchase_order(acknowledgement.order) is not None:
        return closed
    words = _("%(order)s has no current purchase order. It must be generated first.")
    return not_ready_refusal(words % {"order": acknowledgement.order})


def unsendable_order_refusal(acknowledgement: OrderAcknowledgement) -> Refused | None:
    """Return a refusal for an order that cannot be answered, or is on hold: a hold commits to nothing more."""
    on_hold = None
    if acknowledgement.order.held_since is not None:
        words = _("%(order)s is on hold. Resume it first.")
        on_hold = not_ready_refusal(words % {"order": acknowledgement.order})
    return first_refusal((on_hold, unanswerable_order_refusal(acknowledgement)))


def send_limit_refusal(acknowledgement: OrderAcknowledgement) -> Refused | None:
    """Return a refusal after four messages, when a person should phone, or if the order cannot be sent."""
    if acknowledgement.sent_count >= MAX_SENT:
        return not_ready_refusal(_("The order has been sent four times. Phone the supplier."))
    return unsendable_order_refusal(acknowledgement)


def already_sent_refusal(acknowledgement: OrderAcknowledgement) -> Refused:
    """Return the refusal to send an order for the first time that was sent before."""
    words = _("%(order)s has already been sent to the supplier (%(acknowledgement)s). Send it again there.")
    params = {"order": acknowledgement.order, "acknowledgement": acknowledgement}
    return Refused("already_sent", words % params, field="order")


def changed_order_needed_refusal(acknowledgement: OrderAcknowledgement) -> Refused | None:
    """Return a refusal for a proposal that needs another order: only a proposed delivery date confirms it as it is."""
    if not acknowledgement.proposed_terms:
        return unsendable_order_refusal(acknowledgement) or _outdated_answer_refusal(acknowledgement)
    return not_ready_refusal(
        _(
            "The supplier proposes more than another date, so the order must be changed first. Reduce it, or cancel it "
            "and place another. Then refuse this proposal and ask the supplier to confirm the order as it is now."
        )
    )


def _outdated_answer_refusal(acknowledgement: OrderAcknowledgement) -> Refused | None:
    document = current_purchase_order(acknowledgement.order)
    if document is not None and document.pk == acknowledgement.purchase_order_id:
        return None
    words = _(
        "The purchase order has changed since this answer. Refuse the answer and ask the supplier again."
    )
    return not_ready_refusal(words)


def too_late_refusal(promised_on: date | None, needed_by: date | None, delivery_on: date) -> Refused | None:
    """Return a refusal if the delivery date is later than the order says: a later one is a proposal.

    The order says the promised date, or the day on which the goods are needed if no date was promised.
    """
    latest = promised_on or needed_by
    if latest is None or delivery_on <= latest:
        return None
    words = _("This date is later than the order says. Propose it as another date instead.")
    return Refused("later_than_ordered", words, field="delivery_on")


def past_day_refusal(delivery_on: date | None, today: date) -> Refused | None:
    """Return a refusal for a delivery date before today."""
    if delivery_on is None or delivery_on >= today:
        return None
    return Refused("day_past", _("Choose today or a later day."), field="delivery_on")


REQUEST_ACKNOWLEDGEMENT = Move[OrderAcknowledgement](
    verb="request",
    label=_("Send to supplier"),
    past_tense=_("prepared the supplier’s link to the purchase order"),
    target=Status.REQUESTED,
    allowed=may_send,
    ready=unsendable_order_refusal,
    allowed_for_system=True,
)
SEND_AGAIN = Move[OrderAcknowledgement](
    verb="send_again",
    label=_("Send again"),
    past_tense=_("prepared a new link for the supplier"),
    source=one_of(Status.REQUESTED, Status.CLOSED),
    target=Status.REQUESTED,
    allowed=may_send,
    ready=send_limit_refusal,
)
CONFIRM_BY_LINK = Move[OrderAcknowledgement](
    verb="confirm",
    label=_("Confirm order"),
    past_tense=_("confirmed the order"),
    source=OPEN_STATUSES,
    target=Status.CONFIRMED,
    allowed=may_answer,
    ready=unanswerable_order_refusal,
)
PROPOSE_TERMS = Move[OrderAcknowledgement](
    verb="propose",
    label=_("Propose other terms"),
    past_tense=_("proposed other terms"),
    source=OPEN_STATUSES,
    target=Status.PROPOSED,
    allowed=may_answer,
    ready=unanswerable_order_refusal,
    requires_reason=True,
)
DECLINE_ORDER = Move[OrderAcknowledgement](
    verb="decline",
    label=_("Decline order"),
    past_tense=_("declined the order"),
    source=OPEN_STATUSES,
    target=Status.DECLINED,
    allowed=may_answer,
    ready=unanswerable_order_refusal,
    requires_reason=True,
)
ACCEPT_PROPOSAL = Move[OrderAcknowledgement](
    verb="accept",
    label=_("Accept proposed date"),
    past_tense=_("accepted the supplier’s proposal"),
    source=one_of(Status.PROPOSED),
    target=Status.CONFIRMED,
    allowed=may_decide,
    ready=changed_order_needed_refusal,
)
REFUSE_ANSWER = Move[OrderAcknowledgement](
    verb="refuse",
    label=_("Refuse and ask the supplier again"),
    past_tense=_("refused the supplier’s answer"),
    source=one_of(*OrderAcknowledgement.ANSWERED_STATUSES),
    target=Status.REQUESTED,
    allowed=may_send,  # also for an officer who copied the link: refusing commits the city to nothing
    ready=unsendable_order_refusal,
    requires_reason=True,
)
WITHDRAW_LINK = Move[OrderAcknowledgement](
    verb="withdraw",
    label=pgettext_lazy("a purchase order", "Cancel link"),
    past_tense=_("cancelled the supplier’s link"),
    source=one_of(Status.REQUESTED),
    target=Status.CLOSED,
    allowed=may_send,
)
CLOSE_ACKNOWLEDGEMENT = Move[OrderAcknowledgement](
    verb="close",
    label=pgettext_lazy("a purchase order", "Close link"),
    past_tense=_("closed the supplier’s link because the order no longer waits for an answer"),
    source=OPEN_STATUSES,
    target=Status.CLOSED,
    allowed=system_only,
    allowed_for_system=True,
)
ACKNOWLEDGEMENT_MOVES = Moves(
    OrderAcknowledgement,
    REQUEST_ACKNOWLEDGEMENT,
    SEND_AGAIN,
    CONFIRM_BY_LINK,
    PROPOSE_TERMS,
    DECLINE_ORDER,
    ACCEPT_PROPOSAL,
    REFUSE_ANSWER,
    WITHDRAW_LINK,
    CLOSE_ACKNOWLEDGEMENT,
    ends={Status.CONFIRMED: "the order is confirmed, with the supplier's number and date"},
)
