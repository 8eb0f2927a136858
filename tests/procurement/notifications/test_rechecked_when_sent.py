"""Tests that a mail is checked again when it is sent, and not sent if it is no longer true."""

from datetime import timedelta

import pytest

from procurement.distribution.actions import recall_lot
from procurement.documents.actions.requests import request_documents
from procurement.logistics.actions.journey import close_shipment, record_arrival, write_off_shipment
from procurement.notifications.builder import build_messages, is_relevant
from procurement.orders.actions.close import cancel_order
from procurement.orders.actions.holds import hold_order, resume_order
from procurement.outreach.actions.reminders import allow_other_contact, remind_contact
from procurement.quality.actions import release_lot
from procurement.tasks import deliver_messages
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import ARRIVED_AT, DELIVERED_AT, DEPARTED_AT, Journey
from workflow.actors import SYSTEM
from workflow.clock import clear_instance_cache
from workflow.journal.entries import history_of
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db) -> Journey:
    voyage = Journey("markham")
    voyage.practise()
    yield voyage
    clear_instance_cache()


def plan_message(thing, verb: str, template: str) -> Message:
    entry = history_of(thing).filter(verb=verb).first()
    (message,) = [one for one in build_messages(entry, entry.at) if one.template == template]
    message.save()
    return message


def is_sent(template: str) -> bool:
    for message in Message.objects.filter(template=template):
        deliver_messages(message.next_try_at)
    return Message.objects.filter(template=template, state=Message.State.SENT).exists()


def test_thank_you_for_goods_in_use_is_sent_when_nothing_changed(story):
    plan_message(story.released().lots.get(), "release", "goods_released")
    assert is_sent("goods_released")


def test_order_and_departure_emails_are_sent_when_nothing_changed(story):
    shipment = story.departed()
    plan_message(shipment.lines.get().order_line.order, "place", "order_placed")
    assert is_sent("order_placed")
    plan_message(shipment, "depart", "goods_departed")
    assert is_sent("goods_departed")


def test_lots_released_together_cause_one_message_for_the_shipment(story):
    shipment = story.delivered()
    line = shipment.lines.get()
    first = story.count(line, accepted=3_000, lot_number="A-7")
    story.receive(shipment, first, story.count(line, accepted=7_000, lot_number="B-7"))
    lots = list(shipment.lots.order_by("number"))
    for lot in lots:
        release_lot(story.pass_lot(lot), by=story.logistics.by, at=DELIVERED_AT)
    plan_message(lots[0], "release", "goods_released")
    entry = history_of(lots[1]).filter(verb="release").first()
    assert [one for one in build_messages(entry, entry.at) if one.template == "goods_released"] == []
    assert is_sent("goods_released")


@pytest.mark.parametrize("quantity", [3_000, 7_000])
def test_thank_you_for_goods_in_use_is_not_sent_after_a_recall(story, quantity):
    shipment = story.delivered()
    line = shipment.lines.get()
    first = story.count(line, accepted=quantity, lot_number="A-7")
    story.receive(shipment, first, story.count(line, accepted=10_000 - quantity, lot_number="B-7"))
    kept, bad = shipment.lots.order_by("number")
    release_lot(story.pass_lot(kept), by=story.logistics.by, at=DELIVERED_AT)
    plan_message(kept, "release", "goods_released")
    release_lot(story.pass_lot(bad), by=story.logistics.by, at=DELIVERED_AT)
    recall_lot(bad, reason="Torn.", by=story.logistics.by, at=DELIVERED_AT)
    assert not is_sent("goods_released")


def test_departure_email_is_not_sent_for_a_shipment_written_off_overnight(story):
    shipment = story.departed()
    plan_message(shipment, "depart", "goods_departed")
    write_off_shipment(shipment, reason="The ship sank.", by=story.officer.by, at=DEPARTED_AT)
    assert not is_sent("goods_departed")


def test_departure_email_is_not_sent_for_a_shipment_that_arrived_overnight(story):
    shipment = story.departed()
    plan_message(shipment, "depart", "goods_departed")
    record_arrival(shipment, by=story.logistics.by, at=ARRIVED_AT)
    assert not is_sent("goods_departed")


def test_delivery_email_is_not_sent_for_a_shipment_closed_overnight(story):
    shipment = story.released()
    plan_message(shipment, "deliver", "goods_delivered")
    close_shipment(shipment, by=story.logistics.by, at=DELIVERED_AT)
    assert not is_sent("goods_delivered")


def test_order_email_is_not_sent_for_an_order_cancelled_overnight(story):
    order = story.placed()
    plan_message(order, "place", "order_placed")
    cancel_order(order, reason="No licence.", by=story.officer.by, at=AT)
    assert not is_sent("order_placed")


def test_document_request_is_rewritten_with_the_documents_still_missing_when_sent(story):
    shipment = story.plan()
    request = request_documents(
        shipment, "broker", name="Ann Roy", email="ann@roy.example", author=story.officer.user, by=story.officer.by,
        at=AT,
    )  # fmt: skip
    message = plan_message(request, "request", "documents_requested")
    first, *rest = request.missing_documents
    assert f"– {first.name}" in message.body
    story.hand_in(first)
    assert rest
    assert is_sent("documents_requested")
    message.refresh_from_db()
    assert f"– {first.name}" not in message.body


def test_document_request_is_not_sent_when_all_documents_came_in(story):
    shipment = story.plan()
    request = request_documents(
        shipment, "broker", name="Ann Roy", email="ann@roy.example", author=story.officer.user, by=story.officer.by,
        at=AT,
    )  # fmt: skip
    plan_message(request, "request", "documents_requested")
    for paper in request.missing_documents:
        story.hand_in(paper)
    assert not is_sent("documents_requested")


class TestWaitingReminders:
    """Only the last of two reminders for the same hour is sent. Other messages replace none."""

    @pytest.fixture
    def mails(self, story) -> dict[tuple[str, str], list[Message]]:
        """Return the waiting mails of an inquiry after three reminders.

        They include the notice that another person may be asked.
        """
        asked, at = story.asked(story.line()), AT
        for _number in range(3):
            at += timedelta(days=1)
            remind_contact(asked, by=SYSTEM, at=at)
        allow_other_contact(asked, by=SYSTEM, at=at + timedelta(hours=1))
        found: dict[tuple[str, str], list[Message]] = {}
        for entry in history_of(asked).filter(verb__in=("remind", "allow_alternates")).order_by("pk"):
            for message in build_messages(entry, entry.at):
                message.save()
                found.setdefault((entry.verb, message.template), []).append(message)
        return found

    def test_phone_call_email_is_sent_although_a_later_staff_email_waits(self, mails):
        (another,) = mails["allow_alternates", "staff"]
        *_earlier, phone = (one for one in mails["remind", "staff"] if one.recipient == another.recipient)
        assert phone.entry_id < another.entry_id
        assert is_relevant(phone)
        assert is_relevant(another)

    def test_only_the_last_of_several_waiting_reminders_is_relevant(self, mails):
        assert [is_relevant(one) for one in mails["remind", "inquiry_reminder"]] == [False, False, True]

    def test_earlier_reminder_is_relevant_again_when_the_later_one_is_cancelled(self, mails):
        first, second, third = mails["remind", "inquiry_reminder"]
        Message.objects.filter(pk=third.pk).update(state=Message.State.CANCELLED)
        assert [is_relevant(one) for one in (first, second)] == [False, True]


@pytest.mark.parametrize("told", [True, False])
def test_contact_is_told_of_a_hold_only_on_request_and_then_also_of_its_end(story, told):
    order = story.placed()
    hold_order(order, reason="forged licence", tell_contact=told, by=story.officer.by, at=AT)
    entry = history_of(order).filter(verb="hold").first()
    found = [one for one in build_messages(entry, entry.at) if one.template == "order_held"]
    assert len(found) == told
    if told:
        assert "forged" not in plan_message(order, "hold", "order_held").body
        assert is_sent("order_held")
    resume_order(order, reason="it is genuine", by=story.officer.by, at=AT)
    entry = history_of(order).filter(verb="resume").first()
    assert [one.template for one in build_messages(entry, entry.at)].count("order_resumed") == told
