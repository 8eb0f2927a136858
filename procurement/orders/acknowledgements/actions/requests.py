"""Actions that send a purchase order to its supplier by link, and that end the link."""

from datetime import datetime

from django.db import transaction

from accounts.actions.links import issue_link, revoke_links_to
from accounts.actions.people import find_or_add_person
from accounts.models import ActingUser, ActionLink, Language, User
from procurement.orders.acknowledgements import rules
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.acknowledgements.queries import acknowledgement_of
from procurement.orders.models import Order
from procurement.suppliers.models.suppliers import Supplier
from workflow.actors import SYSTEM, Actor
from workflow.errors import Refused
from workflow.formatting import language_of_place
from workflow.moves import register_action, select_locked
from workflow.outbox import queue

NO_ADDRESS_CODES = ("bad_address", "shut_out")  # refusals of an address to which nothing can be sent
ACKNOWLEDGEMENT_LABEL = OrderAcknowledgement._meta.label_lower
LANGUAGES_BY_CODE = {"zh": Language.ZH_HANS, "fr": Language.FR_CA}


@register_action(rules.REQUEST_ACKNOWLEDGEMENT)
def request_acknowledgement(
    order: Order, *, author: ActingUser, by: Actor, at: datetime
) -> OrderAcknowledgement:
    """Send a placed purchase order to its supplier by link, and ask to confirm it.

    The message goes to the supplier's own address in the supplier's language. If it is unknown, or mail to it is
    impossible, no message is sent: the person responsible is notified, and delivers a copied link. Refuses an order that
    does not wait for its supplier, is on hold or has no current purchase order, and one that was sent before
    (`send_again` does that).
    """
    acknowledgement = OrderAcknowledgement(order=order, city=order.city, author=author)
    refused = rules.REQUEST_ACKNOWLEDGEMENT.refusal(by, acknowledgement, at)
    if refused is not None:  # first: a refused actor adds no person
        raise refused
    with transaction.atomic():
        acknowledgement.order = select_locked(order)
        known = acknowledgement_of(order)
        if known is not None:
            raise rules.already_sent_refusal(known)
        _set_addressee(acknowledgement, by, at)
        return rules.REQUEST_ACKNOWLEDGEMENT.create(acknowledgement, by=by, at=at)


@register_action(rules.SEND_AGAIN)
def send_again(acknowledgement: OrderAcknowledgement, *, by: Actor, at: datetime) -> OrderAcknowledgement:
    """Send the purchase order again, with a new link, to the address that is known now.

    Links that were sent to another person no longer open the order. Refuses a fifth message, an order that does not
    wait for its supplier, is on hold or has no current purchase order, and one whose supplier has answered.
    """
    with transaction.atomic():
        select_locked(acknowledgement.order)
        with rules.SEND_AGAIN.apply_to(acknowledgement, by=by, at=at) as row:
            _set_addressee(row, by, at)
    return acknowledgement


def copy_acknowledgement_link(
    acknowledgement: OrderAcknowledgement, *, user: User, by: Actor, at: datetime, real_at: datetime
) -> str:
    """Create a link that a user delivers by hand (by WeChat, for instance), and return its address.

    The journal records who copied it. If no address is known, the user holds the link. `real_at` is the real moment,
    by which links expire. Refuses an actor who may not send orders, and an order that waits for no answer.
    """
    with transaction.atomic():
        order = select_locked(acknowledgement.order)  # against a cancelling of the links at the same moment
        acknowledgement.refresh_from_db()
        acknowledgement.order = order
        refused = rules.WITHDRAW_LINK.refusal(by, acknowledgement, at)  # who may cancel the link may copy it
        refused = refused or rules.unsendable_order_refusal(acknowledgement)
        if refused is not None:
            raise refused
        issued = issue_link(
            acknowledgement.person or user,
            purpose=ActionLink.Purpose.ANSWER,
            thing_label=ACKNOWLEDGEMENT_LABEL,
            thing_id=acknowledgement.pk,
            city_id=acknowledgement.city_id,
            copied_by=user,
            by=by,
            at=at,
            real_at=real_at,
        )
    return issued.url


@register_action(rules.WITHDRAW_LINK)
def withdraw_link(
    acknowledgement: OrderAcknowledgement, *, by: Actor, at: datetime, real_at: datetime
) -> OrderAcknowledgement:
    """Cancel the supplier's links at once, with the messages not sent yet. The order stays placed.

    Refuses an actor who may not send orders.
    """
    with transaction.atomic():
        select_locked(acknowledgement.order)
        with rules.WITHDRAW_LINK.apply_to(acknowledgement, by=by, at=at) as row:
            queue.cancel_messages_about(row)
            revoke_links_to(ACKNOWLEDGEMENT_LABEL, row.pk, by=by, at=at, real_at=real_at)
    return acknowledgement


def close_acknowledgement(order: Order, *, at: datetime) -> None:
    """Close the supplier's link, if one is open: the order no longer waits for the supplier.

    Called under the order's lock by the action that confirms or ends it. Its links open nothing from then on.
    """
    found = acknowledgement_of(order)
    if found is None or found.status not in OrderAcknowledgement.Status.open:
        return
    with rules.CLOSE_ACKNOWLEDGEMENT.apply_to(found, by=SYSTEM, at=at) as row:
        queue.cancel_messages_about(row)


def _set_addressee(row: OrderAcknowledgement, by: Actor, at: datetime) -> None:
    """Set who gets the link, the person at the supplier's own address or no one, and count the message."""
    company = row.order.supplier.current_row
    row.language = language_of_company(company)
    is_chinese = row.language == Language.ZH_HANS
    row.name = company.legal_name_local if is_chinese else company.name_en or company.legal_name_local
    row.person = _person_of_company(company, row, by, at)
    row.email = company.email if row.person is not None else ""
    if row.person is not None:
        row.sent_count += 1


def language_of_company(company: Supplier) -> str:
    """Return the language of the product in which a company is written to: that of its place, else English."""
    part = company.place.subdivision if company.place is not None else ""
    return LANGUAGES_BY_CODE.get(language_of_place(company.country, part)[:2], Language.EN)


def _person_of_company(company: Supplier, row: OrderAcknowledgement, by: Actor, at: datetime) -> User | None:
    """Return the person at the company's own address; None if there is no address, or mail to it is impossible."""
    if not company.email:
        return None
    try:
        person = find_or_add_person(email=company.email, name=row.name, language=row.language, by=by, at=at)
    except Refused as refused:
        if refused.code not in NO_ADDRESS_CODES:
            raise
        return None
    return person if person.can_receive_mail else None
