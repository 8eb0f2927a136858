"""Actions on the answer to an order: the supplier confirms, proposes or declines by link, and the city decides."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from procurement.orders.acknowledgements import rules
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.acknowledgements.queries import needed_by, terms_version
from procurement.orders.actions.approve import confirm_order
from procurement.orders.models import Order
from procurement.orders.rules.purchase_orders import current_purchase_order
from workflow.actors import Actor
from workflow.errors import CHANGED_MEANWHILE, NOT_ALLOWED, Refused
from workflow.moves import Move, register_action, select_locked


@register_action(rules.CONFIRM_BY_LINK)
def confirm_by_link(
    acknowledgement: OrderAcknowledgement,
    *,
    answered_by_name: str,
    delivery_on: date,
    seen_version: str,
    by: Actor,
    at: datetime,
    supplier_reference: str = "",
) -> OrderAcknowledgement:
    """Confirm the order as it is, with the supplier's own number and delivery date. The order is then confirmed.

    `seen_version` is the version of the page that was answered (`terms_version`). The same answer sent twice changes
    nothing. Refuses another link, an order that no longer waits, a page that is no longer current, a missing name, and
    a date that is past or later than the order says.
    """
    answer = {
        "answered_by_name": answered_by_name.strip(),
        "delivery_on": delivery_on,
        "supplier_reference": supplier_reference.strip(),
        "proposed_terms": "",
        "reason": "",
    }

    def check(order: Order) -> Refused | None:
        document = current_purchase_order(order)
        day = needed_by(document) if document is not None else None
        late = rules.too_late_refusal(order.promised_on, day, delivery_on)
        return rules.past_day_refusal(delivery_on, order.city.day_at(at)) or late

    with transaction.atomic():
        if _record_answer(rules.CONFIRM_BY_LINK, acknowledgement, answer, seen_version, check, by=by, at=at):
            _confirm_order(acknowledgement, by=by, at=at)
    return acknowledgement


@register_action(rules.PROPOSE_TERMS)
def propose_terms(
    acknowledgement: OrderAcknowledgement,
    *,
    answered_by_name: str,
    reason: str,
    seen_version: str,
    by: Actor,
    at: datetime,
    delivery_on: date | None = None,
    proposed_terms: str = "",
    supplier_reference: str = "",
) -> OrderAcknowledgement:
    """Propose another delivery date, or other terms in words (quantity, price), with a reason.

    Nothing is agreed by that: the city accepts or refuses. A later answer replaces the proposal until then. Refuses
    what `confirm_by_link` refuses, a missing reason, and a proposal without a date or terms.
    """
    answer = {
        "answered_by_name": answered_by_name.strip(),
        "delivery_on": delivery_on,
        "supplier_reference": supplier_reference.strip(),
        "proposed_terms": proposed_terms.strip(),
        "reason": reason.strip(),
    }

    def check(order: Order) -> Refused | None:
        if delivery_on is None and not answer["proposed_terms"]:
            words = _("Enter another delivery date or the other terms.")
            return Refused("nothing_proposed", words, field="proposed_terms")
        return rules.past_day_refusal(delivery_on, order.city.day_at(at))

    with transaction.atomic():
        _record_answer(rules.PROPOSE_TERMS, acknowledgement, answer, seen_version, check, by=by, at=at)
    return acknowledgement


@register_action(rules.DECLINE_ORDER)
def decline_order(
    acknowledgement: OrderAcknowledgement,
    *,
    answered_by_name: str,
    reason: str,
    seen_version: str,
    by: Actor,
    at: datetime,
) -> OrderAcknowledgement:
    """Decline the order, with a reason. The order stays placed until the city cancels it or asks again.

    Refuses another link, an order that no longer waits, a page that is no longer current, and a missing name or reason.
    """
    answer = {
        "answered_by_name": answered_by_name.strip(),
        "delivery_on": None,
        "supplier_reference": "",
        "proposed_terms": "",
        "reason": reason.strip(),
    }
    with transaction.atomic():
        _record_answer(
            rules.DECLINE_ORDER, acknowledgement, answer, seen_version, lambda _order: None, by=by, at=at
        )
    return acknowledgement


@register_action(rules.ACCEPT_PROPOSAL)
def accept_proposal(
    acknowledgement: OrderAcknowledgement, *, by: Actor, at: datetime, answer_count: int | None = None
) -> OrderAcknowledgement:
    """Accept the proposed delivery date: the order is confirmed by link, with that date.

    `answer_count` is the number of the answer that was read; None means the latest. Refuses a proposal of other terms,
    because the order must be changed first, one that the supplier has replaced, and a date that has passed meanwhile.
    """
    with transaction.atomic():
        select_locked(acknowledgement.order)
        with rules.ACCEPT_PROPOSAL.apply_to(acknowledgement, by=by, at=at) as row:
            _require_read_answer(row, answer_count)
            refused = rules.past_day_refusal(row.delivery_on, row.city.day_at(at))
            if refused is not None:
                raise Refused(
                    refused.code,
                    _("The proposed date has passed. Refuse the proposal and ask for another date."),
                )
        _confirm_order(acknowledgement, by=by, at=at)
    return acknowledgement


@register_action(rules.REFUSE_ANSWER)
def refuse_answer(
    acknowledgement: OrderAcknowledgement,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    answer_count: int | None = None,
) -> OrderAcknowledgement:
    """Refuse a proposal, or the supplier's refusal, with a reason, and ask the supplier again by a new link.

    `answer_count` is as in `accept_proposal`. Refuses a missing reason and an answer that the supplier has replaced.
    """
    with transaction.atomic():
        select_locked(acknowledgement.order)
        with rules.REFUSE_ANSWER.apply_to(acknowledgement, by=by, at=at, reason=reason) as row:
            _require_read_answer(row, answer_count)
            row.city_reply = reason.strip()
    return acknowledgement


def _record_answer(
    move: Move[OrderAcknowledgement],
    acknowledgement: OrderAcknowledgement,
    answer: dict[str, Any],
    seen_version: str,
    check: Callable[[Order], Refused | None],
    *,
    by: Actor,
    at: datetime,
) -> bool:
    """Record an answer of the supplier, under the lock of the order. Return False if it is known already."""
    order = select_locked(acknowledgement.order)
    acknowledgement.refresh_from_db()
    acknowledgement.order = order
    if not rules.may_answer(by, acknowledgement):
        raise Refused(NOT_ALLOWED, _("This link is for another order."))
    if acknowledgement.status == move.target and _stored_answer(acknowledgement) == answer:
        return False
    with move.apply_to(acknowledgement, by=by, at=at, reason=str(answer["reason"])) as row:
        row.order = order
        if terms_version(row) != seen_version:
            words = _("This page is no longer current: the order or your answer has changed. Read it again.")
            raise Refused(CHANGED_MEANWHILE, words)
        if not answer["answered_by_name"]:
            raise Refused("name_missing", _("Enter your name."), field="answered_by_name")
        refused = check(order)
        if refused is not None:
            raise refused
        for name, value in answer.items():
            setattr(row, name, value)
        row.answered_at = at
        row.purchase_order = current_purchase_order(order)
        row.link_copied_by_id = by.copied_by_id if isinstance(by, rules.SellerActor) else None
        row.answer_count += 1
        row.city_reply = ""
    return True


def _stored_answer(acknowledgement: OrderAcknowledgement) -> dict[str, Any]:
    names = ("answered_by_name", "delivery_on", "supplier_reference", "proposed_terms", "reason")
    return {name: getattr(acknowledgement, name) for name in names}


def _require_read_answer(row: OrderAcknowledgement, answer_count: int | None) -> None:
    if answer_count is not None and answer_count != row.answer_count:
        raise Refused(
            CHANGED_MEANWHILE,
            _("The supplier has answered again since. Read the new answer before you decide."),
        )


def _confirm_order(acknowledgement: OrderAcknowledgement, *, by: Actor, at: datetime) -> None:
    confirm_order(
        acknowledgement.order,
        promised_on=acknowledgement.delivery_on,
        supplier_reference=acknowledgement.supplier_reference,
        confirmation_method=Order.ConfirmationMethod.LINK,
        confirmed_by_name=acknowledgement.answered_by_name,
        by=by,
        at=at,
    )
