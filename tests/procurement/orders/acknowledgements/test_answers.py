"""Tests of the supplier's answers and the city's decisions: what they change, twice, late, stale, by others."""

from datetime import date, timedelta

import pytest

from procurement.orders.acknowledgements.actions.answers import (
    accept_proposal,
    confirm_by_link,
    refuse_answer,
)
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.acknowledgements.rules import SellerActor
from procurement.orders.actions.approve import ConfirmationEdit, correct_confirmation, record_confirmation
from procurement.orders.actions.close import cancel_order, reduce_quantity
from procurement.orders.actions.holds import hold_order
from procurement.orders.models import Order
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.notifications.test_cancelled import sent_messages
from tests.procurement.refusals import assert_refused
from tests.worlds.acknowledgements import SellingOffice, answer_facts, confirm, decline, propose
from tests.worlds.need_to_order import AT
from tests.worlds.notifications import notifications_of
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db


def fresh(acknowledgement: OrderAcknowledgement) -> OrderAcknowledgement:
    return OrderAcknowledgement.objects.get(pk=acknowledgement.pk)


def test_supplier_confirms_with_its_own_number_and_date(office: SellingOffice) -> None:
    sent = office.sent_order(6_000)
    confirm(sent, supplier_reference=" KH-881 ", answered_by_name=" Wu Lan ", delivery_on=date(2020, 4, 25))
    order = Order.objects.get(pk=sent.order_id)
    assert (order.status, order.promised_on, order.supplier_reference) == (
        "confirmed",
        date(2020, 4, 25),
        "KH-881",
    )
    assert (order.confirmation_method, order.confirmed_by_name) == ("link", "Wu Lan")
    assert fresh(sent).status == "confirmed"
    entry = history_of(order).get(verb="confirm")
    assert (entry.via, entry.by) == ("link", sent.person)
    (notice,) = notifications_of(history_of(sent).get(verb="confirm"))
    assert notice.recipient == office.officer.user


def test_same_answer_twice_changes_nothing_and_a_stale_one_is_refused(office: SellingOffice) -> None:
    sent = office.sent_order(5_000)
    first = answer_facts(sent, delivery_on=date(2020, 4, 24))
    other_tab = answer_facts(sent, delivery_on=date(2020, 4, 25))
    propose(sent, reason="Later.")
    with assert_refused("changed_meanwhile", sent):
        confirm_by_link(sent, **other_tab)
    before = history_of(sent).count()
    propose(sent, reason="Later.")
    assert (history_of(sent).count(), fresh(sent).answer_count) == (before, 1)
    confirm(sent, delivery_on=date(2020, 4, 24))
    confirmed = history_of(sent.order).count()
    confirm_by_link(sent, **first)
    assert history_of(sent.order).count() == confirmed
    with assert_refused("wrong_status", sent):
        confirm_by_link(sent, **other_tab)


def test_answer_to_a_page_from_before_a_reduction_is_refused(office: SellingOffice) -> None:
    sent = office.sent_order(8_000)
    read = answer_facts(sent, delivery_on=date(2020, 4, 24))
    line = sent.order.lines.get()
    reduce_quantity(sent.order, line, 3_000, reason="Less needed.", by=office.officer.by, at=AT)
    with assert_refused("not_ready", sent):
        confirm_by_link(sent, **read)
    second = office.make("purchase_order", order=sent.order)
    with assert_refused("changed_meanwhile", sent):
        confirm_by_link(sent, **read)
    confirm(sent)
    assert fresh(sent).purchase_order == second
    assert Order.objects.get(pk=sent.order_id).status == "confirmed"


def test_date_after_the_promised_one_is_a_proposal(office: SellingOffice) -> None:
    sent = office.sent_order(2_000, promised_on=date(2020, 5, 4))
    with assert_refused("later_than_ordered", sent) as caught:
        confirm(sent, delivery_on=date(2020, 5, 5))
    assert caught.value.details["field"] == "delivery_on"
    with assert_refused("day_past", sent):
        confirm(sent, delivery_on=AT.date() - timedelta(days=2))
    confirm(sent, delivery_on=date(2020, 5, 4))
    assert fresh(sent).status == "confirmed"


def test_accepted_date_confirms_the_order_by_link(office: SellingOffice) -> None:
    sent = office.sent_order(3_000, promised_on=date(2020, 5, 4))
    propose(sent, delivery_on=date(2020, 5, 20), supplier_reference="Z-9")
    assert Order.objects.get(pk=sent.order_id).status == "placed"
    (notice,) = notifications_of(history_of(sent).get(verb="propose"))
    assert notice.recipient == office.officer.user
    accept_proposal(sent, by=office.officer.by, at=AT)
    order = Order.objects.get(pk=sent.order_id)
    assert (order.status, order.promised_on, order.supplier_reference) == (
        "confirmed",
        date(2020, 5, 20),
        "Z-9",
    )
    assert (order.confirmation_method, order.confirmed_by_name) == ("link", "Chen Min")
    assert history_of(order).get(verb="confirm").by == office.officer.user
    (mail,) = sent_messages(sent, "accept")
    assert (mail.template, mail.recipient) == ("proposal_accepted", sent.person)


def test_proposal_of_other_quantity_or_price_needs_a_changed_order(office: SellingOffice) -> None:
    sent = office.sent_order(9_000)
    propose(sent, delivery_on=None, proposed_terms="USD 0.58, 6,000 pieces")
    with assert_refused("not_ready", sent, sent.order) as caught:
        accept_proposal(sent, by=office.officer.by, at=AT)
    assert "changed first" in str(caught.value.message)
    with assert_refused("nothing_proposed", sent):
        propose(sent, delivery_on=None, proposed_terms=" ")
    with assert_refused("reason_missing", sent):
        propose(sent, reason=" ")


def test_refused_proposal_asks_the_supplier_again_by_a_new_link(office: SellingOffice) -> None:
    sent = office.sent_order(4_000)
    propose(sent)
    with assert_refused("reason_missing", sent):
        refuse_answer(sent, reason=" ", by=office.officer.by, at=AT)
    refuse_answer(sent, reason="The ward runs out on 2 May.", by=office.officer.by, at=AT)
    assert (fresh(sent).status, fresh(sent).city_reply) == ("requested", "The ward runs out on 2 May.")
    (mail,) = sent_messages(sent, "refuse")
    assert "The ward runs out on 2 May." in mail.body
    assert mail.link["purpose"] == "answer"
    confirm(sent)
    assert Order.objects.get(pk=sent.order_id).status == "confirmed"


def test_decision_on_a_replaced_proposal_is_refused(office: SellingOffice) -> None:
    sent = office.sent_order(4_200)
    propose(sent, delivery_on=date(2020, 5, 20))
    read = fresh(sent).answer_count
    propose(sent, delivery_on=date(2020, 7, 1))
    with assert_refused("changed_meanwhile", sent, sent.order):
        accept_proposal(sent, answer_count=read, by=office.officer.by, at=AT)
    with assert_refused("changed_meanwhile", sent):
        refuse_answer(sent, reason="No.", answer_count=read, by=office.officer.by, at=AT)


def test_declined_order_stays_placed_until_the_city_decides(office: SellingOffice) -> None:
    sent = office.sent_order(2_200)
    decline(sent)
    assert (fresh(sent).status, Order.objects.get(pk=sent.order_id).status) == ("declined", "placed")
    (notice,) = notifications_of(history_of(sent).get(verb="decline"))
    assert notice.recipient == office.officer.user
    with assert_refused("wrong_status", sent):
        accept_proposal(sent, by=office.officer.by, at=AT)
    cancel_order(sent.order, reason="Declined.", by=office.officer.by, at=AT)
    assert fresh(sent).status == "closed"
    with assert_refused("wrong_status", sent):
        decline(sent, reason="Still no.")


def test_decisions_need_an_officer_and_wait_while_the_order_is_on_hold(office: SellingOffice) -> None:
    sent = office.sent_order(2_300)
    propose(sent)
    for person in (office.observer, office.logistics, office.approver):
        with assert_refused("not_allowed", sent):
            accept_proposal(sent, by=person.by, at=AT)
        with assert_refused("not_allowed", sent):
            refuse_answer(sent, reason="No.", by=person.by, at=AT)
    hold_order(sent.order, reason="Fraud?", by=office.officer.by, at=AT)
    with assert_refused("not_ready", sent):
        accept_proposal(fresh(sent), by=office.officer.by, at=AT)


def test_link_of_another_order_answers_nothing(office: SellingOffice) -> None:
    sent, other = office.sent_order(2_400), office.sent_order(2_600)
    with assert_refused("not_allowed", sent, other):
        confirm(sent, by=SellerActor(other, other.person_id))
    actor = SellerActor(sent, sent.person_id)
    assert not actor.may("order", sent.order)
    assert not actor.may("confirm_order", other.order)
    with assert_refused("not_allowed", sent.order):
        cancel_order(sent.order, reason="Mine.", by=actor, at=AT)


def test_only_the_supplier_confirms_by_link(office: SellingOffice) -> None:
    order = office.placed_order(1_500)
    with assert_refused("not_by_link", order):
        record_confirmation(order, confirmation_method="link", by=office.officer.by, at=AT)
    record_confirmation(order, confirmation_method="phone", by=office.officer.by, at=AT)
    with assert_refused("not_by_link", order):
        correct_confirmation(order, ConfirmationEdit(confirmation_method="link"), by=office.officer.by, at=AT)
    sent = office.sent_order(1_600)
    confirm(sent)
    linked = Order.objects.get(pk=sent.order_id)
    edit = ConfirmationEdit(confirmation_method="link", supplier_reference="KH-1")
    correct_confirmation(linked, edit, by=office.officer.by, at=AT)
    assert (linked.confirmation_method, linked.supplier_reference) == ("link", "KH-1")
    for changed in ({"confirmation_method": "phone"}, {"confirmed_by_name": "Zhao"}):
        with assert_refused("given_by_link", linked):
            correct_confirmation(linked, ConfirmationEdit(**changed), by=office.officer.by, at=AT)


def test_proposed_date_that_has_passed_is_not_accepted(office: SellingOffice) -> None:
    sent = office.sent_order(1_700)
    propose(sent, delivery_on=date(2020, 6, 12))
    with assert_refused("day_past", sent, sent.order):
        accept_proposal(sent, by=office.officer.by, at=AT + timedelta(days=90))


def test_history_keeps_every_answer(office: SellingOffice) -> None:
    sent = office.sent_order(1_800)
    propose(sent, delivery_on=date(2020, 5, 20), reason="First.")
    propose(sent, delivery_on=date(2020, 6, 3), reason="Second.")
    entries = history_of(sent).filter(verb="propose").order_by("pk")
    assert [(one.after["delivery_on"], one.reason) for one in entries] == [
        ("2020-05-20", "First."),
        ("2020-06-03", "Second."),
    ]


def test_officer_who_copied_the_link_may_refuse_its_answer_but_not_accept_it(office: SellingOffice) -> None:
    sent = office.unsent_order(2_700)
    officer, colleague = office.officer, office.person("officer")
    propose(sent, by=SellerActor(sent, copied_by_id=officer.user.pk), delivery_on=date(2020, 5, 22))
    assert fresh(sent).link_copied_by == officer.user
    with assert_refused("not_allowed", sent):
        accept_proposal(fresh(sent), by=officer.by, at=AT)
    assert "Decide on the terms that" not in Browser(officer.user).open("/")
    assert "Decide on the terms that" in Browser(colleague.user).open("/")
    assert f"a link that {officer.user.name} copied" in Browser(colleague.user).open(sent.order)
    row = Program(colleague.user).get(f"order-acknowledgements/{sent.reference}/")
    assert row["link_copied_by"] == officer.user.name
    accept_proposal(fresh(sent), by=colleague.by, at=AT)
    assert Order.objects.get(pk=sent.order_id).status == "confirmed"
    alone = office.unsent_order(2_600)
    propose(alone, by=SellerActor(alone, copied_by_id=officer.user.pk), delivery_on=date(2020, 5, 22))
    assert refuse_answer(fresh(alone), reason="Too late.", by=officer.by, at=AT).status == "requested"


@pytest.mark.parametrize("verb", ["accept", "refuse"])
def test_responsible_officer_delivers_the_decision_if_no_address_is_known(
    office: SellingOffice, verb: str
) -> None:
    sent = office.unsent_order(2_800)
    propose(sent, by=SellerActor(sent, copied_by_id=office.observer.user.pk))
    colleague = office.person("officer")
    if verb == "accept":
        accept_proposal(fresh(sent), by=colleague.by, at=AT)
    else:
        refuse_answer(fresh(sent), reason="Too late.", by=colleague.by, at=AT)
    (notice,) = notifications_of(history_of(sent).get(verb=verb))
    assert notice.recipient == office.officer.user
    assert [one.recipient for one in sent_messages(sent, verb)] == [office.officer.user]


def test_proposal_made_before_a_new_purchase_order_is_not_accepted(office: SellingOffice) -> None:
    sent = office.sent_order(6_600)
    propose(sent, delivery_on=date(2020, 5, 18))
    reduce_quantity(sent.order, sent.order.lines.get(), 600, reason="Less.", by=office.officer.by, at=AT)
    office.make("purchase_order", order=sent.order)
    with assert_refused("not_ready", sent, sent.order):
        accept_proposal(fresh(sent), by=office.officer.by, at=AT)
