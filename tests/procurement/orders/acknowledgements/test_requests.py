"""Tests of sending a purchase order by link: to whom, in which language, again, copied, cancelled, closed."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import ActionLink, User
from procurement.generated_documents.actions import generate_due_purchase_orders
from procurement.orders.acknowledgements.actions.requests import (
    copy_acknowledgement_link,
    request_acknowledgement,
    send_again,
    withdraw_link,
)
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.actions.approve import record_confirmation
from procurement.orders.actions.close import cancel_order, reduce_quantity, write_off_order
from procurement.orders.actions.holds import hold_order, resume_order
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.notifications.test_cancelled import sent_messages
from tests.procurement.refusals import assert_refused
from tests.worlds.acknowledgements import SUPPLIER_EMAIL, SellingOffice, propose
from tests.worlds.need_to_order import AT
from tests.worlds.notifications import notifications_of
from workflow.actors import SYSTEM
from workflow.clock import real_now
from workflow.journal.entries import history_of
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db


def test_placed_order_is_sent_to_the_suppliers_own_address_in_its_language(office: SellingOffice) -> None:
    sent = office.sent_order(6_000)
    person = sent.person
    assert person is not None
    assert (sent.status, person.email, person.language) == ("requested", SUPPLIER_EMAIL, "zh-hans")
    assert sent.author == office.officer.user
    (mail,) = sent_messages(sent, "request")
    assert (mail.recipient, mail.language, mail.template) == (person, "zh-hans", "purchase_order_sent")
    assert sent.order.reference in mail.subject
    assert mail.link["purpose"] == "answer"


@pytest.mark.parametrize(("country", "language"), [("FR", "fr-ca"), ("DE", "en"), ("CN", "zh-hans")])
def test_language_of_the_message_is_that_of_the_suppliers_country(
    office: SellingOffice, country: str, language: str
) -> None:
    office.introduce()
    office.register()
    office.give_email()
    correct_supplier(
        office.supplier, SupplierEdit(country=country, place=None, uscc="" if country != "CN" else office.supplier.uscc),
        by=office.officer.by, at=AT,
    )  # fmt: skip
    order = office.placed_order(3_000)
    assert OrderAcknowledgement.objects.get(order=order).language == language


def test_contact_who_found_the_supplier_gets_no_link_without_an_officer_choosing_it(
    office: SellingOffice,
) -> None:
    sent = office.unsent_order(4_000)
    assert sent.order.contact == office.contact
    assert (sent.person, sent.email, sent.sent_count) == (None, "", 0)
    assert [one.recipient for one in sent_messages(sent, "request")] == [office.officer.user]


def test_officer_is_notified_if_the_supplier_has_no_address_and_copies_a_link(office: SellingOffice) -> None:
    sent = office.unsent_order(5_000)
    assert sent.person is None
    entry = history_of(sent).get(verb="request")
    (notice,) = notifications_of(entry)
    assert notice.recipient == office.officer.user
    assert not Message.objects.filter(thing_id=sent.pk, template="purchase_order_sent").exists()
    me = {"user": office.officer.user, "by": office.officer.by, "at": AT, "real_at": real_now()}
    url = copy_acknowledgement_link(sent, **me)
    link = ActionLink.objects.get(thing_id=sent.pk, thing_label="procurement.orderacknowledgement")
    assert "/l/" in url
    assert (link.user, link.copied_by) == (office.officer.user, office.officer.user)


def test_bounced_address_of_the_supplier_is_not_written_to(office: SellingOffice) -> None:
    office.introduce()
    office.register()
    office.give_email()
    User.objects.create(email=SUPPLIER_EMAIL, name="Sales", created_at=AT, bounced_at=AT)
    sent = OrderAcknowledgement.objects.get(order=office.placed_order(2_000))
    assert sent.person is None


def test_order_is_sent_once_and_then_again_at_most_three_times(office: SellingOffice) -> None:
    sent = office.sent_order(7_000)
    me: dict[str, Any] = {"by": office.officer.by, "at": AT}
    with assert_refused("already_sent", sent):
        request_acknowledgement(sent.order, author=office.officer.user, **me)
    office.give_email("sales@kanghu.example")
    send_again(sent, **me)
    assert (sent.sent_count, sent.person.email, sent.email) == (
        2,
        "sales@kanghu.example",
        "sales@kanghu.example",
    )
    send_again(sent, **me)
    send_again(sent, **me)
    with assert_refused("not_ready", sent):
        send_again(sent, **me)


def test_only_officers_send_copy_and_cancel_and_only_while_the_order_waits(office: SellingOffice) -> None:
    sent = office.sent_order(2_500)
    link = {"at": AT, "real_at": real_now()}
    for person in (office.observer, office.logistics, office.approver):
        with assert_refused("not_allowed", sent):
            send_again(sent, by=person.by, at=AT)
        with assert_refused("not_allowed", sent):
            withdraw_link(sent, by=person.by, **link)
        with assert_refused("not_allowed", sent):
            copy_acknowledgement_link(sent, user=person.user, by=person.by, **link)
    hold_order(sent.order, reason="Fraud?", by=office.officer.by, at=AT)
    with assert_refused("not_ready", sent):
        send_again(OrderAcknowledgement.objects.get(pk=sent.pk), by=office.officer.by, at=AT)


def test_draft_and_held_orders_are_not_sent(office: SellingOffice) -> None:
    draft = office.draft(office.promise(1_000))
    with assert_refused("not_ready", draft):
        request_acknowledgement(draft, author=office.officer.user, by=office.officer.by, at=AT)
    office.introduce()
    office.register()
    order = office.placed(office.promise(2_000, model="KH"))
    hold_order(order, reason="Wait.", by=office.officer.by, at=AT)
    generate_due_purchase_orders(AT)
    assert not OrderAcknowledgement.objects.filter(order=order).exists()
    resume_order(order, reason="Settled.", by=office.officer.by, at=AT)
    office.give_email()
    generate_due_purchase_orders(AT)
    assert OrderAcknowledgement.objects.get(order=order).sent_count == 1


def test_withdrawn_link_ends_and_a_new_one_is_sent(office: SellingOffice) -> None:
    sent = office.sent_order(3_500)
    me = {"user": office.officer.user, "by": office.officer.by, "at": AT, "real_at": real_now()}
    copy_acknowledgement_link(sent, **me)
    withdraw_link(sent, by=office.officer.by, at=AT, real_at=real_now())
    link = ActionLink.objects.get(thing_id=sent.pk, thing_label="procurement.orderacknowledgement")
    assert (sent.status, link.revoked_at is not None) == ("closed", True)
    with assert_refused("wrong_status", sent):
        copy_acknowledgement_link(sent, **me)
    send_again(sent, by=office.officer.by, at=AT)
    assert sent.status == "requested"


@pytest.mark.parametrize("end", ["confirm", "cancel", "write_off"])
def test_link_closes_when_the_order_is_confirmed_otherwise_cancelled_or_lost(
    office: SellingOffice, end: str
) -> None:
    sent = office.sent_order(4_500)
    ends = {
        "confirm": lambda: record_confirmation(
            sent.order, confirmation_method="phone", by=office.officer.by, at=AT
        ),
        "cancel": lambda: cancel_order(sent.order, reason="Too late.", by=office.officer.by, at=AT),
        "write_off": lambda: write_off_order(sent.order, reason="Burnt.", by=office.officer.by, at=AT),
    }
    ends[end]()
    kept = OrderAcknowledgement.objects.get(pk=sent.pk)
    assert kept.status == "closed"
    assert history_of(kept)[0].via == SYSTEM.via
    with assert_refused("not_ready", kept):
        send_again(kept, by=office.officer.by, at=AT)


def test_order_without_current_purchase_order_is_neither_sent_nor_copied(office: SellingOffice) -> None:
    office.introduce()
    office.give_email()
    order = office.placed(office.promise(2_000, model="KH"))
    generate_due_purchase_orders(AT)  # the company's registration number is missing
    me: dict[str, Any] = {"by": office.officer.by, "at": AT}
    with assert_refused("not_ready", order):
        request_acknowledgement(order, author=office.officer.user, **me)
    Browser(office.officer.user).client.post(reverse("send_order", args=[order.reference]))
    program = Program(office.officer.user)
    answer = program.ask("post", "order-acknowledgements/", {"order": order.reference})
    assert answer.status_code == 422
    assert not OrderAcknowledgement.objects.filter(order=order).exists()
    sent = office.sent_order(6_400)
    reduce_quantity(sent.order, sent.order.lines.get(), 1_400, reason="Less needed.", **me)
    with assert_refused("not_ready", sent):
        send_again(sent, **me)
    with assert_refused("not_ready", sent):
        copy_acknowledgement_link(sent, user=office.officer.user, real_at=real_now(), **me)
    path = f"order-acknowledgements/{sent.reference}/send-again/"
    assert program.ask("post", path, {}).status_code == 422
    office.make("purchase_order", order=sent.order)
    send_again(sent, **me)
    assert sent.sent_count == 2


def test_messages_are_counted_only_if_an_address_is_known(office: SellingOffice) -> None:
    sent = office.unsent_order(3_300)
    me: dict[str, Any] = {"by": office.officer.by, "at": AT}
    for _time in range(5):
        send_again(sent, **me)
    assert sent.sent_count == 0
    assert "No address of the supplier is known" in Browser(office.officer.user).open(sent.order)
    office.give_email()
    sent.order.supplier.refresh_from_db()
    send_again(sent, **me)
    assert (sent.sent_count, len(sent_messages(sent, "send_again"))) == (1, 1)


def test_proposal_cannot_vanish_by_cancelling_the_link(office: SellingOffice) -> None:
    sent = office.sent_order(3_700)
    propose(sent)
    with assert_refused("wrong_status", sent):
        withdraw_link(sent, by=office.officer.by, at=AT, real_at=real_now())
