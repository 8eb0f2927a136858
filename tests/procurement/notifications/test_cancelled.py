"""Tests of messages about a cancellation, which reach everyone who was notified of the plan or asked for something."""

from datetime import timedelta

import pytest

from accounts.models import User
from partners.memberships import actions
from partners.memberships.actions import end_delegation, end_role, grant_role
from procurement.logistics.actions.journey import cancel_shipment, close_shipment, write_off_shipment
from procurement.logistics.actions.planning import assign_broker
from procurement.notifications.builder import build_messages, build_notifications_for_entry
from procurement.orders.actions.approve import mark_ready
from procurement.orders.actions.close import cancel_order, write_off_order
from procurement.receiving.actions.discrepancies import discard_discrepancy, settle_discrepancy
from procurement.receiving.actions.receipts import reverse_receipt
from procurement.receiving.models import Discrepancy
from procurement.tasks import deliver_messages, run_tick
from tests.procurement.orders import permission_table
from tests.worlds import cities
from tests.worlds.document_requests import RequestingOffice
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT, DEPARTED_AT
from workflow.actors import SYSTEM
from workflow.clock import clear_instance_cache
from workflow.journal.entries import history_of
from workflow.journal.models import Entry
from workflow.outbox.models import Message, Notification

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def story(db) -> RequestingOffice:
    desk = RequestingOffice()
    desk.practise()
    yield desk
    clear_instance_cache()


def sent_messages(thing, verb: str) -> list[Message]:
    """Return the sent messages of the latest entry with this verb.

    Each message is stored, and sent at its hour or shortly after the message before it.
    """
    entry = Entry.objects.about(thing).filter(verb=verb).order_by("-pk")[0]
    planned = build_messages(entry, entry.at)
    for message in planned:
        message.save()
    for message in planned:
        deliver_messages(message.next_try_at + timedelta(minutes=Message.objects.count()))
    return list(Message.objects.filter(entry=entry, state=Message.State.SENT))


def notified_users(thing, verb: str) -> list[User]:
    entry = Entry.objects.about(thing).filter(verb=verb).order_by("-pk")[0]
    return [one.recipient for one in build_notifications_for_entry(entry, entry.at).notices]


class TestOrders:
    def test_contact_told_of_an_order_is_told_of_its_cancellation_without_the_reason(self, story):
        order = story.placed()
        assert [one.template for one in sent_messages(order, "place")] == ["order_placed"]
        cancel_order(order, reason="They raised the price.", by=story.officer.by, at=AT)
        (said,) = sent_messages(order, "cancel")
        assert said.recipient == story.contact.user
        assert "raised the price" not in said.body

    def test_contact_never_told_of_an_order_is_not_told_of_its_cancellation(self, story):
        order = story.placed()
        cancel_order(order, reason="They raised the price.", by=story.officer.by, at=AT)
        assert sent_messages(order, "cancel") == []

    def test_cancellation_email_to_a_donor_speaks_of_a_donation(self, story):
        story.contact.user.language = "en"
        story.contact.user.save()
        gift = story.accepted()
        sent_messages(gift, "accept")
        cancel_order(gift, reason="No room.", by=story.officer.by, at=AT)
        (said,) = sent_messages(gift, "cancel")
        assert "donation" in said.subject
        assert "order" not in said.body

    def test_author_is_notified_when_a_colleague_cancels_the_order(self, story):
        order = story.placed()
        cancel_order(order, reason="No licence.", by=story.second_officer.by, at=AT)
        assert notified_users(order, "cancel") == [story.officer.user]

    def test_contact_is_told_that_ordered_goods_are_lost(self, story):
        order = story.placed()
        sent_messages(order, "place")
        write_off_order(order, reason="The maker is gone.", by=story.officer.by, at=AT)
        assert [one.template for one in sent_messages(order, "write_off")] == ["order_lost"]

    def test_officer_is_notified_to_thank_the_donor_when_logistics_completes_a_donation(self, story):
        gift = mark_ready(story.accepted(), by=story.officer.by, at=AT)
        shipment = story.released(story.plan(gift))
        close_shipment(shipment, by=story.logistics.by, at=DELIVERED_AT)
        assert notified_users(gift, "complete") == [story.officer.user]


class TestShipments:
    def test_broker_is_notified_when_the_shipment_is_cancelled(self, story):
        shipment = assign_broker(story.plan(), story.broker.user, by=story.logistics.by, at=AT)
        cancel_shipment(shipment, reason="Another flight.", by=story.logistics.by, at=AT)
        assert notified_users(shipment, "cancel") == [story.broker.user]

    def test_broker_is_notified_when_the_shipment_is_written_off(self, story):
        shipment = assign_broker(story.plan(), story.broker.user, by=story.logistics.by, at=AT)
        write_off_shipment(story.departed(shipment), reason="It sank.", by=story.logistics.by, at=DEPARTED_AT)
        assert story.broker.user in notified_users(shipment, "write_off")

    @pytest.mark.parametrize("told", [True, False])
    def test_people_asked_for_documents_are_told_of_cancelled_shipment_only_if_request_was_sent(
        self, story, told
    ):
        shipment = story.plan()
        request = story.request(shipment, "forwarder")
        if told:
            assert [one.template for one in sent_messages(request, "request")] == ["documents_requested"]
        cancel_shipment(shipment, reason="Another flight.", by=story.logistics.by, at=AT)
        assert [one.recipient for one in sent_messages(shipment, "cancel")] == (
            [request.person] if told else []
        )

    def test_unsent_document_request_is_dropped_when_the_shipment_is_cancelled(self, story):
        shipment = story.plan()
        request = story.request(shipment, "forwarder")
        entry = history_of(request).get(verb="request")
        for message in build_messages(entry, AT):
            message.save()
        cancel_shipment(shipment, reason="Another flight.", by=story.logistics.by, at=AT)
        deliver_messages(AT + WEEK / 2)
        assert not Message.objects.filter(thing_id=request.pk, state=Message.State.SENT).exists()

    def test_contact_is_told_that_part_of_the_ordered_goods_is_lost(self, story):
        order = story.ready()
        shipment = story.departed(story.plan(order, part=5_000))
        story.plan(order)
        write_off_shipment(shipment, reason="It sank.", by=story.logistics.by, at=DEPARTED_AT)
        assert [one.template for one in sent_messages(shipment, "write_off")] == ["goods_lost"]

    def test_contact_gets_one_email_when_shipment_and_order_are_lost_together(self, story):
        order = story.ready()
        sent_messages(order, "place")
        shipment = story.departed(story.plan(order))
        write_off_shipment(shipment, reason="It sank.", by=story.logistics.by, at=DEPARTED_AT)
        said = [*sent_messages(shipment, "write_off"), *sent_messages(order, "write_off")]
        to_contact = [one.template for one in said if one.recipient == story.contact.user]
        assert to_contact == ["order_lost"]


class TestDiscrepancies:
    def counted(self, story) -> list[Discrepancy]:
        shipment = story.delivered()
        line = shipment.lines.get()
        found = story.count(line, missing=1_000, rejected=500, reason="Torn or not there.")
        receipt = story.receive(shipment, found)
        return list(receipt.discrepancies.order_by("pk"))

    def test_contact_is_told_once_the_last_discrepancy_of_a_letter_is_settled(self, story):
        first, last = self.counted(story)
        (asked,) = sent_messages(first, "open")
        settle_discrepancy(first, outcome="replaced", by=story.officer.by, at=DELIVERED_AT)
        assert sent_messages(first, "settle") == []
        discard_discrepancy(last, reason="It was there.", by=story.officer.by, at=DELIVERED_AT)
        (said,) = sent_messages(last, "discard")
        assert (said.template, said.recipient) == ("discrepancies_settled", asked.recipient)

    def test_two_discrepancies_ending_together_are_reported_once(self, story):
        first, last = self.counted(story)
        sent_messages(first, "open")
        reverse_receipt(first.receipt, reason="The wrong pallet.", by=story.logistics.by, at=DELIVERED_AT)
        assert len([*sent_messages(first, "reverse"), *sent_messages(last, "reverse")]) == 1

    def test_contact_who_had_no_discrepancy_letter_is_not_told_of_its_settlement(self, story):
        first, last = self.counted(story)
        for one in (first, last):
            settle_discrepancy(one, outcome="replaced", by=story.officer.by, at=DELIVERED_AT)
        assert sent_messages(last, "settle") == []


class TestAuditFiles:
    def test_requester_is_notified_when_the_audit_file_is_ready(self, story):
        assert notified_users(permission_table.ready_audit_file(story), "finish") == [story.observer.user]

    def test_requester_is_notified_when_the_audit_file_failed(self, story):
        bundle = permission_table.failed_audit_file(story)
        assert notified_users(bundle, "fail") == [story.observer.user]
        assert Entry.objects.about(bundle).get(verb="fail").via == SYSTEM.via


class TestPeople:
    def test_person_is_notified_of_a_granted_or_ended_role(self, story):
        person, administrator = cities.user("Ann Roy"), story.person("administrator")
        given = grant_role(person, role="officer", city=story.city, by=administrator.by, at=AT)
        run_tick(AT)
        (told,) = Notification.objects.filter(recipient=person)
        assert told.entry.verb == "grant"
        assert "Procurement officer" in Message.objects.get(recipient=person).body
        end_role(given, by=administrator.by, at=AT)
        assert notified_users(given, "end") == [person]

    def test_delegate_is_mailed_the_period_and_notified_of_the_revocation(self, story):
        day = story.city.day_at(AT)
        given = actions.delegate_approvals(
            story.city, story.officer.user, starts_on=day, ends_on=day + WEEK, by=story.approver.by, at=AT
        )
        assert notified_users(given, "delegate") == [story.officer.user]
        (mail,) = sent_messages(given, "delegate")
        assert str(story.approver.user) in mail.body
        end_delegation(given, by=story.officer.by, at=AT)
        assert notified_users(given, "revoke") == [story.approver.user]
